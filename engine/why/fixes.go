package why

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// fixes words the steps of the window. Of too many, those next to the time
// asked about are kept.
func (a *asker) fixes() {
	steps := a.steps
	if over := len(steps) - maxFixes; over > 0 {
		mid, _ := slices.BinarySearchFunc(steps, a.At, func(s step, t fleet.Time) int { return int(max(-1, min(1, s.shown()-t))) })
		from := min(max(0, mid-maxFixes/2), over)
		steps, a.out.More = steps[from:from+maxFixes], over
	}
	for i := range steps {
		a.out.Fixes = append(a.out.Fixes, a.fix(&steps[i]))
	}
}

func (a *asker) fix(s *step) fleet.ExplainedFix {
	f := fleet.ExplainedFix{
		Time: s.Fix, Received: s.Received, Lon: s.Place.LonDegrees(), Lat: s.Place.LatDegrees(),
		Outcome: s.outcome.String(), Late: s.late, Alarms: s.Alarms.Names(), Say: a.fate(s),
	}
	if g := s.gates.String(); g != "" {
		f.Gates = strings.Split(g, ",")
	}
	if s.Is(fleet.HasSpeed) {
		f.Speed = &s.Speed
	}
	if s.Is(fleet.HasAccuracy) {
		f.Accuracy = &s.Accuracy
	}
	if s.Verdict != fleet.Accepted {
		f.Verdict = s.Verdict.String()
	}
	for i := range s.looks {
		if l := &s.looks[i]; a.Fences.SeesOwner(s.view.world.Company, l.fence.Owner) {
			f.Fences = append(f.Fences, a.look(s, l))
		}
	}
	return f
}

// fate is what became of a report, in words.
func (w *words) fate(s *step) string {
	key := "fix." + s.outcome.String()
	switch {
	case s.Verdict != fleet.Accepted:
		ahead := w.span(s.Fix - s.Received)
		return w.say("verdict."+s.Verdict.String(), "time", w.clock(s.Fix), "span", ahead)
	case s.outcome == track.Untrusted:
		key = "gate." + strings.Split(s.gates.String(), ",")[0]
	case s.outcome != track.Evaluated:
	case s.gates&track.GateFirst != 0:
		key = "fix.first"
	case s.gates&track.GateAgreed != 0:
		key = "fix.agreed"
	case s.gates&track.GateGap != 0:
		key = "fix.gap"
	}
	out := w.say(key)
	if s.late {
		out += w.say("fix.late", "received", w.clock(s.Received), "span", w.span(s.Received-s.Fix))
	}
	return out
}

func (a *asker) look(s *step, l *look) fleet.ExplainedLook {
	f := l.fence
	out := fleet.ExplainedLook{
		Fence: f.ID, Owner: f.Owner, Judge: f.Judge, Edge: l.Edge, Moving: l.Moving, Was: l.was, Is: l.is,
		Open: l.open, Done: l.done, Speaks: l.speaks(),
	}
	if record := s.view.fences[f.ID]; record != nil {
		out.Name, out.Preset = record.Name, record.Preset
	}
	if l.was {
		out.Need = l.Need
	}
	if l.open != 0 {
		out.Fixes, out.Of, out.Since = l.fixes, l.of(), l.since
	}
	out.Say = a.lookSay(s, l)
	return out
}

// of is how many fixes the change under way needs.
func (l *look) of() int {
	if l.open == fleet.Enter {
		return l.fence.Rule.Enter
	}
	return l.fence.Rule.Leave
}

// speaks is for what the fix speaks, in one word.
func (l *look) speaks() string {
	switch {
	case !l.fence.Rule.Instant && !l.Precise:
		return "ignored"
	case l.Inside && !l.was:
		return "enter"
	case l.Inside, l.before == fleet.Enter && l.open == 0 && l.done == 0:
		return "stay"
	case l.was && (l.fence.Rule.Instant || l.Edge >= l.Need):
		return "exit"
	}
	return "nothing"
}

// lookSay puts what a fence made of a fix into words.
func (w *words) lookSay(s *step, l *look) string {
	rule := &l.fence.Rule
	out := w.edge(l.Edge, l.Inside)
	need := metres(l.Need)
	switch {
	case rule.Instant:
	case !l.Precise:
		out += w.say("look.coarse", "max", metres(rule.MaxAccuracy))
	case l.was && !l.Inside && l.Edge < l.Need && !l.Moving:
		out += w.say("look.short.parked", "need", need)
	case l.was && !l.Inside && l.Edge < l.Need:
		out += w.say("look.short", "need", need)
	case l.was && !l.Inside:
		out += w.say("look.beyond", "need", need)
	case l.Inside && !l.was && l.done == 0:
		out += w.say("look.enter")
	}
	switch {
	case l.done == fleet.Enter:
		out += w.say("look.done.enter") + w.silence(s, l)
	case l.done == fleet.Exit:
		out += w.say("look.done.exit") + w.silence(s, l)
	case l.before != 0 && l.open == 0:
		out += w.say("look.called.off." + l.before.String())
	case l.is:
		out += w.say("look.still.inside")
	default:
		out += w.say("look.still.outside")
	}
	if l.open != 0 {
		out += w.say("look.open."+l.open.String(), "since", w.clock(l.since), "n", strconv.Itoa(l.fixes), "of", strconv.Itoa(l.of()))
		if rule.Wait > 0 {
			out += w.say("look.open.wait", "span", w.span(rule.Wait))
		}
		out += ")"
	}
	return out
}

// silence says why a change made no event, "" if it made one.
func (w *words) silence(s *step, l *look) string {
	for i := range s.events {
		if e := &s.events[i]; e.Fence == l.fence.ID && e.Kind == l.done {
			return ""
		}
	}
	switch f := l.fence; {
	case s.gates&track.GateFirst != 0:
		return w.say("silent.first")
	case s.Fix < f.From:
		return w.say("silent.later", "time", w.clock(f.From))
	case l.done == fleet.Enter && !f.Inside:
		return w.say("silent.enter")
	case l.done == fleet.Exit && !f.Outside:
		return w.say("silent.exit")
	}
	return ""
}
