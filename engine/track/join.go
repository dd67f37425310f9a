package track

import (
	"cmp"

	"github.com/vigia-track/vigia/engine/fleet"
)

// join adds the readings of another report of the same time and place, and
// reports whether that changed any that a decision may read. In whatever order
// reports are joined, and however often each, the result is the same.
func (f *fix) join(o *fix) (changed bool) {
	was := *f
	switch clearer(f, o) {
	case -1:
		f.satellites, f.hdop = o.satellites, o.hdop
		f.has = f.has&^(fleet.HasSatellites|fleet.HasHDOP) | o.has&(fleet.HasSatellites|fleet.HasHDOP)
	case 0:
		f.has |= o.has & fleet.HasSatellites // none, and said so
	}
	f.speed = larger(f, o, fleet.HasSpeed, f.speed, o.speed)
	f.course = larger(f, o, fleet.HasCourse, f.course, o.course)
	f.altitude = larger(f, o, fleet.HasAltitude, f.altitude, o.altitude)
	f.accuracy = larger(f, o, fleet.HasAccuracy, f.accuracy, o.accuracy)
	f.odometer = larger(f, o, fleet.HasOdometer, f.odometer, o.odometer)
	f.has |= o.has &^ (fleet.HasSatellites | fleet.HasHDOP)
	f.protocol, f.received, f.content = max(f.protocol, o.protocol), min(f.received, o.received), max(f.content, o.content)
	const asked = fleet.HasSpeed | fleet.HasAccuracy | fleet.HasOdometer | fleet.HasIgnition | fleet.IgnitionOn
	return f.has&asked != was.has&asked || f.speed != was.speed || f.accuracy != was.accuracy || f.odometer != was.odometer
}

// larger is the larger of two readings of one kind, or the one that there is.
func larger[V cmp.Ordered](f, o *fix, kind fleet.Fields, a, b V) V {
	switch {
	case o.has&kind == 0:
		return a
	case f.has&kind == 0:
		return b
	}
	return max(a, b)
}

// better decides between two places for one time by a fixed rule (reliability:
// same time, different place): more satellites, then the lower dilution, then
// the places themselves. That the device calls a fix valid is asked before.
func better(a, b *fix) bool {
	if c := clearer(a, b); c != 0 {
		return c > 0
	}
	return cmp.Or(cmp.Compare(a.place.Lat, b.place.Lat), cmp.Compare(a.place.Lon, b.place.Lon)) > 0
}

// clearer compares the reception of two fixes, positive if a's was better.
func clearer(a, b *fix) int {
	if a.satellites != b.satellites {
		return cmp.Compare(a.satellites, b.satellites)
	}
	if ha, hb := a.has&fleet.HasHDOP != 0, b.has&fleet.HasHDOP != 0; ha != hb {
		if ha {
			return 1
		}
		return -1
	}
	return cmp.Compare(b.hdop, a.hdop)
}
