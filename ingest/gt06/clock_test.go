package gt06

import (
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Every hour and some of a century, against the standard library.
func TestDatesAreTheCalendars(t *testing.T) {
	end := time.Date(2100, 3, 2, 0, 0, 0, 0, time.UTC)
	for at := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(3607 * time.Second) {
		b := appendTime(nil, fleet.At(at))
		want := [6]byte{byte(at.Year() - 2000), byte(at.Month()), byte(at.Day()), byte(at.Hour()), byte(at.Minute()), byte(at.Second())}
		if [6]byte(b) != want {
			t.Fatalf("%v is written as %v", at, b)
		}
		if got := readTime(b); got != fleet.At(at) {
			t.Fatalf("%v is read as %v", at, got)
		}
	}
}

func TestNoDateIsNoTime(t *testing.T) {
	for _, b := range [][]byte{{}, {24, 2, 30}, {23, 2, 29}, {24, 13, 1}, {24, 0, 1}, {24, 4, 31}, {24, 1, 1, 24}, {24, 1, 1, 0, 60}, {24, 1, 1, 0, 0, 60}} {
		if got := readTime(append(b, make([]byte, 6)...)[:6]); got != 0 {
			t.Errorf("%v is read as %v", b, got)
		}
	}
}

// The zones of VL03 "Time Zone/Language Details".
func TestZones(t *testing.T) {
	for w, want := range map[uint16]fleet.Time{
		0x3200: 8 * fleet.Hour, 0x4dd8: -12*fleet.Hour - 45*fleet.Minute, 0: 0, 0xffff: 0,
	} {
		if got := zoneOf(w); got != want {
			t.Errorf("zone %#04x is %d ms, want %d", w, got, want)
		}
	}
}
