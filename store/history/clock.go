package history

import "github.com/vigia-track/vigia/engine/fleet"

// clockOf is a device time as the block has it: 0 for none, else how far it is
// behind the fix, one more where that is 0 or more. Trackers give none, the
// fix itself or one a steady while behind, so the column is nearly always one
// value. Every pair of times comes back: none counts as the difference -fix,
// and only the differences before it on the ring of uint64 make room for it.
func clockOf(fix, device fleet.Time) int64 {
	if device == 0 {
		return 0
	}
	d := uint64(device) - uint64(fix)
	if d < -uint64(fix) {
		d++
	}
	return int64(d)
}

// clockFrom is the device time of clockOf's value.
func clockFrom(fix fleet.Time, v int64) fleet.Time {
	if v == 0 {
		return 0
	}
	d := uint64(v)
	if d <= -uint64(fix) {
		d--
	}
	return fleet.Time(d + uint64(fix))
}
