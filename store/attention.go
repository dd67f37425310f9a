package store

import (
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// attentions is the attention list within one transaction. What an event does
// to it is decided here, where the event's row is put: a row is put once,
// however often a replay brings the event (docs/decisions/0005).
type attentions struct {
	rows, whom, open *bbolt.Bucket
	monitored        func(fleet.OwnerID) bool
	raised, muted    map[fleet.EventID]bool
	none             bool // nothing was open when the transaction began, or since
	touched          []fleet.EventID
	after            map[fleet.EventID]fleet.Attention
}

func newAttentions(tx *bbolt.Tx, monitored func(fleet.OwnerID) bool, raised []fleet.EventID) *attentions {
	a := &attentions{
		rows: tx.Bucket([]byte(attentionsTable.Name())), whom: tx.Bucket([]byte(attentionsByWhom)), open: tx.Bucket([]byte(attentionsByOpen)),
		monitored: monitored, after: map[fleet.EventID]fleet.Attention{},
	}
	for _, id := range raised {
		if a.raised == nil {
			a.raised = map[fleet.EventID]bool{}
		}
		a.raised[id] = true
	}
	k, _ := a.open.Cursor().First()
	a.none = k == nil
	return a
}

// mute names events that are to raise nothing.
func (a *attentions) mute(ids []fleet.EventID) {
	for _, id := range ids {
		if a.muted == nil {
			a.muted = map[fleet.EventID]bool{}
		}
		a.muted[id] = true
	}
}

// event takes an event in whose row was put just now.
func (a *attentions) event(e *fleet.Event) error {
	if e.Flags&fleet.Retracted != 0 {
		return nil
	}
	if err := a.end(e); err != nil {
		return err
	}
	if a.muted[e.ID] || !a.raised[e.ID] && (e.Kind != fleet.Alarm || e.Alarms&fleet.AlwaysRaised == 0) {
		return nil
	}
	return a.raise(e, e.ID, fleet.TopicOf(e))
}

// raise folds an event into what is open about a topic, or opens it.
func (a *attentions) raise(e *fleet.Event, id fleet.EventID, about fleet.Topic) error {
	if !a.monitored(e.Owner) {
		return nil
	}
	if open := a.open.Get(append(openPrefix(e.Device, e.Owner), topicKey(about)...)); open != nil {
		have, err := a.get(eventOf(open))
		if err != nil {
			return err
		}
		have.Fold(e)
		return a.put(have, have)
	}
	if a.rows.Get(id[:]) != nil {
		return nil // it was raised before, and closed
	}
	v := fleet.NewAttention(e, about)
	v.ID = id
	a.none = false
	return a.put(nil, &v)
}

// end clears what an event shows to be over.
func (a *attentions) end(e *fleet.Event) error {
	if a.none {
		return nil
	}
	prefix := openPrefix(e.Device, e.Owner)
	var over []fleet.EventID
	c := a.open.Cursor()
	for k, id := c.Seek(prefix); len(k) == openKeySize && string(k[:len(prefix)]) == string(prefix); k, id = c.Next() {
		if readTopic(k[len(prefix):]).Ends(e) {
			over = append(over, eventOf(id))
		}
	}
	for _, id := range over {
		v, err := a.get(id)
		if err != nil {
			return err
		}
		if v.Clear(e.Time) {
			if err := a.put(v, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// undelivered raises the failure of a message about a critical alarm, and ends
// it when a provider has the message after all.
func (w *factWriter) undelivered(v *fleet.Delivery) error {
	if v.State != fleet.Failed && v.State != fleet.Sent || v.State == fleet.Sent && w.attentions.none {
		return nil
	}
	rows := w.events.bucket(dayOf(v.Key.Event), rowBucket)
	if rows == nil {
		return nil
	}
	raw := rows.Get(v.Key.Event[:])
	if raw == nil {
		return nil
	}
	e, err := boltfile.Decode[fleet.Event](eventsTable, v.Key.Event[:], raw)
	if err != nil || e.Kind != fleet.Alarm || e.Alarms&fleet.CriticalAlarms == 0 || e.Flags&fleet.Retracted != 0 {
		return err
	}
	about := fleet.Topic{Kind: e.Kind, Alarms: e.Alarms, Undelivered: true}
	a := w.attentions
	if v.State == fleet.Failed {
		return a.raise(&e, fleet.NameUndelivered(v.Key), about)
	}
	open := a.open.Get(append(openPrefix(e.Device, e.Owner), topicKey(about)...))
	if open == nil {
		return nil
	}
	have, err := a.get(eventOf(open))
	if err != nil || have.Count != 1 || !have.Clear(max(e.Time, have.Last)) {
		return err
	}
	return a.put(have, have)
}

func (a *attentions) get(id fleet.EventID) (*fleet.Attention, error) {
	raw := a.rows.Get(id[:])
	if raw == nil {
		return nil, &boltfile.DamageError{Table: attentionsTable.Name(), Key: id[:], Reason: "an index names it and it is not there"}
	}
	v, err := boltfile.Decode[fleet.Attention](attentionsTable, id[:], raw)
	return &v, err
}

// put stores v; old is what stood there, nil for nothing. Its places in the
// indexes change only when it is opened or closed.
func (a *attentions) put(old, v *fleet.Attention) error {
	if old == nil || old.Closed != v.Closed {
		if old != nil {
			if err := a.unlist(old); err != nil {
				return err
			}
		}
		for _, k := range whomKeys(v) {
			if err := a.whom.Put(k, []byte{}); err != nil {
				return err
			}
		}
		if v.Closed == 0 {
			if err := a.open.Put(openKey(v), v.ID[:]); err != nil {
				return err
			}
		}
	}
	if _, known := a.after[v.ID]; !known {
		a.touched = append(a.touched, v.ID)
	}
	a.after[v.ID] = *v
	return boltfile.Put(a.rows, attentionsTable, v.ID[:], v)
}

func (a *attentions) unlist(v *fleet.Attention) error {
	for _, k := range whomKeys(v) {
		if err := a.whom.Delete(k); err != nil {
			return err
		}
	}
	if v.Closed != 0 {
		return nil
	}
	return a.open.Delete(openKey(v))
}

// changed are the entries that the transaction changed, as it leaves them.
func (a *attentions) changed() []fleet.Attention {
	out := make([]fleet.Attention, 0, len(a.touched))
	for _, id := range a.touched {
		out = append(out, a.after[id])
	}
	return out
}

const (
	topicSize   = 1 + 1 + 8 + 8 + 8
	openKeySize = 8 + 8 + topicSize
	whomKeySize = 8 + 1 + 1 + 8 + 16
)

func openPrefix(d fleet.DeviceID, o fleet.OwnerID) []byte {
	b := make([]byte, 0, openKeySize)
	b = binary.BigEndian.AppendUint64(b, uint64(d))
	return binary.BigEndian.AppendUint64(b, uint64(o))
}

func openKey(v *fleet.Attention) []byte {
	return append(openPrefix(v.Device, v.Owner), topicKey(v.Topic)...)
}

func topicKey(t fleet.Topic) []byte {
	b := append(make([]byte, 0, topicSize), byte(t.Kind), 0)
	if t.Undelivered {
		b[1] = 1
	}
	b = binary.BigEndian.AppendUint64(b, uint64(t.Alarms))
	b = binary.BigEndian.AppendUint64(b, uint64(t.Fence))
	return binary.BigEndian.AppendUint64(b, uint64(t.Rule))
}

func readTopic(b []byte) fleet.Topic {
	return fleet.Topic{
		Kind: fleet.EventKind(b[0]), Undelivered: b[1] == 1, Alarms: fleet.Alarms(be64Of(b[2:])),
		Fence: fleet.FenceID(be64Of(b[10:])), Rule: fleet.RuleID(be64Of(b[18:])),
	}
}

// whomKeys are an entry's places in the lists of its company, owner and device:
// open before closed; open ones by severity and age, closed ones newest first.
func whomKeys(v *fleet.Attention) [][]byte {
	place := []byte{0, 1}
	if v.Topic.Critical() {
		place[1] = 0
	}
	at := uint64(max(v.Opened, 0))
	if v.Closed != 0 {
		place[0], place[1], at = 1, 0, ^uint64(v.Closed)
	}
	place = append(binary.BigEndian.AppendUint64(place, at), v.ID[:]...)
	var keys [][]byte
	for _, who := range []uint64{uint64(v.Company), uint64(v.Owner), uint64(v.Device)} {
		keys = append(keys, append(be64(who), place...))
	}
	return keys
}

// checkAttentions holds the rows of the list against its indexes.
func checkAttentions(tx *bbolt.Tx, f *finder) {
	a := newAttentions(tx, nil, nil)
	listed, open := 0, 0
	eachValue(f, a.rows, attentionsTable, func(key []byte, v *fleet.Attention) {
		name := at(attentionsTable.Name(), key)
		if string(key) != string(v.ID[:]) {
			f.add(name, "the row is of %s", v.ID)
		}
		seen := map[string]bool{}
		for _, k := range whomKeys(v) {
			if seen[string(k)] = true; a.whom.Get(k) == nil {
				f.add(name, "the index %s lacks it", attentionsByWhom)
			}
		}
		listed += len(seen)
		if v.Closed == 0 {
			if open++; string(a.open.Get(openKey(v))) != string(key) {
				f.add(name, "the index %s lacks it", attentionsByOpen)
			}
		}
	})
	if n := countRows(tx, attentionsByWhom); n != listed {
		f.add(attentionsByWhom, "%d entries, the rows want %d", n, listed)
	}
	if n := countRows(tx, attentionsByOpen); n != open {
		f.add(attentionsByOpen, "%d entries for %d that are open", n, open)
	}
}
