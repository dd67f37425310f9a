package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type moveInput struct {
	To      fleet.OwnerID `json:"to" doc:"The customer that gets it or, for the stock, the company"`
	Version uint64        `json:"version,omitempty" doc:"The device's version that you saw"`
}

type moved struct {
	Device device    `json:"device"`
	Lost   []lostTie `json:"lost" nullable:"false" doc:"What does not name it any more"`
}

type lostTie struct {
	Kind string         `json:"kind" enum:"user,fence,rule,notification,contact,asset,label" doc:"What names it, or a label that it carries"`
	ID   fleet.RecordID `json:"id"`
	Name string         `json:"name" example:"Depot"`
}

// deviceMove lets a device change hands, after saying what it loses.
func (a *API) deviceMove() {
	op := operation{tag: "Devices", object: auth.Device, action: auth.Create, method: http.MethodGet, path: "/devices/{id}/move"}
	op.id, op.summary = "previewDeviceMove", "List what a device would lose by moving"
	op.doc = "Assignments, and what of its present owner names it: geofences, rules, notifications, contacts, assets; and the labels that the new owner does not know. What happened before stays with the present owner. Nothing changes."
	register(a, op, func(c *call, in *struct {
		ByID
		To string `query:"to" doc:"The customer that would get it; absent, or the company: into the stock"`
	}) (*one[page[lostTie]], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		to := fleet.Owner(d.Company)
		if err := optional("to", in.To, &to); err != nil {
			return nil, err
		}
		if _, err := c.moveTo(&d, to); err != nil {
			return nil, err
		}
		lost, err := c.lost(&d, to)
		return &one[page[lostTie]]{page[lostTie]{Items: lost}}, err
	})

	op.id, op.method, op.status = "moveDevice", http.MethodPost, http.StatusOK
	op.summary, op.example = "Move a device to another customer, or into the stock", moveInput{To: 1}
	op.doc = "What it loses goes in the same transaction. Its notes and zones go with it."
	register(a, op, func(c *call, in *struct {
		ByID
		Body moveInput
	}) (*one[moved], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(d.Version, in.Body.Version); err != nil {
			return nil, err
		}
		customer, err := c.moveTo(&d, in.Body.To)
		if err != nil {
			return nil, err
		}
		lost, err := c.lost(&d, in.Body.To)
		if err != nil {
			return nil, err
		}
		d.Customer = customer
		out, err := a.putDevice(c, d)
		if err != nil {
			return nil, err
		}
		return &one[moved]{moved{out.Body, lost}}, nil
	})
}

// moveTo is the customer that a device would have with another owner, 0 in the
// stock of its company.
func (c *call) moveTo(d *fleet.Device, to fleet.OwnerID) (fleet.CustomerID, error) {
	if to == 0 {
		return 0, fleet.FieldError("to", "is required")
	}
	company, owner, err := c.owner("to", to)
	if err != nil {
		return 0, err
	}
	if company != d.Company {
		return 0, errForeign("to")
	}
	if owner == fleet.Owner(company) {
		return 0, nil
	}
	return fleet.CustomerID(owner), nil
}

func (c *call) lost(d *fleet.Device, to fleet.OwnerID) ([]lostTie, error) {
	out := []lostTie{}
	ties, err := c.api.o.Records.Lost(d.ID, to)
	for _, t := range ties {
		out = append(out, lostTie{t.Kind.String(), fleet.RecordID(t.ID), t.Name})
	}
	return out, err
}
