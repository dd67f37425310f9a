package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	explainAround = 3     // fixes shown before the time, and as many behind it
	explainMetres = 2_000 // fences further away are not shown
	explainFences = 8     // at most, the nearest
)

// explain says what the engine made of a device's fixes around a time, and
// why: about is DEVICE@TIME.
func explain(about string, fixes *fixFile, set *fence.Set, names []string, trust bool, out io.Writer) error {
	cut := strings.LastIndex(about, "@")
	if cut < 0 {
		return fmt.Errorf("--explain %q: write DEVICE@TIME, as in van@2026-03-01T08:00:00Z", about)
	}
	device := about[:cut]
	when, err := parseFixTime(about[cut+1:])
	if err != nil {
		return fmt.Errorf("--explain %q: %w", about, err)
	}
	i := slices.Index(fixes.devices, device)
	if i < 0 {
		return fmt.Errorf("--explain %q: the file has no device %q", about, device)
	}
	rows := slices.Clone(fixes.rows[i])
	slices.SortStableFunc(rows, func(a, b fixRow) int { return cmp.Compare(a.fix, b.fix) })
	behind, _ := slices.BinarySearchFunc(rows, when+1, func(r fixRow, t fleet.Time) int { return cmp.Compare(r.fix, t) })
	from, till := max(0, behind-explainAround), min(len(rows), behind+explainAround)

	w := replayWorld(set, trust)
	s := &track.State{Device: fleet.DeviceID(i + 1)}
	fmt.Fprintf(out, "%s at %s: fixes %d to %d of %d.\n", device, shortTime(when), from+1, till, len(rows))
	told := 0
	for n, row := range rows[:till] {
		if n == behind && n > 0 {
			fmt.Fprintf(out, "\n-- %s --\n", shortTime(when))
		}
		r := row.report(s.Device)
		if n < from {
			track.Step(s, track.Input{Report: &r}, w)
			continue
		}
		looks, was := near(s, set, &r), s.Inside()
		events := track.Step(s, track.Input{Report: &r}, w)
		fmt.Fprintf(out, "\nfix %d, %s, %s: %s\n", n+1, shortTime(r.Fix), readings(&r), fate(s))
		if outcome, _ := s.Outcome(); outcome == track.Evaluated {
			for _, l := range looks {
				fmt.Fprintf(out, "  %s: %s\n", names[l.fence.ID-1], l.say(s, was))
			}
		}
		for _, e := range events {
			told++
			fmt.Fprintf(out, "  => %s %s at %s (%s)\n", e.Kind, names[e.Fence-1], shortTime(e.Time), track.Gates(e.Trace.Gates))
		}
	}
	if told == 0 {
		fmt.Fprintln(out, "\nNo event came of these fixes.")
	}
	return nil
}

// fenceLook is a fence near a fix, and what it makes of it.
type fenceLook struct {
	fence *fence.Fence
	track.Look
}

// near lists the fences about a report, the nearest edge first.
func near(s *track.State, set *fence.Set, r *fleet.Report) (out []fenceLook) {
	for _, f := range set.All() {
		if l := s.Look(f, r); l.Inside || l.Edge <= explainMetres {
			out = append(out, fenceLook{f, l})
		}
	}
	slices.SortStableFunc(out, func(a, b fenceLook) int { return cmp.Compare(a.Edge, b.Edge) })
	return out[:min(len(out), explainFences)]
}

// say puts what a fence made of a fix into words.
func (l *fenceLook) say(s *track.State, was []fleet.FenceID) string {
	id, rule := l.fence.ID, &l.fence.Rule
	text := fmt.Sprintf("the fix is %.0f m outside the edge", l.Edge)
	if l.Inside {
		text = fmt.Sprintf("the fix is inside, %.0f m from the edge", -l.Edge)
	}
	held, holds := slices.Contains(was, id), slices.Contains(s.Inside(), id)
	switch {
	case rule.Instant:
	case !l.Precise:
		text += fmt.Sprintf("; its accuracy is worse than the %.0f m that the fence listens to", rule.MaxAccuracy)
	case held && !l.Inside && l.Edge < l.Need && !l.Moving:
		text += fmt.Sprintf("; leaving begins at %.0f m, as the device shows no motion", l.Need)
	case held && !l.Inside && l.Edge < l.Need:
		text += fmt.Sprintf("; leaving begins at %.0f m", l.Need)
	case held && !l.Inside:
		text += fmt.Sprintf(", beyond the %.0f m at which leaving begins", l.Need)
	}
	side := "outside"
	if holds {
		side = "inside"
	}
	if held == holds {
		text += "; the device stays " + side
	} else {
		text += "; the device is " + side + " now"
	}
	if kind, fixes, since, ok := s.Open(id); ok {
		need := rule.Leave
		if kind == fleet.Enter {
			need = rule.Enter
		}
		text += fmt.Sprintf(" (%s under way since %s: %d of %d fixes", kind, shortTime(since), fixes, need)
		if rule.Wait > 0 {
			text += ", or time without a contrary one"
		}
		text += ")"
	}
	return text
}

// readings are what a fix says, in words.
func readings(r *fleet.Report) string {
	text := fmt.Sprintf("%.6f, %.6f", r.Place.LatDegrees(), r.Place.LonDegrees())
	if r.Is(fleet.HasSpeed) {
		text += fmt.Sprintf(", %.0f km/h", r.Speed)
	}
	if r.Is(fleet.HasAccuracy) {
		text += fmt.Sprintf(", accuracy %.0f m", r.Accuracy)
	}
	return text
}

// fate is what became of the last report, in words.
func fate(s *track.State) string {
	outcome, gates := s.Outcome()
	switch outcome {
	case track.Evaluated:
		if gates&track.GateFirst != 0 {
			return "trusted; the device's first, so it sets the state in silence"
		}
		return "trusted"
	case track.Duplicate:
		return "a copy of the one before, it says nothing new"
	case track.Merged:
		return "the same fix with other readings, they are merged"
	case track.Outdated:
		return "left out: another fix of the same time, or a newer one, holds"
	case track.Held:
		return "kept back: too far from the fix before, unless the next one agrees"
	case track.Refused:
		return "refused: its place or time cannot be"
	}
	return "left out, not trusted: " + gates.String()
}
