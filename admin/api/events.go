package api

import (
	"math"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// EventView is an event as the API and the stream show it.
type EventView struct {
	ID        fleet.EventID   `json:"id"`
	Kind      fleet.EventKind `json:"kind"`
	Device    fleet.DeviceID  `json:"device"`
	Owner     fleet.OwnerID   `json:"owner" doc:"The device's owner at that time"`
	Fence     fleet.FenceID   `json:"fence,omitzero"`
	Alarm     string          `json:"alarm,omitempty" doc:"With kind alarm: which" example:"sos"`
	Time      fleet.Time      `json:"time" doc:"When it happened, by the fix"`
	Received  fleet.Time      `json:"received" doc:"When the message that shows it arrived"`
	Lon       float64         `json:"lon" example:"-74.0721"`
	Lat       float64         `json:"lat" example:"4.711"`
	Speed     float32         `json:"speed" doc:"km/h"`
	Course    float32         `json:"course" doc:"Degrees clockwise from north"`
	Late      bool            `json:"late,omitempty" doc:"Found out well after it happened"`
	Inferred  bool            `json:"inferred,omitempty" doc:"Concluded between two fixes"`
	Amended   bool            `json:"amended,omitempty" doc:"Its time was corrected by a late message"`
	Retracted bool            `json:"retracted,omitempty" doc:"A late message shows that it did not happen; it is kept, and nothing more is sent of it"`
	First     fleet.Time      `json:"first,omitzero" doc:"Of an amended one: the time that was recorded first. Lists are sorted by it"`
	Revised   fleet.Time      `json:"revised,omitzero" doc:"Of an amended or retracted one: when that was found out"`
	Placeless bool            `json:"placeless,omitempty" doc:"Raised without a trusted fix: the place is the last known one"`
	About     fleet.EventID   `json:"about,omitzero" doc:"With kind correction: the event that did not happen"`
	Rule      fleet.RuleID    `json:"rule,omitzero" doc:"With kind dwell, overstay, absent or overspeed: the rule that made it"`
	Limit     *float32        `json:"limit,omitempty" doc:"With kind overspeed: the limit in km/h" example:"80"`
	Seconds   *float32        `json:"seconds,omitempty" doc:"With kind dwell, overstay, absent or offline: for how long" example:"600"`
	Near      *NearView       `json:"near,omitempty" doc:"The town nearby; absent: none is known within 100 km"`
	Trace     TraceView       `json:"trace" doc:"Why it happened"`
}

// TraceView is why an event happened.
type TraceView struct {
	PriorTime  fleet.Time `json:"priorTime,omitzero" doc:"Of the fix before"`
	PriorLon   *float64   `json:"priorLon,omitempty"`
	PriorLat   *float64   `json:"priorLat,omitempty"`
	EdgeMetres *float64   `json:"edgeMetres,omitempty" doc:"Distance to the fence's edge, inside negative"`
	Gates      []string   `json:"gates,omitempty" doc:"The tests that the fix passed" example:"trusted"`
	GateBits   uint32     `json:"gateBits" doc:"The same as a bit set"`
	Judge      uint32     `json:"judge" doc:"The fence's version that judged"`
	Seq        uint64     `json:"seq" doc:"The journal entry that brought it about"`
}

// ShowEvent is how API and stream show an event; gates names the bits of its trace.
func ShowEvent(e *fleet.Event, gates func(uint32) []string) EventView {
	v := EventView{
		ID: e.ID, Kind: e.Kind, Device: e.Device, Owner: e.Owner, Fence: e.Fence, Alarm: e.Alarms.String(),
		Time: e.Time, Received: e.Received, Lon: e.Place.LonDegrees(), Lat: e.Place.LatDegrees(),
		Speed: e.Speed, Course: e.Course,
		Late: e.Flags&fleet.Late != 0, Inferred: e.Flags&fleet.Inferred != 0, Amended: e.Flags&fleet.Amended != 0,
		Retracted: e.Flags&fleet.Retracted != 0, Placeless: e.Flags&fleet.Placeless != 0,
		Near: nearOf(e.Place), First: e.First, Revised: e.Revised, About: e.About, Rule: e.Rule,
		Trace: TraceView{PriorTime: e.Trace.PriorTime, GateBits: e.Trace.Gates, Judge: e.Judge, Seq: uint64(e.Seq)},
	}
	if e.Trace.PriorTime != 0 {
		lon, lat := e.Trace.PriorPlace.LonDegrees(), e.Trace.PriorPlace.LatDegrees()
		v.Trace.PriorLon, v.Trace.PriorLat = &lon, &lat
	}
	if m := float64(e.Trace.EdgeMetres); !math.IsNaN(m) && !math.IsInf(m, 0) && e.Fence != 0 {
		m = math.Round(m*10) / 10
		v.Trace.EdgeMetres = &m
	}
	switch value := e.Value; e.Kind {
	case fleet.Speeding:
		v.Limit = &value
	case fleet.Dwell, fleet.Overstay, fleet.Absent, fleet.Offline:
		v.Seconds = &value
	}
	if gates != nil {
		v.Trace.Gates = gates(e.Trace.Gates)
	}
	return v
}

func (a *API) showEvent(e *fleet.Event) EventView { return ShowEvent(e, a.o.GateNames) }

func (a *API) events() {
	op := operation{tag: "Events", object: auth.Event, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "listEvents", "/events", "List events, newest first"
	register(a, op, func(c *call, in *struct {
		Device string   `query:"device"`
		Fence  string   `query:"fence"`
		Kinds  []string `query:"kinds" enum:"enter,exit,alarm,dwell,overstay,absent,overspeed,moving,stopped,offline,online,correction" maxItems:"12" doc:"Absent: all"`
		From   string   `query:"from" doc:"RFC 3339, inclusive; by the time that the event has now" example:"2026-11-21T00:00:00Z"`
		To     string   `query:"to" doc:"RFC 3339, exclusive" example:"2026-11-22T00:00:00Z"`
		After  string   `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit  int      `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}) (*one[page[EventView]], error) {
		q := fleet.EventQuery{Scope: c.scope, After: in.After, Limit: in.Limit}
		if err := optional("device", in.Device, &q.Device); err != nil {
			return nil, err
		}
		if err := optional("fence", in.Fence, &q.Fence); err != nil {
			return nil, err
		}
		if err := optional("from", in.From, &q.From); err != nil {
			return nil, err
		}
		if err := optional("to", in.To, &q.To); err != nil {
			return nil, err
		}
		for _, s := range in.Kinds {
			var k fleet.EventKind
			if err := optional("kinds", s, &k); err != nil {
				return nil, err
			}
			q.Kinds = append(q.Kinds, k)
		}
		p, err := a.o.Facts.Events(q)
		return pageOf(p, a.showEvent), err
	})

	op.id, op.path, op.summary = "getEvent", "/events/{id}", "Read an event with its trace"
	register(a, op, func(c *call, in *ByID) (*one[EventView], error) {
		e, err := c.event(in.ID)
		if err != nil {
			return nil, err
		}
		return &one[EventView]{a.showEvent(&e)}, nil
	})
}

// optional reads a query parameter if it is given.
func optional(field, s string, v interface{ UnmarshalText([]byte) error }) error {
	if s == "" {
		return nil
	}
	if err := v.UnmarshalText([]byte(s)); err != nil {
		return fleet.FieldError(field, "%v", err)
	}
	return nil
}

func (c *call) event(id string) (fleet.Event, error) {
	k, err := fleet.ParseEventID(id)
	if err != nil {
		return fleet.Event{}, errNotFound()
	}
	e, err := c.api.o.Facts.Event(k)
	if err == nil && !c.scope.SeesDevice(e.Device, e.Company, e.Owner) {
		err = errNotFound()
	}
	return e, err
}
