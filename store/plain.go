package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// The buckets of plain records (fleet.Record): one set for all kinds, whose
// keys begin with the kind, so that a new kind needs no migration.
const (
	plainBucket    = "plain"         // kind, ID -> the record
	plainByUnique  = "plain/unique"  // kind, company or 0, field, 0, folded text -> ID
	plainByOwner   = "plain/owner"   // kind, owner, folded first word, ID
	plainByCompany = "plain/company" // kind, company, folded first word, ID
	plainRefs      = "plain/refs"    // named kind, its ID, naming kind, its ID, field -> fleet.Then
)

var plainTable = boltfile.NewTable(plainBucket)

func plainBuckets() []string {
	return []string{plainBucket, plainByUnique, plainByOwner, plainByCompany, plainRefs}
}

// plainKey names a record of any kind, as its row's key and as the beginning
// of what refers to it.
func plainKey(kind fleet.RecordKind, id uint64) []byte {
	return append([]byte{byte(kind)}, be64(id)...)
}

// plainListed is a record's place among those of an owner or company, which
// lists go through: by its first word, then by age.
func plainListed(v fleet.Record, who uint64) []byte {
	word := ""
	if words := v.Words(); len(words) > 0 {
		word = fold(words[0])
	}
	key := append(plainKey(v.Kind(), who), word[:min(len(word), 64)]...)
	return append(append(key, 0), be64(uint64(v.Header().ID))...)
}

func uniqueKey(kind fleet.RecordKind, company fleet.CompanyID, u *fleet.UniqueText) []byte {
	if u.Global {
		company = 0
	}
	key := append(plainKey(kind, uint64(company)), u.Field...)
	return append(append(key, 0), fold(u.Text)...)
}

// plainEntry is a record's place in an index.
type plainEntry struct {
	bucket string
	key    []byte
	value  []byte
	field  string // unique: the input that is taken
}

// plainEntries are a record's places in all indexes. They depend on it alone.
func plainEntries(v fleet.Record) []plainEntry {
	h, kind := v.Header(), v.Kind()
	id := uint64(h.ID)
	out := []plainEntry{
		{bucket: plainByOwner, key: plainListed(v, uint64(h.Owner)), value: []byte{}},
		{bucket: plainByCompany, key: plainListed(v, uint64(h.Company)), value: []byte{}},
	}
	for _, u := range v.Unique() {
		if u.Text != "" {
			out = append(out, plainEntry{bucket: plainByUnique, key: uniqueKey(kind, h.Company, &u), value: be64(id), field: u.Field})
		}
	}
	for _, r := range v.Refs() {
		key := append(append(plainKey(r.Kind, r.ID), plainKey(kind, id)...), r.Field...)
		out = append(out, plainEntry{bucket: plainRefs, key: key, value: []byte{byte(r.Then)}})
	}
	return out
}

// putPlain stores v in place of old (nil: none) and keeps the indexes in step.
func putPlain(tx *bbolt.Tx, old, v fleet.Record) error {
	if err := unlistPlain(tx, old); err != nil {
		return err
	}
	for _, e := range plainEntries(v) {
		b := tx.Bucket([]byte(e.bucket))
		if e.field != "" && b.Get(e.key) != nil {
			return &fleet.Error{Kind: fleet.Conflict, Field: e.field, Message: "is taken by another " + v.Kind().String(), Err: errTaken}
		}
		if err := b.Put(e.key, e.value); err != nil {
			return err
		}
	}
	return boltfile.Put(tx.Bucket([]byte(plainBucket)), plainTable, plainKey(v.Kind(), uint64(v.Header().ID)), &v)
}

func unlistPlain(tx *bbolt.Tx, old fleet.Record) error {
	if old == nil {
		return nil
	}
	for _, e := range plainEntries(old) {
		if err := tx.Bucket([]byte(e.bucket)).Delete(e.key); err != nil {
			return err
		}
	}
	return nil
}

// findPlain reads a record into v; false if there is none.
func findPlain(tx *bbolt.Tx, id uint64, v fleet.Record) (bool, error) {
	key := plainKey(v.Kind(), id)
	raw := tx.Bucket([]byte(plainBucket)).Get(key)
	if raw == nil {
		return false, nil
	}
	if err := boltfile.DecodeInto(plainTable, key, raw, v); err != nil {
		return false, err
	}
	if uint64(v.Header().ID) != id {
		return false, &boltfile.DamageError{Table: plainBucket, Key: key, Reason: "the row holds another key"}
	}
	return true, nil
}

// dropPlain deletes a record, after what names it agreed.
func dropPlain(tx *bbolt.Tx, log *auditor, v fleet.Record) error {
	id := uint64(v.Header().ID)
	if v.Kind() == fleet.PlanRecord {
		if err := planInUse(tx, id); err != nil {
			return err
		}
	}
	if err := release(tx, log, v.Kind(), id); err != nil {
		return err
	}
	if err := unlistPlain(tx, v); err != nil {
		return err
	}
	if err := tx.Bucket([]byte(plainBucket)).Delete(plainKey(v.Kind(), id)); err != nil {
		return err
	}
	return logPlain(log, v.Kind(), id, v, nil)
}

// logPlain notes how a plain record changed; nil stands for not there.
func logPlain(log *auditor, kind fleet.RecordKind, id uint64, old, v fleet.Record) error {
	before, err := plainFields(old)
	if err != nil {
		return err
	}
	after, err := plainFields(v)
	if err != nil {
		return err
	}
	return log.change(kind.String(), id, before, after)
}

func plainFields(v fleet.Record) (Fields, error) {
	if v == nil {
		return nil, nil
	}
	var shown any = v
	if d, ok := v.(fleet.Discreet); ok {
		shown = d.Public()
	}
	return takeApart(shown)
}

// naming are the records that name another one, with what each says is to
// follow; a record that names it in several fields comes once, with the
// strictest.
type naming struct {
	kind fleet.RecordKind
	id   uint64
	then fleet.Then
}

func named(tx *bbolt.Tx, kind fleet.RecordKind, id uint64) (out []naming) {
	prefix := plainKey(kind, id)
	c := tx.Bucket([]byte(plainRefs)).Cursor()
	for k, v := c.Seek(prefix); len(k) >= 18 && string(k[:9]) == string(prefix) && len(v) == 1; k, v = c.Next() {
		n := naming{fleet.RecordKind(k[9]), be64Of(k[10:18]), fleet.Then(v[0])}
		if last := len(out) - 1; last >= 0 && out[last].kind == n.kind && out[last].id == n.id {
			out[last].then = min(out[last].then, n.then)
			continue
		}
		out = append(out, n)
	}
	return out
}

// release asks all plain records that name a record which is about to be
// deleted: one that refuses is a [fleet.InUse], the others go or forget it.
func release(tx *bbolt.Tx, log *auditor, kind fleet.RecordKind, id uint64) error {
	return releaseFrom(tx, log, kind, id, func(fleet.OwnerID) bool { return false })
}

// releaseFrom is release for a record that stays, but is out of reach of all
// owners but those who may still name it.
func releaseFrom(tx *bbolt.Tx, log *auditor, kind fleet.RecordKind, id uint64, may func(fleet.OwnerID) bool) error {
	if err := tied(tx, kind, id, may); err != nil {
		return err
	}
	var refusing []fleet.Record
	for _, n := range named(tx, kind, id) {
		v := newPlain(n.kind)
		if v == nil {
			return &boltfile.DamageError{Table: plainRefs, Key: plainKey(n.kind, n.id), Reason: "no such kind of record"}
		}
		there, err := findPlain(tx, n.id, v)
		switch {
		case err != nil:
		case !there || may(v.Header().Owner): // it went with another one, or stays
		case n.then == fleet.Refuse:
			refusing = append(refusing, v)
		case n.then == fleet.Follow:
			err = dropPlain(tx, log, v)
		default:
			err = forget(tx, log, v, kind, id)
		}
		if err != nil {
			return err
		}
	}
	if len(refusing) == 0 {
		return nil
	}
	use := &fleet.InUse{What: kind.String(), By: refusing[0].Kind().String() + "s"}
	_, whose, _, err := ownerOf(tx, kind, id)
	if err != nil {
		return err
	}
	for _, v := range refusing {
		if v.Kind() != refusing[0].Kind() {
			continue
		}
		h, words := v.Header(), v.Words()
		name := ""
		if len(words) > 0 {
			name = words[0]
		}
		tell(use, name, h.Owner, h.Company, whose)
	}
	return use.Conflict()
}

// forget lets a record do without another one.
func forget(tx *bbolt.Tx, log *auditor, v fleet.Record, kind fleet.RecordKind, id uint64) error {
	old := newPlain(v.Kind())
	if _, err := findPlain(tx, uint64(v.Header().ID), old); err != nil {
		return err
	}
	f, ok := v.(fleet.Forgetter)
	if !ok {
		return fleet.Errorf(fleet.Internal, "a %s cannot forget a %s", v.Kind(), kind)
	}
	f.Forget(kind, id)
	h := v.Header()
	h.Version++
	h.Updated = log.now
	if err := putPlain(tx, old, v); err != nil {
		return err
	}
	return logPlain(log, v.Kind(), uint64(h.ID), old, v)
}

// dropOwned deletes all plain records of an owner that is about to go.
func dropOwned(tx *bbolt.Tx, log *auditor, owner uint64) error {
	for _, kind := range plainKinds() {
		prefix := plainKey(kind, owner)
		for {
			k, _ := tx.Bucket([]byte(plainByOwner)).Cursor().Seek(prefix)
			if len(k) < 18 || string(k[:9]) != string(prefix) {
				break
			}
			v := newPlain(kind)
			there, err := findPlain(tx, be64Of(k[len(k)-8:]), v)
			if err == nil && !there {
				err = &boltfile.DamageError{Table: plainByOwner, Key: k, Reason: "the index names a row that is not there"}
			}
			if err == nil {
				err = dropPlain(tx, log, v)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
