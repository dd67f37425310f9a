package fleet

import (
	"testing"
	"time"
)

func on(day string) Time {
	t, err := time.Parse("2006-01-02 15:04 -0700", day+" 12:00 -0400")
	if err != nil {
		panic(err)
	}
	return At(t)
}

func TestCutOffDay(t *testing.T) {
	for _, c := range []struct {
		name           string
		auto           bool
		day            int
		paid           Date
		today          string
		reason         AccessReason
		since, warning Date
	}{
		{"paid through the day/S2-10", true, 15, "2026-03-15", "2026-03-15", Active, "", ""},
		{"on the day, not paid/S2-10", true, 15, "2026-03-14", "2026-03-15", CutOff, "2026-03-15", ""},
		{"the day before", true, 15, "2026-03-14", "2026-03-14", Active, "", "2026-03-15"},
		{"warned five days before/S2-10", true, 15, "2026-03-01", "2026-03-10", Active, "", "2026-03-15"},
		{"not six days before", true, 15, "2026-03-01", "2026-03-09", Active, "", ""},
		{"the 31st of a short month/S2-10", true, 31, "2026-02-27", "2026-02-28", CutOff, "2026-02-28", ""},
		{"the 29th of a leap year", true, 31, "2028-02-28", "2028-02-28", Active, "", "2028-02-29"},
		{"the 30th in April", true, 31, "2026-04-29", "2026-04-30", CutOff, "2026-04-30", ""},
		{"over the turn of the year", true, 2, "2026-12-15", "2026-12-29", Active, "", "2027-01-02"},
		{"last month's day still cuts", true, 31, "2026-01-30", "2026-02-01", CutOff, "2026-01-31", ""},
		{"the company does not cut/S2-10", false, 15, "2020-01-01", "2026-03-15", Active, "", ""},
		{"no day", true, 0, "2020-01-01", "2026-03-15", Active, "", ""},
		{"nobody keeps what is paid", true, 15, "", "2026-03-15", Active, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Standing{Company: Company{ID: 1, AutoCut: c.auto}, Plans: make([]Plan, 1), Chain: []Customer{{
				Timezone: "America/Caracas", Service: Service{CutOffDay: c.day, PaidThrough: c.paid},
			}}}
			if got := s.Access(Web, on(c.today)); got.Reason != c.reason || got.Since != c.since || got.Cut != c.warning {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestAccessNamesTheGravestReason(t *testing.T) {
	now := on("2026-03-15")
	c := Customer{Timezone: "UTC", Service: Service{NoWeb: true, NoAndroid: true}}
	above := Customer{Timezone: "UTC"}
	s := Standing{Company: Company{ID: 1, AutoCut: true}, Plans: make([]Plan, 2)}
	look := func(app App, want AccessReason) {
		t.Helper()
		s.Chain = []Customer{c, above}
		if got := s.Access(app, now); got.Reason != want {
			t.Errorf("%q: %v, want %v", app, got, want)
		}
	}
	look(Web, WebOff)
	look(IOS, Active)
	look(Android, AndroidOff)
	above.CutOffDay, above.PaidThrough = 1, "2026-02-01"
	look(Web, CutOff)
	above.TrialEnds = now
	look(IOS, TrialEnded)
	c.Suspended, c.Reason = true, "unpaid"
	look(IOS, Suspended)
}

func TestModulesNeverGrowOnTheWayDown(t *testing.T) {
	s := Standing{
		Company: Company{ID: 1, Modules: []ModuleNaming{{Module: Reports, Off: true}}},
		Chain:   []Customer{{Service: Service{Without: []Module{Alerts}}}, {}},
		Plans:   []Plan{{}, {Head: Head{ID: 5}, Modules: []Module{LiveMap, Geofences, Alerts, Reports}}},
	}
	if got := s.Modules(); got != SetOf([]Module{LiveMap, Geofences}) {
		t.Error(got.List())
	}
	a := Account{User: User{Role: CustomerUser, Without: []Module{LiveMap}}, Standing: s}
	if got := a.Modules(); got != SetOf([]Module{Geofences}) || got.Has(LiveMap) || !got.Has("") {
		t.Error(got.List())
	}
	if p := s.Plan(); p == nil || p.ID != 5 {
		t.Error(p)
	}
}
