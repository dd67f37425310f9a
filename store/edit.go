package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// edit is one change set on its way into the file.
type edit struct {
	tx  *bbolt.Tx
	set fleet.ChangeSet // grows by what the change draws along
	now fleet.Time
	log *auditor

	moved    []fleet.DeviceID // whose owners are others now
	crossing []uint64         // notifications that may name what is no longer theirs to name
	astray   []uint64         // rules that may name fences that are no longer theirs to name

	// Records that the caller itself puts are not touched on the way: their
	// references are checked instead.
	putFences  map[fleet.FenceID]bool
	putNotices map[fleet.NotificationID]bool
	putRules   map[fleet.RuleID]bool

	grown growth // who got more of what plans limit
	tally tally  // by how much customers' things became more or fewer
}

func newEdit(tx *bbolt.Tx, set fleet.ChangeSet, now fleet.Time) (*edit, error) {
	e := &edit{tx: tx, now: now, putFences: map[fleet.FenceID]bool{}, putNotices: map[fleet.NotificationID]bool{}, putRules: map[fleet.RuleID]bool{}, grown: growth{}, tally: tally{}}
	e.set = clone(set)
	e.set.ID, e.set.At = newest(tx)+1, now
	if last := newest(tx); last != 0 {
		before, err := change(tx, last)
		if err != nil {
			return nil, err
		}
		e.set.At = max(now, before.At) // changes hold in the order of their IDs
	}
	for i := range set.Fences {
		e.putFences[set.Fences[i].ID] = true
	}
	for i := range set.Notifications {
		e.putNotices[set.Notifications[i].ID] = true
	}
	for i := range set.Rules {
		e.putRules[set.Rules[i].ID] = true
	}
	e.log = newAuditor(tx, set.Actor, now)
	return e, nil
}

// run does the work in an order in which a set may free a name, move what
// stood in the way, and delete its customer, all at once. References are
// checked at the end, so records of one set may name each other.
func (e *edit) run() error {
	steps := []func() error{
		e.dropNotices, e.dropRules, e.dropFences, e.dropDevices,
		e.putCompanies, e.putCustomers, e.putAdmins, e.putDevices, e.putAllFences, e.putAllRules,
		e.putEventPlans, e.putAllNotices, e.followAll,
		e.dropCustomers, e.dropCompanies, e.checkReferences, e.checkGrowth, e.log.close,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// checkGrowth holds what became more against the plans, and counts the month.
func (e *edit) checkGrowth() error {
	if err := e.grown.check(e.tx); err != nil {
		return err
	}
	return e.tally.write(e.tx, e.now)
}

// place says which record of the set an error is about.
func place(list string, i int, err error) error {
	if err == nil {
		return nil
	}
	if fe, ok := err.(*fleet.Error); ok {
		out := *fe
		out.Field = fmt.Sprintf("%s[%d]", list, i)
		if fe.Field != "" {
			out.Field += "." + fe.Field
		}
		return &out
	}
	return fmt.Errorf("%s[%d]: %w", list, i, err)
}

// ident is how a table's records carry their identity and version.
type ident[T any] struct {
	get     func(*T) uint64
	set     func(*T, uint64)
	version func(*T) *uint64
	created func(*T) *fleet.Time // nil: the record keeps none
}

// put creates or replaces one record. judge sees the stored record (nil: new)
// and the new one before it is stored; it may be nil.
func put[T any](e *edit, t *table[T], id ident[T], v *T, judge func(old, v *T) error) error {
	var old *T
	if id.get(v) != 0 {
		var err error
		if old, err = t.find(e.tx, be64(id.get(v))); err != nil {
			return err
		}
	}
	version := id.version(v)
	switch {
	case old != nil && *id.version(old) != *version:
		return e.newer(t.record, id.get(v), *id.version(old), *version)
	case old == nil && (*version != 0 || id.get(v) != 0 && buried(e.tx, t.record, id.get(v))):
		return t.missing(id.get(v))
	case id.get(v) == 0:
		fresh, err := newID(e.tx, t, e.now)
		if err != nil {
			return err
		}
		id.set(v, fresh)
	}
	if id.created != nil {
		if old != nil {
			*id.created(v) = *id.created(old)
		} else {
			*id.created(v) = e.now
		}
	}
	*version++
	if judge != nil {
		if err := judge(old, v); err != nil {
			return err
		}
	}
	return store(e, t, id.get(v), old, v)
}

// store writes a record, its version and its audit row.
func store[T any](e *edit, t *table[T], id uint64, old, v *T) error {
	e.tally.note(old, -1)
	e.tally.note(v, 1)
	if err := t.put(e.tx, old, v); err != nil {
		return err
	}
	if err := putVersion(e.tx, t, id, e.set.ID, v); err != nil {
		return err
	}
	return logChange(e.log, t, id, old, v)
}

// drop deletes a record, leaving a tombstone and a grave.
func drop[T any](e *edit, t *table[T], id uint64, old *T) error {
	e.tally.note(old, -1)
	if err := release(e.tx, e.log, t.record, id); err != nil {
		return err
	}
	if err := t.remove(e.tx, old); err != nil {
		return err
	}
	if err := putVersion(e.tx, t, id, e.set.ID, nil); err != nil {
		return err
	}
	if err := bury(e.tx, t, id, old, e.now); err != nil {
		return err
	}
	return logChange(e.log, t, id, old, nil)
}

// newer is the error for a record that changed since the caller read it.
func (e *edit) newer(r record, id, stored, given uint64) error {
	who := ""
	if set := lastChange(e.tx, r, id); set != nil {
		who = fmt.Sprintf(" by %s at %s", actorName(e.tx, set.Actor), set.At)
	}
	return fleet.Errorf(fleet.Conflict, "the %s was changed%s: version %d is stored, yours is %d; read it again and repeat your edit", r, who, stored, given)
}

// lastChange is the newest change of a record that is still known, else nil.
func lastChange(tx *bbolt.Tx, r record, id uint64) *fleet.ChangeSet {
	prefix := graveKey(r, id)
	c := tx.Bucket([]byte(versionsBucket)).Cursor()
	k, _ := c.Seek(successor(prefix))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	if len(k) != versionKeySize || string(k[:9]) != string(prefix) {
		return nil
	}
	set, err := change(tx, fleet.ChangeID(be64Of(k[9:])))
	if err != nil {
		return nil
	}
	return set
}

func actorName(tx *bbolt.Tx, a fleet.Actor) string {
	if a.User == 0 {
		return "the system"
	}
	u, err := users.find(tx, be64(uint64(a.User)))
	if err != nil || u == nil {
		return "somebody who has left"
	}
	return u.Name
}
