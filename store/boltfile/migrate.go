package boltfile

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"
)

// The bucket that tells what a file is.
var (
	metaBucket = []byte("meta")
	formatKey  = []byte("format")
	schemaKey  = []byte("schema")
)

// NewerError says that a file was written by a newer program.
type NewerError struct {
	Path        string
	Schema, Max uint64 // what the file has, what this program knows
}

// Error names the file and says what to do.
func (e *NewerError) Error() string {
	return fmt.Sprintf("%s has schema %d and this vigia knows schemas up to %d: start the newer vigia that wrote it, or restore a backup from before the upgrade",
		e.Path, e.Schema, e.Max)
}

// version is the file's schema; 0 for a file without one.
func version(tx *bbolt.Tx, path string, format Format) (uint64, error) {
	meta := tx.Bucket(metaBucket)
	if meta == nil {
		return 0, nil
	}
	if name := string(meta.Get(formatKey)); name != format.Name {
		return 0, fmt.Errorf("%s holds %q, want %q: is it another file under this name?", path, name, format.Name)
	}
	v, err := Counter(tx, schemaKey)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	if v > uint64(len(format.Migrations)) {
		return 0, &NewerError{Path: path, Schema: v, Max: uint64(len(format.Migrations))}
	}
	return v, nil
}

// Older reports whether migrations of a format are still to be run: the file
// was opened for reading, and an older program wrote it.
func (d *DB) Older(format Format) (older bool, err error) {
	err = d.View(func(tx *bbolt.Tx) error {
		v, err := version(tx, d.path, format)
		older = v < uint64(len(format.Migrations))
		return err
	})
	return older, err
}

// migrate runs the migrations that the file has not had, one a transaction, so
// that one that was interrupted is taken up where it stood.
func (d *DB) migrate(format Format) error {
	for done := false; !done; {
		err := d.Update(func(tx *bbolt.Tx) error {
			v, err := version(tx, d.path, format)
			if err != nil {
				return err
			}
			if v == uint64(len(format.Migrations)) {
				done = true
				return errNothing
			}
			meta, err := tx.CreateBucketIfNotExists(metaBucket)
			if err != nil {
				return err
			}
			if err := meta.Put(formatKey, []byte(format.Name)); err != nil {
				return err
			}
			if err := format.Migrations[v](tx); err != nil {
				return fmt.Errorf("%s: migration to schema %d: %w", d.path, v+1, err)
			}
			return SetCounter(tx, schemaKey, v+1)
		})
		if err != nil && err != errNothing {
			return err
		}
	}
	return nil
}

var counterTable = NewTable("meta")

// Counter reads a number of the file's meta bucket, 0 if it was never set.
func Counter(tx *bbolt.Tx, key []byte) (uint64, error) {
	raw := tx.Bucket(metaBucket).Get(key)
	if raw == nil {
		return 0, nil
	}
	_, body, err := counterTable.Unseal(key, raw)
	if err != nil {
		return 0, err
	}
	if len(body) != 8 {
		return 0, &DamageError{Table: "meta", Key: key, Reason: fmt.Sprintf("a counter of %d bytes", len(body))}
	}
	return binary.BigEndian.Uint64(body), nil
}

// SetCounter writes a number of the file's meta bucket.
func SetCounter(tx *bbolt.Tx, key []byte, v uint64) error {
	return tx.Bucket(metaBucket).Put(key, counterTable.Seal(key, 1, binary.BigEndian.AppendUint64(nil, v)))
}
