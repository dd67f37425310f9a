package boltfile

import (
	"bytes"
	"fmt"
	"math"

	"github.com/fxamacker/cbor/v2"
	"go.etcd.io/bbolt"
)

// encoder writes core deterministic CBOR (RFC 8949 §4.2.1): the same value is
// always the same bytes. decoder takes what encoder writes, with no bounds but
// the value's own length, for a sealed value is ours.
var (
	encoder = must(cbor.CoreDetEncOptions().UserBufferEncMode())
	decoder = must(cbor.DecOptions{
		DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden,
		TagsMd: cbor.TagsForbidden, MaxArrayElements: math.MaxInt32, MaxMapPairs: math.MaxInt32,
	}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic("bug: boltfile: CBOR options: " + err.Error())
	}
	return v
}

// Marshal is a value as deterministic CBOR.
func Marshal(v any) ([]byte, error) { return encoder.Marshal(v) }

// Unmarshal reads what Marshal made.
func Unmarshal(b []byte, v any) error { return decoder.Unmarshal(b, v) }

// Put stores v under key, sealed, with schema 1.
func Put[T any](b *bbolt.Bucket, t Table, key []byte, v *T) error {
	buf := bytes.NewBuffer(make([]byte, sealBytes, 256))
	if err := encoder.MarshalToBuffer(v, buf); err != nil {
		return fmt.Errorf("table %s, key %x: %w", t.name, key, err)
	}
	return b.Put(key, t.sealInPlace(key, 1, buf.Bytes()))
}

// Decode reads a value that Put stored.
func Decode[T any](t Table, key, raw []byte) (v T, err error) {
	err = DecodeInto(t, key, raw, &v)
	return v, err
}

// DecodeInto reads a value that Put stored into what v points to.
func DecodeInto(t Table, key, raw []byte, v any) error {
	schema, body, err := t.Unseal(key, raw)
	if err != nil {
		return err
	}
	if schema != 1 {
		return &DamageError{Table: t.name, Key: key, Reason: fmt.Sprintf("schema %d, this vigia knows 1", schema)}
	}
	if err := Unmarshal(body, v); err != nil {
		return &DamageError{Table: t.name, Key: key, Reason: err.Error()}
	}
	return nil
}
