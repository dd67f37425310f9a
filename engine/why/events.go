package why

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// events words what is on record about the window.
func (a *asker) events() error {
	q := fleet.EventQuery{Scope: a.Devices, Device: a.Device.ID, From: a.from, To: a.to + 1, Limit: maxEvents}
	var found []fleet.Event
	for len(found) < maxEvents {
		page, err := a.Facts.Events(q)
		if err != nil {
			return err
		}
		found = append(found, page.Items...)
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	slices.SortStableFunc(found, func(x, y fleet.Event) int { return cmp.Compare(x.Time, y.Time) })
	for i := range found {
		e := &found[i]
		if a.Event != (fleet.EventID{}) && e.ID != a.Event {
			continue
		}
		out := fleet.ExplainedEvent{
			ID: e.ID, Kind: e.Kind, Fence: e.Fence, Time: e.Time,
			What: a.what(e, a.Device.Name, a.fenceName(e)), Say: a.came(e),
		}
		var err error
		if out.Notices, err = a.notices(e); err != nil {
			return err
		}
		a.out.Events = append(a.out.Events, out)
	}
	return nil
}

// fenceName is the name that the event's fence bore, if the asker may see it.
func (a *asker) fenceName(e *fleet.Event) string {
	if f := a.fence(e.Fence, e.Time); f != nil && a.Fences.SeesOwner(f.Company, f.Owner) {
		return f.Name
	}
	if e.Fence == 0 {
		return ""
	}
	return a.say("fence.unknown", "id", e.Fence.String())
}

// fence is a fence as it stood at a time, or at any other.
func (a *asker) fence(id fleet.FenceID, at fleet.Time) *fleet.Fence {
	if f := a.at(at).fences[id]; f != nil {
		return f
	}
	for i := range a.views {
		if f := a.views[i].fences[id]; f != nil {
			return f
		}
	}
	return nil
}

// came says how an event came about.
func (a *asker) came(e *fleet.Event) []string {
	out := []string{a.say("event.found", "received", a.clock(e.Received), "span", a.span(max(0, e.Received-e.Time)))}
	gates := track.Gates(e.Trace.Gates)
	add := func(when bool, key string, pairs ...string) {
		if when {
			out = append(out, a.say(key, pairs...))
		}
	}
	placed := e.Fence != 0 && !math.IsNaN(float64(e.Trace.EdgeMetres))
	add(placed && gates&track.GateCrossed == 0, "event.edge", "time", a.clock(e.Time), "edge", a.edge(float64(e.Trace.EdgeMetres), e.Trace.EdgeMetres <= 0))
	add(e.Trace.PriorTime != 0 && e.Trace.PriorTime != e.Time, "event.prior", "time", a.clock(e.Trace.PriorTime))
	for _, g := range [...]struct {
		gate track.Gates
		key  string
	}{
		{track.GateFirst, "event.first"}, {track.GateInstant, "event.instant"}, {track.GateConfirmed, "event.confirmed"},
		{track.GateWaited, "event.waited"}, {track.GateParked, "event.parked"}, {track.GateCrossed, "event.crossed"},
		{track.GateGap, "event.gap"}, {track.GateAgreed, "event.agreed"},
	} {
		add(gates&g.gate != 0, g.key)
	}
	if e.Fence != 0 {
		now := a.views[len(a.views)-1].fences[e.Fence]
		add(true, "event.version", "judge", strconv.Itoa(int(e.Judge)))
		add(now == nil, "event.fence.gone")
		add(now != nil && now.Judge != e.Judge, "event.fence.changed")
	}
	add(e.Rule != 0, "event.rule", "rule", cmp.Or(a.at(e.Time).named[e.Rule], e.Rule.String()))
	add(e.Flags&fleet.Placeless != 0, "event.placeless")
	add(e.Flags&fleet.Late != 0, "event.late")
	add(e.Flags&fleet.Amended != 0, "event.amended", "first", a.clock(e.First), "revised", a.clock(e.Revised))
	add(e.Flags&fleet.Retracted != 0, "event.retracted", "revised", a.clock(e.Revised))
	add(e.Flags&fleet.Retracted == 0 && a.missing(e), "event.differs")
	return out
}

// missing reports whether the stored fixes, run again, do not give a crossing
// that is on record.
func (a *asker) missing(e *fleet.Event) bool {
	if e.Kind != fleet.Enter && e.Kind != fleet.Exit {
		return false
	}
	again := func(o fleet.Event) bool { return sameCrossing(&o, e) }
	return !slices.ContainsFunc(a.after, again) &&
		!slices.ContainsFunc(a.steps, func(s step) bool { return slices.ContainsFunc(s.events, again) })
}

func sameCrossing(a, b *fleet.Event) bool {
	return a.Kind == b.Kind && a.Fence == b.Fence && a.Time == b.Time
}
