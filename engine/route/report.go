package route

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/engine/why"
	"github.com/vigia-track/vigia/geo"
)

// The bounds of a report.
const (
	MaxFixes  = 200_000
	maxVisits = 10_000
	maxFences = 500   // that are drawn
	around    = 0.005 // degrees about the way in which they are
)

// Tracks reads stored fixes.
type Tracks interface {
	Positions(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error
}

// Sources is where a report looks.
type Sources struct {
	Tracks  Tracks
	Changes why.Changes
	Filter  track.Filter // as the engine's
}

// Question is what somebody asks.
type Question struct {
	Device   fleet.Device
	From, To fleet.Time  // [From, To)
	Devices  fleet.Scope // bounds the fixes to times when the device was in it
	Fences   fleet.Scope // which ones the asker sees; a zero one sees none
}

// Report tells where a device went. More than MaxFixes is an error of kind
// fleet.Invalid about the field "from"; other errors are those of the sources.
func Report(ctx context.Context, s Sources, q Question) (*fleet.Route, error) {
	eras, err := why.Eras(s.Changes, q.Device.ID, q.From, s.Filter)
	if err != nil {
		return nil, err
	}
	a := asker{q: q, eras: eras}
	many := false
	err = s.Tracks.Positions(ctx, q.Device.ID, q.From, q.To, func(p *fleet.Position) bool {
		if p.Verdict != fleet.Accepted || p.Has&fleet.HasPlace == 0 || !a.sees(p.Fix) {
			return true
		}
		f := Fix{Time: p.Fix, Place: p.Place, Speed: -1}
		if p.Has&fleet.HasSpeed != 0 {
			f.Speed = p.Speed
		}
		a.fixes = append(a.fixes, f)
		a.reports = append(a.reports, slim(p))
		many = len(a.fixes) > MaxFixes
		return !many
	})
	if err != nil {
		return nil, err
	}
	if many {
		return nil, fleet.FieldError("from", "there are more than %d positions in that time; choose a shorter one", MaxFixes)
	}
	all := len(a.fixes)
	a.fixes = Clean(a.fixes)
	legs := Legs(a.fixes)
	out := &fleet.Route{
		Device: q.Device.ID, Name: q.Device.Name, From: q.From, To: q.To, Fixes: all, Left: all - len(a.fixes),
		Legs: []fleet.RouteLeg{}, Visits: []fleet.RouteVisit{}, Fences: []fleet.RouteFence{},
	}
	for i := range legs {
		out.Add(a.leg(&legs[i]))
	}
	if all == 0 {
		return out, nil
	}
	a.measure(legs)
	a.near()
	a.visits(out)
	a.drawn(out)
	return out, nil
}

// asker is one Report under way.
type asker struct {
	q       Question
	eras    []why.Era
	fixes   []Fix
	reports []fleet.Report
	sums    []float64 // metres driven from the first fix to each
	box     geo.Box
	open    map[fleet.FenceID]*fleet.RouteVisit
}

// slim is what fences need of a fix.
func slim(p *fleet.Position) fleet.Report {
	r := p.Report()
	r.Attrs, r.Alarms = nil, 0
	return r
}

func (a *asker) era(t fleet.Time) *why.Era {
	i := len(a.eras) - 1
	for i > 0 && a.eras[i].Since > t {
		i--
	}
	return &a.eras[i]
}

// sees reports whether the device was the asker's to see at a time.
func (a *asker) sees(t fleet.Time) bool {
	e := a.era(t)
	if e.World == nil {
		return a.q.Devices.Installation
	}
	return a.q.Devices.SeesDevice(a.q.Device.ID, e.World.Company, e.Owner)
}

func (a *asker) leg(l *Leg) fleet.RouteLeg {
	from, to := &a.fixes[l.First], &a.fixes[l.Last]
	out := fleet.RouteLeg{
		Kind: l.Kind, From: from.Time, To: to.Time, Metres: math.Round(l.Metres*10) / 10, MaxSpeed: l.MaxSpeed, Fixes: l.Last - l.First + 1,
		FromLat: from.Place.LatDegrees(), FromLon: from.Place.LonDegrees(), ToLat: to.Place.LatDegrees(), ToLon: to.Place.LonDegrees(),
	}
	if l.Kind == fleet.StopLeg {
		out.FromLat, out.FromLon = l.Middle.LatDegrees(), l.Middle.LonDegrees()
		out.ToLat, out.ToLon = out.FromLat, out.FromLon
	}
	return out
}

// measure sums up what was driven.
func (a *asker) measure(legs []Leg) {
	a.sums = make([]float64, len(a.fixes))
	for _, l := range legs {
		for i := l.First + 1; i <= l.Last; i++ {
			a.sums[i] = a.sums[i-1]
			if l.Kind == fleet.TripLeg {
				a.sums[i] += step(&a.fixes[i-1], &a.fixes[i])
			}
		}
	}
}

// driven is how far it had come at a time.
func (a *asker) driven(t fleet.Time) float64 {
	i, _ := slices.BinarySearchFunc(a.fixes, t, func(f Fix, t fleet.Time) int { return cmp.Compare(f.Time, t) })
	return a.sums[min(i, len(a.sums)-1)]
}

// near is the box about the way. Of one that reaches over half the earth, and
// so perhaps over ±180°, it is all round.
func (a *asker) near() {
	a.box = geo.Box{Min: geo.Point{180, 90}, Max: geo.Point{-180, -90}}
	for i := range a.fixes {
		p := a.fixes[i].Place.Point()
		for axis := range p {
			a.box.Min[axis], a.box.Max[axis] = min(a.box.Min[axis], p[axis]-around), max(a.box.Max[axis], p[axis]+around)
		}
	}
	if a.box.Max[0]-a.box.Min[0] > 180 {
		a.box.Min[0], a.box.Max[0] = -180, 180
	}
}
