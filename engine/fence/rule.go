package fence

import (
	"cmp"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Rule is a preset in numbers: what a fence asks of fixes before a device is
// in or out.
type Rule struct {
	Instant     bool       // the state follows each trusted fix; nothing below counts
	Margin      float64    // metres beyond the edge where leaving begins, at least
	MaxAccuracy float64    // metres; a worse fix says nothing; 0 = any says something
	Enter       int        // fixes that must agree on coming in
	Leave       int        // fixes that must agree on leaving
	Wait        fleet.Time // or one, and this long none against it; 0 = time decides nothing

	// A crossing between two fixes outside is concluded up to these distances
	// between them, if it lasted long enough; no PassMin = never.
	PassWait   fleet.Time
	PassMetres float64
	PassMin    fleet.Time
}

const (
	passWait   = 60 * fleet.Second
	passMetres = 2000
	passMin    = fleet.Second
)

// RuleOf is the rule of a fence's preset. A fence without one is instant.
func RuleOf(f *fleet.Fence) Rule {
	r := presetRule(f)
	r.PassWait, r.PassMetres = passWait, passMetres
	if c := f.Custom; c != nil && f.Preset == fleet.OwnNumbers {
		r.PassWait, r.PassMetres = cmp.Or(c.PassWait, passWait), cmp.Or(c.PassMetres, passMetres)
	}
	if !f.NoPasses {
		r.PassMin = cmp.Or(f.MinPass, passMin)
	}
	return r
}

func presetRule(f *fleet.Fence) Rule {
	switch f.Preset {
	case fleet.Balanced:
		return Rule{Margin: 15, Enter: 1, Leave: 2, Wait: 20 * fleet.Second}
	case fleet.Strict:
		return Rule{Margin: 30, MaxAccuracy: 50, Enter: 3, Leave: 3, Wait: 2 * fleet.Minute}
	case fleet.OwnNumbers:
		if c := f.Custom; c != nil {
			return Rule{
				Margin: c.Margin, MaxAccuracy: c.MaxAccuracy,
				Enter: c.EnterFixes, Leave: c.LeaveFixes, Wait: c.Wait,
			}
		}
	}
	return Rule{Instant: true}
}
