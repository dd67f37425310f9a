package history

import (
	"bytes"
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// lane is one of the two kinds of track that are kept.
type lane uint8

const (
	accepted    lane = iota // filed under the day of Fix
	quarantined             // filed under the day of Received: the fix time is in doubt
	lanes
)

func (l lane) bucket() []byte {
	if l == quarantined {
		return bucketQuarantine
	}
	return bucketTracks
}

// A fix this far from its arrival is filed with the quarantined ones, so that a
// tracker's wild clock cannot make files for any day of any century.
const (
	longestLag   = 400 * fleet.Day
	longestAhead = 2 * fleet.Day
)

// laneOf says where a report goes; ok is false for one without a place worth
// keeping: heartbeats, and what Normalise rejected.
func laneOf(r *journal.ReportHead) (l lane, day fleet.Time, ok bool) {
	if r.Has&fleet.HasPlace == 0 {
		return 0, 0, false
	}
	switch r.Verdict {
	case fleet.Accepted:
		if lag := r.Received - r.Fix; lag <= longestLag && lag >= -longestAhead {
			return accepted, r.Fix.UTCDay(), true
		}
		return quarantined, r.Received.UTCDay(), true
	case fleet.QuarantinedFuture, fleet.QuarantinedClock, fleet.QuarantinedOld:
		return quarantined, r.Received.UTCDay(), true
	}
	return 0, 0, false
}

// sameFixes bounds how many fixes of one millisecond are compared.
const sameFixes = 32

// twins finds duplicates among packed reports: equal in all but their arrival.
type twins struct {
	fix  fleet.Time
	seen []twin
}

type twin struct {
	fleet.Position // without attributes
	attrs          []byte
}

// again reports whether an equal report came before; reports come by fix time.
func (t *twins) again(r *fleet.Report, attrs []byte) bool {
	if r.Fix != t.fix {
		t.fix, t.seen = r.Fix, t.seen[:0]
	}
	p := r.Position()
	for i := range t.seen {
		if s := &t.seen[i]; sameReadings(&s.Position, &p) && bytes.Equal(s.attrs, attrs) {
			return true
		}
	}
	if len(t.seen) < sameFixes {
		t.seen = append(t.seen, twin{p, attrs})
	}
	return false
}

// collapse orders positions by fix, earlier ones of the slice first, and drops
// duplicates.
func collapse(p []fleet.Position) []fleet.Position {
	byFix := func(a, b fleet.Position) int {
		switch {
		case a.Fix < b.Fix:
			return -1
		case a.Fix > b.Fix:
			return 1
		}
		return 0
	}
	if !slices.IsSortedFunc(p, byFix) {
		slices.SortStableFunc(p, byFix)
	}
	out := p[:0]
	group := 0 // where in out the fixes of this millisecond begin
next:
	for i := range p {
		if len(out) > 0 && out[len(out)-1].Fix != p[i].Fix {
			group = len(out)
		}
		for j := group; j < min(len(out), group+sameFixes); j++ {
			if samePosition(&out[j], &p[i]) {
				continue next
			}
		}
		out = append(out, p[i])
	}
	return out
}

func samePosition(a, b *fleet.Position) bool {
	return sameReadings(a, b) && slices.Equal(a.Attrs, b.Attrs)
}

// sameReadings compares all but arrival and attributes, bit for bit: two fixes
// of one time and place that differ in anything else may be judged differently.
func sameReadings(a, b *fleet.Position) bool {
	same := func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }
	return a.Place == b.Place && a.Alarms == b.Alarms && a.Has == b.Has && a.DeviceTime == b.DeviceTime &&
		a.Satellites == b.Satellites && a.Verdict == b.Verdict && a.Trust == b.Trust && a.Protocol == b.Protocol &&
		same(a.Altitude, b.Altitude) && same(a.Speed, b.Speed) && same(a.Course, b.Course) &&
		same(a.Accuracy, b.Accuracy) && same(a.HDOP, b.HDOP) &&
		math.Float64bits(a.Odometer) == math.Float64bits(b.Odometer)
}
