package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// WhyQuestion asks why there was, or was not, an event of a device about a
// time. The scopes say what the answer may show.
type WhyQuestion struct {
	Device fleet.Device
	At     fleet.Time
	Window fleet.Time    // before and after At; 0: as the answerer likes
	Event  fleet.EventID // zero: of all that happened then
	Lang   fleet.Lang
	Zone   string // IANA name

	Devices, Fences, Notifications, Deliveries fleet.Scope
}

func (a *API) why() {
	op := operation{tag: "Events", object: auth.Event, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "explainEvent", "/events/{id}/why", "Say why an event happened and who was told"
	op.doc = "In words, in the caller's language and time zone, beside the facts: the fixes about it and what became of each, what they said " +
		"for or against each fence near by, the notifications that applied or did not, and every message. " +
		"Only what the caller may see otherwise is shown."
	register(a, op, func(c *call, in *struct {
		ByID
		Window int `query:"window" minimum:"1" maximum:"21600" default:"300" doc:"Seconds before and after it"`
	}) (*one[fleet.Explanation], error) {
		e, err := c.event(in.ID)
		if err != nil {
			return nil, err
		}
		d, err := a.o.Records.Device(e.Device)
		if err != nil || !c.scope.SeesDevice(d.ID, d.Company, d.Owner()) { // gone, or somebody else's by now
			d = fleet.Device{ID: e.Device, Name: e.Device.String()}
		}
		return c.explain(WhyQuestion{Device: d, At: e.Time, Window: fleet.Time(in.Window) * fleet.Second, Event: e.ID})
	})

	op.id, op.path, op.summary = "explainDevice", "/devices/{id}/why", "Say why there was, or was not, an event of a device about a time"
	register(a, op, func(c *call, in *struct {
		ByID
		At     string `query:"at" doc:"RFC 3339; absent: now" example:"2026-11-21T10:03:00Z"`
		Window int    `query:"window" minimum:"1" maximum:"21600" default:"600" doc:"Seconds before and after it"`
	}) (*one[fleet.Explanation], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		q := WhyQuestion{Device: d, At: a.o.Now(), Window: fleet.Time(in.Window) * fleet.Second}
		if err := optional("at", in.At, &q.At); err != nil {
			return nil, err
		}
		return c.explain(q)
	})
}

// explain asks within what the caller may see.
func (c *call) explain(q WhyQuestion) (_ *one[fleet.Explanation], err error) {
	if c.api.o.Why == nil {
		return nil, fleet.Errorf(fleet.Unavailable, "this server explains nothing")
	}
	q.Lang, q.Zone, q.Devices = c.lang, c.user.Timezone, c.scope
	for object, scope := range map[auth.Object]*fleet.Scope{
		auth.Fence: &q.Fences, auth.Notification: &q.Notifications, auth.Delivery: &q.Deliveries,
	} {
		if _, *scope, err = c.may(object, auth.Read); err != nil {
			return nil, err
		}
	}
	x, err := c.api.o.Why(c, q)
	if err != nil {
		return nil, err
	}
	return &one[fleet.Explanation]{*x}, nil
}
