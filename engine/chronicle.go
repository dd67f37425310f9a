package engine

import (
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	// lateHorizon is how far back late reports are evaluated; older ones are
	// stored and change nothing.
	lateHorizon = 30 * fleet.Day

	maxPast = 1024 // worlds remembered of one realm; the oldest go first
)

// A chronicle remembers for the late horizon which world held for which device
// from when, by the time of the change. Devices that never moved share the
// line of their realm, and worlds share what edits did not touch.
type chronicle struct {
	mu     sync.Mutex                // guards all below, and every line
	moves  map[fleet.DeviceID][]stay // of devices that changed realms, oldest first
	pruned fleet.Time                // moves were looked through then
}

// A line is which worlds a realm has had, oldest first. The first holds since
// the beginning of time: what was before it is not known, or never was.
type line struct {
	past  []track.Past
	rules *alert.Rules // of the newest world's realm
}

// A stay is a device's time in one realm, until its next stay begins.
type stay struct {
	from fleet.Time // 0: since ever
	line *line
}

// note adds the world that a realm has from a time on, and fills in since when
// that is. The first holds since the beginning of time, and so does one whose
// edit says so: it leaves no other.
func (c *chronicle) note(r *realm, since fleet.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l, w := r.line, r.world
	l.rules = r.rules
	last := len(l.past) - 1
	if last < 0 || since == 0 {
		l.past = []track.Past{{World: w}}
		return
	}
	keep := l.past
	if since <= keep[last].Since { // two changes at one moment
		since, keep = keep[last].Since, keep[:last]
	}
	for len(keep) > 1 && (keep[1].Since <= since-lateHorizon || len(keep) >= maxPast) {
		keep = keep[1:]
	}
	w.Since = since
	for _, p := range keep[min(1, len(keep)):] {
		w.Edits = append(w.Edits, p.Since)
	}
	w.Edits = append(w.Edits, since)
	// Always a new array: who asked before reads the old one.
	l.past = append(slices.Clone(keep), track.Past{Since: since, World: w})
}

// move notes that a device left one realm for another.
func (c *chronicle) move(id fleet.DeviceID, from, to *line, at fleet.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at == 0 {
		delete(c.moves, id)
		return
	}
	stays := c.moves[id]
	if len(stays) == 0 {
		stays = []stay{{line: from}}
	}
	c.moves[id] = append(stays, stay{from: at, line: to})
	if at-c.pruned >= fleet.Day {
		c.pruneLocked(at)
	}
}

func (c *chronicle) forget(id fleet.DeviceID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.moves, id)
}

// pruneLocked forgets stays that ended beyond the late horizon.
func (c *chronicle) pruneLocked(now fleet.Time) {
	c.pruned = now
	for id, stays := range c.moves {
		drop := 0
		for drop+1 < len(stays) && stays[drop+1].from <= now-lateHorizon {
			drop++
		}
		switch {
		case drop+1 == len(stays):
			delete(c.moves, id)
		case drop > 0:
			c.moves[id] = slices.Clone(stays[drop:])
		}
	}
}

// worlds lists which world held for a device from when, oldest first; the
// first holds for all that is older too. The last one is that of the realm,
// which its shard has now, though newer ones be on their way there.
func (c *chronicle) worlds(id fleet.DeviceID, now *realm) []track.Past {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := c.worldsLocked(id, now.line)
	for i := len(out) - 1; i >= 0; i-- { // a device that went and came back has had the same world before
		if out[i].World == now.world {
			return out[:i+1]
		}
	}
	return out
}

func (c *chronicle) worldsLocked(id fleet.DeviceID, current *line) []track.Past {
	stays := c.moves[id]
	if len(stays) == 0 {
		return current.past
	}
	var out []track.Past
	for i, st := range stays {
		until := fleet.Time(1<<63 - 1)
		if i+1 < len(stays) {
			until = stays[i+1].from
		}
		past := st.line.past
		for j, p := range past {
			if p.Since >= until {
				break
			}
			if j+1 < len(past) && past[j+1].Since <= st.from {
				continue
			}
			if p.Since <= st.from {
				p.Since = st.from
			}
			out = append(out, p)
		}
	}
	if len(out) > 0 {
		out[0].Since = 0
	}
	return out
}

// rules are the notifications, as they stand now, of those whose a device was
// at a time. Current is the line of its realm.
func (c *chronicle) rules(id fleet.DeviceID, current *line, at fleet.Time) *alert.Rules {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, st := range c.moves[id] {
		if st.from <= at {
			current = st.line
		}
	}
	return current.rules
}
