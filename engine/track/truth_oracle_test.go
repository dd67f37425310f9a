package track_test

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The oracle of the record: what docs/fences.md says, applied to the sorted
// set of a device's reports. Every fence is asked about every fix under the
// world of the fix's time; there is no index, no safe place, no encoding, no
// second run, and no geometry but truth_geometry_test.go.
type truth struct {
	eras   []era
	era    int // that mem stands under
	known  bool
	last   reading
	mem    map[fleet.FenceID]*belief
	held   *reading // a possible teleport
	doubts int
	frozen int
	boxes  map[*fleet.Fence]*bounds

	facts  []fact
	vague  []vague      // crossings that may be concluded or not
	unsure []fleet.Time // fixes about which tolerances decide
}

// era is the administered world of the device from a time on.
type era struct {
	since  fleet.Time
	owners []fleet.OwnerID // nearest first
	labels []fleet.LabelID
	fences map[fleet.FenceID]*fleet.Fence
	rules  map[fleet.RuleID]*fleet.Rule // of which the oracle knows nothing
}

// fact is an event of a fence, as far as the property speaks of it.
type fact struct {
	Time     fleet.Time
	Fence    fleet.FenceID
	Kind     fleet.EventKind
	Judge    uint32
	Inferred bool
}

type vague struct {
	fence    fleet.FenceID
	from, to fleet.Time
}

// belief is what a fence thinks of the device.
type belief struct {
	fence *fleet.Fence
	since fleet.Time // it applies in this version
	in    bool
	fixes int // that speak for a change
	moved bool
	began fleet.Time // the first of them
	lag   fleet.Time // how late that arrived
}

// reading is a fix with all that its copies say.
type reading struct {
	fleet.Report
	first fleet.Time // arrival
}

// recount tells the facts of a device's reports up to a last tick.
func recount(eras []era, reports []*fleet.Report, tick fleet.Time) *truth {
	o := &truth{eras: eras, mem: map[fleet.FenceID]*belief{}, boxes: map[*fleet.Fence]*bounds{}}
	o.settle()
	for _, f := range fixesOf(reports) {
		o.see(f)
	}
	o.until(math.MaxInt64 - 1)
	o.settle()
	for _, id := range slices.Sorted(maps.Keys(o.mem)) {
		if b := o.mem[id]; b.due() <= tick-b.lag {
			o.turn(b, b.began)
		}
	}
	return o
}

// fixesOf sorts what can be believed by itself, one fix for each time.
func fixesOf(reports []*fleet.Report) (out []*reading) {
	times := map[fleet.Time][]*reading{}
	for _, r := range reports {
		null := max(r.Place.Lat, -r.Place.Lat, r.Place.Lon, -r.Place.Lon) < 10_000 &&
			(r.Is(fleet.HasSatellites) && r.Satellites < 4 || !r.Is(fleet.HasSatellites) && r.Place == fleet.Place{})
		if r.Verdict != fleet.Accepted || !r.Is(fleet.HasPlace|fleet.FixValid) || r.Has&(fleet.Repeated|fleet.Coarse) != 0 ||
			null || r.Received-r.Fix > 30*fleet.Day {
			continue
		}
		same := slices.IndexFunc(times[r.Fix], func(f *reading) bool { return f.Place == r.Place })
		if same < 0 {
			times[r.Fix] = append(times[r.Fix], &reading{*r, r.Received})
		} else {
			times[r.Fix][same].merge(r)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(times)) {
		out = append(out, slices.MaxFunc(times[at], func(a, b *reading) int {
			return cmp.Or(clearer(&a.Report, &b.Report), cmp.Compare(a.Place.Lat, b.Place.Lat), cmp.Compare(a.Place.Lon, b.Place.Lon))
		}))
	}
	return out
}

// merge adds the readings of a copy: the larger of two of a kind, the ignition
// if either saw it on, satellites and dilution of the better reception.
func (f *reading) merge(r *fleet.Report) {
	if clearer(r, &f.Report) > 0 {
		f.Satellites, f.HDOP = r.Satellites, r.HDOP
		f.Has = f.Has&^(fleet.HasSatellites|fleet.HasHDOP) | r.Has&(fleet.HasSatellites|fleet.HasHDOP)
	}
	f.Speed, f.Accuracy, f.Odometer = max(f.Speed, r.Speed), max(f.Accuracy, r.Accuracy), max(f.Odometer, r.Odometer)
	f.Has |= r.Has &^ (fleet.HasSatellites | fleet.HasHDOP)
	f.first = min(f.first, r.Received)
}

// clearer compares the reception of two fixes: satellites, then dilution.
func clearer(a, b *fleet.Report) int {
	dilution := func(r *fleet.Report) float64 {
		if r.Is(fleet.HasHDOP) {
			return float64(r.HDOP)
		}
		return math.Inf(1)
	}
	return cmp.Or(cmp.Compare(a.Satellites, b.Satellites), cmp.Compare(dilution(b), dilution(a)))
}

// see takes the next fix in: first its motion, then what time brought.
func (o *truth) see(f *reading) {
	if o.known {
		moves := f.Is(fleet.HasSpeed) && f.Speed >= 10 ||
			f.Has&o.last.Has&fleet.HasOdometer != 0 && f.Odometer-o.last.Odometer >= 100
		if f.Place != o.last.Place || !moves {
			o.frozen = 0
		} else if o.frozen++; o.frozen >= 5 {
			return
		}
		if fits := o.fits(&o.last, f); !fits && o.held != nil && o.fits(o.held, f) {
			o.believe(o.held)
		} else if o.doubts++; !fits && o.doubts < 3 {
			o.held = f
			return
		}
		o.held, o.doubts = nil, 0
	}
	o.believe(f)
}

// fits reports whether a device gets from one fix to another at 300 km/h, or
// a quarter more than it says, with 500 m to spare.
func (o *truth) fits(a, b *reading) bool {
	limit := 300.0
	for _, r := range []*reading{a, b} {
		if r.Is(fleet.HasSpeed) {
			limit = max(limit, 1.25*float64(r.Speed))
		}
	}
	reach := 500 + limit/3.6*float64(b.Fix-a.Fix)/1000
	d := vincenty(a.Place.Point(), b.Place.Point())
	if math.Abs(d-reach) < 0.01*reach {
		o.unsure = append(o.unsure, b.Fix)
	}
	return d <= reach
}

// until goes through the edits before a time. What fell due before an edit did
// so under the world before it; but for that, a world that came and went while
// nothing happened leaves no trace.
func (o *truth) until(at fleet.Time) {
	for o.era+1 < len(o.eras) && o.eras[o.era+1].since <= at {
		o.expire(o.eras[o.era+1].since - 1)
		o.era++
	}
}

// settle lets the fences that are new to the device, or in a new version, go
// by its last fix, in silence.
func (o *truth) settle() {
	w, now := &o.eras[o.era], map[fleet.FenceID]*belief{}
	for id, f := range w.fences {
		owner, t := slices.Index(w.owners, f.Owner), f.Targets
		if owner < 0 || f.Paused || !(t.All && (owner == 0 || t.Inner) || slices.Contains(t.Devices, device) ||
			slices.ContainsFunc(t.Labels, func(l fleet.LabelID) bool { return slices.Contains(w.labels, l) })) {
			continue
		}
		if b := o.mem[id]; b != nil && b.fence.Judge == f.Judge {
			b.fence = f
			now[id] = b
			continue
		}
		now[id] = &belief{fence: f, since: w.since, in: o.known && o.holds(f, &o.last)}
	}
	o.mem = now
}

// due is when a change needs no more fixes, if none speaks against it.
func (b *belief) due() fleet.Time {
	wait := numbersOf(b.fence).wait
	switch {
	case b.fixes == 0 || wait == 0:
		return math.MaxInt64
	case b.in && !b.moved:
		wait *= 3
	}
	return b.began + wait
}

// expire ends what has waited long enough, under the world in force.
func (o *truth) expire(at fleet.Time) {
	if !slices.ContainsFunc(slices.Collect(maps.Values(o.mem)), func(b *belief) bool { return b.due() <= at }) {
		return
	}
	o.settle()
	for _, id := range slices.Sorted(maps.Keys(o.mem)) {
		if b := o.mem[id]; b.due() <= at {
			o.turn(b, b.began)
		}
	}
}

// turn changes a fence's mind.
func (o *truth) turn(b *belief, at fleet.Time) {
	b.in, b.fixes, b.moved = !b.in, 0, false
	o.tell(b, b.in, at, false)
}

func (o *truth) tell(b *belief, enter bool, at fleet.Time, inferred bool) {
	e := fact{Time: at, Fence: b.fence.ID, Kind: fleet.Exit, Judge: b.fence.Judge, Inferred: inferred}
	if enter {
		e.Kind = fleet.Enter
	}
	if enter && b.fence.Inside || !enter && b.fence.Outside {
		o.facts = append(o.facts, e)
	}
}

func (o *truth) holds(f *fleet.Fence, r *reading) bool {
	p := r.Place.Point()
	if !o.box(f).meets(p, p) {
		return false
	}
	in, sure := outlineHolds(&f.Shape, p)
	if !sure {
		o.unsure = append(o.unsure, r.Fix)
	}
	return in
}

func (o *truth) box(f *fleet.Fence) *bounds {
	b := o.boxes[f]
	if b == nil {
		made := boundsOf(&f.Shape)
		b = &made
		o.boxes[f] = b
	}
	return b
}

// believe shows a trusted fix to every fence.
func (o *truth) believe(f *reading) {
	o.until(f.Fix)
	o.settle()
	o.expire(f.Fix)
	for _, id := range slices.Sorted(maps.Keys(o.mem)) {
		b := o.mem[id]
		holds := o.holds(b.fence, f)
		switch {
		case !o.known:
			if b.in = holds; holds && b.fence.AlertIfInside {
				o.tell(b, true, f.Fix, false)
			}
		case b.fence.Preset == fleet.Instant:
			if !b.in && !holds {
				o.pass(b, f)
			} else if b.in != holds {
				o.turn(b, f.Fix)
			}
		default:
			if !b.in && !holds && b.fixes == 0 {
				o.pass(b, f)
			}
			o.judge(b, f, holds)
		}
	}
	o.last, o.known = *f, true
}

// judge is the table of presets.
func (o *truth) judge(b *belief, f *reading, holds bool) {
	n, accuracy := numbersOf(b.fence), float64(f.Accuracy)
	if accuracy > n.worst {
		return
	}
	margin := max(n.margin, min(accuracy, 100))
	var motion, speaks, against bool
	beyond := func(margins float64) bool { return !holds && o.beyond(b.fence, f, margins*margin) }
	if b.in {
		off := f.Is(fleet.HasIgnition) && !f.Is(fleet.IgnitionOn)
		rolled := f.Has&o.last.Has&fleet.HasOdometer != 0 && f.Odometer > o.last.Odometer
		motion = !off && (f.Speed >= 3 || rolled) || beyond(6)
		speaks = beyond(3) || motion && beyond(1)
		against = holds || !speaks && !motion && !b.moved
	} else {
		speaks, against = holds, b.fixes > 0 && beyond(1)
	}
	switch {
	case speaks:
		if b.fixes++; b.fixes == 1 {
			b.began, b.lag = f.Fix, f.first-f.Fix
		}
		b.moved = b.moved || motion
		if !b.in && b.fixes >= n.enter || b.in && b.fixes >= n.leave && (b.moved || n.wait == 0) {
			o.turn(b, b.began)
		}
	case against:
		b.fixes, b.moved = 0, false
	}
}

func (o *truth) beyond(f *fleet.Fence, r *reading, metres float64) bool {
	d := outlineDistance(&f.Shape, r.Place.Point())
	if math.Abs(d-metres) < 0.3+0.01*metres {
		o.unsure = append(o.unsure, r.Fix)
	}
	return d >= metres
}

// pass concludes a crossing of a fence that holds neither of two fixes.
func (o *truth) pass(b *belief, f *reading) {
	wait, metres, least := fleet.Minute, 2000.0, cmp.Or(b.fence.MinPass, fleet.Second)
	if c := b.fence.Custom; c != nil && b.fence.Preset == fleet.OwnNumbers {
		wait, metres = cmp.Or(c.PassWait, wait), cmp.Or(c.PassMetres, metres)
	}
	took := f.Fix - o.last.Fix
	if b.fence.NoPasses || took > wait || took <= least || o.last.Fix < b.fence.From || !b.fence.Inside && !b.fence.Outside {
		return
	}
	p, q := o.last.Place.Point(), f.Place.Point()
	if !o.box(b.fence).meets(p, q) {
		return
	}
	way := vincenty(p, q)
	rolled := f.Has&o.last.Has&fleet.HasOdometer != 0 && f.Odometer > o.last.Odometer
	for _, r := range []*reading{&o.last, f} {
		if r.Is(fleet.HasIgnition) && !r.Is(fleet.IgnitionOn) || r.Is(fleet.HasSpeed) && r.Speed < 3 && !rolled {
			return
		}
	}
	if o.holds(b.fence, &o.last) {
		return
	}
	speeds := f.Has&o.last.Has&fleet.HasSpeed != 0
	if !rolled && !speeds && way < 99 || way > 1.01*metres {
		return
	}
	part := float64(least) / float64(took)
	parts := stretches(&b.fence.Shape, p, q, part)
	// The edge's tolerance, in parts of the way, blurs how long a stretch is.
	blur := 0.02*part + 1.5/way
	unsure := !rolled && !speeds && way < 101 || way > 0.99*metres || o.last.Fix < b.since
	for i, s := range parts {
		unsure = unsure || math.Abs(s.out-s.in-part) < blur || i > 0 && s.in-parts[i-1].out < part
	}
	if unsure {
		o.vague = append(o.vague, vague{b.fence.ID, o.last.Fix, f.Fix})
		return
	}
	for _, s := range parts {
		if s.out-s.in >= part {
			o.tell(b, true, o.last.Fix+fleet.Time(s.in*float64(took)), true)
			o.tell(b, false, o.last.Fix+fleet.Time(s.out*float64(took)), true)
			return
		}
	}
}
