package journal

import (
	"errors"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Summary is what Check saw.
type Summary struct {
	Segments    int
	First, Last fleet.Seq // Last < First: no entries
	Bytes       int64
	// Unfinished bytes at the end were never acknowledged; Open will cut them.
	Unfinished int64
}

// Check reads a whole journal that nobody appends to, changes nothing, and
// gives each damage it finds to report. The error is for a folder that cannot
// be read at all.
func Check(dir string, report func(*DamageError)) (Summary, error) {
	var s Summary
	tell := func(err error) error {
		if d, ok := errors.AsType[*DamageError](err); ok {
			report(d)
			return nil
		}
		return err
	}
	l, err := list(osDisk{}, dir)
	if err != nil {
		return s, tell(err)
	}
	for i, first := range l.firsts {
		path := segmentPath(dir, first)
		seg, cut, err := inspect(osDisk{}, path, i == len(l.firsts)-1)
		if err == nil {
			err = l.follows(seg)
		}
		if err == nil {
			err = checkEntries(seg)
		}
		if err != nil {
			l.before = nil // what follows is compared with nothing
			if err := tell(err); err != nil {
				return s, err
			}
			continue
		}
		if s.Segments == 0 {
			s.First = first
		}
		s.Segments++
		s.Last = seg.last
		s.Bytes += seg.end
		if cut > 0 {
			size, err := sizeOf(osDisk{}, path)
			if err != nil {
				return s, err
			}
			s.Unfinished = size - cut
		}
	}
	return s, nil
}

// checkEntries decodes every entry of a segment.
func checkEntries(seg *segment) error {
	r, err := openReader(osDisk{}, seg.path, seg.end)
	if err != nil {
		return err
	}
	defer r.close()
	var d Decoder
	var e fleet.Entry
	return r.each(seg.last, 0, func(rec Record) error {
		if err := d.entry(uint8(rec.Kind), rec.Payload, &e); err != nil {
			return damage(seg.path, int64(rec.Offset), "entry %d: %v", rec.Seq, err)
		}
		return nil
	})
}
