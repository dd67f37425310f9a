package store

import (
	"bytes"

	"go.etcd.io/bbolt"
)

// rows calls yield with row keys, newest first, until it returns false. A key is
// valid only within the transaction.
type rows func(yield func(key []byte) (more bool, err error)) error

// walker goes through the rows of a table newest first, over the days and
// within a day over any number of index prefixes merged.
type walker struct {
	days     *days
	index    string   // the bucket within each day
	prefixes [][]byte // of index rows; one empty prefix for rowBucket
	from, to day      // inclusive
	before   []byte   // row keys below this only; nil = from the newest
}

// each is the walker's rows.
func (w *walker) each(yield func(key []byte) (bool, error)) error {
	to := w.to
	if w.before != nil {
		to = min(to, dayOf(eventOf(w.before)))
	}
	c := w.days.top.Cursor()
	k, _ := c.Seek((to + 1).key())
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; k != nil; k, _ = c.Prev() {
		if bytes.Compare(k, w.from.key()) < 0 {
			return nil
		}
		b := w.days.top.Bucket(k).Bucket([]byte(w.index))
		if b == nil {
			continue
		}
		if more, err := w.day(b, yield); err != nil || !more {
			return err
		}
	}
	return nil
}

// stream is one prefix's rows within a day, newest first.
type stream struct {
	c      *bbolt.Cursor
	prefix []byte
	key    []byte // the row's key; nil at the end
}

func (s *stream) set(k []byte) {
	if s.key = nil; bytes.HasPrefix(k, s.prefix) {
		s.key = k[len(s.prefix):]
	}
}

// start goes to the newest row below before.
func (s *stream) start(before []byte) {
	end := successor(s.prefix)
	if before != nil {
		end = append(bytes.Clone(s.prefix), before...)
	}
	var k []byte
	if end != nil {
		k, _ = s.c.Seek(end)
	}
	if k == nil {
		k, _ = s.c.Last() // all keys are below
	} else {
		k, _ = s.c.Prev()
	}
	s.set(k)
}

func (s *stream) next() {
	k, _ := s.c.Prev()
	s.set(k)
}

// successor is the first key after all that begin with prefix, nil for none.
func successor(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] != 0xff {
			end := bytes.Clone(prefix[:i+1])
			end[i]++
			return end
		}
	}
	return nil
}

func (w *walker) day(b *bbolt.Bucket, yield func([]byte) (bool, error)) (more bool, err error) {
	streams := make([]stream, len(w.prefixes))
	for i, p := range w.prefixes {
		streams[i] = stream{c: b.Cursor(), prefix: p}
		streams[i].start(w.before)
	}
	for {
		best := -1
		for i := range streams {
			if k := streams[i].key; k != nil && (best < 0 || bytes.Compare(k, streams[best].key) > 0) {
				best = i
			}
		}
		if best < 0 {
			return true, nil
		}
		if more, err := yield(streams[best].key); err != nil || !more {
			return false, err
		}
		streams[best].next()
	}
}
