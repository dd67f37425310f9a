package boltfile

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// sealBytes stand before every value: schema, CRC32C.
const sealBytes = 1 + 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Table seals the values of one bucket. The sum covers the table's name, the
// key, the schema byte and the body, so that a value under another key or in
// another table does not pass.
type Table struct {
	name string
	seed uint32
}

// NewTable names a table; the name is part of every sum and never changes.
func NewTable(name string) Table {
	return Table{name: name, seed: crc32.Checksum([]byte(name), castagnoli)}
}

// Name is the table's name, in errors and as its bucket.
func (t Table) Name() string { return t.name }

// Seal is a value as it is stored: schema byte, CRC32C (big endian), body.
func (t Table) Seal(key []byte, schema byte, body []byte) []byte {
	out := make([]byte, sealBytes, sealBytes+len(body))
	return t.sealInPlace(key, schema, append(out, body...))
}

// sealInPlace seals a body that stands behind room for its seal.
func (t Table) sealInPlace(key []byte, schema byte, out []byte) []byte {
	out[0] = schema
	binary.BigEndian.PutUint32(out[1:], t.sum(key, schema, out[sealBytes:]))
	return out
}

// Unseal takes a stored value apart. The body lives as long as raw. A value
// that is not what Seal made is a *DamageError.
func (t Table) Unseal(key, raw []byte) (schema byte, body []byte, err error) {
	if len(raw) < sealBytes {
		return 0, nil, &DamageError{Table: t.name, Key: key, Reason: fmt.Sprintf("%d bytes, want at least %d", len(raw), sealBytes)}
	}
	schema, body = raw[0], raw[sealBytes:]
	if got, want := t.sum(key, schema, body), binary.BigEndian.Uint32(raw[1:]); got != want {
		return 0, nil, &DamageError{Table: t.name, Key: key, Reason: fmt.Sprintf("CRC32C %08x, stored with %08x", got, want)}
	}
	return schema, body, nil
}

func (t Table) sum(key []byte, schema byte, body []byte) uint32 {
	s := crc32.Update(t.seed, castagnoli, key)
	s = crc32.Update(s, castagnoli, []byte{schema})
	return crc32.Update(s, castagnoli, body)
}

// DamageError names a stored value that is not what was written.
type DamageError struct {
	File   string // "" until it leaves a transaction
	Table  string
	Key    []byte
	Reason string
}

// Error says where the damage is and what to do.
func (e *DamageError) Error() string {
	return fmt.Sprintf("%s: table %s, key %x is damaged: %s; run vigia check and restore a backup", e.File, e.Table, e.Key, e.Reason)
}
