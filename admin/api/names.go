package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// name is what somebody calls a thing.
type name struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// names adds the look-up that lists of events and messages need: they carry
// IDs only. A thing that the caller does not see is left out, like one that
// does not exist.
func (a *API) names() {
	op := operation{
		tag: "Session", object: auth.Lookup, action: auth.Read, id: "lookUpNames", method: http.MethodGet, path: "/names",
		summary: "Read what things are called", doc: "At most 100 of each kind. What you do not see, or does not exist, is left out.",
	}
	type input struct {
		Devices       []string `query:"devices" maxItems:"100"`
		Customers     []string `query:"customers" maxItems:"100"`
		Companies     []string `query:"companies" maxItems:"100"`
		Users         []string `query:"users" maxItems:"100"`
		Fences        []string `query:"fences" maxItems:"100"`
		Rules         []string `query:"rules" maxItems:"100"`
		Notifications []string `query:"notifications" maxItems:"100"`
	}
	type names struct {
		Items []name `json:"items" nullable:"false"`
	}
	register(a, op, func(c *call, in *input) (*one[names], error) {
		r, out := a.o.Records, names{Items: []name{}}
		for _, k := range []struct {
			kind fleet.RecordKind
			ids  []string
			read func(uint64) (string, error)
		}{
			{fleet.DeviceRecord, in.Devices, func(id uint64) (string, error) { v, err := r.Device(fleet.DeviceID(id)); return v.Name, err }},
			{fleet.CustomerRecord, in.Customers, func(id uint64) (string, error) { v, err := r.Customer(fleet.CustomerID(id)); return v.Name, err }},
			{fleet.CompanyRecord, in.Companies, func(id uint64) (string, error) { v, err := r.Company(fleet.CompanyID(id)); return v.Name, err }},
			{fleet.UserRecord, in.Users, func(id uint64) (string, error) { v, err := r.User(fleet.UserID(id)); return v.Name, err }},
			{fleet.FenceRecord, in.Fences, func(id uint64) (string, error) { v, err := r.Fence(fleet.FenceID(id)); return v.Name, err }},
			{fleet.RuleRecord, in.Rules, func(id uint64) (string, error) { v, err := r.Rule(fleet.RuleID(id)); return v.Name, err }},
			{fleet.NotificationRecord, in.Notifications, func(id uint64) (string, error) {
				v, err := r.Notification(fleet.NotificationID(id))
				return v.Description, err
			}},
		} {
			for _, text := range k.ids {
				id, err := fleet.ParseID[recordKey](text)
				if err != nil || id == 0 {
					continue // no thing is called so
				}
				sees, err := c.seesRecord(k.kind, uint64(id))
				if err != nil {
					return nil, err
				}
				if !sees {
					continue
				}
				called, err := k.read(uint64(id))
				if fleet.KindOf(err) == fleet.NotFound {
					continue // deleted since
				}
				if err != nil {
					return nil, err
				}
				out.Items = append(out.Items, name{ID: id.String(), Name: called})
			}
		}
		return &one[names]{out}, nil
	})
}
