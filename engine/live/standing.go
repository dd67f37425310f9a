package live

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A standing is how a device stands for one watcher.
type standing struct {
	Standing
	unseen bool
}

// An openAlarm is an alarm of a device that is not closed.
type openAlarm struct {
	id      fleet.EventID
	version uint64
	company fleet.CompanyID // the device's when it began: others do not learn of it
	owner   fleet.OwnerID
	unseen  bool
}

// maxOpen is how many open alarms of one device are looked at.
const maxOpen = 64

// alarms keeps the open alarms of devices as entries of the attention list
// change. Needs the lock.
func (h *Hub) alarms(a *fleet.Attention) {
	if !a.Topic.Critical() && a.Topic.Kind != fleet.Alarm {
		return
	}
	list := h.alarmed[a.Device]
	at := slices.IndexFunc(list, func(o openAlarm) bool { return o.id == a.ID })
	if at >= 0 && list[at].version > a.Version {
		return
	}
	if at >= 0 {
		list = slices.Delete(list, at, at+1)
	}
	state := a.State()
	if state != fleet.ClosedState && len(list) < maxOpen {
		list = append(list, openAlarm{a.ID, a.Version, a.Company, a.Owner, state == fleet.ActiveUnack || state == fleet.ClearedUnack})
	}
	if len(list) == 0 {
		delete(h.alarmed, a.Device)
	} else {
		h.alarmed[a.Device] = list
	}
	if n, known := h.index[a.Device]; known {
		h.spot(n).alarmed = len(list) > 0
	}
}

// Recall takes the open entries of the attention list over that were stored
// before this process began. Nobody is told of them.
func (h *Hub) Recall(entries []fleet.Attention) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range entries {
		h.alarms(&entries[i])
	}
	h.seq++
}

// standing is how a device stands, as far as a scope may know. Needs the lock.
func (h *Hub) standing(scope *fleet.Scope, s *spot, now fleet.Time) standing {
	if s.alarmed {
		list := h.alarmed[s.device]
		var out standing
		for i := range list {
			if scope.SeesDevice(s.device, list[i].company, list[i].owner) {
				out.Standing = Alarmed
				out.unseen = out.unseen || list[i].unseen
			}
		}
		if out.Standing == Alarmed {
			return out
		}
	}
	switch silence := h.holder(s).silence; {
	case silence >= 0 && now-max(s.fix, s.received) >= silence:
		return standing{Standing: Silent}
	case s.has&fleet.HasSpeed != 0 && s.speed >= Drives:
		return standing{Standing: Moving}
	}
	return standing{Standing: Stopped}
}
