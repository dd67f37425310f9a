package route

import (
	"cmp"
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/engine/why"
)

// visits lets the engine judge the way once more, with every fence telling of
// both sides: a fence that makes no events is visited all the same.
func (a *asker) visits(out *fleet.Route) {
	a.open = map[fleet.FenceID]*fleet.RouteVisit{}
	s := &track.State{Device: a.q.Device.ID}
	worlds := make(map[*why.Era]*track.World, 1)
	var held *why.Era
	last := fleet.Time(0)
	for i := range a.reports {
		r := &a.reports[i]
		e := a.era(r.Fix)
		w, known := worlds[e]
		if !known {
			w = a.world(e)
			worlds[e] = w
		}
		for _, ev := range track.Step(s, track.Input{Report: r}, w) {
			switch ev.Kind {
			case fleet.Enter:
				a.enter(e, ev.Fence, ev.Time, true)
			case fleet.Exit:
				a.leave(out, ev.Fence, ev.Time, true)
			}
		}
		if e != held { // a first look, or the fences were edited: that makes no events
			held = e
			a.settle(out, e, s.Inside(), r.Fix)
		}
		last = r.Fix
	}
	for id := range a.open {
		a.leave(out, id, last, false)
	}
	slices.SortFunc(out.Visits, func(x, y fleet.RouteVisit) int { return cmp.Or(cmp.Compare(x.In, y.In), cmp.Compare(x.Fence, y.Fence)) })
}

// world is what an era meant for the device, as far as it lies by the way and
// the asker may know.
func (a *asker) world(e *why.Era) *track.World {
	if e.World == nil {
		return &track.World{}
	}
	w := &track.World{Company: e.World.Company, Labels: e.World.Labels, Filter: e.World.Filter, Since: e.World.Since}
	for _, o := range e.World.Owners {
		var kept []fleet.Fence
		for c := range o.Fences.All() {
			if f := e.Fences[c.ID]; f != nil && c.Meets(a.box) && e.World.Watches(c, a.q.Device.ID) && a.q.Fences.SeesOwner(f.Company, f.Owner) {
				told := *f
				told.Inside, told.Outside, told.Schedule, told.From = true, true, nil, 0
				kept = append(kept, told)
			}
		}
		set, _ := fence.Compile(kept) // those that cannot be judged are left out by the engine too
		w.Owners = append(w.Owners, track.Owner{ID: o.ID, Fences: set})
	}
	return w
}

// settle makes the visits that are open those of the fences that hold the
// device.
func (a *asker) settle(out *fleet.Route, e *why.Era, inside []fleet.FenceID, at fleet.Time) {
	for id := range a.open {
		if !slices.Contains(inside, id) {
			a.leave(out, id, at, false)
		}
	}
	for _, id := range inside {
		if a.open[id] == nil {
			a.enter(e, id, at, false)
		}
	}
}

func (a *asker) enter(e *why.Era, id fleet.FenceID, at fleet.Time, seen bool) {
	f := e.Fences[id]
	if f == nil || a.open[id] != nil {
		return
	}
	a.open[id] = &fleet.RouteVisit{Fence: id, Name: f.Name, Colour: f.Colour, In: at, Entered: seen}
}

func (a *asker) leave(out *fleet.Route, id fleet.FenceID, at fleet.Time, seen bool) {
	v := a.open[id]
	if v == nil {
		return
	}
	delete(a.open, id)
	if len(out.Visits) >= maxVisits {
		return
	}
	v.Out, v.Left = max(at, v.In), seen
	v.Seconds = int64((v.Out - v.In) / fleet.Second)
	v.Metres = math.Round((a.driven(v.Out)-a.driven(v.In))*10) / 10
	out.Visits = append(out.Visits, *v)
}

// drawn lists the fences by the way as they stood at the end.
func (a *asker) drawn(out *fleet.Route) {
	e := a.era(a.q.To - 1)
	if e.World == nil {
		return
	}
	for _, o := range e.World.Owners {
		for c := range o.Fences.All() {
			f := e.Fences[c.ID]
			if f == nil || len(out.Fences) >= maxFences || !c.Meets(a.box) || !a.q.Fences.SeesOwner(f.Company, f.Owner) {
				continue
			}
			out.Fences = append(out.Fences, fleet.RouteFence{ID: f.ID, Name: f.Name, Colour: f.Colour, Shape: f.Shape})
		}
	}
}
