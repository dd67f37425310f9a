package store

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// PutImage keeps an image in place of what its subject had; the same picture
// once more changes nothing.
func (a *Admin) PutImage(actor fleet.Actor, v fleet.Image) (fleet.Image, error) {
	if err := v.Validate(); err != nil {
		return v, err
	}
	now := fleet.At(a.now())
	err := a.db.Update(func(tx *bbolt.Tx) error {
		log := newAuditor(tx, actor, now)
		kind, id := v.Of()
		for _, n := range named(tx, kind, id) {
			var old fleet.Image
			if n.kind != fleet.ImageRecord {
				continue
			}
			if there, err := findPlain(tx, n.id, &old); err != nil {
				return err
			} else if there && bytes.Equal(old.Data, v.Data) {
				v = old
				return nil
			}
		}
		if err := dropImage(tx, log, kind, id); err != nil {
			return err
		}
		v.ID = 0
		if err := nextVersion(tx, nil, &v, now); err != nil {
			return err
		}
		if err := checkPlain(tx, &v); err != nil {
			return err
		}
		if err := putPlain(tx, nil, &v); err != nil {
			return err
		}
		return logPlain(log, v.Kind(), uint64(v.ID), nil, &v)
	})
	return v, err
}

// DropImage forgets the image of a user, customer or company; none is fine.
func (a *Admin) DropImage(actor fleet.Actor, kind fleet.RecordKind, id uint64) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		return dropImage(tx, newAuditor(tx, actor, fleet.At(a.now())), kind, id)
	})
}

func dropImage(tx *bbolt.Tx, log *auditor, kind fleet.RecordKind, id uint64) error {
	for _, n := range named(tx, kind, id) {
		if n.kind != fleet.ImageRecord {
			continue
		}
		var old fleet.Image
		there, err := findPlain(tx, n.id, &old)
		if err == nil && there {
			err = dropPlain(tx, log, &old)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Image is the image with an ID; NotFound if there is none.
func (a *Admin) Image(id fleet.RecordID) (fleet.Image, error) { return bookOf[fleet.Image](a).Get(id) }

// ImageOf is the ID of the image of a user, customer or company, 0 for none.
func (a *Admin) ImageOf(kind fleet.RecordKind, id uint64) (image fleet.RecordID, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		for _, n := range named(tx, kind, id) {
			if n.kind == fleet.ImageRecord {
				image = fleet.RecordID(n.id)
			}
		}
		return nil
	})
	return image, err
}
