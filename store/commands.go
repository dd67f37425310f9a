package store

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Commands keeps the commands to devices: plain records, which the index of
// references lists by device, customer and company in the order of their age.
type Commands struct{ *Book[fleet.Command] }

// Commands are what devices were told, and are to be told.
func (a *Admin) Commands() *Commands { return &Commands{bookOf[fleet.Command](a)} }

// Step changes commands in one transaction, each with its audit row, and
// returns them as they are now, in the order of the steps. A command that is
// gone comes back with the state failed and Version 0.
func (b *Commands) Step(steps []fleet.CommandStep) ([]fleet.Command, error) {
	out := make([]fleet.Command, len(steps))
	now := fleet.At(b.a.now())
	err := b.a.db.Update(func(tx *bbolt.Tx) error {
		for i, s := range steps {
			var old fleet.Command
			there, err := findPlain(tx, uint64(s.ID), &old)
			if err != nil {
				return err
			}
			if !there {
				out[i] = fleet.Command{Head: fleet.Head{ID: s.ID}, State: fleet.CommandFailed}
				continue
			}
			v := old
			if s.Do(&v) {
				v.Version++
				v.Updated = now
				if err := putPlain(tx, &old, &v); err != nil {
					return err
				}
				if err := logPlain(newAuditor(tx, s.Actor, now), v.Kind(), uint64(v.ID), &old, &v); err != nil {
					return err
				}
			}
			out[i] = v
		}
		return nil
	})
	return out, err
}

// Open calls each for every command that is not final.
func (b *Commands) Open(each func(*fleet.Command) error) error {
	return b.a.db.View(func(tx *bbolt.Tx) error {
		return eachCompany(tx, func(company uint64) error {
			prefix := append(plainKey(fleet.CommandRecord, company), '0', 0)
			c := tx.Bucket([]byte(plainByCompany)).Cursor()
			for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = c.Next() {
				var v fleet.Command
				there, err := findPlain(tx, be64Of(k[len(k)-8:]), &v)
				if err == nil && !there {
					err = &boltfile.DamageError{Table: plainByCompany, Key: k, Reason: "the index names a row that is not there"}
				}
				if err == nil {
					err = each(&v)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// eachCompany calls each for every company that has commands.
func eachCompany(tx *bbolt.Tx, each func(company uint64) error) error {
	c := tx.Bucket([]byte(plainByCompany)).Cursor()
	seek := []byte{byte(fleet.CommandRecord)}
	for {
		k, _ := c.Seek(seek)
		if len(k) < 9 || k[0] != byte(fleet.CommandRecord) {
			return nil
		}
		company := be64Of(k[1:])
		if err := each(company); err != nil || company == ^uint64(0) {
			return err
		}
		seek = plainKey(fleet.CommandRecord, company+1)
	}
}

// List is a page of the commands that the scope sees, newest first. A page may
// be short, even empty, and still have a next one.
func (b *Commands) List(q fleet.CommandQuery) (page fleet.Page[fleet.Command], err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	page.Items = []fleet.Command{}
	before := ^uint64(0)
	if q.After != "" {
		raw, err := base64.RawURLEncoding.DecodeString(q.After)
		if err != nil || len(raw) != 8 {
			return page, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
		}
		before = binary.BigEndian.Uint64(raw)
	}
	var lists [][]byte // what the index of references calls those who are named
	switch {
	case q.Device != 0:
		lists = [][]byte{plainKey(fleet.DeviceRecord, uint64(q.Device))}
	case q.Customer != 0:
		lists = [][]byte{plainKey(fleet.CustomerRecord, uint64(q.Customer))}
	case q.Scope.Customers != nil:
		for _, c := range q.Scope.Customers {
			lists = append(lists, plainKey(fleet.CustomerRecord, uint64(c)))
		}
	default:
		lists = [][]byte{plainKey(fleet.CompanyRecord, uint64(q.Scope.Company))}
	}
	err = b.a.db.View(func(tx *bbolt.Tx) error {
		refs := tx.Bucket([]byte(plainRefs))
		heads := make([]uint64, len(lists)) // the newest of each list that was not looked at
		for i, l := range lists {
			heads[i] = newestBelow(refs, l, before)
		}
		for scanned, last := 0, before; len(heads) > 0; scanned++ {
			id := slices.Max(heads)
			if id == 0 {
				return nil
			}
			if len(page.Items) == limit || scanned == maxScan {
				page.Next = base64.RawURLEncoding.EncodeToString(be64(last))
				return nil
			}
			last = id
			for i, h := range heads {
				if h == id {
					heads[i] = newestBelow(refs, lists[i], id)
				}
			}
			var v fleet.Command
			there, err := findPlain(tx, id, &v)
			if err != nil {
				return err
			}
			if there && q.Scope.SeesDevice(v.Device, v.Company, v.Holder()) &&
				(q.Customer == 0 || v.Customer == q.Customer) &&
				(len(q.States) == 0 || slices.Contains(q.States, v.State)) &&
				(len(q.Kinds) == 0 || slices.Contains(q.Kinds, v.Want)) {
				page.Items = append(page.Items, v)
			}
		}
		return nil
	})
	return page, err
}

// newestBelow is the newest command under an ID that names a record; 0: none.
func newestBelow(refs *bbolt.Bucket, named []byte, before uint64) uint64 {
	prefix := append(slices.Clone(named), byte(fleet.CommandRecord))
	c := refs.Cursor()
	k, _ := c.Seek(append(slices.Clone(prefix), be64(before)...))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	if !bytes.HasPrefix(k, prefix) || len(k) < len(prefix)+8 {
		return 0
	}
	return be64Of(k[len(prefix) : len(prefix)+8])
}

// maxSwept is how many old commands one transaction drops.
const maxSwept = 1000

// Sweep drops final commands that were made before a time, without audit rows:
// what was done stays in the audit.
func (b *Commands) Sweep(before fleet.Time) (dropped int, err error) {
	for {
		n := 0
		err = b.a.db.Update(func(tx *bbolt.Tx) error {
			var old []fleet.Command
			refs := tx.Bucket([]byte(plainRefs))
			err := eachCompany(tx, func(company uint64) error {
				prefix := append(plainKey(fleet.CompanyRecord, company), byte(fleet.CommandRecord))
				c := refs.Cursor()
				for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix) && len(old) < maxSwept; k, _ = c.Next() {
					id := fleet.RecordID(be64Of(k[len(prefix):]))
					if id.Time() >= before {
						break
					}
					var v fleet.Command
					there, err := findPlain(tx, uint64(id), &v)
					if err != nil {
						return err
					}
					if there && !v.Open() {
						old = append(old, v)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			for i := range old {
				if err := unlistPlain(tx, &old[i]); err != nil {
					return err
				}
				if err := tx.Bucket([]byte(plainBucket)).Delete(plainKey(fleet.CommandRecord, uint64(old[i].ID))); err != nil {
					return err
				}
			}
			n = len(old)
			return nil
		})
		dropped += n
		if err != nil || n < maxSwept {
			return dropped, err
		}
	}
}
