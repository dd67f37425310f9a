package auth

import "github.com/vigia-track/vigia/engine/fleet"

// ModuleOf is the module that an object belongs to, "" for none: what everybody
// has.
func ModuleOf(o Object) fleet.Module {
	switch o {
	case Stream:
		return fleet.LiveMap
	case Position:
		return fleet.Tracks
	case Fence, Marker:
		return fleet.Geofences
	case ShareLink:
		return fleet.ShareLinks
	case Rule, Notification, Delivery:
		return fleet.Alerts
	}
	return ""
}

// ModuleOff is the module that keeps a caller from an object, "" for none.
// latest tells the newest positions from the stored ones: they belong to the
// live map.
func (p *Principal) ModuleOff(o Object, latest bool) fleet.Module {
	of := ModuleOf(o)
	if o == Position && latest {
		of = fleet.LiveMap
	}
	switch {
	case p.Token.App == "" && !p.Modules.Has(fleet.API):
		return fleet.API
	case !p.Modules.Has(of):
		return of
	}
	return ""
}
