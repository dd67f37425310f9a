package fleet

import "github.com/vigia-track/vigia/geo"

// Route is where a device went in a time: trips and stops, and which fences it
// was in.
type Route struct {
	Device   DeviceID     `json:"device"`
	Name     string       `json:"name" example:"Van 12"`
	From     Time         `json:"from"`
	To       Time         `json:"to"`
	Fixes    int          `json:"fixes" doc:"Accepted positions of that time"`
	Left     int          `json:"leftOut" doc:"Positions among them that nobody can have been at, so far off are they"`
	Metres   float64      `json:"metres" doc:"Of all trips" example:"84250"`
	Moving   int64        `json:"movingSeconds" doc:"Of all trips"`
	Standing int64        `json:"standingSeconds" doc:"Of all stops"`
	Silent   int64        `json:"silentSeconds" doc:"Without positions while it was not standing"`
	MaxSpeed float32      `json:"maxSpeed" doc:"km/h" example:"92"`
	Legs     []RouteLeg   `json:"legs" nullable:"false" doc:"Trips, stops and gaps, one after the other"`
	Visits   []RouteVisit `json:"visits" nullable:"false" doc:"By the time of entering; only of fences that you see"`
	Fences   []RouteFence `json:"fences" nullable:"false" doc:"What was drawn near the way in that time, as it stood at its end; at most 500"`
}

// RouteLeg is a part of a Route.
type RouteLeg struct {
	Kind     LegKind `json:"kind" enum:"trip,stop,gap" doc:"gap: no positions for so long that nobody knows whether it drove or stood"`
	From     Time    `json:"from"`
	To       Time    `json:"to"`
	FromLat  float64 `json:"fromLat" example:"4.711" doc:"Of a stop: its middle"`
	FromLon  float64 `json:"fromLon" example:"-74.0721"`
	ToLat    float64 `json:"toLat" example:"4.6512"`
	ToLon    float64 `json:"toLon" example:"-74.0931"`
	Metres   float64 `json:"metres" doc:"Of a trip along its positions, of a gap as the crow flies; 0 for a stop" example:"12400"`
	MaxSpeed float32 `json:"maxSpeed" doc:"km/h; of a device that tells no speed, by way and time" example:"74"`
	Fixes    int     `json:"fixes"`
}

// LegKind is what a part of a route is.
type LegKind string

// The kinds of leg.
const (
	TripLeg LegKind = "trip"
	StopLeg LegKind = "stop"
	GapLeg  LegKind = "gap"
)

// RouteVisit is one stay in a fence.
type RouteVisit struct {
	Fence   FenceID `json:"fence"`
	Name    string  `json:"name" example:"Depot"`
	Colour  string  `json:"colour,omitempty" example:"#0b7285"`
	In      Time    `json:"in" doc:"When it entered, or the first that is known of it inside"`
	Out     Time    `json:"out" doc:"When it left, or the last that is known of it inside"`
	Entered bool    `json:"entered" doc:"False: it was inside before, or the fence was drawn about it"`
	Left    bool    `json:"left" doc:"False: it stayed inside, or the fence was taken away"`
	Seconds int64   `json:"seconds"`
	Metres  float64 `json:"metres" doc:"Driven inside" example:"350"`
}

// RouteFence is a fence as it was drawn.
type RouteFence struct {
	ID     FenceID   `json:"id"`
	Name   string    `json:"name" example:"Depot"`
	Colour string    `json:"colour,omitempty" example:"#0b7285"`
	Shape  geo.Shape `json:"shape"`
}

// Add puts a leg at the end and counts it.
func (r *Route) Add(l RouteLeg) {
	seconds := int64((l.To - l.From) / Second)
	switch l.Kind {
	case TripLeg:
		r.Metres, r.Moving, r.MaxSpeed = r.Metres+l.Metres, r.Moving+seconds, max(r.MaxSpeed, l.MaxSpeed)
	case StopLeg:
		r.Standing += seconds
	default:
		r.Silent += seconds
	}
	r.Legs = append(r.Legs, l)
}
