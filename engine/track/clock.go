package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// What is believed of a device's clock.
const (
	maxAhead = 5 * fleet.Minute     // a fix further ahead is quarantined
	maxAge   = 20 * 365 * fleet.Day // an older one too
	rollover = 1024 * 7 * fleet.Day // after which a receiver's week count begins anew
	liveSpan = 90 * fleet.Day       // how old a fix may be that a rollover brought back
	nearDay  = 1 * fleet.Day        // around the moments at which clocks begin
)

// beginnings are moments at which unset clocks start to run: Unix, GPS and its
// two rollovers, and the turn of the century.
var beginnings = [...]fleet.Time{
	0,                 // 1970-01-01
	315_964_800_000,   // 1980-01-06
	935_280_000_000,   // 1999-08-22
	946_684_800_000,   // 2000-01-01
	1_554_595_200_000, // 2019-04-07
}

// correctClock shifts the report's times and says what it thinks of the fix
// time. A report that was never received has nothing to be measured against.
func correctClock(r *fleet.Report, offset fleet.Time) fleet.Verdict {
	if r.Fix == 0 && r.Has&fleet.HasPlace != 0 {
		r.Fix = r.DeviceTime
	}
	if offset != 0 {
		shift(&r.Fix, offset)
		shift(&r.DeviceTime, offset)
		r.Has |= fleet.Corrected
	}
	if r.Fix == 0 {
		if r.Has&fleet.HasPlace != 0 {
			return fleet.RejectedTime
		}
		return fleet.Accepted
	}
	if r.Received == 0 {
		return fleet.Accepted
	}
	if unset(r.Fix, r.Received) {
		return fleet.QuarantinedClock
	}
	if turns := rollovers(r.Fix, r.Received); turns != 0 {
		r.Fix += turns
		if r.DeviceTime != 0 && r.Received-r.DeviceTime > rollover-liveSpan {
			r.DeviceTime += turns
		}
		r.Has |= fleet.Corrected
	}
	switch age := r.Received - r.Fix; {
	case age < -maxAhead:
		return fleet.QuarantinedFuture
	case age > maxAge:
		return fleet.QuarantinedOld
	}
	return fleet.Accepted
}

func shift(t *fleet.Time, by fleet.Time) {
	if *t != 0 {
		*t += by
	}
}

// unset reports whether a clock shows a moment at which clocks begin, long ago.
func unset(t, now fleet.Time) bool {
	for _, b := range beginnings {
		if t >= b-nearDay && t <= b+nearDay && now-t > liveSpan {
			return true
		}
	}
	return false
}

// rollovers is the whole number of rollovers that bring an old time into the
// last 90 days, 0 if none does.
func rollovers(t, now fleet.Time) fleet.Time {
	if now-t < rollover-liveSpan {
		return 0
	}
	turns := (now + maxAhead - t) / rollover * rollover
	if now-(t+turns) > liveSpan {
		return 0
	}
	return turns
}
