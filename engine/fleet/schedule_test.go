package fleet_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/vigia-track/vigia/engine/fleet"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func moment(t testing.TB, s string) fleet.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return fleet.At(v)
}

func minutes(t testing.TB, s string) (m fleet.MinuteOfDay) {
	t.Helper()
	if err := m.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return m
}

// Design, 4.11: schedules follow the customer's clock, summer time too.
func TestScheduleFollowsTheClock(t *testing.T) {
	office := fleet.Interval{Days: fleet.Workdays, From: minutes(t, "08:00"), To: minutes(t, "17:30")}
	night := fleet.Interval{Days: fleet.Friday | fleet.Saturday, From: minutes(t, "22:00"), To: minutes(t, "02:30")}
	allDay := fleet.Interval{Days: fleet.Sunday, From: 0, To: minutes(t, "24:00")}
	round := fleet.Interval{Days: fleet.Monday, From: minutes(t, "06:00"), To: minutes(t, "06:00")}
	for _, c := range []struct {
		name string
		iv   fleet.Interval
		zone string
		at   string
		want bool
	}{
		{"the first minute", office, "America/Bogota", "2026-11-20T13:00:00Z", true},
		{"the second before", office, "America/Bogota", "2026-11-20T12:59:59Z", false},
		{"the last second", office, "America/Bogota", "2026-11-20T22:29:59Z", true},
		{"the end", office, "America/Bogota", "2026-11-20T22:30:00Z", false},
		{"a Saturday", office, "America/Bogota", "2026-11-21T15:00:00Z", false},
		{"a Friday there, a Saturday in UTC", office, "Pacific/Honolulu", "2026-11-21T03:00:00Z", true},
		{"winter in Lisbon", office, "Europe/Lisbon", "2026-01-20T08:00:00Z", true},
		{"summer in Lisbon", office, "Europe/Lisbon", "2026-07-20T07:00:00Z", true},
		{"summer in Lisbon, before", office, "Europe/Lisbon", "2026-07-20T06:59:00Z", false},
		{"night, Friday late", night, "UTC", "2026-11-20T23:00:00Z", true},
		{"night, Saturday early", night, "UTC", "2026-11-21T02:29:00Z", true},
		{"night, its end", night, "UTC", "2026-11-21T02:30:00Z", false},
		{"night, Friday early", night, "UTC", "2026-11-20T01:00:00Z", false},
		{"night, Sunday early", night, "UTC", "2026-11-22T01:00:00Z", true},
		{"the hour put back, first pass", night, "America/Toronto", "2026-11-01T05:30:00Z", true},
		{"the hour put back, second pass", night, "America/Toronto", "2026-11-01T06:30:00Z", true},
		{"all day, midnight", allDay, "UTC", "2026-11-22T00:00:00Z", true},
		{"all day, its end", allDay, "UTC", "2026-11-23T00:00:00Z", false},
		{"round the clock", round, "UTC", "2026-11-24T05:59:00Z", true},
		{"round the clock, over", round, "UTC", "2026-11-24T06:00:00Z", false},
	} {
		s := &fleet.Schedule{Weekly: []fleet.Interval{c.iv}}
		if got := s.Holds(moment(t, c.at), zone(t, c.zone)); got != c.want {
			t.Errorf("%s: holds at %s: %v, want %v", c.name, c.at, got, c.want)
		}
	}
	if !(*fleet.Schedule)(nil).Holds(0, time.UTC) {
		t.Error("no schedule does not hold")
	}
}

// Design, 4.11: a time of day comes once a day, whatever is done to the clock.
func TestNextClock(t *testing.T) {
	for _, c := range []struct {
		name, zone, after, at string
		days                  fleet.Days
		want                  string
	}{
		{"later today", "America/Bogota", "2026-11-20T12:00:00Z", "08:00", fleet.EveryDay, "2026-11-20T13:00:00Z"},
		{"not now", "America/Bogota", "2026-11-20T13:00:00Z", "08:00", fleet.EveryDay, "2026-11-21T13:00:00Z"},
		{"over the weekend", "America/Bogota", "2026-11-20T13:00:00Z", "08:00", fleet.Workdays, "2026-11-23T13:00:00Z"},
		{"in a week", "UTC", "2026-11-20T08:00:00Z", "08:00", fleet.Friday, "2026-11-27T08:00:00Z"},
		{"skipped in spring: when the clock jumps", "Europe/Lisbon", "2026-03-28T12:00:00Z", "01:30", fleet.EveryDay, "2026-03-29T01:00:00Z"},
		{"after the jump", "Europe/Lisbon", "2026-03-29T01:00:00Z", "01:30", fleet.EveryDay, "2026-03-30T00:30:00Z"},
		{"twice in autumn: the first", "America/Toronto", "2026-10-31T12:00:00Z", "01:30", fleet.EveryDay, "2026-11-01T05:30:00Z"},
		{"twice in autumn: not the second", "America/Toronto", "2026-11-01T05:30:00Z", "01:30", fleet.EveryDay, "2026-11-02T06:30:00Z"},
		{"half an hour of summer time", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", "02:15", fleet.EveryDay, "2026-10-03T15:30:00Z"},
	} {
		got := fleet.NextClock(moment(t, c.after), minutes(t, c.at), c.days, zone(t, c.zone))
		if want := moment(t, c.want); got != want {
			t.Errorf("%s: %s, want %s", c.name, got, want)
		}
	}
	if got := fleet.NextClock(0, 0, 0, time.UTC); got != fleet.Never {
		t.Errorf("on no day: %s", got)
	}
}

func TestMinuteOfDayText(t *testing.T) {
	for _, good := range []string{"00:00", "08:30", "23:59", "24:00"} {
		if got := minutes(t, good).String(); got != good {
			t.Errorf("%s reads as %s", good, got)
		}
	}
	for _, bad := range []string{"", "8:30", "24:01", "12:60", "ab:cd", "-1:00", "12-00", "12:0x"} {
		var m fleet.MinuteOfDay
		if m.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q reads as %s", bad, m)
		}
	}
}

func TestRuleValidate(t *testing.T) {
	at := minutes(t, "08:00")
	full := func(change func(*fleet.Rule)) fleet.Rule {
		r := fleet.Rule{Company: 1, Owner: 1, Name: "Too long", Trigger: fleet.Dwell, AllFences: true, After: fleet.Hour}
		change(&r)
		return r
	}
	for _, c := range []struct {
		field  string
		change func(*fleet.Rule)
	}{
		{"", func(*fleet.Rule) {}},
		{"", func(r *fleet.Rule) { r.Trigger, r.After, r.At = fleet.Absent, 0, &at }},
		{"", func(r *fleet.Rule) {
			r.Trigger, r.After, r.AllFences, r.Limit = fleet.Speeding, 0, false, 80
		}},
		{"", func(r *fleet.Rule) { r.Trigger, r.AllFences = fleet.Stopped, false }},
		{"", func(r *fleet.Rule) { r.AllFences, r.Paused = false, true }},
		{"name", func(r *fleet.Rule) { r.Name = "" }},
		{"owner", func(r *fleet.Rule) { r.Owner = 0 }},
		{"trigger", func(r *fleet.Rule) { r.Trigger = fleet.Offline }},
		{"fences", func(r *fleet.Rule) { r.AllFences = false }},
		{"fences", func(r *fleet.Rule) { r.Trigger = fleet.Moving }},
		{"after", func(r *fleet.Rule) { r.After = 0 }},
		{"after", func(r *fleet.Rule) { r.After = fleet.MaxRuleAfter + 1 }},
		{"after", func(r *fleet.Rule) { r.Trigger, r.Limit = fleet.Speeding, 80 }},
		{"at", func(r *fleet.Rule) { r.At, r.After = &at, 0 }},
		{"at", func(r *fleet.Rule) { r.Trigger, r.At = fleet.Absent, &at }},
		{"limit", func(r *fleet.Rule) { r.Limit = 50 }},
		{"limit", func(r *fleet.Rule) { r.Trigger, r.After = fleet.Speeding, 0 }},
		{"schedule.weekly", func(r *fleet.Rule) { r.Schedule = &fleet.Schedule{} }},
	} {
		r := full(c.change)
		err := r.Validate()
		e, _ := err.(*fleet.Error)
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%+v is refused: %v", r, err)
		case c.field != "" && (e == nil || e.Field != c.field):
			t.Errorf("%+v: %v, want an error of %s", r, err, c.field)
		}
	}
}
