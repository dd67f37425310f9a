package api

import (
	"context"

	"github.com/vigia-track/vigia/engine/fleet"
)

// tracks are a device's stored positions as far as the caller may see them.
func (c *call) tracks(d *fleet.Device) Tracks { return c.api.sight(&c.scope, d) }

// sight is a device's stored positions as far as a scope that covers it shows
// them: where it was while it belonged to somebody else is theirs.
func (a *API) sight(scope *fleet.Scope, d *fleet.Device) Tracks {
	if len(d.Stays) == 0 {
		return a.o.Tracks
	}
	return ownTracks{a.o.Tracks, scope, d}
}

type ownTracks struct {
	Tracks
	scope  *fleet.Scope
	device *fleet.Device
}

// Positions leaves out what happened to the device at owners out of sight.
func (t ownTracks) Positions(ctx context.Context, id fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error {
	return t.Tracks.Positions(ctx, id, from, to, func(p *fleet.Position) bool {
		return !t.scope.SeesStay(t.device.Company, t.device.Owner(), t.device.OwnerAt(p.Fix)) || each(p)
	})
}
