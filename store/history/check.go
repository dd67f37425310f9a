package history

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Summary is what Check saw.
type Summary struct {
	Days   int
	Fixes  int // of the accepted lane
	Blocks int

	Checkpoints int
	Bytes       int64     // of the files
	Sorted      fleet.Seq // the journal is sorted up to here
}

// Check reads all day files of a folder that nobody has open, changes nothing,
// and gives each damage it finds to report. The error is for what cannot be
// read at all.
func Check(dir string, report func(*DamageError)) (Summary, error) {
	var s Summary
	tell := func(err error) error {
		if d, ok := errors.AsType[*DamageError](err); ok {
			report(d)
			return nil
		}
		return err
	}
	st, err := readState(dir)
	if err == nil {
		s.Sorted = st.sorted
	} else if err := tell(err); err != nil {
		return s, err
	}
	d := days{dir: dir}
	list, err := d.list()
	if err != nil {
		return s, err
	}
	for _, day := range list {
		path := filepath.Join(dir, fileName(day))
		s.Days++
		if err := guard(path, func() error { return s.checkFile(path, day, report) }); err != nil {
			if err := tell(err); err != nil {
				return s, fmt.Errorf("history: checking %s: %w", path, err)
			}
		}
	}
	return s, nil
}

func (s *Summary) checkFile(path string, day fleet.Time, report func(*DamageError)) error {
	db, err := bbolt.Open(path, 0, &bbolt.Options{ReadOnly: true, Timeout: time.Second, PreLoadFreelist: true})
	if err != nil {
		if errors.Is(err, bolterrors.ErrTimeout) {
			return fmt.Errorf("another process has the file open; stop it first: %w", err)
		}
		return &DamageError{File: path, Reason: err.Error()}
	}
	defer db.Close()
	return db.View(func(tx *bbolt.Tx) error {
		s.Bytes += tx.Size()
		found := false
		structure := func(err error) {
			found = true
			report(&DamageError{File: path, Reason: err.Error()})
		}
		if boltfile.Walk(tx, structure); found {
			return nil // bbolt's own check could end the process, and what follows would say the same
		}
		for err := range boltfile.Check(tx) {
			structure(err)
		}
		for l := range lanes {
			if err := s.checkLane(tx, path, day, l, report); err != nil {
				return err
			}
		}
		if err := s.checkCheckpoints(tx, path, report); err != nil {
			return err
		}
		return eachContents(tx, path, func(segment []byte, c *contents) error {
			for l := range lanes {
				for list := c.chunks[l]; len(list) > 0; list = list[suffixSize:] {
					key := append(bytes.Clone(segment), list[:suffixSize]...)
					if tx.Bucket(l.bucket()).Get(key) == nil {
						report(damaged(path, key, "the value is missing"))
					}
				}
			}
			return nil
		})
	})
}

// checkLane unpacks every block.
func (s *Summary) checkLane(tx *bbolt.Tx, path string, day fleet.Time, l lane, report func(*DamageError)) error {
	b := tx.Bucket(l.bucket())
	if b == nil {
		return &DamageError{File: path, Reason: "a bucket is missing"}
	}
	var u unpacker
	var out []fleet.Position
	return b.ForEach(func(k, v []byte) error {
		rest, why := openValue(k, v)
		var failed error
		if why == "" {
			err := eachBlock(rest, func(d fleet.DeviceID, p []byte) bool {
				out, failed = u.read(p, d, day, out[:0])
				if failed == nil {
					s.Blocks++
				}
				if l == accepted {
					s.Fixes += len(out)
				}
				return failed == nil
			})
			if err = errors.Join(err, failed); err != nil {
				why = err.Error()
			}
		}
		if why != "" {
			report(&DamageError{File: path, Key: hex.EncodeToString(k), Reason: why})
		}
		return nil
	})
}
