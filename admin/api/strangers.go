package api

import (
	"encoding/hex"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type stranger struct {
	UniqueID string     `json:"uniqueId" example:"990000862471854"`
	Protocol string     `json:"protocol" example:"gt06"`
	Addr     string     `json:"addr" doc:"Where it last sent from" example:"203.0.113.7:41220"`
	First    fleet.Time `json:"first,omitzero"`
	Last     fleet.Time `json:"last"`
	Count    uint64     `json:"count" doc:"Frames heard"`
	Frames   []string   `json:"frames" nullable:"false" doc:"The latest ones in hexadecimal, oldest first"`
}

func showStranger(s *Stranger) stranger {
	v := stranger{
		UniqueID: s.UniqueID, Protocol: s.Protocol.String(), Addr: s.Addr,
		First: s.First, Last: s.Last, Count: s.Count, Frames: make([]string, 0, len(s.Frames)),
	}
	for _, f := range s.Frames {
		v.Frames = append(v.Frames, hex.EncodeToString(f))
	}
	return v
}

type adoption struct {
	Customer fleet.CustomerID `json:"customer,omitzero" doc:"Absent: into the company's stock"`
	Company  fleet.CompanyID  `json:"company,omitzero" doc:"Absent: your own, or the customer's"`
	Name     string           `json:"name" example:"Truck 12"`
	Model    string           `json:"model,omitempty" maxLength:"64" example:"FMB920"`
}

func (a *API) strangers() {
	op := operation{tag: "Strangers", object: auth.Stranger}

	op.id, op.method, op.path, op.action = "listStrangers", http.MethodGet, "/strangers", auth.Read
	op.summary = "List senders that no device has the identity of"
	op.doc = "A company's admin sees them as long as the installation has one company."
	register(a, op, func(*call, *struct{}) (*one[page[stranger]], error) {
		return pageOf(fleet.Page[Stranger]{Items: a.heard()}, showStranger), nil
	})

	op.id, op.method, op.path, op.action = "adoptStranger", http.MethodPost, "/strangers/{uniqueId}/adopt", auth.Create
	op.summary, op.doc, op.status = "Make a device of a sender", "From then on its messages are accepted.", http.StatusCreated
	op.example = adoption{Name: "Truck 12"}
	register(a, op, func(c *call, in *struct {
		UniqueID string `path:"uniqueId" maxLength:"64" example:"990000862471854"`
		Body     adoption
	}) (*one[device], error) {
		known := false
		for _, s := range a.heard() {
			known = known || s.UniqueID == in.UniqueID
		}
		if !known {
			return nil, errNotFound()
		}
		company, customer, err := c.place(in.Body.Company, in.Body.Customer)
		if err != nil {
			return nil, err
		}
		d := fleet.Device{Company: company, Customer: customer, Name: in.Body.Name, UniqueID: in.UniqueID, Model: in.Body.Model}
		if err := d.Validate(); err != nil {
			return nil, err
		}
		out, err := a.putDevice(c, d)
		if err == nil {
			a.o.Strangers.Forget(in.UniqueID)
		}
		return out, err
	})
}

func (a *API) heard() []Stranger {
	if a.o.Strangers == nil {
		return nil
	}
	return a.o.Strangers.Strangers()
}
