package store

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
	"github.com/vigia-track/vigia/store/roll"
)

// rolls are what lists are sorted, narrowed, searched and counted by, one for
// each table that is listed. They are filled when the file is opened, and
// follow each write before it returns.
type rolls struct {
	companies, customers, devices, users, fences, rules, notices roll.Roll
}

// adminFile is admin.db with its rolls. Writers take turns, as bbolt has it
// anyway, until their rows are in the rolls.
type adminFile struct {
	*boltfile.DB
	rolls rolls
	turn  sync.Mutex
}

// changes are what one write transaction does to the rolls.
type changes struct {
	rolls *rolls
	done  []func()
	grown map[grownKey]int // records by owner more than in the rolls
}

type grownKey struct {
	roll  *roll.Roll
	owner uint64
}

// writing is the one write transaction of each open file: *bbolt.Tx to
// *changes, while it runs. Tables know the transaction and nothing else.
var writing sync.Map

func changesOf(tx *bbolt.Tx) *changes {
	if c, ok := writing.Load(tx); ok {
		return c.(*changes)
	}
	return nil
}

// Update is [boltfile.DB.Update]; what it changed is listed once it returns.
func (f *adminFile) Update(fn func(*bbolt.Tx) error) error {
	f.turn.Lock()
	defer f.turn.Unlock()
	c := &changes{rolls: &f.rolls, grown: map[grownKey]int{}}
	err := f.DB.Update(func(tx *bbolt.Tx) error {
		writing.Store(tx, c)
		defer writing.Delete(tx)
		return fn(tx)
	})
	if err == nil {
		for _, do := range c.done {
			do()
		}
	}
	return err
}

// fill reads all that is listed.
func (f *adminFile) fill() error {
	return f.View(func(tx *bbolt.Tx) error {
		for _, fill := range []func() error{
			func() error { return fillRoll(tx, &companies, &f.rolls) },
			func() error { return fillRoll(tx, &customers, &f.rolls) },
			func() error { return fillRoll(tx, &devices, &f.rolls) },
			func() error { return fillRoll(tx, &users, &f.rolls) },
			func() error { return fillRoll(tx, &fences, &f.rolls) },
			func() error { return fillRoll(tx, &rules, &f.rolls) },
			func() error { return fillRoll(tx, &notices, &f.rolls) },
		} {
			if err := fill(); err != nil {
				return err
			}
		}
		return nil
	})
}

func fillRoll[T any](tx *bbolt.Tx, t *table[T], rs *rolls) error {
	r := t.roll(rs)
	return walkTable(tx, t, func(v *T) error {
		e := t.entry(v)
		r.Put(&e)
		return nil
	})
}

// enrol has the roll follow a row that is put in place of another, or removed
// (v nil), once the transaction has succeeded.
func enrol[T any](tx *bbolt.Tx, t *table[T], old, v *T) {
	c := changesOf(tx)
	if c == nil || t.roll == nil {
		return
	}
	r := t.roll(c.rolls)
	if old != nil {
		e := t.entry(old)
		c.grown[grownKey{r, e.Owner}]--
		c.done = append(c.done, func() { r.Remove(e.Company, e.ID) })
	}
	if v != nil {
		e := t.entry(v)
		c.grown[grownKey{r, e.Owner}]++
		c.done = append(c.done, func() { r.Put(&e) })
	}
}

// owned is how many records of a listed kind an owner has, what the write
// transaction did until now included.
func owned(tx *bbolt.Tx, which func(*rolls) *roll.Roll, owner uint64) (int, bool) {
	c := changesOf(tx)
	if c == nil {
		return 0, false
	}
	r := which(c.rolls)
	return r.Owned(owner) + c.grown[grownKey{r, owner}], true
}

// Statuses that lists sort and narrow by.
const (
	statusActive    = 1
	statusTrial     = 2
	statusSuspended = 3 // or disabled, or paused
)

func status(off, trial bool) uint8 {
	switch {
	case off:
		return statusSuspended
	case trial:
		return statusTrial
	}
	return statusActive
}

// words are folded texts, as a search looks into them.
func words(texts ...string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = strings.ReplaceAll(fold(s), "\x00", " ")
	}
	return out
}

// The kinds' entries. The order of words is that of their listing's sorts.

func companyEntry(c *fleet.Company) roll.Entry {
	return roll.Entry{Company: uint64(c.ID), ID: uint64(c.ID), Owner: uint64(c.ID), Words: words(c.Name)}
}

func customerEntry(c *fleet.Customer) roll.Entry {
	owner := uint64(c.Parent)
	if owner == 0 {
		owner = uint64(c.Company)
	}
	return roll.Entry{
		Company: uint64(c.Company), ID: uint64(c.ID), Owner: owner, Number: uint64(c.TrialEnds), Status: status(c.Suspended, c.TrialEnds != 0),
		Class: uint8(slices.Index(fleet.CustomerKinds(), cmp.Or(c.Kind, fleet.Natural)) + 1), // own kinds: 0
		Words: words(c.Name, c.Code, c.Reference, c.Account, c.TaxID, c.Email),
	}
}

func deviceEntry(d *fleet.Device) roll.Entry {
	return roll.Entry{
		Company: uint64(d.Company), ID: uint64(d.ID), Owner: uint64(d.Owner()), Number: uint64(d.Type), Status: status(d.Disabled, false),
		Words: words(d.Name, d.UniqueID, d.Plate, d.Model, d.Phone),
	}
}

func userEntry(u *fleet.User) roll.Entry {
	return roll.Entry{
		Company: uint64(u.Company), ID: uint64(u.ID), Owner: uint64(userOwner(u)), Status: status(u.Disabled, false),
		Class: uint8(slices.Index(fleet.Roles(), u.Role) + 1),
		Words: words(u.Name, u.Username, u.Email, u.Phone),
	}
}

func fenceEntry(f *fleet.Fence) roll.Entry {
	return roll.Entry{Company: uint64(f.Company), ID: uint64(f.ID), Owner: uint64(f.Owner), Status: status(f.Paused, false), Words: words(f.Name)}
}

func ruleEntry(r *fleet.Rule) roll.Entry {
	return roll.Entry{Company: uint64(r.Company), ID: uint64(r.ID), Owner: uint64(r.Owner), Status: status(r.Paused, false), Words: words(r.Name)}
}

func noticeEntry(n *fleet.Notification) roll.Entry {
	return roll.Entry{Company: uint64(n.Company), ID: uint64(n.ID), Owner: uint64(n.Owner), Status: status(n.Paused, false), Words: words(n.Description)}
}
