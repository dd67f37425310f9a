package live_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// TestPositionOfAnEarlierOwner: where a device was while it belonged to
// somebody else is shown to them and to those who see both, until it reports
// from its new hands; in lists, streams and surveys, on a hub that saw the
// move and on one that began after it.
func TestPositionOfAnEarlierOwner(t *testing.T) {
	stays := []fleet.Stay{{Owner: 1, Until: 5 * fleet.Second}, {Owner: 2, Until: 10 * fleet.Second}}
	scope := func(customers ...fleet.CustomerID) fleet.Scope {
		return fleet.Scope{Company: guardian, Customers: customers}
	}
	for _, c := range []struct {
		name  string
		fixed int // seconds
		scope fleet.Scope
		want  bool
	}{
		{"the new owner, of the last one's time", 7, scope(3), false},
		{"the new owner and the last", 7, scope(2, 3), true},
		{"the new owner and the last, of the first one's time", 4, scope(2, 3), false},
		{"the new owner and the first, of the first one's time", 4, scope(1, 3), true},
		{"the last owner", 7, scope(2), false},
		{"the company", 4, fleet.Scope{Company: guardian}, true},
		{"the new owner, from the moment on", 10, scope(3), true},
	} {
		for _, restarted := range []bool{false, true} {
			h := live.NewHub(0)
			if !restarted {
				place(h, 1, 7)
				h.Move([]fleet.Position{at(7, c.fixed)})
			}
			h.Place([]live.Profile{{Device: 7, Company: guardian, Owner: 3, Stays: stays}})
			if restarted {
				h.Move([]fleet.Position{at(7, c.fixed)})
			}
			s := h.Subscribe(c.scope)
			v := newView()
			v.next(t, s)
			if _, got := v.positions[7]; got != c.want {
				t.Errorf("%s, restarted %v: shown %v", c.name, restarted, got)
			}
			var survey live.Survey
			if err := s.Survey(live.Lens{East: 1<<32 - 1, South: 1<<32 - 1, Few: 10}, 0, &survey); err != nil || (survey.Total.N == 1) != c.want || (len(survey.Singles) == 1) != c.want {
				t.Errorf("%s, restarted %v: a survey counts %d and tells %d, %v", c.name, restarted, survey.Total.N, len(survey.Singles), err)
			}
			h.Move([]fleet.Position{at(7, 11)})
			if !c.scope.SeesOwner(guardian, 3) {
				nothing(t, s)
			} else if v.next(t, s); v.positions[7] != 11*fleet.Second {
				t.Errorf("%s, restarted %v: after a report of now: %v", c.name, restarted, v.positions)
			}
			s.Close()
		}
	}
}
