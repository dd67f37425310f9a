package track

import "github.com/vigia-track/vigia/engine/fleet"

// ClockWatch finds out that a device's clock is set to another time zone: that
// its reports arrive, again and again, nearly a whole number of quarters of an
// hour from the time they bear. It is for one goroutine; the zero ClockWatch
// has seen nothing. It takes 64 bytes a device, and nobody needs one for a
// device whose clock is right ([ClockSuspect]).
//
// A message can be under way for any time, but arrives no earlier than it was
// sent: the clock's error is the shortest way, not the usual one. Buffered
// fixes are older than that and say nothing; what is younger says that the
// error is another. A single report never counts for much: an offset is
// proposed after eight arrivals that agree over ten minutes, and taken back
// after as many that agree on another, such as when summer time ends.
type ClockWatch struct {
	found clockGuess // what the arrivals agree on
	other clockGuess // what the latest ones agree on instead
}

// clockGuess is an offset and the arrivals that agree on it.
type clockGuess struct {
	offset      fleet.Time
	first, last fleet.Time // arrivals
	count       int32
	known       bool
}

const (
	clockStep    = 15 * fleet.Minute // of time zones
	clockSlack   = 3 * fleet.Minute  // how far from a multiple a lag may lie
	clockMost    = 14 * fleet.Hour   // of fleet.Device.ClockOffset
	clockFixes   = 8                 // arrivals that must agree ...
	clockSpan    = 10 * fleet.Minute // ... over this long
	clockPause   = fleet.Second      // what arrives closer together counts once
	clockForgets = 7 * fleet.Day     // without an arrival that agrees
)

// ClockSuspect reports whether a report's lag looks like another time zone. A
// device without such a report, and without an offset, needs no ClockWatch.
func ClockSuspect(r *fleet.Report) bool {
	lag := r.Received - r.Fix
	return lag >= clockStep-clockSlack || lag <= -(clockStep-clockSlack)
}

// See takes a report that Normalise has judged, quarantined ones too, with the
// device's offset that it was given, in milliseconds.
func (c *ClockWatch) See(r *fleet.Report, applied int64) {
	switch r.Verdict {
	case fleet.Accepted, fleet.NoFix, fleet.QuarantinedFuture:
	default:
		return
	}
	if r.Fix == 0 || r.Received == 0 || r.Is(fleet.Repeated) {
		return
	}
	lag := r.Received - r.Fix + fleet.Time(applied)
	offset := roundTo(lag, clockStep)
	near := max(lag-offset, offset-lag) <= clockSlack && offset >= -clockMost && offset <= clockMost
	f := &c.found
	if f.known && r.Received-f.last > clockForgets {
		*c = ClockWatch{}
	}
	switch {
	case near && f.known && offset == f.offset:
		f.agree(r.Received)
		c.other = clockGuess{}
	case near && !f.known, near && offset < f.offset && !f.sure():
		c.found, c.other = clockGuess{}, clockGuess{}
		f.offset, f.known = offset, true
		f.agree(r.Received)
	case near:
		if !c.other.known || c.other.offset != offset {
			c.other = clockGuess{offset: offset, known: true}
		}
		if c.other.agree(r.Received); c.other.sure() {
			c.found, c.other = c.other, clockGuess{}
		}
	case f.known && lag < f.offset-clockSlack && !f.sure():
		*c = ClockWatch{} // younger than can be: the error is none of a zone
	default:
		c.other = clockGuess{}
	}
}

func (g *clockGuess) agree(at fleet.Time) {
	if g.count == 0 {
		g.first = at
	} else if at-g.last < clockPause {
		return
	}
	g.last = at
	g.count++
}

// sure reports whether enough agree.
func (g *clockGuess) sure() bool {
	return g.count >= clockFixes && g.last-g.first >= clockSpan
}

// Offset is what is to be added to the device's times, in milliseconds, since
// which arrival that is so, and on how many it rests; ok is false while
// nobody can tell.
func (c *ClockWatch) Offset() (offset int64, since fleet.Time, reports int, ok bool) {
	f := &c.found
	return int64(f.offset), f.first, int(f.count), f.known && f.sure()
}

// Idle reports whether there is nothing to remember: the clock is right, and
// nothing says otherwise.
func (c *ClockWatch) Idle() bool {
	return !c.other.known && (!c.found.known || c.found.offset == 0 && c.found.sure())
}

// roundTo is the multiple of step next to t.
func roundTo(t, step fleet.Time) fleet.Time {
	if t < 0 {
		return -roundTo(-t, step)
	}
	return (t + step/2) / step * step
}
