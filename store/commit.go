package store

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// MaxAttempts is how many attempts a delivery's row keeps: the newest.
const MaxAttempts = 100

// Commit makes a batch of facts permanent in one transaction. Events and
// deliveries that are there already stay as they are, revised events replace
// theirs and are followed by their deliveries (revise.go), memories are
// replaced, the complete Seq never falls. An outcome whose attempt is already recorded
// changes nothing, nor does one for a delivery that is gone or final, except
// that Sent is believed over Failed and Suppressed: the provider has it. A
// receipt is added to the delivery whose part it names (fleet.Delivery.Hear).
//
// A batch may be committed again after an unknown end, in any grouping.
func (f *Facts) Commit(ctx context.Context, facts *fleet.Facts) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	var after lazy
	var seen []fleet.Attention
	err := f.db.Update(func(tx *bbolt.Tx) (err error) {
		w := newFactWriter(tx)
		w.attentions = newAttentions(tx, f.monitored, facts.Raised)
		w.attentions.mute(facts.Muted)
		for i := range facts.Events {
			if err := w.event(&facts.Events[i]); err != nil {
				return err
			}
		}
		for i := range facts.Deliveries {
			if err := w.delivery(&facts.Deliveries[i]); err != nil {
				return err
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
		for i := range facts.Revised {
			if err := w.revise(&facts.Revised[i]); err != nil {
				return err
			}
		}
		if err := w.flush(); err != nil {
			return err
		}
		before := f.lazy
		if w.moved {
			before = lazy{}
		}
		if after, err = before.advance(w, f.mergeAt, w.added); err != nil {
			return err
		}
		for i := range facts.Outcomes {
			if err := w.outcome(&facts.Outcomes[i]); err != nil {
				return err
			}
		}
		if err := w.putTallies(tx); err != nil {
			return err
		}
		if err := putMemories(tx, facts.Memories); err != nil {
			return err
		}
		seen = w.attentions.changed()
		have, err := boltfile.Counter(tx, completeKey)
		if err != nil || uint64(facts.Complete) <= have {
			return err
		}
		return boltfile.SetCounter(tx, completeKey, uint64(facts.Complete))
	})
	if err == nil {
		f.lazy = after
		if len(seen) > 0 {
			f.seen(seen)
		}
	}
	return err
}

// factWriter puts the rows of one transaction. Index rows wait until flush and
// go in sorted, which is what a B+ tree likes best, or to pending.
type factWriter struct {
	events, deliveries *days
	due                *bbolt.Bucket
	waiting            map[*bbolt.Bucket][][]byte
	pending            map[*days]map[day]*pendingBody
	added              int                    // records put
	fresh              map[fleet.EventID]bool // events put that are not retracted
	moved              bool                   // entries were taken out of an index or of pending
	attentions         *attentions
	tallies            map[tallyKey]fleet.Tally // what came to an end
}

func newFactWriter(tx *bbolt.Tx) *factWriter {
	w := &factWriter{
		events: openDays(tx, eventsTable), deliveries: openDays(tx, deliveriesTable),
		due: tx.Bucket([]byte(dueBucket)), waiting: map[*bbolt.Bucket][][]byte{}, fresh: map[fleet.EventID]bool{},
	}
	w.pending = map[*days]map[day]*pendingBody{w.events: {}, w.deliveries: {}}
	return w
}

func (w *factWriter) event(e *fleet.Event) error {
	key, d := e.ID[:], dayOf(e.ID)
	rows, err := w.events.make(d, rowBucket)
	if err != nil || rows.Get(key) != nil {
		return err
	}
	if err := boltfile.Put(rows, eventsTable, key, e); err != nil {
		return err
	}
	w.fresh[e.ID] = e.Flags&fleet.Retracted == 0
	if err := w.attentions.event(e); err != nil {
		return err
	}
	if err := w.move(e); err != nil {
		return err
	}
	return w.refer(w.events, d, eventRefs(e), key)
}

// indexRef is a row's place in one index.
type indexRef struct {
	index string
	id    uint64
}

func eventRefs(e *fleet.Event) []indexRef {
	refs := []indexRef{{deviceBucket, uint64(e.Device)}, {ownerBucket, uint64(e.Owner)}, {companyBucket, uint64(e.Company)}}
	if e.Fence != 0 {
		refs = append(refs, indexRef{fenceBucket, uint64(e.Fence)})
	}
	return refs
}

func deliveryRefs(v *fleet.Delivery) []indexRef {
	return []indexRef{{ownerBucket, uint64(v.Owner)}, {companyBucket, uint64(v.Company)}}
}

// refer notes where a new record stands in the indexes.
func (w *factWriter) refer(ds *days, d day, refs []indexRef, key []byte) error {
	lazy := lazyIndexes[ds.table.Name()]
	for _, r := range refs {
		if slices.Contains(lazy, r.index) {
			continue
		}
		b, err := ds.make(d, r.index)
		if err != nil {
			return err
		}
		w.waiting[b] = append(w.waiting[b], ref(r.id, key))
	}
	p := w.pending[ds][d]
	if p == nil {
		p = &pendingBody{}
		w.pending[ds][d] = p
	}
	w.added++
	return p.add(key, lazy, refs)
}

func (w *factWriter) flush() error {
	for b, keys := range w.waiting {
		slices.SortFunc(keys, bytes.Compare)
		for _, key := range keys {
			if err := b.Put(key, []byte{}); err != nil {
				return err
			}
		}
	}
	clear(w.waiting)
	for ds, byDay := range w.pending {
		for d, p := range byDay {
			if err := ds.putPending(d, p); err != nil {
				return err
			}
		}
		clear(byDay)
	}
	return nil
}

func (w *factWriter) delivery(v *fleet.Delivery) error {
	if v.Key.Channel == "" || v.Key.Recipient == 0 {
		return fmt.Errorf("delivery %s names no recipient or no channel", v.Key)
	}
	key, d := deliveryKey(v.Key), dayOf(v.Key.Event)
	rows, err := w.deliveries.make(d, rowBucket)
	if err != nil || rows.Get(key) != nil {
		return err
	}
	if v, err = w.judged(v); err != nil {
		return err
	}
	if err := boltfile.Put(rows, deliveriesTable, key, v); err != nil {
		return err
	}
	if err := w.refer(w.deliveries, d, deliveryRefs(v), key); err != nil {
		return err
	}
	if v.State.Final() {
		w.tell(v, v.Created, true)
		return nil
	}
	w.waiting[w.due] = append(w.waiting[w.due], dueKey(v.Due, key))
	return nil
}

func (w *factWriter) outcome(o *fleet.Outcome) error {
	key := deliveryKey(o.Key)
	rows := w.deliveries.bucket(dayOf(o.Key.Event), rowBucket)
	if rows == nil {
		return nil // swept
	}
	raw := rows.Get(key)
	if raw == nil {
		return nil
	}
	v, err := boltfile.Decode[fleet.Delivery](deliveriesTable, key, raw)
	if err != nil {
		return err
	}
	before := v
	if !apply(&v, o) {
		return nil
	}
	if err := boltfile.Put(rows, deliveriesTable, key, &v); err != nil {
		return err
	}
	if before.State != v.State {
		if err := w.undelivered(&v); err != nil {
			return err
		}
		if v.State.Final() {
			at := v.Due
			switch {
			case o.Attempt != nil:
				at = o.Attempt.At
			case o.Receipt != nil:
				at = o.Receipt.Received
			case o.Due == 0:
				at = max(before.Due, v.Created)
			}
			w.tell(&v, at, o.Receipt == nil)
		}
	}
	if !before.State.Final() {
		if err := w.due.Delete(dueKey(before.Due, key)); err != nil {
			return err
		}
	}
	if v.State.Final() {
		return nil
	}
	return w.due.Put(dueKey(v.Due, key), []byte{})
}

// apply changes a delivery by an outcome; false means that nothing is new.
func apply(v *fleet.Delivery, o *fleet.Outcome) bool {
	if o.Receipt != nil {
		return v.State.Final() && v.Hear(*o.Receipt)
	}
	if o.Attempt != nil && slices.Contains(v.Attempts, *o.Attempt) {
		return false
	}
	if o.Attempt == nil && v.State.Final() && (o.State != fleet.Sent || v.State == fleet.Delivered) {
		return false
	}
	was := *v
	if !v.State.Final() || o.State == fleet.Sent {
		v.State, v.Due, v.Reason = o.State, o.Due, o.Reason
	}
	if o.Attempt != nil {
		v.Attempts = append(slices.Clone(v.Attempts), *o.Attempt)
		v.Attempts = v.Attempts[max(0, len(v.Attempts)-MaxAttempts):]
	}
	v.Done = slices.Clone(v.Done)
	for _, d := range o.Done {
		if !slices.Contains(v.Done, d) {
			v.Done = append(v.Done, d)
		}
	}
	return !reflect.DeepEqual(was, *v)
}
