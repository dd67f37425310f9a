package track

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A section is an optional part of a state's encoding, behind the others: its
// tag, its length in bytes, and that many bytes. One that has nothing to say is
// left out. A reader that does not know a tag refuses the state, for a newer
// version wrote it: what it cannot read it would lose.
type section struct {
	tag    byte
	append func(s *State, b []byte) []byte // appends nothing for nothing
	read   func(r *reader, s *State)       // sets r.bad for what append would not write
}

// sections are all sections, by tag. Tags are stored: never change one.
func sections() [4]section {
	return [...]section{
		{1, (*State).appendTimes, (*reader).times},
		{2, (*State).appendWatches, (*reader).watches},
		{3, (*State).appendContact, (*reader).contact},
		{4, (*State).appendStanding, (*reader).standing},
	}
}

func (s *State) appendSections(b []byte) []byte {
	var room [256]byte
	for _, one := range sections() {
		p := one.append(s, room[:0])
		if len(p) == 0 {
			continue
		}
		b = append(b, one.tag)
		b = binary.AppendUvarint(b, uint64(len(p)))
		b = append(b, p...)
	}
	return b
}

// sections reads until nothing is left. It returns the tag of a section that
// it does not know, 0 for none.
func (r *reader) sections(s *State) (unknown byte) {
	var last byte
	for !r.bad && len(r.b) > 0 {
		tag, n := r.byte(), r.uvarint()
		if r.bad || n == 0 || n > uint64(len(r.b)) || tag <= last {
			r.bad = true
			return 0
		}
		last = tag
		inner := reader{b: r.take(int(n))}
		known := false
		for _, one := range sections() {
			if one.tag == tag {
				known = true
				one.read(&inner, s)
			}
		}
		if !known {
			return tag
		}
		r.bad = r.bad || inner.bad || len(inner.b) != 0
	}
	return 0
}

// appendTimes writes what was evaluated, and from when on that is in doubt.
func (s *State) appendTimes(b []byte) []byte {
	var dirty, redone fleet.Time
	if d := s.doubt; d != nil {
		if dirty, redone = d.from, d.redone; dirty == 0 || d.shelved != 0 && d.shelved < dirty {
			dirty = d.shelved
		}
	}
	times := [...]fleet.Time{s.seen - s.seenByFixes(), s.fired, s.since, dirty, redone}
	if times == [len(times)]fleet.Time{} {
		return b
	}
	for _, t := range times {
		b = binary.AppendVarint(b, int64(t))
	}
	return b
}

func (r *reader) times(s *State) {
	s.seen = s.seenByFixes() + fleet.Time(r.varint())
	s.fired, s.since = fleet.Time(r.varint()), fleet.Time(r.varint())
	if d := (doubt{from: fleet.Time(r.varint()), redone: fleet.Time(r.varint())}); d != (doubt{}) {
		s.doubt = &d
	}
}

// seenByFixes is what seen is where nothing else was written: the newest of
// the fixes that are kept.
func (s *State) seenByFixes() fleet.Time {
	if p := s.suspect(); p != nil {
		return max(s.head.time, p.time)
	}
	return s.head.time
}
