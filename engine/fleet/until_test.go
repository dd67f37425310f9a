package fleet_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Berlin sets its clock forward on 29 March 2026 at 02:00 (01:00 UTC) and back
// on 25 October at 03:00 (01:00 UTC).
func TestScheduleUntil(t *testing.T) {
	berlin := zone(t, "Europe/Berlin")
	span := func(days fleet.Days, from, to string) fleet.Interval {
		return fleet.Interval{Days: days, From: minutes(t, from), To: minutes(t, to)}
	}
	night := []fleet.Interval{span(fleet.EveryDay, "22:00", "06:00")}
	office := []fleet.Interval{span(1<<5-1, "08:00", "12:00"), span(1<<5-1, "12:00", "18:00")}
	for _, c := range []struct {
		name  string
		week  []fleet.Interval
		at    string
		until string // "" = not in it
	}{
		{"none", nil, "2026-02-02T12:00:00Z", ""},
		{"begins with its first minute", office, "2026-02-02T07:00:00Z", "2026-02-02T17:00:00Z"},
		{"not before", office, "2026-02-02T06:59:59.999Z", ""},
		{"ends with its last", office, "2026-02-02T16:59:59.999Z", "2026-02-02T17:00:00Z"},
		{"not at its end", office, "2026-02-02T17:00:00Z", ""},
		{"not on Saturday", office, "2026-02-07T10:00:00Z", ""},
		{"through midnight", night, "2026-02-02T23:30:00Z", "2026-02-03T05:00:00Z"},
		{"begun the day before", night, "2026-02-03T04:59:00Z", "2026-02-03T05:00:00Z"},
		{"Sunday's night on Monday", []fleet.Interval{span(1<<6, "22:00", "06:00")}, "2026-02-02T03:00:00Z", "2026-02-02T05:00:00Z"},
		{"an hour shorter", night, "2026-03-28T21:30:00Z", "2026-03-29T04:00:00Z"},
		{"an hour longer", night, "2026-10-24T21:30:00Z", "2026-10-25T05:00:00Z"},
		{"a clock time that is left out", []fleet.Interval{span(fleet.EveryDay, "01:00", "02:30")}, "2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"},
		{"twice 02:15, first", []fleet.Interval{span(fleet.EveryDay, "02:00", "02:30")}, "2026-10-25T00:15:00Z", "2026-10-25T00:30:00Z"},
		{"twice 02:15, second", []fleet.Interval{span(fleet.EveryDay, "02:00", "02:30")}, "2026-10-25T01:15:00Z", "2026-10-25T01:30:00Z"},
		{"always, a week at most", []fleet.Interval{span(fleet.EveryDay, "00:00", "00:00")}, "2026-02-02T12:00:00Z", "2026-02-09T12:00:00Z"},
		{"all of Monday", []fleet.Interval{span(1, "00:00", "24:00")}, "2026-02-02T12:00:00Z", "2026-02-02T23:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			at, week := moment(t, c.at), &fleet.Schedule{Weekly: c.week}
			if got := week.Holds(at, berlin); got != (c.until != "") {
				t.Errorf("holds: %v", got)
			}
			want := at
			if c.until != "" {
				want = moment(t, c.until)
			}
			if got := week.Until(at, berlin); got != want {
				t.Errorf("until %v, want %v", got, want)
			}
		})
	}
}

func TestNotificationTimes(t *testing.T) {
	good := func() fleet.Notification {
		return fleet.Notification{
			Company: 1, Owner: 2, Description: "yard", Kinds: []fleet.EventKind{fleet.Enter},
			Channels: []fleet.Channel{fleet.Email}, Recipients: []fleet.UserID{1},
			Cooldown: fleet.Hour, Quiet: &fleet.Schedule{Weekly: []fleet.Interval{{Days: 1, From: 22 * 60, To: 6 * 60}}},
		}
	}
	n := good()
	if err := n.Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*fleet.Notification){
		"cooldown":        func(n *fleet.Notification) { n.Cooldown = fleet.Day + 1 },
		"schedule.weekly": func(n *fleet.Notification) { n.Schedule = &fleet.Schedule{} },
		"quiet":           func(n *fleet.Notification) { n.Quiet.Weekly[0].From = 24 * 60 },
	} {
		n := good()
		change(&n)
		if e, ok := n.Validate().(*fleet.Error); !ok || e.Field != field {
			t.Errorf("%s: %v", field, n.Validate())
		}
	}
}
