package engine

import "github.com/vigia-track/vigia/engine/live"

// publish tells the hub the newest position of each device that moved since
// the last time. The journal made them durable before the shard saw them.
func (s *shard) publish() {
	if len(s.moved) == 0 {
		return
	}
	out := s.positions[:0]
	for _, n := range s.moved {
		d := s.slot(n)
		d.moved = false
		if s.e.o.Hub == nil || d.state.Device == 0 {
			continue
		}
		if p, ok := d.state.Position(); ok {
			if out = append(out, p); len(out) == moveBatch {
				s.e.o.Hub.Move(out)
				out = out[:0]
			}
		}
	}
	if len(out) > 0 {
		s.e.o.Hub.Move(out)
	}
	clear(out[:cap(out)])
	s.positions, s.moved = out[:0], s.moved[:0]
}

// allMoved marks every device, so that the next publish tells all positions.
func (s *shard) allMoved() {
	for n := range uint32(len(s.pages) << pageBits) {
		if int(n&(1<<pageBits-1)) >= len(s.pages[n>>pageBits]) {
			break
		}
		if d := s.slot(n); !d.moved && d.state.Device != 0 {
			d.moved = true
			s.moved = append(s.moved, n)
		}
	}
}

// profiles tells the hub who owns which devices from now on.
func (s *shard) profiles(l *lane) {
	if len(l.placed) > 0 {
		profiles := make([]live.Profile, len(l.placed))
		for i, p := range l.placed {
			profiles[i] = live.Profile{Device: p.id, Company: p.company, Owner: p.owner, Silence: p.silence, Stays: p.stays}
		}
		s.e.o.Hub.Place(profiles)
	}
	if len(l.removed) > 0 {
		s.e.o.Hub.Remove(l.removed)
	}
}
