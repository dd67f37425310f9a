package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// PositionView is a position as the API and the stream show it.
type PositionView struct {
	Device     fleet.DeviceID `json:"device"`
	Time       fleet.Time     `json:"time" doc:"When the place was measured"`
	Received   fleet.Time     `json:"received,omitzero"`
	Lon        float64        `json:"lon" example:"-74.0721"`
	Lat        float64        `json:"lat" example:"4.711"`
	Speed      *float32       `json:"speed,omitempty" doc:"km/h" example:"42.5"`
	Course     *float32       `json:"course,omitempty" doc:"Degrees clockwise from north" example:"270"`
	Altitude   *float32       `json:"altitude,omitempty" doc:"Metres above sea level" example:"2640"`
	Accuracy   *float32       `json:"accuracy,omitempty" doc:"Radius in metres" example:"8"`
	Odometer   *float64       `json:"odometer,omitempty" doc:"Metres" example:"120394000"`
	Satellites *uint8         `json:"satellites,omitempty" example:"11"`
	Ignition   *bool          `json:"ignition,omitempty"`
	Protocol   string         `json:"protocol,omitempty" example:"teltonika"`
	Verdict    string         `json:"verdict,omitempty" doc:"Absent: accepted" example:"quarantinedFuture"`
	Alarms     []string       `json:"alarms,omitempty" doc:"What the tracker itself calls an alarm" example:"sos"`
	Attributes map[string]any `json:"attributes,omitempty" doc:"Further readings by name"`
}

// ShowPosition is how API and stream show a position.
func ShowPosition(p *fleet.Position) PositionView {
	v := PositionView{
		Device: p.Device, Time: p.Fix, Received: p.Received, Lon: p.Place.LonDegrees(), Lat: p.Place.LatDegrees(),
		Speed: given(p, fleet.HasSpeed, &p.Speed), Course: given(p, fleet.HasCourse, &p.Course),
		Altitude: given(p, fleet.HasAltitude, &p.Altitude), Accuracy: given(p, fleet.HasAccuracy, &p.Accuracy),
		Odometer: given(p, fleet.HasOdometer, &p.Odometer), Satellites: given(p, fleet.HasSatellites, &p.Satellites),
		Protocol: p.Protocol.String(), Alarms: p.Alarms.Names(),
	}
	if p.Has&fleet.HasIgnition != 0 {
		on := p.Has&fleet.IgnitionOn != 0
		v.Ignition = &on
	}
	if p.Verdict != fleet.Accepted {
		v.Verdict = p.Verdict.String()
	}
	if len(p.Attrs) > 0 {
		v.Attributes = make(map[string]any, len(p.Attrs))
		for _, a := range p.Attrs {
			v.Attributes[a.Key] = plain(a.Value)
		}
	}
	return v
}

func given[T any](p *fleet.Position, has fleet.Fields, v *T) *T {
	if p.Has&has == 0 {
		return nil
	}
	c := *v
	return &c
}

func plain(v fleet.Value) any {
	switch v.Kind {
	case fleet.BoolValue:
		return v.Int != 0
	case fleet.IntValue:
		return v.Int
	case fleet.FloatValue:
		return v.Float
	case fleet.TextValue:
		return v.Text
	}
	return nil
}

// maxHistory is the longest time that one request may cover.
const maxHistory = 31 * fleet.Day

func (a *API) positions() {
	op := operation{tag: "Positions", object: auth.Position, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "listLatestPositions", "/positions", "The newest position of each device that you see"
	op.latest = true
	register(a, op, func(c *call, in *struct {
		Devices []string `query:"devices" maxItems:"500" doc:"Of these alone; those that you do not see are left out"`
	}) (*one[page[PositionView]], error) {
		newest, err := Newest(c, a.o.Hub, c.scope)
		if len(in.Devices) > 0 {
			newest = slices.DeleteFunc(newest, func(p fleet.Position) bool { return !slices.Contains(in.Devices, p.Device.String()) })
		}
		return pageOf(fleet.Page[fleet.Position]{Items: newest}, ShowPosition), err
	})

	op.id, op.path, op.summary = "listPositions", "/devices/{id}/positions", "A device's stored positions, oldest first"
	op.latest = false
	op.doc = "From `from` up to, but not including, `to`; at most 31 days. Pass `next` as `from` for the following page."
	register(a, op, func(c *call, in *struct {
		ByID
		From  string `query:"from" doc:"RFC 3339; absent: 24 hours before to" example:"2026-11-21T00:00:00Z"`
		To    string `query:"to" doc:"RFC 3339; absent: now" example:"2026-11-22T00:00:00Z"`
		Limit int    `query:"limit" minimum:"1" maximum:"10000" default:"1000"`
	}) (*one[page[PositionView]], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		from, to, err := span(in.From, in.To, a.o.Now())
		if err != nil {
			return nil, err
		}
		out := &one[page[PositionView]]{page[PositionView]{Items: []PositionView{}}}
		err = c.tracks(&d).Positions(c, d.ID, from, to, func(p *fleet.Position) bool {
			if len(out.Body.Items) == in.Limit {
				out.Body.Next = p.Fix.String()
				return false
			}
			out.Body.Items = append(out.Body.Items, ShowPosition(p))
			return true
		})
		return out, err
	})
}

// Newest lists the newest position of each device that a scope sees.
func Newest(ctx context.Context, hub *live.Hub, scope fleet.Scope) ([]fleet.Position, error) {
	sub := hub.Subscribe(scope)
	defer sub.Close()
	var all []fleet.Position
	for {
		f, err := sub.Next(ctx)
		if err != nil {
			return nil, fleet.Errorf(fleet.Unavailable, "the live hub is closed: %w", err)
		}
		for i := range f.Positions {
			all = append(all, f.Positions[i].Position)
		}
		if !f.More || f.Cursor.Seq > 0 { // the snapshot is whole
			return all, nil
		}
	}
}

// span reads the bounds of a time query: [from, to).
func span(from, to string, now fleet.Time) (f, t fleet.Time, err error) {
	t = now + 1
	if to != "" {
		if err := t.UnmarshalText([]byte(to)); err != nil {
			return 0, 0, fleet.FieldError("to", "%v", err)
		}
	}
	f = t - fleet.Day
	if from != "" {
		if err := f.UnmarshalText([]byte(from)); err != nil {
			return 0, 0, fleet.FieldError("from", "%v", err)
		}
	}
	if t < f {
		return 0, 0, fleet.FieldError("from", "is after to")
	}
	if t-f > maxHistory {
		return 0, 0, fleet.FieldError("from", "is more than 31 days before to")
	}
	return f, t, nil
}
