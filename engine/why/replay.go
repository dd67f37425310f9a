package why

import (
	"slices"
	"strconv"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// Replay explains a device's reports of a file, which are sorted by fix time,
// under a world that holds since ever: those about a time, as many before it
// as behind it. fences name and describe the world's. Nothing is on record, so
// the events are those that the reports make, and nobody is told.
func Replay(device fleet.Device, reports []fleet.Report, w *track.World, fences map[fleet.FenceID]*fleet.Fence, at fleet.Time, around int) *fleet.Explanation {
	all := fleet.Scope{Installation: true}
	a := asker{Question: Question{Device: device, At: at, Lang: fleet.English, Zone: time.UTC, Devices: all, Fences: all}}
	a.words = words{cat: in(a.Lang), lang: a.Lang, zone: a.Zone, day: at}
	a.views = []view{{world: w, owner: device.Owner(), fences: fences}}
	behind, _ := slices.BinarySearchFunc(reports, at+1, func(r fleet.Report, t fleet.Time) int { return int(max(-1, min(1, r.Fix-t))) })
	first, last := max(0, behind-around), min(len(reports), behind+around)
	a.from, a.to = at, at
	a.out = fleet.Explanation{
		Device: device.ID, Name: device.Name, At: at,
		Summary: []string{}, Fixes: []fleet.ExplainedFix{}, Events: []fleet.ExplainedEvent{}, Idle: []fleet.ExplainedIdle{},
	}
	s := &track.State{Device: device.ID}
	for i := range reports[:last] {
		if i < first {
			track.Step(s, track.Input{Report: &reports[i]}, w)
			continue
		}
		st := run(s, &reports[i], w)
		st.view = &a.views[0]
		a.steps = append(a.steps, st)
		a.from, a.to = min(a.from, st.Fix), max(a.to, st.Fix)
	}
	a.out.From, a.out.To = a.from, a.to
	a.fixes()
	for i := range a.steps {
		for j := range a.steps[i].events {
			e := &a.steps[i].events[j]
			what := a.what(e, device.Name, a.fenceName(e))
			a.out.Events = append(a.out.Events, fleet.ExplainedEvent{
				ID: e.ID, Kind: e.Kind, Fence: e.Fence, Time: e.Time, What: what, Say: a.came(e), Notices: []fleet.ExplainedNotice{},
			})
			a.out.Summary = append(a.out.Summary, a.say("sum.event", "what", what, "time", a.clock(e.Time)))
		}
	}
	if len(a.out.Events) == 0 {
		a.out.Summary = append(a.out.Summary, a.say("sum.none", "device", device.Name, "from", a.clock(a.from), "to", a.clock(a.to)))
	}
	a.distrust()
	if len(a.out.Events) == 0 {
		a.sides()
		if len(a.out.Summary) == 1 {
			a.out.Summary = append(a.out.Summary, a.say("sum.far", "m", strconv.Itoa(nearMetres)))
		}
	}
	return &a.out
}
