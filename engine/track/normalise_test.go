package track_test

import (
	"math"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

func moment(text string) fleet.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic("bug: " + err.Error())
	}
	return fleet.At(t)
}

func TestNormaliseClocks(t *testing.T) {
	const received = "2026-11-21T12:00:00Z"
	for name, c := range map[string]struct {
		fix    string // "" for none
		offset fleet.Time
		want   fleet.Verdict
		then   string // the corrected fix time, "" for as it was
	}{
		"just now":                {"2026-11-21T11:59:58Z", 0, fleet.Accepted, ""},
		"a little ahead":          {"2026-11-21T12:05:00Z", 0, fleet.Accepted, ""},
		"too far ahead":           {"2026-11-21T12:05:01Z", 0, fleet.QuarantinedFuture, ""},
		"a year ahead":            {"2027-11-21T12:00:00Z", 0, fleet.QuarantinedFuture, ""},
		"buffered for a month":    {"2026-10-21T12:00:00Z", 0, fleet.Accepted, ""},
		"an old file":             {"2013-05-01T12:00:00Z", 0, fleet.Accepted, ""},
		"week rollover":           {"2007-04-07T11:00:00Z", 0, fleet.Accepted, "2026-11-21T11:00:00Z"},
		"two rollovers":           {"1987-08-22T11:00:00Z", 0, fleet.Accepted, "2026-11-21T11:00:00Z"},
		"rollover, 80 days ago":   {"2007-01-17T12:00:00Z", 0, fleet.Accepted, "2026-09-02T12:00:00Z"},
		"no rollover fits":        {"2005-04-07T11:00:00Z", 0, fleet.QuarantinedOld, ""},
		"Unix epoch":              {"1970-01-01T00:10:00Z", 0, fleet.QuarantinedClock, ""},
		"GPS epoch":               {"1980-01-06T00:00:00Z", 0, fleet.QuarantinedClock, ""},
		"turn of the century":     {"2000-01-01T00:00:00Z", 0, fleet.QuarantinedClock, ""},
		"rollover epoch":          {"2019-04-07T00:00:05Z", 0, fleet.QuarantinedClock, ""},
		"eight hours ahead, set":  {"2026-11-21T20:00:00Z", -8 * fleet.Hour, fleet.Accepted, "2026-11-21T12:00:00Z"},
		"five hours behind, set":  {"2026-11-21T07:00:00Z", 5 * fleet.Hour, fleet.Accepted, "2026-11-21T12:00:00Z"},
		"no time, but a place":    {"", 0, fleet.RejectedTime, ""},
		"offset and still ahead ": {"2026-11-21T20:00:00Z", -1 * fleet.Hour, fleet.QuarantinedFuture, "2026-11-21T19:00:00Z"},
	} {
		r := &fleet.Report{Received: moment(received), Has: fleet.FixValid}
		r.SetPlace(4.6, -74.1)
		if c.fix != "" {
			r.Fix = moment(c.fix)
		}
		want := r.Fix
		if c.then != "" {
			want = moment(c.then)
		}
		track.Normalise(r, int64(c.offset))
		if r.Verdict != c.want || r.Fix != want {
			t.Errorf("%s: %v at %v, want %v at %v", name, r.Verdict, r.Fix, c.want, want)
		}
		if r.Is(fleet.Corrected) != (c.then != "") {
			t.Errorf("%s: corrected %v", name, r.Is(fleet.Corrected))
		}
	}
}

func TestNormaliseDeviceTimeStandsIn(t *testing.T) {
	r := &fleet.Report{Received: start, DeviceTime: start - fleet.Second}
	r.SetPlace(4.6, -74.1)
	track.Normalise(r, 0)
	if r.Verdict != fleet.Accepted || r.Fix != start-fleet.Second {
		t.Errorf("%v at %v, want the device's time", r.Verdict, r.Fix)
	}
	beat := &fleet.Report{Received: start}
	track.Normalise(beat, 0)
	if beat.Verdict != fleet.NoFix {
		t.Errorf("a heartbeat is %v", beat.Verdict)
	}
}

func TestNormaliseRanges(t *testing.T) {
	for name, c := range map[string]struct {
		lat, lon float64
		want     fleet.Verdict
	}{
		"the poles":      {-90, 180, fleet.Accepted},
		"the date line":  {90, -180, fleet.Accepted},
		"beyond a pole":  {90.0000001, 0, fleet.RejectedRange},
		"beyond 180":     {0, 180.0000001, fleet.RejectedRange},
		"beyond -180":    {0, -200, fleet.RejectedRange},
		"not a number":   {math.NaN(), 0, fleet.NoFix},
		"far out":        {1e9, 0, fleet.NoFix},
		"infinitely far": {0, math.Inf(-1), fleet.NoFix},
	} {
		r := &fleet.Report{Fix: start, Received: start}
		r.SetPlace(c.lat, c.lon)
		track.Normalise(r, 0)
		if r.Verdict != c.want {
			t.Errorf("%s: %v, want %v", name, r.Verdict, c.want)
		}
	}
}

func TestNormaliseDropsImpossibleReadings(t *testing.T) {
	nan := math.NaN()
	for _, v := range []float64{nan, math.Inf(1), -2000, 1e12} {
		r := at(0, 10, 10)
		r.SetSpeed(v)
		r.SetCourse(v)
		r.SetAltitude(v)
		r.SetAccuracy(v)
		r.SetHDOP(v)
		r.SetOdometer(v)
		track.Normalise(r, 0)
		if r.Verdict != fleet.Accepted || r.Has != fleet.HasPlace|fleet.FixValid|fleet.HasSatellites ||
			r.Speed != 0 || r.Course != 0 || r.Altitude != 0 || r.Accuracy != 0 || r.HDOP != 0 || r.Odometer != 0 {
			t.Errorf("with %v: %+v", v, r)
		}
	}
	r := at(0, 10, 10)
	r.SetCourse(360)
	r.SetSpeed(0)
	r.Attrs = fleet.Attrs{{Key: "b", Value: fleet.Int(1)}, {Key: "a", Value: fleet.Float(nan)}, {Key: "a", Value: fleet.Bool(true)}}
	given := r.Attrs
	track.Normalise(r, 0)
	if !r.Is(fleet.HasCourse|fleet.HasSpeed) || r.Course != 0 {
		t.Errorf("course %v, has %b", r.Course, r.Has)
	}
	if len(r.Attrs) != 2 || r.Attrs[0].Key != "a" || r.Attrs[0].Value != fleet.Bool(true) || given[0].Key != "b" {
		t.Errorf("attributes %v, given %v", r.Attrs, given)
	}
}

func TestNormaliseDoesNotAllocate(t *testing.T) {
	r := at(0, 10, 10)
	r.Add("battery", fleet.Int(3))
	if n := testing.AllocsPerRun(100, func() { track.Normalise(r, 0) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
