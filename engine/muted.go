package engine

import (
	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// mute is a device's alarm mode, where it is not normal.
type mute struct {
	mode  fleet.AlarmMode
	until fleet.Time
}

// mutedDevice says what a device's alarm mode is from now on.
type mutedDevice struct {
	id fleet.DeviceID
	mute
}

// mute notes a device's alarm mode.
func (e *edit) mute(d *fleet.Device) {
	to := mute{d.AlarmMode, d.ModeUntil}
	if d.AlarmMode == fleet.NormalMode {
		to = mute{}
	}
	if e.a.mutes[d.ID] == to {
		return
	}
	if to == (mute{}) {
		delete(e.a.mutes, d.ID)
	} else {
		e.a.mutes[d.ID] = to
	}
	l := &e.d.lanes[shardOf(d.ID, e.a.shards)]
	l.muted = append(l.muted, mutedDevice{d.ID, to})
}

// mute takes a device's alarm mode over.
func (s *shard) mute(n uint32, m mute) {
	if m == (mute{}) {
		delete(s.mutes, n)
		return
	}
	if s.mutes == nil {
		s.mutes = map[uint32]mute{}
	}
	s.mutes[n] = m
}

// reason is why nobody is told of what happens to a device at a time, "" for
// no reason.
func (s *shard) reason(n uint32, at fleet.Time) string {
	m, muted := s.mutes[n]
	if !muted || at >= m.until {
		return ""
	}
	switch m.mode {
	case fleet.TestMode:
		return alert.ReasonTest
	case fleet.Maintenance:
		return alert.ReasonMaintenance
	}
	return ""
}
