package track

import (
	"math"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// run is a change of one fence's state under way: fixes that speak for it,
// not enough of them yet. It begins with the first of them, which gives the
// event its time and place. A run of no fixes only notes that the device
// counts as outside although its last fix, too coarse to say, lay inside.
type run struct {
	fence fleet.FenceID
	judge uint32
	kind  fleet.EventKind // Enter or Exit
	count uint8           // fixes that agree
	moved bool            // one of them showed motion
	gates Gates

	time   fleet.Time // of the first fix
	lag    fleet.Time // between that and its arrival
	due    fleet.Time // fix time at which the run is complete unless a fix spoke against it
	place  fleet.Place
	speed  float32
	course float32

	priorTime  fleet.Time // the trusted fix before the first
	priorPlace fleet.Place
}

const (
	never = fleet.Time(math.MaxInt64)

	accuracyCap  = 100.0 // metres of a fix's accuracy that widen a margin
	parkedFactor = 3     // while not moving, leaving takes this times the margin and the wait
	goneFactor   = 6     // a fix this many margins out speaks of motion by itself
	parkedKPH    = 3.0   // slower does not count as moving
)

// begin opens a run with a fix.
func begin(f *fence.Fence, enter bool, m *move) run {
	r := run{
		fence: f.ID, judge: f.Judge, kind: fleet.Exit, gates: m.gates, due: never,
		time: m.fix.time, lag: m.fix.received - m.fix.time, place: m.fix.place,
		speed: m.fix.speed, course: m.fix.course,
	}
	if enter {
		r.kind = fleet.Enter
	}
	if m.prior != nil {
		r.priorTime, r.priorPlace = m.prior.time, m.prior.place
	}
	return r
}

// noted is a run of no fixes: the fence does not hold the device, although its
// last fix lies inside.
func noted(f *fence.Fence, last *fix) run {
	return run{fence: f.ID, judge: f.Judge, kind: fleet.Enter, due: never, time: last.time, place: last.place}
}

// entering judges a fix by a fence that does not hold the device, and reports
// whether it does now. Fixes inside speak for it, fixes beyond the margin
// against it, all others say nothing.
func (c *candidate) entering(m *move) (done bool) {
	f, rule := c.fence, &c.fence.Rule
	says := precise(m.fix, rule)
	switch {
	case c.holds && says:
		if c.run.count == 0 {
			c.run = begin(f, true, m)
		}
		c.run.add(m, true, rule)
		return int(c.run.count) >= rule.Enter
	case c.holds:
		if c.run.fence == 0 {
			c.run = begin(f, true, m)
		}
	case c.run.count == 0,
		says && f.EdgeDistance(m.fix.place.Point()) >= margin(m.fix, rule):
		c.run = run{}
	}
	return false
}

// leaving judges a fix by a fence that holds the device, and reports whether
// it does no more. Fixes beyond the margin speak for it, three times the
// margin while the device is not moving; fixes inside speak against it.
func (c *candidate) leaving(m *move) (done bool) {
	f, rule := c.fence, &c.fence.Rule
	if !precise(m.fix, rule) {
		return false
	}
	if c.holds {
		c.run = run{}
		return false
	}
	d, need := f.EdgeDistance(m.fix.place.Point()), margin(m.fix, rule)
	moved := moving(m.fix, m.prior) || d >= goneFactor*need
	if !moved {
		need *= parkedFactor
	}
	if d < need {
		if !moved && !c.run.moved { // a parked device that drifted out and is drifting back
			c.run = run{}
		}
		return false
	}
	if c.run.count == 0 {
		c.run = begin(f, false, m)
	}
	c.run.add(m, moved, rule)
	return int(c.run.count) >= rule.Leave && (c.run.moved || rule.Wait == 0)
}

// add counts a fix that agrees.
func (r *run) add(m *move, moved bool, rule *fence.Rule) {
	if r.count < math.MaxUint8 && (r.count == 0 || !m.again) {
		r.count++
	}
	r.moved = r.moved || moved
	switch {
	case rule.Wait == 0:
	case r.moved:
		r.due = r.time + rule.Wait
		r.gates &^= GateParked
	default:
		r.due = r.time + parkedFactor*rule.Wait
		r.gates |= GateParked
	}
}

// margin is how far out a fix must lie to be plainly outside, in metres.
func margin(f *fix, rule *fence.Rule) float64 {
	if f.has&fleet.HasAccuracy == 0 {
		return rule.Margin
	}
	return math.Max(rule.Margin, math.Min(float64(f.accuracy), accuracyCap))
}

// precise reports whether a rule listens to a fix.
func precise(f *fix, rule *fence.Rule) bool {
	return rule.MaxAccuracy == 0 || f.has&fleet.HasAccuracy == 0 || float64(f.accuracy) <= rule.MaxAccuracy
}

// moving reports whether a fix shows motion. One that says nothing of speed,
// distance or ignition shows none: a parked tracker's fixes wander too.
func moving(f, prior *fix) bool {
	if f.has&fleet.HasIgnition != 0 && f.has&fleet.IgnitionOn == 0 {
		return false
	}
	if f.has&fleet.HasSpeed != 0 && f.speed >= parkedKPH {
		return true
	}
	return f.has&prior.has&fleet.HasOdometer != 0 && f.odometer > prior.odometer
}

// run finds the open run of a fence, nil if there is none.
func (s *State) run(id fleet.FenceID) *run {
	runs := s.runs()
	for i := range runs {
		if runs[i].fence == id {
			return &runs[i]
		}
	}
	return nil
}
