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

	// So many days before and after, the rows of events whose time is of
	// another day come too, whosever they are.
	movedBefore, movedAfter day

	before []byte // row keys below this only; nil = from the newest
}

// each is the walker's rows.
func (w *walker) each(yield func(key []byte) (bool, error)) error {
	from, to := w.from-min(w.from, w.movedBefore), w.to+w.movedAfter
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
		if bytes.Compare(k, from.key()) < 0 {
			return nil
		}
		d, err := parseDay(w.days.table, k)
		if err != nil {
			return err
		}
		if more, err := w.day(d, yield); err != nil || !more {
			return err
		}
	}
	return nil
}

// stream is one prefix's rows within a day, newest first.
type stream struct {
	c      *bbolt.Cursor
	prefix []byte
	list   [][]byte // without a cursor: the rows' keys that are left
	key    []byte   // the row's key; nil at the end
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
	if s.c == nil {
		s.key = nil
		if len(s.list) > 0 {
			s.key, s.list = s.list[0], s.list[1:]
		}
		return
	}
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

// streams are the day's rows by prefix: those that the index names, and those
// that still wait for it.
func (w *walker) streams(d day) ([]stream, error) {
	var out []stream
	if b := w.days.bucket(d, w.index); b != nil {
		for _, p := range w.prefixes {
			out = append(out, stream{c: b.Cursor(), prefix: p})
			out[len(out)-1].start(w.before)
		}
	}
	pending, err := w.days.pendingOf(d, w.index, w.prefixes)
	for _, keys := range pending {
		for w.before != nil && len(keys) > 0 && bytes.Compare(keys[0], w.before) >= 0 {
			keys = keys[1:]
		}
		if len(keys) > 0 {
			out = append(out, stream{list: keys[1:], key: keys[0]})
		}
	}
	return out, err
}

func (w *walker) day(d day, yield func([]byte) (bool, error)) (more bool, err error) {
	from := *w
	if d < w.from || d > w.to {
		from.index, from.prefixes = movedBucket, [][]byte{{}}
	}
	streams, err := from.streams(d)
	if err != nil {
		return false, err
	}
	for {
		var best []byte
		for i := range streams {
			if k := streams[i].key; k != nil && (best == nil || bytes.Compare(k, best) > 0) {
				best = k
			}
		}
		if best == nil {
			return true, nil
		}
		if more, err := yield(best); err != nil || !more {
			return false, err
		}
		for i := range streams { // during a merge a row is named twice
			if k := streams[i].key; k != nil && bytes.Equal(k, best) {
				streams[i].next()
			}
		}
	}
}
