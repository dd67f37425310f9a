package alert

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ReasonTooOld is the Reason of a delivery that was suppressed because its
// event was older than the notification allows.
const ReasonTooOld = "too old"

// Decide appends to dst what an event makes of the notifications of the
// device's owners: one delivery for each recipient and channel, however many
// notifications name them. The first in order gives the delivery its
// Notification, those after it that would send it too are its Also; one that
// may be sent comes before one that is too old.
func Decide(ev *fleet.Event, rules []*fleet.Notification, dst []fleet.Delivery) []fleet.Delivery {
	if ev.Flags&fleet.Retracted != 0 {
		return dst
	}
	from := len(dst)
	for _, fresh := range [...]bool{true, false} {
		for _, n := range rules {
			if !Applies(n, ev) || Fresh(n, ev) != fresh {
				continue
			}
			for _, who := range n.Recipients {
				for _, ch := range n.Channels {
					d := deliver(ev, n, who, ch)
					i := slices.IndexFunc(dst[from:], func(o fleet.Delivery) bool { return o.Key == d.Key })
					if i < 0 {
						dst = append(dst, d)
					} else if o := &dst[from+i]; fresh && o.Notification != n.ID && !slices.Contains(o.Also, n.ID) {
						o.Also = append(o.Also, n.ID)
					}
				}
			}
		}
	}
	return dst
}

// Applies reports whether a notification of one of the device's owners is
// about the event at all.
func Applies(n *fleet.Notification, ev *fleet.Event) bool {
	if n.Paused || !slices.Contains(n.Kinds, ev.Kind) {
		return false
	}
	if !n.AllDevices && !slices.Contains(n.Devices, ev.Device) {
		return false
	}
	if ev.Kind == fleet.Alarm {
		return n.Alarms == 0 || n.Alarms&ev.Alarms != 0
	}
	if ev.Flags&fleet.Inferred != 0 && !n.Inferred {
		return false
	}
	return n.AllFences || slices.Contains(n.Fences, ev.Fence)
}

// Fresh reports whether the event was young enough when it reached us.
func Fresh(n *fleet.Notification, ev *fleet.Event) bool {
	return ev.Kind == fleet.Alarm || ev.Received-ev.Time <= maxAge(n)
}

func maxAge(n *fleet.Notification) fleet.Time {
	if n.MaxAge == 0 {
		return fleet.DefaultMaxAge
	}
	return min(n.MaxAge, fleet.LongestMaxAge)
}

func deliver(ev *fleet.Event, n *fleet.Notification, who fleet.UserID, ch fleet.Channel) fleet.Delivery {
	d := fleet.Delivery{
		Key:          fleet.DeliveryKey{Event: ev.ID, Recipient: who, Channel: ch},
		Notification: n.ID,
		Company:      ev.Company,
		Owner:        ev.Owner,
		Device:       ev.Device,
		State:        fleet.Queued,
		Due:          ev.Received,
		Created:      ev.Received,
	}
	if ev.Kind != fleet.Alarm {
		d.Expires = ev.Time + maxAge(n)
	}
	if !Fresh(n, ev) {
		d.State, d.Reason, d.Due = fleet.Suppressed, ReasonTooOld, 0
	}
	return d
}
