package api

import (
	"context"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// RouteQuestion asks where a device went in [From, To). The scopes say what the
// answer may show.
type RouteQuestion struct {
	Device          fleet.Device
	From, To        fleet.Time
	Devices, Fences fleet.Scope
}

// maxTrack is how many positions one answer of /track holds: two days and more
// of a fix a second.
const maxTrack = 200_000

// trackView is a track as a map draws it: in columns, each value but the first
// as the difference from the one before, so that a day of a fix a second is a
// few hundred kilobytes on the line.
type trackView struct {
	Device fleet.DeviceID `json:"device"`
	Name   string         `json:"name" example:"Van 12"`
	From   fleet.Time     `json:"from"`
	To     fleet.Time     `json:"to"`
	Fixes  int            `json:"fixes" doc:"How many positions follow"`
	Next   string         `json:"next,omitempty" doc:"There are more: pass this as from"`
	Time   []int64        `json:"time" nullable:"false" doc:"Milliseconds since from, then since the one before"`
	Lat    []int64        `json:"lat" nullable:"false" doc:"In 1e-7 degrees, then the differences from the one before"`
	Lon    []int64        `json:"lon" nullable:"false" doc:"In 1e-7 degrees, then the differences from the one before"`
	Speed  []int32        `json:"speed" nullable:"false" doc:"In 0.1 km/h; -1: not told"`
	Course []int32        `json:"course" nullable:"false" doc:"In degrees; -1: not told"`
}

// WhichTime is a time and a device in an address. It is exported because only
// exported structs can be embedded.
type WhichTime struct {
	ByID
	From string `query:"from" doc:"RFC 3339; absent: 24 hours before to" example:"2026-11-21T00:00:00Z"`
	To   string `query:"to" doc:"RFC 3339; absent: now" example:"2026-11-22T00:00:00Z"`
}

func (w *WhichTime) read(c *call) (d fleet.Device, from, to fleet.Time, err error) {
	if d, err = c.device(w.ID); err == nil {
		from, to, err = span(w.From, w.To, c.api.o.Now())
	}
	return d, from, to, err
}

// tracks adds where devices were, for maps, reports and files.
func (a *API) tracks() {
	op := operation{tag: "Positions", object: auth.Position, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "getTrack", "/devices/{id}/track", "A device's track, for drawing"
	op.doc = "The accepted positions of at most 31 days, oldest first, in columns of whole numbers; at most 200,000, then `next` says where to go on. " +
		"GET /devices/{id}/positions has all that is known of each."
	register(a, op, func(c *call, in *WhichTime) (*one[trackView], error) {
		d, from, to, err := in.read(c)
		if err != nil {
			return nil, err
		}
		v := trackView{Device: d.ID, Name: d.Name, From: from, To: to, Time: []int64{}, Lat: []int64{}, Lon: []int64{}, Speed: []int32{}, Course: []int32{}}
		err = v.fill(c, c.tracks(&d))
		return &one[trackView]{v}, err
	})

	op.id, op.path, op.summary = "getRoute", "/devices/{id}/route", "A device's route report: trips, stops and stays in fences"
	op.doc = "Of at most 31 days and 200,000 positions. A stop is three minutes or more within one place; a trip is what lies between; a gap is a time on the way " +
		"without positions. Stays are judged by the engine with the fences as they were then, those that make no events too."
	register(a, op, func(c *call, in *WhichTime) (*one[fleet.Route], error) {
		d, from, to, err := in.read(c)
		if err != nil {
			return nil, err
		}
		if a.o.Route == nil {
			return nil, fleet.Errorf(fleet.Unavailable, "this server reports no routes")
		}
		q := RouteQuestion{Device: d, From: from, To: to, Devices: c.scope}
		if _, q.Fences, err = c.may(auth.Fence, auth.Read); err != nil {
			return nil, err
		}
		r, err := a.o.Route(c, q)
		if err != nil {
			return nil, err
		}
		return &one[fleet.Route]{*r}, nil
	})

	a.trackFiles(op)
}

// fill reads the columns.
func (v *trackView) fill(ctx context.Context, t Tracks) error {
	last, lat, lon := v.From, int64(0), int64(0)
	return t.Positions(ctx, v.Device, v.From, v.To, func(p *fleet.Position) bool {
		if p.Verdict != fleet.Accepted || p.Has&fleet.HasPlace == 0 {
			return true
		}
		if v.Fixes == maxTrack {
			v.Next = p.Fix.String()
			return false
		}
		v.Fixes++
		v.Time, last = append(v.Time, int64(p.Fix-last)), p.Fix
		v.Lat, lat = append(v.Lat, int64(p.Place.Lat)-lat), int64(p.Place.Lat)
		v.Lon, lon = append(v.Lon, int64(p.Place.Lon)-lon), int64(p.Place.Lon)
		speed, course := int32(-1), int32(-1)
		if p.Has&fleet.HasSpeed != 0 {
			speed = int32(p.Speed*10 + 0.5)
		}
		if p.Has&fleet.HasCourse != 0 {
			course = int32(p.Course + 0.5)
		}
		v.Speed, v.Course = append(v.Speed, speed), append(v.Course, course)
		return true
	})
}
