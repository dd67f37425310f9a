package why

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// Era is what the administered world meant for a device from a time on.
type Era struct {
	Since  fleet.Time
	World  *track.World // nil: the device was not there
	Owner  fleet.OwnerID
	Fences map[fleet.FenceID]*fleet.Fence // of its owners, paused ones too
}

// Eras lists what held for a device from a time on, oldest first; the first
// one holds before all others. What was forgotten is as the oldest known.
func Eras(c Changes, device fleet.DeviceID, from fleet.Time, filter track.Filter) ([]Era, error) {
	vs, err := views(c, device, from, filter)
	out := make([]Era, len(vs))
	for i, v := range vs {
		out[i] = Era{Since: v.since, World: v.world, Owner: v.owner, Fences: v.fences}
	}
	return out, err
}
