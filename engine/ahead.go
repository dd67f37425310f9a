package engine

import (
	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// lookahead is how many entries of a group are glanced at together. A group is
// reports of many devices, each with a state and fences of its own somewhere
// in memory; stepping them one by one would wait for each piece in turn.
const lookahead = 64

// fewAhead is the number of entries below which looking ahead gains nothing.
const fewAhead = 4

// glances is what a shard saw of the entries ahead: of the fences of each
// device's own owner.
type glances struct {
	slots [lookahead]*slot // nil: not there, or no report
	seen  [lookahead]fence.Glance
	of    [lookahead]*fence.Glance // by entry; nil for those that need none
	read  int64                    // keeps the reading from being left out as useless
}

// ahead glances at the states and fences of some entries that are about to be
// stepped. It changes nothing.
func (s *shard) ahead(g *group, lane []uint32) {
	clear(s.glances.of[:])
	if len(lane) < fewAhead {
		return
	}
	slots := s.glances.slots[:len(lane)]
	for k, i := range lane { // all first, and nothing decided by what is read: so it comes side by side
		slots[k] = nil
		if entry := &g.entries[i]; entry.Kind == fleet.ReportEntry {
			if at, ok := s.index[entry.Report.Device]; ok {
				slots[k] = s.slot(at)
				s.glances.read += slots[k].state.Touch()
			}
		}
	}
	n := 0
	for k, i := range lane {
		entry, d := &g.entries[i], slots[k]
		if d == nil || d.state.Calm(entry.Report.Place) {
			continue
		}
		s.glances.read += d.state.TouchRest()
		d.state.Glance(&s.glances.seen[n], entry.Report.Place, s.realms[d.realm].world)
		s.glances.of[k] = &s.glances.seen[n]
		n++
	}
	s.glances.read += fence.Ahead(s.glances.seen[:n])
}
