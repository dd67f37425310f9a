package api

import (
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// labels adds groups and tags. A customer's people see those of devices that
// are the company's own, and none of what the company thinks of its customers.
func (a *API) labels() {
	crud(a, resource[fleet.Label]{
		one: "Label", many: "Labels", path: "/labels", object: auth.Label, book: a.o.Books.Labels, common: true,
		a: "a label", doc: "Groups and tags of devices, customers, users and operators. Devices carry theirs themselves; of the others the label lists who carries it.",
		example: fleet.Label{Name: "Night fleet", Colour: "#2f9e44", Sort: fleet.GroupLabel, Of: fleet.DeviceLabel},
		sees: func(c *call, v *fleet.Label) bool {
			return c.user.Customer == 0 || v.Of == fleet.DeviceLabel || v.Owner != fleet.Owner(v.Company)
		},
		lay: func(c *call, old, v *fleet.Label) error {
			if old != nil && old.Of != v.Of {
				return fleet.FieldError("of", "cannot be changed")
			}
			return c.layLinks(old, v)
		},
		put: func(c *call, v fleet.Label) (fleet.Label, error) { return c.putGroup(v) },
	})
}
