package track

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// maxPlaces is how many places of one time a Rerun tells apart; of more it
// forgets the worst.
const maxPlaces = 64

// Rerun is the second run over a device's stored reports: in order of their
// fix time, each under the world of its time, and nothing but the clock behind
// them. What it comes to does not depend on when and how often they arrived.
//
// It is fed in pieces of any size with [Rerun.Add], and [Rerun.Finish] may be
// asked between them. One goroutine at a time uses it. It shares nothing with
// others but the worlds, which never change.
type Rerun struct {
	s      State
	worlds []Past // oldest first
	at     int    // the world in force, -1: before the first
	none   World  // in force before the first: nobody's fences

	upto  fleet.Time // of the state that it began with
	began State      // that state

	first  fleet.Time // of the first fix that it was fed with
	places []fix      // of one time, waiting for more of it, each place once
	events []fleet.Event
	points []Checkpoint
}

// Result is what a Rerun has come to.
type Result struct {
	State       State
	Events      []fleet.Event // in the order in which they came about; without Seq
	Checkpoints []Checkpoint  // one for each day that began, oldest first
}

// NewRerun begins a second run with a state, such as a checkpoint's, which it
// takes over; one in which only Device is set begins with nothing. Past holds
// the worlds that concerned the device, oldest first, by the time from which
// each held; before the first, no fence did. An in-order state judges what is
// newer than its Upto: feed it with the reports from [Rerun.From] on.
func NewRerun(from State, worlds []Past) *Rerun {
	r := &Rerun{s: from, began: from.Clone(), upto: from.Upto(), worlds: worlds, at: -1}
	if len(worlds) > 0 {
		r.none.Company, r.none.Filter = worlds[0].World.Company, worlds[0].World.Filter
	}
	r.s.doubt = nil
	for r.at+1 < len(worlds) && worlds[r.at+1].Since <= r.upto {
		r.at++
	}
	return r
}

// From is the time of the oldest report that Add takes: those before it are in
// the state that the run began with.
func (r *Rerun) From() fleet.Time {
	if r.upto == 0 {
		return 0
	}
	return r.upto + 1
}

// Add feeds the next stored report: in order of fix time, those of one time as
// they come. Reports that no state evaluates are passed over, and so are those
// older than the one before. The report is not kept.
func (r *Rerun) Add(rep *fleet.Report) {
	if rep.Fix <= r.s.seen && rep.Fix <= r.upto || alone(rep, r.world().Filter.Motion) != 0 || beyondHorizon(rep) {
		return
	}
	if len(r.places) > 0 && rep.Fix != r.places[0].time {
		if rep.Fix < r.places[0].time {
			return
		}
		r.flush()
	}
	if r.first == 0 {
		r.first = rep.Fix
	}
	var f fix
	f.set(rep, content(rep))
	for i := range r.places {
		if p := &r.places[i]; p.place == f.place {
			p.join(&f)
			return
		}
	}
	r.places = append(r.places, f)
	if len(r.places) > maxPlaces {
		worst := 0
		for i := range r.places {
			if better(&r.places[worst], &r.places[i]) {
				worst = i
			}
		}
		r.places = slices.Delete(r.places, worst, worst+1)
	}
}

// Finish is what the run comes to if nothing follows but a tick. More may be
// added afterwards all the same.
func (r *Rerun) Finish(t fleet.Tick) Result {
	c := *r
	c.s = r.s.Clone()
	c.events, c.points, c.places = slices.Clip(r.events), slices.Clip(r.points), slices.Clone(r.places)
	c.flush()
	c.tick(t)
	c.s.doubt = nil
	return Result{State: c.s, Events: c.events, Checkpoints: c.points}
}

// flush lets the best fix of the time at hand be judged.
func (r *Rerun) flush() {
	if len(r.places) == 0 {
		return
	}
	f := r.places[0]
	for i := range r.places[1:] {
		if p := &r.places[1+i]; better(p, &f) {
			f = *p
		}
	}
	r.places = r.places[:0]
	if day := f.time.UTCDay(); r.s.known && day > r.s.seen.UTCDay() {
		r.points = append(r.points, r.s.checkpoint(day))
	}
	op := r.s.opinionOf(&f, r.world())
	if !r.s.believes(op, &f) {
		return
	}
	gates := GateTrusted
	if op == agreed {
		first := *r.s.suspect()
		gates |= GateAgreed
		r.believe(&first, gates)
	}
	r.believe(&f, gates)
}

// believe lets the fences of a fix's own time see it: an edit behind a suspect
// does not judge it, however late it is confirmed.
func (r *Rerun) believe(f *fix, gates Gates) {
	for r.at+1 < len(r.worlds) && r.worlds[r.at+1].Since <= f.time {
		// Deadlines before the change belong to the world before.
		if till := r.worlds[r.at+1].Since; r.s.due() < till {
			r.s.settle(r.world())
			r.events = r.s.fire(r.events, till-1, f.received, 0, r.world())
			r.s.fired = max(r.s.fired, till-1) // what has struck does not strike again
		}
		r.at++
	}
	r.events = r.s.believe(r.events, f, gates, &Input{}, r.world())
}

// tick fires what a clock that stands at t has reached.
func (r *Rerun) tick(t fleet.Tick) {
	for {
		till := never
		if r.at+1 < len(r.worlds) {
			till = r.worlds[r.at+1].Since
		}
		if r.s.ripe(t.At, till) != never {
			r.s.settle(r.world())
			r.events = r.s.fireRipe(r.events, t.At, till, 0, r.world())
		}
		if till == never || r.s.unripe(t.At, till) {
			return
		}
		r.at++
	}
}

// world is the one in force.
func (r *Rerun) world() *World {
	if r.at < 0 {
		return &r.none
	}
	return r.worlds[r.at].World
}

// EventsFrom is the earliest time of an event that the run may have made.
func (r *Rerun) EventsFrom() fleet.Time {
	from := min(r.upto, r.began.head.time, r.began.watchFrom())
	for _, b := range r.began.runs() {
		from = min(from, b.time)
	}
	return max(from, 0)
}

// Covers reports whether an event on record lies in the part that the run has
// worked out anew: if the run did not make it, it did not happen. All other
// events came about before the state that the run began with.
func (r *Rerun) Covers(e *fleet.Event) bool {
	if !paired(e.Kind) {
		return false
	}
	if r.upto == 0 {
		return r.first != 0 && e.Time >= r.first
	}
	if e.Time > r.upto || e.Time > r.began.head.time && (e.Kind == fleet.Enter || e.Kind == fleet.Exit) {
		return true
	}
	for _, b := range r.began.runs() {
		if b.fence == e.Fence && b.kind == e.Kind && b.time == e.Time {
			return true
		}
	}
	return r.began.watchPending(e)
}
