package track_test

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// saga is a seeded history of one device: the world's eras, what the device
// measured, when each report arrived, and when the clock ticked.
type saga struct {
	eras    []era
	reports []*fleet.Report // as measured; Received is when they arrive first
	inputs  []arrival       // in order of time
	end     fleet.Time      // the last tick
}

// arrival is a report or a tick at the server.
type arrival struct {
	at     fleet.Time
	report *fleet.Report // nil: a tick
}

// site is where a saga plays: metres about a place.
type site struct{ lon, lat float64 }

// The sites: about the date line from either side, near both poles, at the
// null island and in a city.
var sites = []site{{180, 0.25}, {-179.9921875, -16.5}, {-74.078125, 4.6015625}, {0, 0}, {25.5, 88.75}, {-179.5, -88.5}, {12.5, 55.75}}

// place is so many metres east and north of the site.
func (s site) place(x, y float64) fleet.Place {
	lon := s.lon + x/(111_319.49*math.Cos(s.lat*math.Pi/180))
	p, _ := fleet.MakePlace(s.lat+y/111_000, lon)
	p.Lon = turned(int64(p.Lon))
	return p
}

// turned brings a longitude in units of Place within ±180 degrees.
func turned(lon int64) int32 {
	switch {
	case lon > 1_800_000_000:
		lon -= 3_600_000_000
	case lon < -1_800_000_000:
		lon += 3_600_000_000
	}
	return int32(lon)
}

func (s site) point(x, y float64) geo.Point { return s.place(x, y).Point() }

// temper is what kind of saga it is.
type temper struct {
	reports, fences int
	chaos           float64 // how many reports arrive out of order: 0 none, 1 about a quarter alone and more together
	odd             float64 // how often times are doubled and reports sent again, 1 is plenty
	brief           fleet.Time
	edits           int
}

// tell makes the saga of a seed.
func tellSaga(seed uint64, reports int) *saga {
	rng := rand.New(rand.NewPCG(seed, 0x5a6a))
	t := temper{
		reports: reports, fences: 10 + rng.IntN(6), edits: 10 + rng.IntN(40),
		chaos: []float64{0.02, 0.1, 0.5, 1}[rng.IntN(4)], odd: 1, brief: 3 * fleet.Second,
	}
	if rng.IntN(10) == 0 { // all in order
		t.chaos, t.odd, t.brief = 0, 0, 1
	}
	if rng.IntN(8) == 0 {
		t.fences = 70 + rng.IntN(30) // above 64 a set has an index
	}
	return tellTempered(rng, t, sites[rng.IntN(len(sites))])
}

// tellSmall makes a short saga in which hardly anything goes wrong, so that
// nothing else covers up what is done wrong about it.
func tellSmall(rng *rand.Rand) *saga {
	t := temper{
		reports: 125, fences: 10, edits: rng.IntN(12), brief: []fleet.Time{1, 1, 1, 1, 3000}[rng.IntN(5)],
		chaos: []float64{0, 0.02, 0.04}[rng.IntN(3)], odd: []float64{0, 0.2, 0.6}[rng.IntN(3)],
	}
	return tellTempered(rng, t, sites[rng.IntN(len(sites))])
}

func tellTempered(rng *rand.Rand, t temper, at site) *saga {
	s := &saga{}
	d := driver{rng: rng, site: at, now: start, odometer: 1000}
	for len(s.reports) < t.reports {
		s.reports = append(s.reports, d.next(t.odd)...)
	}
	s.edit(rng, at, t, d.now)
	s.send(rng, t)
	return s
}

// driver moves a device about and writes down what it measures.
type driver struct {
	rng             *rand.Rand
	site            site
	now             fleet.Time
	x, y            float64
	speed, odometer float64
	away            int // reports to come from far away
	hung            int // reports to come from the same place
	wayX, wayY      float64
	place           fleet.Place
}

func (d *driver) next(odd float64) []*fleet.Report {
	rng := d.rng
	d.now += fleet.Time([]int{1, 5, 10, 20, 30, 60}[rng.IntN(6)]) * fleet.Second
	switch rng.IntN(120) {
	case 0:
		d.now += fleet.Time(rng.IntN(4*3600)) * fleet.Second // silence
	case 1, 2, 3:
		d.now += fleet.Time(rng.IntN(1000))
	}
	if rng.IntN(15) == 0 {
		d.speed = []float64{0, 1, 8, 40, 80}[rng.IntN(5)]
	}
	step := d.speed + 4
	d.x, d.y = d.x+step*rng.NormFloat64(), d.y+step*rng.NormFloat64()
	if d.speed > 2 { // it does not get lost
		d.x, d.y = 0.9*d.x, 0.9*d.y
		d.odometer += d.speed
	}
	if d.away == 0 && rng.IntN(150) == 0 {
		d.away, d.wayX, d.wayY = 1+rng.IntN(3), 40_000*rng.NormFloat64(), 40_000*rng.NormFloat64()
	}
	if d.hung == 0 && rng.IntN(250) == 0 {
		d.hung = 2 + rng.IntN(8)
	}
	r := d.measure()
	if d.hung > 0 {
		if d.hung--; d.place != (fleet.Place{}) {
			r.Place = d.place
			r.SetSpeed(float64(8 + rng.IntN(30)))
		}
	}
	d.place = r.Place
	out := []*fleet.Report{r}
	if rng.Float64() < odd/40 { // the same time, another place
		other := *d.measure()
		other.Fix = r.Fix
		other.SetSatellites(rng.IntN(12))
		other.SetHDOP(float64(1+rng.IntN(40)) / 10)
		out = append(out, &other)
	}
	if rng.Float64() < odd/30 { // the same fix, with other readings
		other := *d.measure()
		other.Fix, other.Place = r.Fix, r.Place
		if rng.IntN(2) == 0 {
			other.Add(fleet.AttrBattery, fleet.Int(int64(rng.IntN(100))))
		}
		out = append(out, &other)
	}
	return out
}

// measure is a report of the present moment, with whatever a receiver does.
func (d *driver) measure() *fleet.Report {
	rng := d.rng
	r := &fleet.Report{Device: device, Fix: d.now}
	x, y := d.x, d.y
	if rng.IntN(6) == 0 { // on the grid that the fences' corners and edges lie on
		x, y = math.Round(x/50)*50, math.Round(y/50)*50
	}
	if d.away > 0 {
		d.away--
		x, y = x+d.wayX, y+d.wayY
	}
	r.Place, r.Has = d.site.place(x, y), fleet.HasPlace
	if rng.IntN(8) == 0 { // on a lattice of exact fractions of a degree
		r.Place.Lat, r.Place.Lon = lattice(r.Place.Lat), lattice(r.Place.Lon)
	}
	if rng.IntN(3) > 0 {
		r.SetSpeed(d.speed)
	}
	if rng.IntN(3) == 0 {
		r.SetIgnition(d.speed > 2)
	}
	if rng.IntN(3) == 0 {
		r.SetAccuracy([]float64{3, 20, 40, 51, 90, 800}[rng.IntN(6)])
	}
	if rng.IntN(4) == 0 {
		r.SetOdometer(math.Round(d.odometer))
	}
	if rng.IntN(4) == 0 {
		r.SetSatellites(rng.IntN(12))
	}
	r.SetValid(rng.IntN(12) > 0)
	switch rng.IntN(100) {
	case 0, 1:
		r.Has |= fleet.Coarse
	case 2, 3:
		r.Has |= fleet.Repeated
	case 4:
		r.Place = fleet.Place{}
	case 5:
		r.Has &^= fleet.HasPlace | fleet.FixValid
		r.Place, r.Verdict = fleet.Place{}, fleet.NoFix
	case 6:
		r.Verdict = fleet.QuarantinedClock
	}
	if rng.IntN(40) == 0 {
		r.Alarms = []fleet.Alarms{fleet.SOS, fleet.PowerCut, fleet.SOS | fleet.Tow}[rng.IntN(3)]
	}
	return r
}

// lattice rounds to 1/128 of a degree, which both Place and a double hold
// exactly.
func lattice(v int32) int32 {
	const unit = 78_125
	return int32(math.Round(float64(v)/unit)) * unit
}

// edit writes the eras: a world since the beginning, and what was changed.
func (s *saga) edit(rng *rand.Rand, at site, t temper, end fleet.Time) {
	owners := [][]fleet.OwnerID{{3, 2, 1}, {2, 1}, {4, 1}}
	labels := [][]fleet.LabelID{nil, {7}, {7, 8}, {8}}
	w := era{owners: owners[0], labels: labels[1], fences: map[fleet.FenceID]*fleet.Fence{}}
	next := fleet.FenceID(100)
	for range t.fences {
		w.fences[next] = drawFence(rng, at, next, t.fences)
		next++
	}
	s.eras = append(s.eras, w)
	var times []fleet.Time
	for range t.edits {
		when := start + fleet.Time(rng.Int64N(int64(end-start)))
		if rng.IntN(4) == 0 {
			when = s.reports[rng.IntN(len(s.reports))].Fix // to the millisecond
		}
		times = append(times, when)
		for rng.IntN(4) == 0 { // several in a row
			when += fleet.Time(1 + rng.IntN(20_000))
			times = append(times, when)
		}
	}
	slices.Sort(times)
	for _, when := range slices.Compact(times) {
		w = era{since: when, owners: w.owners, labels: w.labels, fences: maps.Clone(w.fences)}
		ids := slices.Sorted(maps.Keys(w.fences))
		id := ids[rng.IntN(len(ids))]
		f := *w.fences[id]
		switch rng.IntN(9) {
		case 0:
			w.owners = owners[rng.IntN(len(owners))]
		case 1, 2:
			w.labels = labels[rng.IntN(len(labels))]
		case 3:
			if len(ids) > 1 {
				delete(w.fences, id)
			}
		case 4:
			w.fences[next] = drawFence(rng, at, next, t.fences)
			w.fences[next].From = when
			next++
		case 5:
			f.Paused = !f.Paused
			w.fences[id] = &f
		case 6:
			f.Targets = targets(rng)
			f.From, f.Judge = when, f.Judge+1
			w.fences[id] = &f
		default:
			drawn := drawFence(rng, at, id, t.fences)
			drawn.From, drawn.Judge, drawn.Owner = when, f.Judge+1, f.Owner
			w.fences[id] = drawn
		}
		s.eras = append(s.eras, w)
	}
}

func targets(rng *rand.Rand) (t fleet.Targets) {
	switch rng.IntN(5) {
	case 0:
		t.Devices = []fleet.DeviceID{3, device, 70}
	case 1:
		t.Labels = []fleet.LabelID{fleet.LabelID(7 + rng.IntN(3))}
	case 2:
		t.All = true
	default:
		t.All, t.Inner = true, true
	}
	return t
}

// drawFence is of any shape, preset and target, near the site.
func drawFence(rng *rand.Rand, at site, id fleet.FenceID, among int) *fleet.Fence {
	f := &fleet.Fence{
		ID: id, Owner: fleet.OwnerID(1 + rng.IntN(4)), Company: company, Name: "f", Judge: 1, Targets: targets(rng),
		Inside: rng.IntN(5) > 0, Outside: rng.IntN(5) > 0, AlertIfInside: rng.IntN(4) == 0,
		Paused: rng.IntN(15) == 0, NoPasses: rng.IntN(3) == 0, MinPass: []fleet.Time{0, 0, 2000, 5000}[rng.IntN(4)],
	}
	f.Preset = []fleet.Preset{fleet.Instant, fleet.Balanced, fleet.Balanced, fleet.Strict, fleet.OwnNumbers}[rng.IntN(5)]
	if f.Preset == fleet.OwnNumbers {
		f.Custom = &fleet.Custom{
			Margin: float64(rng.IntN(3)) * 20, EnterFixes: 1 + rng.IntN(3), LeaveFixes: 1 + rng.IntN(4),
			Wait: fleet.Time(rng.IntN(3)) * 40 * fleet.Second, MaxAccuracy: float64(rng.IntN(2)) * 60,
			PassWait: fleet.Time(rng.IntN(3)) * 2 * fleet.Minute, PassMetres: float64(rng.IntN(2)) * 1500,
		}
	}
	for {
		f.Shape = drawShape(rng, at, 1+among/50)
		if f.Shape.Validate() == nil {
			f.Shape = f.Shape.Normalise()
			return f
		}
	}
}

func drawShape(rng *rand.Rand, at site, spread int) geo.Shape {
	x, y := float64(spread*(rng.IntN(15)-7))*50, float64(spread*(rng.IntN(15)-7))*50
	w, h := float64(1+rng.IntN(6))*50, float64(1+rng.IntN(6))*50
	ring := func(points ...float64) (out geo.Ring) {
		for i := 0; i < len(points); i += 2 {
			out = append(out, at.point(points[i], points[i+1]))
		}
		return append(out, out[0])
	}
	box := func(x, y, w, h float64) geo.Ring { return ring(x, y, x+w, y, x+w, y+h, x, y+h) }
	area := func(polygons ...geo.Polygon) geo.Shape { return geo.Shape{Kind: geo.Area, Area: polygons} }
	switch rng.IntN(10) {
	case 0: // with a hole
		return area(geo.Polygon{box(x, y, w+100, h+100), box(x+50, y+50, w, h)})
	case 1: // two parts that meet in a point, one with a hole
		return area(geo.Polygon{box(x, y, w, h)}, geo.Polygon{box(x+w, y+h, 150, 150), box(x+w+50, y+h+50, 50, 50)})
	case 2: // bent
		return area(geo.Polygon{ring(x, y, x+w+100, y, x+w+100, y+50, x+50, y+50, x+50, y+h+50, x, y+h+50)})
	case 3:
		return geo.Shape{Kind: geo.Circle, Centre: at.point(x, y), Radius: w / 2}
	case 4: // a large circle, over the pole where one is near
		return geo.Shape{Kind: geo.Circle, Centre: at.point(x, y+float64(rng.IntN(2))*1e5), Radius: 1e5 + float64(rng.IntN(200))}
	case 5:
		path := geo.LineString{at.point(x, y), at.point(x+2*w, y+h), at.point(x+2*w, y+2*h)}
		return geo.Shape{Kind: geo.Corridor, Path: path, Width: 10 + float64(rng.IntN(60))}
	case 6: // slanted edges between points of the lattice
		c := at.place(x, y)
		c = fleet.Place{Lat: lattice(c.Lat), Lon: lattice(c.Lon)}
		n := int32(1+rng.IntN(2)) * 2 * 78_125
		corner := func(dx, dy int32) geo.Point {
			return fleet.Place{Lat: c.Lat + dy, Lon: turned(int64(c.Lon) + int64(dx))}.Point()
		}
		return area(geo.Polygon{{corner(-n, 0), corner(0, -n), corner(n, 0), corner(0, n), corner(-n, 0)}})
	case 7: // many corners
		var star []float64
		for i, n := 0, 8+rng.IntN(60); i < n; i++ {
			a, r := 2*math.Pi*float64(i)/float64(n), w*(0.4+0.4*rng.Float64())
			star = append(star, x+r*math.Cos(a), y+r*math.Sin(a))
		}
		return area(geo.Polygon{ring(star...)})
	}
	return area(geo.Polygon{box(x, y, w, h)})
}

// send gives each report its arrivals, and adds ticks.
func (s *saga) send(rng *rand.Rand, t temper) {
	ahead := fleet.Time(0) // of the device's clock
	for i := 0; i < len(s.reports); {
		n := 1
		upload := rng.Float64() < t.chaos/20
		if upload { // a stretch without a network
			n = min(len(s.reports)-i, 2+rng.IntN(80))
		}
		block := s.reports[i : i+n]
		i += n
		if t.chaos > 0 && rng.IntN(100) == 0 {
			ahead = fleet.Time(rng.IntN(3)) * 2 * fleet.Minute
		}
		last := block[n-1].Fix
		order := rng.IntN(3)
		for k, r := range block {
			at := r.Fix + fleet.Time(rng.Int64N(int64(t.brief))) - ahead
			if upload {
				at = last + fleet.Time(rng.IntN(600))*fleet.Second
				switch order {
				case 0: // oldest first, together
					at = last + 5*fleet.Second + fleet.Time(k)
				case 1: // newest first
					at = last + 5*fleet.Second + fleet.Time(n-k)
				}
			} else if rng.Float64() < t.chaos/4 {
				at += fleet.Time(rng.IntN([]int{20_000, 200_000, 7_200_000}[rng.IntN(3)]))
			}
			r.Received = at
			s.inputs = append(s.inputs, arrival{at, r})
			for rng.Float64() < t.odd/20 { // again, for want of an answer
				again := *r
				again.Received = at + fleet.Time(rng.IntN([]int{90_000, 7_200_000}[rng.IntN(2)]))
				s.inputs = append(s.inputs, arrival{again.Received, &again})
			}
		}
	}
	s.sort()
	var ticks []arrival
	for _, in := range s.inputs {
		if rng.IntN(4) == 0 {
			ticks = append(ticks, arrival{at: in.at + fleet.Time(rng.IntN(150_000))})
		}
	}
	s.inputs = append(s.inputs, ticks...)
	s.sort()
	s.end = max(s.inputs[len(s.inputs)-1].at, s.eras[len(s.eras)-1].since) + fleet.Time(5000+rng.IntN(150_000))
	if t.chaos > 0 {
		s.end += fleet.Day
	}
	s.inputs = append(s.inputs, arrival{at: s.end})
}

func (s *saga) sort() {
	slices.SortStableFunc(s.inputs, func(a, b arrival) int { return int(a.at - b.at) })
}

// all lists every copy that arrived.
func (s *saga) all() (out []*fleet.Report) {
	for _, in := range s.inputs {
		if in.report != nil {
			out = append(out, in.report)
		}
	}
	return out
}

// sure leaves out the fixes about which tolerances decide, and returns what
// the oracle makes of the others.
func (s *saga) sure() *truth {
	for {
		o := recount(s.eras, s.all(), s.end)
		if len(o.unsure) == 0 {
			return o
		}
		doubtful := func(r *fleet.Report) bool { return slices.Contains(o.unsure, r.Fix) }
		s.reports = slices.DeleteFunc(s.reports, doubtful)
		s.inputs = slices.DeleteFunc(s.inputs, func(a arrival) bool { return a.report != nil && doubtful(a.report) })
	}
}
