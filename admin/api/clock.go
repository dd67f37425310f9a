package api

import (
	"cmp"
	"context"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Clocks knows of devices whose clocks show another time zone.
type Clocks interface {
	Proposal(id fleet.DeviceID) (fleet.ClockProposal, bool)
	// Proposals are all there are, by device.
	Proposals() []fleet.ClockProposal
	// Correct judges the device's quarantined reports once more, with the
	// offset that it has now. Calling it again does no harm.
	Correct(ctx context.Context, id fleet.DeviceID) (Corrected, error)
}

// Corrected counts what became of a device's quarantined reports.
type Corrected struct {
	Replayed int // accepted now
	Already  int // accepted by an earlier call
	Kept     int // not believed under this offset either
}

type clockProposal struct {
	Offset  int64      `json:"offset" doc:"What clockOffset should be: milliseconds to add to the device's times" example:"-28800000"`
	Hours   float64    `json:"hours" doc:"How far the device's clock is ahead; negative: behind" example:"8"`
	Since   fleet.Time `json:"since" doc:"When the first message arrived that shows it"`
	Reports int        `json:"reports" doc:"How many messages show it"`
}

func (a *API) showClock(d *fleet.Device) *clockProposal {
	if a.o.Clocks == nil {
		return nil
	}
	p, ok := a.o.Clocks.Proposal(d.ID)
	if !ok {
		return nil
	}
	return &clockProposal{Offset: p.Offset, Hours: -float64(p.Offset) / float64(fleet.Hour), Since: p.Since, Reports: p.Reports}
}

type clockInput struct {
	Offset  int64  `json:"offset" minimum:"-50400000" maximum:"50400000" doc:"Milliseconds to add to the device's times, within 14 hours" example:"-28800000"`
	Version uint64 `json:"version,omitempty" doc:"Refuse with 409 if the device has another version by now"`
}

type clockApplied struct {
	Device   device `json:"device"`
	Replayed int    `json:"replayed" doc:"Messages that were kept apart for their time, and are accepted now"`
	Already  int    `json:"already" doc:"Those that an earlier call accepted"`
	Kept     int    `json:"kept" doc:"Those whose time is not believed with this offset either"`
}

// clock adds the correction of a device's clock.
func (a *API) clock() {
	op := operation{tag: "Devices", object: auth.Device, action: auth.Create, method: http.MethodPost, path: "/devices/{id}/clock"}
	op.id, op.summary = "applyClock", "Correct a device's clock"
	op.doc = "Sets clockOffset, and judges the messages of the last 30 days that were kept apart for their time once more: those that the " +
		"offset makes believable are accepted, each once. Their alarms were raised when they came and are not raised again. " +
		"Calling it again finishes what was cut short."
	op.example = clockInput{Offset: -8 * int64(fleet.Hour)}
	op.status = http.StatusOK
	register(a, op, func(c *call, in *struct {
		ByID
		Body clockInput
	}) (*one[clockApplied], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(d.Version, in.Body.Version); err != nil {
			return nil, err
		}
		out := &one[clockApplied]{}
		if d.ClockOffset != in.Body.Offset {
			d.ClockOffset = in.Body.Offset
			if err := d.Validate(); err != nil {
				return nil, err
			}
			put, err := a.putDevice(c, d)
			if err != nil {
				return nil, err
			}
			out.Body.Device = put.Body
		} else {
			out.Body.Device = c.showDevice(&d)
		}
		if a.o.Clocks != nil {
			done, err := a.o.Clocks.Correct(c, d.ID)
			if err != nil {
				return nil, err
			}
			out.Body.Replayed, out.Body.Already, out.Body.Kept = done.Replayed, done.Already, done.Kept
		}
		return out, nil
	})
}

// wrongClocks is a page of the devices for which a correction is proposed.
func (a *API) wrongClocks(q fleet.Query) (fleet.Page[fleet.Device], error) {
	var page fleet.Page[fleet.Device]
	if a.o.Clocks == nil {
		return page, nil
	}
	limit := cmp.Or(q.Limit, 100)
	var after fleet.DeviceID
	if q.After != "" {
		n, err := fleet.ParseID[deviceKey](q.After)
		if err != nil {
			return page, fleet.FieldError("after", "%v", idError(q.After))
		}
		after = fleet.DeviceID(n)
	}
	for _, p := range a.o.Clocks.Proposals() {
		if p.Device <= after {
			continue
		}
		d, err := a.o.Records.Device(p.Device)
		if err != nil || !q.Scope.SeesDevice(d.ID, d.Company, d.Owner()) || q.Owner != 0 && d.Owner() != q.Owner {
			continue
		}
		if len(page.Items) == limit {
			page.Next = page.Items[limit-1].ID.String()
			break
		}
		page.Items = append(page.Items, d)
	}
	return page, nil
}
