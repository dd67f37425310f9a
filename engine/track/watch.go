package track

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// watch is what one rule, or a speed limit of a fence or of the device itself,
// knows of a device. fleet.Rule says what each trigger means.
type watch struct {
	rule  fleet.RuleID  // 0: a limit of the fence, or of the device
	fence fleet.FenceID // of a visit, or whose limit it is; 0 = none
	judge uint32        // of the rule; of the fence where there is no rule
	place uint32        // Judge of the fence, 0 without
	kind  fleet.EventKind
	mode  mode
	count uint8 // events of a visit; fixes that agree on moving off

	since fleet.Time // of the visit, the absence, the stop, the first fix too fast
	lag   fleet.Time // between that and its arrival
	due   fleet.Time // when it will have lasted long enough, unless something comes between
	at    fleet.Place

	begun fleet.Time // motion: of the first fix that moved off; speed: the last fix too fast; absence: the latest exit
	where fleet.Place
	speed float32 // km/h, the highest
}

// mode is how far a watch has come.
type mode uint8

const (
	idle  mode = iota // not away, not fast, on the move
	armed             // a time is running
	over              // told: too fast, standing
)

// watching is all that is watched of a device.
type watching struct {
	list    []watch    // by rule, fence
	crossed []crossing // by the step under way; not stored
}

// crossing is a change of a fence's state that the step under way has made.
type crossing struct {
	fence fleet.FenceID
	enter bool
	time  fleet.Time // of the first fix that spoke for it
	lag   fleet.Time
	at    fleet.Place
}

// maxWatches bounds what is watched of one device: beyond it the rules and
// fences with the highest IDs watch nothing.
const maxWatches = 1024

func byTopic(a, b watch) int {
	return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.fence, b.fence))
}

// crosses notes that a run came true, for the watches.
func (s *State) crosses(r *run) {
	if l := s.watch(); l != nil {
		l.crossed = append(l.crossed, crossing{r.fence, r.kind == fleet.Enter, r.time, r.lag, r.place})
	}
}

// find is the place of a watch in the list, and whether it is there.
func (l *watching) find(rule fleet.RuleID, id fleet.FenceID) (int, bool) {
	return slices.BinarySearchFunc(l.list, watch{rule: rule, fence: id}, byTopic)
}

// put adds a watch, unless there is one about the same.
func (l *watching) put(w watch) {
	if at, found := l.find(w.rule, w.fence); !found && len(l.list) < maxWatches {
		l.list = slices.Insert(l.list, at, w)
	}
}

// watchSettle brings what is watched in line with a world and the fences
// that hold the device in it. What is new is counted from the last trusted fix
// on, but not from before the edit that brought it.
func (s *State) watchSettle(w *World) {
	if !w.watches() {
		s.setWatch(nil)
		return
	}
	if !s.known {
		return // the first fix settles
	}
	if s.watch() == nil {
		s.setWatch(&watching{})
	}
	l := s.watch()
	l.crossed = l.crossed[:0] // what it told is in the fences that hold the device
	l.list = slices.DeleteFunc(l.list, func(x watch) bool { return !s.stays(&x, w) })
	for i := range l.list {
		if x := &l.list[i]; x.due != never { // by the clock of another zone, perhaps
			if r := w.Rules.get(x.rule); r != nil && r.At != nil {
				x.due = fleet.NextClock(max(x.since-1, s.Upto()), *r.At, r.Schedule.Days(), w.zone(r.Owner))
			}
		}
	}
	for i := range w.Rules.all() {
		if r := &w.Rules.all()[i]; s.obeys(r, w) {
			s.settleRule(r, w)
		}
	}
	for _, h := range s.inside() {
		if f := w.limit(h.id); f != nil {
			l.put(watch{fence: h.id, judge: f.Judge, place: f.Judge, kind: fleet.Speeding, due: never})
		}
	}
	if w.Profile.SpeedLimit != 0 {
		l.put(watch{kind: fleet.Speeding, due: never})
	}
}

func (s *State) settleRule(r *fleet.Rule, w *World) {
	lag := s.head.received - s.head.time
	switch r.Trigger {
	case fleet.Dwell, fleet.Overstay:
		for _, h := range s.inside() {
			if covers(r, h.id) {
				s.visit(r, h, &crossing{time: s.head.time, lag: lag, at: s.head.place}, w)
			}
		}
	case fleet.Absent:
		at, found := s.watch().find(r.ID, 0)
		if !found {
			s.watch().put(watch{rule: r.ID, judge: r.Judge, kind: r.Trigger, due: never})
		}
		if at == len(s.watch().list) {
			return // there are too many
		}
		if x := &s.watch().list[at]; s.within(r) != 0 {
			x.back()
		} else if x.mode == idle {
			x.away(r, max(s.head.time, w.Since), lag, s.head.place, w)
		}
	case fleet.Speeding:
		s.watch().put(watch{rule: r.ID, judge: r.Judge, kind: r.Trigger, due: never})
	case fleet.Moving, fleet.Stopped:
		x := watch{rule: r.ID, judge: r.Judge, kind: r.Trigger, due: never, since: s.head.time, at: s.head.place, mode: over}
		if h := &s.head; moving(h, h) {
			x.mode = idle
		}
		s.watch().put(x)
	}
}

// stays reports whether a watch is still about what it was.
func (s *State) stays(x *watch, w *World) bool {
	if x.fence != 0 {
		at, found := slices.BinarySearchFunc(s.inside(), x.fence, func(h heldBy, id fleet.FenceID) int { return cmp.Compare(h.id, id) })
		if !found || s.inside()[at].judge != x.place {
			return false
		}
	}
	if x.rule == 0 {
		if x.fence == 0 {
			return w.Profile.SpeedLimit != 0
		}
		return w.limit(x.fence) != nil
	}
	r := w.Rules.get(x.rule)
	return r != nil && r.Judge == x.judge && s.obeys(r, w) && (x.fence == 0 || covers(r, x.fence))
}

// tells is the time of the event that the watch may come to with a later fix; 0
// for none.
func (x *watch) tells() fleet.Time {
	switch {
	case x.kind == fleet.Speeding && x.mode == armed:
		return x.since
	case x.kind == fleet.Moving && x.count > 0:
		return x.begun
	case x.kind != fleet.Speeding && x.kind != fleet.Moving && x.due != never:
		return x.due
	}
	return 0
}

// visit begins to count a visit of a fence.
func (s *State) visit(r *fleet.Rule, h heldBy, c *crossing, w *World) {
	f := w.fence(h.id)
	if f == nil {
		return
	}
	x := watch{
		rule: r.ID, fence: h.id, judge: r.Judge, place: h.judge, kind: r.Trigger, mode: armed,
		since: max(c.time, r.From, f.From), lag: c.lag, at: c.at,
	}
	if x.due = x.since + r.After; r.At != nil {
		x.due = fleet.NextClock(x.since-1, *r.At, r.Schedule.Days(), w.zone(r.Owner))
	}
	s.watch().put(x)
}

// away begins to count an absence.
func (x *watch) away(r *fleet.Rule, since, lag fleet.Time, at fleet.Place, w *World) {
	x.mode, x.count, x.since, x.lag, x.at = armed, 0, max(since, r.From), lag, at
	if x.due = x.since + r.After; r.At != nil {
		x.due = fleet.NextClock(x.since-1, *r.At, r.Schedule.Days(), w.zone(r.Owner))
	}
}

// back ends an absence.
func (x *watch) back() { x.mode, x.count, x.due = idle, 0, never }

// notice takes over what the step under way made of the fences.
func (s *State) notice(out []fleet.Event, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	l := s.watch()
	if len(l.crossed) == 0 {
		return out
	}
	slices.SortStableFunc(l.crossed, func(a, b crossing) int { return cmp.Compare(a.time, b.time) })
	for _, c := range l.crossed {
		if c.enter {
			out = s.returned(out, c, received, seq, w)
			s.entered(c, w)
		} else {
			s.left(c, w)
		}
	}
	l.crossed = l.crossed[:0]
	return out
}

// returned fires, when a fence is entered, the deadlines of absences that lay
// before it and waited for another fence to decide.
func (s *State) returned(out []fleet.Event, c crossing, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	for i := range s.watch().list {
		x := &s.watch().list[i]
		if x.kind != fleet.Absent || x.due >= c.time {
			continue
		}
		r := w.Rules.get(x.rule)
		for r != nil && covers(r, c.fence) && x.due < c.time && !slices.ContainsFunc(s.runs(), func(o run) bool {
			return o.kind == fleet.Enter && o.count > 0 && o.time <= x.due && covers(r, o.fence)
		}) {
			out = s.lasted(out, x, received, seq, w)
		}
	}
	return out
}

func (s *State) entered(c crossing, w *World) {
	at, found := slices.BinarySearchFunc(s.inside(), c.fence, func(h heldBy, id fleet.FenceID) int { return cmp.Compare(h.id, id) })
	if !found {
		return // and left again
	}
	h := s.inside()[at]
	for i := range w.Rules.all() {
		r := &w.Rules.all()[i]
		switch {
		case !covers(r, c.fence) || !s.obeys(r, w):
		case r.Trigger == fleet.Dwell || r.Trigger == fleet.Overstay:
			s.visit(r, h, &c, w)
		case r.Trigger == fleet.Absent:
			if i, found := s.watch().find(r.ID, 0); found {
				s.watch().list[i].back()
			}
		}
	}
	if f := w.limit(c.fence); f != nil {
		s.watch().put(watch{fence: c.fence, judge: f.Judge, place: h.judge, kind: fleet.Speeding, due: never})
	}
}

func (s *State) left(c crossing, w *World) {
	l := s.watch()
	l.list = slices.DeleteFunc(l.list, func(x watch) bool { return x.fence == c.fence })
	for i := range l.list {
		x := &l.list[i]
		if x.kind != fleet.Absent {
			continue
		}
		r := w.Rules.get(x.rule)
		if r == nil || !covers(r, c.fence) {
			continue
		}
		if c.time >= x.begun { // exits are not confirmed in order of their times
			x.begun, x.lag, x.at = c.time, c.lag, c.at
		}
		if s.within(r) == 0 {
			x.away(r, x.begun, x.lag, x.at, w)
		}
	}
}

// undecided reports whether the device may have been leaving, or coming, when
// a watch's time was full.
func (s *State) undecided(x *watch) bool {
	if x.kind == fleet.Stopped || x.kind == fleet.Moving {
		return x.count > 0
	}
	for i := range s.runs() {
		r := &s.runs()[i]
		if r.count == 0 || r.time > x.due {
			continue
		}
		if x.fence != 0 && r.fence == x.fence || x.fence == 0 && r.kind == fleet.Enter {
			return true
		}
	}
	return false
}

// lasted is what a watch does when its time is full.
func (s *State) lasted(out []fleet.Event, x *watch, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	r, due := w.Rules.get(x.rule), x.due
	x.due = never
	if r == nil {
		return out
	}
	if x.kind == fleet.Stopped || x.kind == fleet.Moving {
		if x.mode = over; x.kind == fleet.Moving {
			return out
		}
	} else if x.count++; x.count < fleet.MaxOverstays {
		switch {
		case r.At != nil:
			x.due = fleet.NextClock(due, *r.At, r.Schedule.Days(), w.zone(r.Owner))
		case r.Trigger == fleet.Overstay:
			x.due = due + r.After
		}
	}
	if r.At == nil && !w.open(r.Schedule, r.Owner, due) {
		return out
	}
	e := s.watchEvent(x, received, seq, w)
	e.Time, e.Value = due, float32(due-x.since)/float32(fleet.Second)
	if h := &s.head; s.known {
		e.Place, e.Speed, e.Course = h.place, h.speed, h.course
	}
	e.Trace.Gates |= uint32(GateWaited)
	fleet.NameEvent(&e, ruleCause(r.ID, r.Judge, due))
	return append(out, e)
}

// watchEvent is an event of a watch, but for when and where.
func (s *State) watchEvent(x *watch, received fleet.Time, seq fleet.Seq, w *World) fleet.Event {
	e := fleet.Event{
		Kind: x.kind, Device: s.Device, Owner: w.owner(), Company: w.Company, Rule: x.rule, Fence: x.fence, Judge: x.place,
		Received: received, Seq: seq,
		Trace: fleet.Trace{PriorTime: x.since, PriorPlace: x.at, EdgeMetres: float32(math.NaN()), Gates: uint32(GateTrusted)},
	}
	if x.fence == 0 && x.rule != 0 {
		if r := w.Rules.get(x.rule); r != nil && !r.AllFences && len(r.Fences) == 1 {
			if f := w.fence(r.Fences[0]); f != nil {
				e.Fence, e.Judge = f.ID, f.Judge
			}
		}
	}
	if f := w.fence(e.Fence); f != nil && s.known {
		e.Trace.EdgeMetres = float32(f.EdgeDistance(s.head.place.Point()))
	}
	return e
}

// ruleCause names an event of a rule: whatever fix or tick told of it.
func ruleCause(id fleet.RuleID, judge uint32, at fleet.Time) []byte {
	b := make([]byte, 0, 21)
	b = append(b, 'r')
	b = binary.BigEndian.AppendUint64(b, uint64(id))
	b = binary.BigEndian.AppendUint32(b, judge)
	return binary.BigEndian.AppendUint64(b, uint64(at))
}
