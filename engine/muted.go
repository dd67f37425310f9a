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

// reason is why nobody is told of what happens to a device at a time, "" for
// no reason.
func (d *slot) reason(at fleet.Time) string {
	if at >= d.mute.until {
		return ""
	}
	switch d.mute.mode {
	case fleet.TestMode:
		return alert.ReasonTest
	case fleet.Maintenance:
		return alert.ReasonMaintenance
	}
	return ""
}
