package why

import (
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

const (
	idleMetres = 300.0
	maxIdle    = 8
	maxPaused  = 1000 // paused fences that are measured
)

// nearest is the evaluated step next to the time asked about, nil if none is.
func (a *asker) nearest() *step {
	var best *step
	for i := range a.steps {
		s := &a.steps[i]
		if s.outcome == track.Evaluated && (best == nil || apart(s.Fix, a.At) < apart(best.Fix, a.At)) {
			best = s
		}
	}
	return best
}

func apart(x, y fleet.Time) fleet.Time { return max(x-y, y-x) }

// idle finds the fences about the nearest fix that did not watch the device:
// those for other devices, paused ones, and those drawn later.
func (a *asker) idle() {
	s := a.nearest()
	if s == nil || s.view.world == nil {
		return
	}
	at, p := s.view, s.Place.Point()
	add := func(f *fleet.Fence, edge float64, reason string) {
		if !a.Fences.SeesOwner(f.Company, f.Owner) {
			return
		}
		x := fleet.ExplainedIdle{Fence: f.ID, Name: f.Name, Owner: f.Owner, Edge: edge, Reason: reason}
		x.Say = a.say("idle."+reason, "fence", f.Name, "edge", a.edge(edge, edge <= 0), "time", a.clock(max(f.Created, f.From)))
		a.out.Idle = append(a.out.Idle, x)
	}
	each := func(w *track.World, found func(f *fence.Fence)) {
		for i := range w.Owners {
			for _, f := range w.Owners[i].Fences.Near(p, idleMetres, nil) {
				found(f)
			}
		}
	}
	each(at.world, func(f *fence.Fence) {
		if record := at.fences[f.ID]; record != nil && !at.world.Watches(f, a.Device.ID) {
			add(record, f.EdgeDistance(p), "targets")
		}
	})
	if last := &a.views[len(a.views)-1]; last != at && last.world != nil {
		each(last.world, func(f *fence.Fence) {
			if record := last.fences[f.ID]; record != nil && at.fences[f.ID] == nil {
				add(record, f.EdgeDistance(p), "later")
			}
		})
	}
	tried := 0
	for _, f := range at.fences {
		if !f.Paused || tried == maxPaused {
			continue
		}
		tried++
		shape, err := geo.Prepare(&f.Shape)
		if err != nil {
			continue
		}
		if edge := shape.EdgeDistance(p); edge <= idleMetres {
			add(f, edge, "paused")
		}
	}
	slices.SortFunc(a.out.Idle, func(x, y fleet.ExplainedIdle) int {
		return cmp.Or(cmp.Compare(x.Edge, y.Edge), cmp.Compare(x.Fence, y.Fence))
	})
	a.out.Idle = a.out.Idle[:min(len(a.out.Idle), maxIdle)]
}
