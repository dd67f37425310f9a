package track

import (
	"math"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Ranges of what is believed of a report; what lies beyond drops the field,
// not the report.
const (
	maxSpeedKPH  = 1500   // nothing that carries a tracker is faster
	minAltitude  = -1_000 // metres
	maxAltitude  = 30_000 // metres
	maxAccuracy  = 1e6    // metres
	maxHDOP      = 1000   // receivers say 99.9 for "none"
	maxOdometer  = 2e10   // metres
	maxLatitude  = 900_000_000
	maxLongitude = 1_800_000_000
)

// Normalise judges a report by itself against the time it was received: clock,
// ranges, rounding. It sets the verdict and may correct the times by
// clockOffset (milliseconds to add) and by GPS week rollovers; Corrected says
// that it did. Fields with impossible values are dropped.
//
// A report with an impossible place, or without the time that its place would
// need, is rejected; if it carries an alarm it loses its place instead, so
// that the alarm is raised.
func Normalise(r *fleet.Report, clockOffset int64) {
	dropImpossible(r)
	verdict := placeVerdict(r)
	if clock := correctClock(r, fleet.Time(clockOffset)); verdict == fleet.Accepted {
		verdict = clock
	}
	if (verdict == fleet.RejectedRange || verdict == fleet.RejectedTime) && r.Alarms != 0 {
		r.Has &^= fleet.HasPlace | fleet.FixValid
		r.Place = fleet.Place{}
		verdict = fleet.NoFix
	}
	r.Verdict = verdict
}

func placeVerdict(r *fleet.Report) fleet.Verdict {
	p := r.Place
	switch {
	case r.Has&fleet.HasPlace == 0:
		return fleet.NoFix
	case p.Lat > maxLatitude || p.Lat < -maxLatitude || p.Lon > maxLongitude || p.Lon < -maxLongitude:
		return fleet.RejectedRange
	}
	return fleet.Accepted
}

// dropImpossible removes readings that cannot be. The comparisons are false
// for NaN.
func dropImpossible(r *fleet.Report) {
	if r.Course == 360 {
		r.Course = 0
	}
	if !(r.Speed >= 0 && r.Speed <= maxSpeedKPH) {
		r.Speed, r.Has = 0, r.Has&^fleet.HasSpeed
	}
	if !(r.Course >= 0 && r.Course < 360) {
		r.Course, r.Has = 0, r.Has&^fleet.HasCourse
	}
	if !(r.Altitude >= minAltitude && r.Altitude <= maxAltitude) {
		r.Altitude, r.Has = 0, r.Has&^fleet.HasAltitude
	}
	if !(r.Accuracy >= 0 && r.Accuracy <= maxAccuracy) {
		r.Accuracy, r.Has = 0, r.Has&^fleet.HasAccuracy
	}
	if !(r.HDOP >= 0 && r.HDOP <= maxHDOP) {
		r.HDOP, r.Has = 0, r.Has&^fleet.HasHDOP
	}
	if !(r.Odometer >= 0 && r.Odometer <= maxOdometer) {
		r.Odometer, r.Has = 0, r.Has&^fleet.HasOdometer
	}
	if r.Has&fleet.HasPlace == 0 {
		r.Place = fleet.Place{}
	}
	tidy(r)
}

// tidy leaves the attributes sorted, each once, without numbers that are none.
// It changes the list only where it must, and then a copy.
func tidy(r *fleet.Report) {
	good := true
	for i := range r.Attrs {
		good = good && finite(r.Attrs[i].Value) &&
			(i == 0 || strings.Compare(r.Attrs[i-1].Key, r.Attrs[i].Key) < 0)
	}
	if good {
		return
	}
	attrs := slices.DeleteFunc(slices.Clone(r.Attrs), func(a fleet.Attr) bool { return !finite(a.Value) })
	r.Attrs = fleet.SortAttrs(attrs)
}

func finite(v fleet.Value) bool {
	return v.Kind != fleet.FloatValue || !math.IsNaN(v.Float) && !math.IsInf(v.Float, 0)
}
