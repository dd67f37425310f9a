package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Book reads and writes the plain records of one kind. Each write carries its
// audit row, its uniqueness, its references and what follows from a deletion
// in one transaction. Its methods may be called from any goroutine.
type Book[T any] struct {
	a  *Admin
	of func(*T) fleet.Record
}

func bookOf[T any, P interface {
	*T
	fleet.Record
}](a *Admin) *Book[T] {
	return &Book[T]{a, func(v *T) fleet.Record { return P(v) }}
}

// Get is the record with an ID; NotFound if there is none.
func (b *Book[T]) Get(id fleet.RecordID) (v T, err error) {
	err = b.a.db.View(func(tx *bbolt.Tx) error {
		there, err := findPlain(tx, uint64(id), b.of(&v))
		if err == nil && !there {
			err = b.missing(id)
		}
		return err
	})
	return v, err
}

func (b *Book[T]) kind() fleet.RecordKind { var v T; return b.of(&v).Kind() }

func (b *Book[T]) missing(id fleet.RecordID) error {
	return fleet.Errorf(fleet.NotFound, "there is no %s %s", b.kind(), id)
}

// Put creates (ID 0) or replaces a record whose Version matches, and returns it
// as stored. A taken text is a Conflict with its Field.
func (b *Book[T]) Put(actor fleet.Actor, v T) (T, error) {
	r := b.of(&v)
	if err := r.Validate(); err != nil {
		return v, err
	}
	now := fleet.At(b.a.now())
	err := b.a.db.Update(func(tx *bbolt.Tx) error {
		h := r.Header()
		var stored T
		old := fleet.Record(nil)
		if h.ID != 0 {
			there, err := findPlain(tx, uint64(h.ID), b.of(&stored))
			if err != nil {
				return err
			}
			if !there {
				return b.missing(h.ID)
			}
			old = b.of(&stored)
		}
		if err := nextVersion(tx, old, r, now); err != nil {
			return err
		}
		if err := checkPlain(tx, r); err != nil {
			return err
		}
		if err := putPlain(tx, old, r); err != nil {
			return err
		}
		return logPlain(newAuditor(tx, actor, now), r.Kind(), uint64(h.ID), old, r)
	})
	return v, err
}

// nextVersion fills the head of a record that replaces old (nil: none).
func nextVersion(tx *bbolt.Tx, old, v fleet.Record, now fleet.Time) error {
	h := v.Header()
	h.Updated = now
	if old == nil {
		id, err := newPlainID(tx, v.Kind(), now)
		if err != nil {
			return err
		}
		h.ID, h.Version, h.Created = id, 1, now
		return nil
	}
	was := old.Header()
	if was.Version != h.Version {
		return fleet.Errorf(fleet.Conflict, "the %s was changed: version %d is stored, yours is %d; read it again and repeat your edit", v.Kind(), was.Version, h.Version)
	}
	if was.Company != h.Company || was.Owner != h.Owner {
		return fleet.FieldError("owner", "a %s stays with its owner; create another one there", v.Kind())
	}
	h.Created = was.Created
	h.Version++
	return nil
}

// Amend changes a record by what stands there. Its version stays: what
// happened to a record is in no person's way. An error of change leaves it.
func (b *Book[T]) Amend(actor fleet.Actor, id fleet.RecordID, change func(*T) error) (v T, err error) {
	now := fleet.At(b.a.now())
	err = b.a.db.Update(func(tx *bbolt.Tx) error {
		var stored T
		for _, into := range []*T{&stored, &v} {
			there, err := findPlain(tx, uint64(id), b.of(into))
			if err != nil {
				return err
			}
			if !there {
				return b.missing(id)
			}
		}
		if err := change(&v); err != nil {
			return err
		}
		old, r := b.of(&stored), b.of(&v)
		*r.Header() = *old.Header()
		if err := r.Validate(); err != nil {
			return err
		}
		if err := putPlain(tx, old, r); err != nil {
			return err
		}
		return logPlain(newAuditor(tx, actor, now), r.Kind(), uint64(id), old, r)
	})
	return v, err
}

// Delete removes a record whose Version matches (0: any). It is refused with a
// [fleet.InUse] while others need it.
func (b *Book[T]) Delete(actor fleet.Actor, id fleet.RecordID, version uint64) error {
	return b.a.db.Update(func(tx *bbolt.Tx) error {
		var v T
		r := b.of(&v)
		there, err := findPlain(tx, uint64(id), r)
		if err != nil {
			return err
		}
		if !there {
			return b.missing(id)
		}
		if have := r.Header().Version; version != 0 && have != version {
			return fleet.Errorf(fleet.Conflict, "the %s was changed: version %d is stored, yours is %d; read it again", r.Kind(), have, version)
		}
		return dropPlain(tx, newAuditor(tx, actor, fleet.At(b.a.now())), r)
	})
}

// Named is the record that has a unique text; NotFound if none does.
func (b *Book[T]) Named(company fleet.CompanyID, u fleet.UniqueText) (v T, err error) {
	err = b.a.db.View(func(tx *bbolt.Tx) error {
		r := b.of(&v)
		raw := tx.Bucket([]byte(plainByUnique)).Get(uniqueKey(r.Kind(), company, &u))
		if len(raw) != 8 {
			return fleet.Errorf(fleet.NotFound, "there is no %s with the %s %q", r.Kind(), u.Field, u.Text)
		}
		there, err := findPlain(tx, be64Of(raw), r)
		if err == nil && !there {
			err = &boltfile.DamageError{Table: plainByUnique, Key: raw, Reason: "the index names a row that is not there"}
		}
		return err
	})
	return v, err
}

// LabelsOf are the labels that list a customer or a user, by age.
func (a *Admin) LabelsOf(kind fleet.RecordKind, id uint64) ([]fleet.Label, error) {
	return namedBy[fleet.Label](a, fleet.LabelRecord, kind, id)
}

// AssociationsOf are the ties of a customer or a user to other companies.
func (a *Admin) AssociationsOf(kind fleet.RecordKind, id uint64) ([]fleet.Association, error) {
	return namedBy[fleet.Association](a, fleet.AssociationRecord, kind, id)
}

// namedBy are the plain records of a kind that name another one, by age.
func namedBy[T any, P interface {
	*T
	fleet.Record
}](a *Admin, by, kind fleet.RecordKind, id uint64) (out []T, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		for _, n := range named(tx, kind, id) {
			if n.kind != by {
				continue
			}
			var v T
			there, err := findPlain(tx, n.id, P(&v))
			if err != nil {
				return err
			}
			if there {
				out = append(out, v)
			}
		}
		return nil
	})
	return out, err
}

// Naming counts the plain records of a kind that name a record.
func (a *Admin) Naming(kind fleet.RecordKind, id uint64, by fleet.RecordKind) (count int, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		for _, n := range named(tx, kind, id) {
			if n.kind == by {
				count++
			}
		}
		return nil
	})
	return count, err
}
