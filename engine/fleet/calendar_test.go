package fleet_test

import (
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestCalendarHolds(t *testing.T) {
	c := fleet.Calendar{
		Name: "Control room", Timezone: "America/Bogota",
		Week:       []fleet.WeekSpan{{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "08:00", To: "17:00"}, {Days: []string{"fri"}, From: "22:00", To: "02:00"}},
		Holidays:   []string{"2026-12-25"},
		Exceptions: []fleet.DaySpan{{Day: "2026-12-24", From: "08:00", To: "12:00"}},
	}
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]bool{
		"2026-12-21T13:00:00Z": true,  // Monday, 08:00 there
		"2026-12-21T12:59:00Z": false, // a minute before
		"2026-12-24T14:00:00Z": true,  // an exception, 09:00
		"2026-12-24T20:00:00Z": false, // after it, though a Thursday
		"2026-12-25T15:00:00Z": false, // a holiday
		"2026-12-19T06:30:00Z": true,  // Saturday 01:30 of Friday's night
		"2026-12-19T15:00:00Z": false,
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Holds(fleet.At(when)); got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}
