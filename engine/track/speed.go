package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// What being too fast takes where nothing else is said.
const (
	speedingWait = 10 * fleet.Second // from the first fix too fast to the one that tells
	slowerKPH    = 3.0               // below the limit by this, or by a part of it, an episode ends
	slowerPart   = 0.05
)

// faster takes a fix's speed to a limit. An episode opens with a fix that is
// too fast, is told with one that still is, long enough after it, and ends with
// one that is plainly slower; what lies between says nothing. Fixes further
// apart than a gap do not confirm each other.
func (s *State) faster(out []fleet.Event, x *watch, m *move, w *World) []fleet.Event {
	f := m.fix
	if f.has&fleet.HasSpeed == 0 {
		return out
	}
	limit, wait, since := w.Profile.SpeedLimit, fleet.Time(speedingWait), fleet.Time(0)
	var rule *fleet.Rule
	if x.rule != 0 {
		if rule = w.Rules.get(x.rule); rule == nil {
			return out
		}
		if limit, since = rule.Limit, rule.From; rule.After > 0 {
			wait = rule.After
		}
		if len(rule.Fences) > 0 || rule.AllFences {
			if s.within(rule) == 0 {
				x.mode = idle
				return out
			}
		}
	} else if x.fence != 0 {
		fence := w.limit(x.fence)
		if fence == nil {
			return out
		}
		limit, since = fence.SpeedLimit, fence.From
	}
	if f.time < since {
		return out
	}
	switch slower := limit - max(slowerKPH, limit*slowerPart); {
	case f.speed < slower:
		x.mode = idle
	case f.speed <= limit:
	case x.mode == idle || x.mode == armed && f.time-x.begun > gapTime:
		x.mode, x.since, x.lag, x.at = armed, f.time, f.received-f.time, f.place
		x.begun, x.where, x.speed = f.time, f.place, f.speed
	default:
		x.begun, x.speed = f.time, max(x.speed, f.speed)
		if x.mode == armed && f.time-x.since >= wait {
			x.mode = over
			return s.tooFast(out, x, rule, limit, m, w)
		}
	}
	return out
}

// tooFast tells of an episode, with the time and place of its first fix and
// the highest speed so far.
func (s *State) tooFast(out []fleet.Event, x *watch, rule *fleet.Rule, limit float32, m *move, w *World) []fleet.Event {
	id, judge := fleet.RuleID(0), x.judge
	if rule != nil {
		if id = rule.ID; !w.open(rule.Schedule, rule.Owner, x.since) {
			return out
		}
	} else if f := w.fence(x.fence); f != nil && !w.open(f.Schedule, f.Owner, x.since) {
		return out
	}
	e := s.watchEvent(x, m.fix.received, m.seq, w)
	if rule != nil && e.Fence == 0 {
		if f := w.fence(s.within(rule)); f != nil && (rule.AllFences || len(rule.Fences) > 0) {
			e.Fence, e.Judge = f.ID, f.Judge
		}
	}
	e.Time, e.Place, e.Speed, e.Course, e.Value = x.since, x.at, x.speed, m.fix.course, limit
	e.Trace.PriorTime, e.Trace.PriorPlace = m.prior.time, m.prior.place
	e.Trace.Gates |= uint32(GateConfirmed)
	fleet.NameEvent(&e, ruleCause(id, judge, x.since))
	return append(out, e)
}
