package why

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const maxSummary = 6 // events or fences that the summary names

// summary is the answer in a few sentences.
func (a *asker) summary(ctx context.Context) error {
	add := func(key string, pairs ...string) { a.out.Summary = append(a.out.Summary, a.say(key, pairs...)) }
	for i := range a.out.Events[:min(len(a.out.Events), maxSummary)] {
		e := &a.out.Events[i]
		add("sum.event", "what", e.What, "time", a.clock(e.Time))
		a.toldOf(e)
	}
	if over := len(a.out.Events) - maxSummary; over > 0 {
		add("sum.more", "n", strconv.Itoa(over))
	}
	if a.Event != (fleet.EventID{}) {
		return nil
	}
	if len(a.out.Events) == 0 {
		add("sum.none", "device", a.Device.Name, "from", a.clock(a.from), "to", a.clock(a.to))
	}
	a.unrecorded()
	if len(a.steps) == 0 {
		return a.nothing(ctx)
	}
	a.distrust()
	if len(a.out.Events) == 0 {
		a.sides()
		if len(a.out.Summary) == 1 {
			add("sum.far", "m", strconv.Itoa(nearMetres))
		}
	}
	for i := 0; len(a.out.Events) == 0 && i < min(len(a.out.Idle), 3); i++ {
		a.out.Summary = append(a.out.Summary, a.out.Idle[i].Say)
	}
	return nil
}

// toldOf says who was told of an event.
func (a *asker) toldOf(e *fleet.ExplainedEvent) {
	if a.silent() {
		return
	}
	said, applied := 0, false
	for _, n := range e.Notices {
		applied = applied || n.Applies
		for _, d := range n.Deliveries {
			if said++; said <= 5 {
				a.out.Summary = append(a.out.Summary, d.Say)
			}
		}
	}
	switch {
	case said > 5:
		a.out.Summary = append(a.out.Summary, a.say("sum.messages", "n", strconv.Itoa(said-5)))
	case said == 0 && !applied && len(e.Notices) == 0:
		a.out.Summary = append(a.out.Summary, a.say("sum.untold.none"))
	case said == 0 && !applied:
		a.out.Summary = append(a.out.Summary, a.say("sum.untold", "n", strconv.Itoa(len(e.Notices))))
	}
}

// nothing says between which reports a window without any lies.
func (a *asker) nothing(ctx context.Context) error {
	var before, after fleet.Time
	lead := a.from - 30*fleet.Day
	for _, span := range [...]fleet.Time{fleet.Day, 30 * fleet.Day} {
		lead = a.from - span
		err := a.Tracks.Positions(ctx, a.Device.ID, lead, a.from, func(p *fleet.Position) bool {
			if a.sees(a.at(p.Fix)) {
				before = p.Fix
			}
			return true
		})
		if err != nil {
			return err
		}
		if before != 0 {
			break
		}
	}
	err := a.Tracks.Positions(ctx, a.Device.ID, a.to+1, a.to+30*fleet.Day, func(p *fleet.Position) bool {
		if a.sees(a.at(p.Fix)) {
			after = p.Fix
		}
		return after == 0
	})
	text := a.say("sum.silent")
	if before != 0 {
		text += a.say("sum.silent.before", "time", a.clock(before))
	}
	if after != 0 {
		text += a.say("sum.silent.after", "time", a.clock(after))
	}
	a.out.Summary = append(a.out.Summary, text+".")
	return err
}

// distrust says how many fixes were left out, and why.
func (a *asker) distrust() {
	var keys []string
	count := map[string]int{}
	n := 0
	for i := range a.steps {
		s := &a.steps[i]
		switch {
		case s.outcome == track.Evaluated || s.outcome == track.Duplicate || s.outcome == track.Merged:
			continue
		}
		n++
		why := a.fate(&step{Report: fleet.Report{Verdict: s.Verdict, Fix: s.Fix, Received: s.Received}, outcome: s.outcome, gates: s.gates})
		if s.Verdict != fleet.Accepted {
			why = a.say("why." + s.Verdict.String())
		}
		if count[why]++; count[why] == 1 {
			keys = append(keys, why)
		}
	}
	if n == 0 {
		return
	}
	var parts []string
	for _, k := range keys[:min(len(keys), 4)] {
		parts = append(parts, strconv.Itoa(count[k])+" × "+k)
	}
	a.out.Summary = append(a.out.Summary, a.say("sum.distrust", "n", strconv.Itoa(n), "of", strconv.Itoa(len(a.steps)), "why", strings.Join(parts, "; ")))
}

// unrecorded names crossings that the stored fixes give, but that are not on
// record.
func (a *asker) unrecorded() {
	for i := range a.steps {
		s := &a.steps[i]
		for j := range s.events {
			e := &s.events[j]
			if e.Kind != fleet.Enter && e.Kind != fleet.Exit || e.Time < a.from || len(a.out.Summary) > 2*maxSummary {
				continue
			}
			on := slices.ContainsFunc(a.out.Events, func(o fleet.ExplainedEvent) bool {
				return o.Kind == e.Kind && o.Fence == e.Fence && o.Time == e.Time
			})
			f := s.view.fences[e.Fence]
			if !on && f != nil && a.Fences.SeesOwner(f.Company, f.Owner) {
				a.out.Summary = append(a.out.Summary, a.say("sum.unrecorded", "what", a.what(e, a.Device.Name, f.Name), "time", a.clock(e.Time)))
			}
		}
	}
}

// sides says for each fence near by how the device stood to it.
func (a *asker) sides() {
	type side struct {
		id        fleet.FenceID
		name      string
		in        bool // at the first look
		furthest  *look
		nearest   *look
		coarse    int
		called    fleet.Time // when a change under way was called off
		changed   string
		open      *look
		lastState bool
	}
	var all []*side
	for i := range a.steps {
		s := &a.steps[i]
		for j := range s.looks {
			l := &s.looks[j]
			f := s.view.fences[l.fence.ID]
			if f == nil || !a.Fences.SeesOwner(f.Company, f.Owner) {
				continue
			}
			at := slices.IndexFunc(all, func(x *side) bool { return x.id == l.fence.ID })
			if at < 0 {
				all, at = append(all, &side{id: l.fence.ID, name: f.Name, in: l.was}), len(all)
			}
			x := all[at]
			if x.furthest == nil || l.Edge > x.furthest.Edge {
				x.furthest = l
			}
			if x.nearest == nil || l.Edge < x.nearest.Edge {
				x.nearest = l
			}
			if !l.fence.Rule.Instant && !l.Precise {
				x.coarse++
			}
			if l.before != 0 && l.open == 0 && l.done == 0 {
				x.called = s.Fix
			}
			if l.done != 0 && s.gates&track.GateFirst != 0 {
				x.in = l.is
			} else if l.done != 0 {
				x.changed = a.say("sum.changed."+l.done.String(), "fence", f.Name, "time", a.clock(s.Fix)) + a.silence(s, l) + "."
			}
			x.open, x.lastState = nil, l.is
			if l.open != 0 {
				x.open = l
			}
		}
	}
	for _, x := range all[:min(len(all), maxSummary)] {
		var text string
		switch {
		case x.changed != "":
			text = x.changed
		case x.in && x.furthest.Inside:
			text = a.say("sum.inside", "fence", x.name)
		case x.in && x.furthest.fence.Rule.Instant:
			text = a.say("sum.inside", "fence", x.name)
		case x.in:
			text = a.say("sum.held", "fence", x.name, "m", metres(x.furthest.Edge), "need", metres(x.furthest.Need))
		case x.nearest.Inside:
			text = a.say("sum.unconvinced", "fence", x.name, "of", strconv.Itoa(x.nearest.fence.Rule.Enter))
		default:
			text = a.say("sum.outside", "fence", x.name, "m", metres(x.nearest.Edge))
		}
		if x.called != 0 {
			text += a.say("sum.called", "time", a.clock(x.called))
		}
		if x.open != nil {
			text += a.say("sum.open."+x.open.open.String(), "since", a.clock(x.open.since), "n", strconv.Itoa(x.open.fixes), "of", strconv.Itoa(x.open.of()))
		}
		if x.coarse > 0 {
			text += a.say("sum.coarse", "n", strconv.Itoa(x.coarse), "max", metres(x.nearest.fence.Rule.MaxAccuracy))
		}
		a.out.Summary = append(a.out.Summary, text)
	}
}
