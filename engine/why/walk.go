package why

import (
	"cmp"
	"context"
	"slices"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	nearMetres = 500.0      // fences further away are not looked at
	nearFences = 6          // at most, beside those that change
	completes  = fleet.Hour // behind the window, in which what is under way may end
)

// step is a report and what became of it.
type step struct {
	fleet.Report
	view    *view
	outcome track.Outcome
	gates   track.Gates
	looks   []look
	events  []fleet.Event
	late    bool // a newer fix arrived before it
}

// shown is the time under which a report is listed: a fix time that nobody
// believes says nothing.
func (s *step) shown() fleet.Time {
	if s.Verdict != fleet.Accepted {
		return s.Received
	}
	return s.Fix
}

// look is what a fix said to a fence.
type look struct {
	track.Look
	fence   *fence.Fence
	was, is bool
	open    fleet.EventKind // under way after the fix, 0 for nothing
	fixes   int
	since   fleet.Time
	before  fleet.EventKind // under way before the fix, 0 for nothing
	done    fleet.EventKind // completed by the fix, 0 for nothing
}

// run lets a state take a report and writes down what it met.
func run(s *track.State, r *fleet.Report, w *track.World) step {
	out := step{Report: *r}
	var before []look
	if r.Is(fleet.HasPlace) && w != nil {
		s.Settle(w)
		before = survey(s, r, w)
	}
	if w == nil {
		w = &track.World{}
	}
	out.events = track.Step(s, track.Input{Report: r}, w)
	out.outcome, out.gates = s.Outcome()
	if out.outcome != track.Evaluated {
		return out
	}
	inside := s.Inside()
	for _, l := range before {
		l.is = slices.Contains(inside, l.fence.ID)
		l.open, l.fixes, l.since, _ = s.Open(l.fence.ID)
		switch {
		case !l.was && l.is:
			l.done = fleet.Enter
		case l.was && !l.is:
			l.done = fleet.Exit
		}
		out.looks = append(out.looks, l)
	}
	return out
}

// survey lists the fences that a report may concern: those near by, the
// nearest edges first, and those that hold the device or are about to.
func survey(s *track.State, r *fleet.Report, w *track.World) []look {
	var near []*fence.Fence
	inside := s.Inside()
	for i := range w.Owners {
		set := w.Owners[i].Fences
		from := len(near)
		near = set.Near(r.Place.Point(), nearMetres, near)
		near = append(near[:from], slices.DeleteFunc(near[from:], func(f *fence.Fence) bool { return !w.Watches(f, s.Device) })...)
		for _, id := range inside {
			if f := set.Get(id); f != nil && !slices.Contains(near, f) {
				near = append(near, f)
			}
		}
	}
	var out []look
	for _, f := range near {
		l := look{fence: f, was: slices.Contains(inside, f.ID), Look: s.Look(f, r)}
		l.before, _, _, _ = s.Open(f.ID)
		out = append(out, l)
	}
	slices.SortStableFunc(out, func(a, b look) int {
		return cmp.Or(cmp.Compare(min(a.Edge, nearMetres), min(b.Edge, nearMetres)), cmp.Compare(a.fence.ID, b.fence.ID))
	})
	if len(out) > nearFences {
		kept := out[:nearFences:nearFences]
		for _, l := range out[nearFences:] {
			if l.was || l.before != 0 || l.Inside {
				kept = append(kept, l)
			}
		}
		out = kept
	}
	return out
}

// walk runs the device's fixes from the lead to the end of the window, and a
// little further to see what was completed then.
func (a *asker) walk(ctx context.Context, lead fleet.Time) error {
	s := &track.State{Device: a.Device.ID}
	var behind []fleet.Position // of the window and a day after it, for who came late
	err := a.Tracks.Positions(ctx, a.Device.ID, lead, a.to+completes, func(p *fleet.Position) bool {
		r := p.Report()
		v := a.at(p.Fix)
		st := run(s, &r, v.world)
		st.view = v
		switch {
		case p.Fix > a.to:
			a.after = append(a.after, st.events...)
			return s.Waiting()
		case p.Fix >= a.from && a.sees(v):
			a.steps = append(a.steps, st)
		}
		return true
	})
	if last := a.at(a.to); s.Waiting() && last.world != nil {
		a.after = append(a.after, track.Step(s, track.Input{Tick: fleet.Tick{At: a.Now}}, last.world)...)
	}
	if err != nil {
		return err
	}
	err = a.Tracks.Positions(ctx, a.Device.ID, a.from, a.to+fleet.Day, func(p *fleet.Position) bool {
		behind = append(behind, fleet.Position{Fix: p.Fix, Received: p.Received})
		return len(behind) < 200_000
	})
	if err != nil {
		return err
	}
	lateOnes(a.steps, behind)
	err = a.Tracks.Quarantined(ctx, a.Device.ID, a.from, a.to+1, func(p *fleet.Position) bool {
		v := a.at(p.Received)
		if a.sees(v) {
			a.steps = append(a.steps, step{Report: p.Report(), view: v, outcome: track.Untrusted, gates: track.GateQuarantined})
		}
		return true
	})
	slices.SortStableFunc(a.steps, func(x, y step) int { return cmp.Compare(x.shown(), y.shown()) })
	return err
}

// sees reports whether the asker may see what happened to the device while a
// view held.
func (a *asker) sees(v *view) bool {
	if v.world == nil {
		return a.Devices.Installation
	}
	return a.Devices.SeesDevice(a.Device.ID, v.world.Company, v.owner)
}

// lateOnes marks the steps whose fix is older than one that arrived before.
// behind is sorted by fix time.
func lateOnes(steps []step, behind []fleet.Position) {
	first := fleet.Time(1 << 62) // the earliest arrival of a newer fix
	j := len(behind) - 1
	for i := len(steps) - 1; i >= 0; i-- {
		for ; j >= 0 && behind[j].Fix > steps[i].Fix; j-- {
			first = min(first, behind[j].Received)
		}
		steps[i].late = first < steps[i].Received
	}
}
