package track

import "slices"

// rest is what a state remembers beside the newest fix: little of it, for most
// devices most of the time. It is made when there is first something to
// remember. A State's methods of the same names read it, and look at the State
// alone where that says that there is nothing.
type rest struct {
	inside  []heldBy  // by fence; one that is absent is outside
	runs    []run     // by fence: changes under way
	suspect *fix      // a possible teleport, nil for none
	watch   *watching // what takes time or speed to tell, nil for nothing
	alarms  *alarmed  // what is remembered of alarms, nil for nothing

	room [2]heldBy // of inside, which for most is no more
}

// own is the rest to be written to.
func (s *State) own() *rest {
	if s.rest == nil {
		s.rest = &rest{}
		s.rest.inside = s.rest.room[:0]
	}
	return s.rest
}

func (s *State) inside() []heldBy {
	if s.rest == nil {
		return nil
	}
	return s.rest.inside
}

func (s *State) setInside(list []heldBy) {
	if s.rest != nil || len(list) > 0 {
		s.own().inside = list
	}
}

func (s *State) runs() []run {
	if !s.timed {
		return nil
	}
	return s.rest.runs
}

func (s *State) setRuns(list []run) {
	if s.rest != nil || len(list) > 0 {
		s.own().runs = list
		s.timed = len(list) > 0 || s.rest.watch != nil
	}
}

func (s *State) watch() *watching {
	if !s.timed {
		return nil
	}
	return s.rest.watch
}

func (s *State) setWatch(w *watching) {
	if s.rest != nil || w != nil {
		s.own().watch = w
		s.timed = w != nil || len(s.rest.runs) > 0
	}
}

func (s *State) suspect() *fix {
	if s.doubts == 0 {
		return nil
	}
	return s.rest.suspect
}

// acquit forgets the suspect.
func (s *State) acquit() {
	if s.doubts != 0 {
		s.rest.suspect, s.doubts = nil, 0
	}
}

func (s *State) alarms() *alarmed {
	if s.rest == nil {
		return nil
	}
	return s.rest.alarms
}

func (s *State) setAlarms(a *alarmed) {
	if s.rest != nil || a != nil {
		s.own().alarms = a
	}
}

// clone is a copy that shares nothing that a Step changes.
func (r *rest) clone() *rest {
	if r == nil {
		return nil
	}
	c := &rest{runs: slices.Clone(r.runs), watch: r.watch.clone(), alarms: r.alarms.clone()}
	c.inside = append(c.room[:0], r.inside...)
	if r.suspect != nil {
		f := *r.suspect
		c.suspect = &f
	}
	return c
}
