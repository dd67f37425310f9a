package api

import (
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// parameters adds what a company sets up for its forms.
func (a *API) parameters() {
	b := &a.o.Books
	crud(a, resource[fleet.Location]{
		one: "Location", many: "Locations", path: "/locations", object: auth.Location, book: b.Locations, common: true, companyOnly: true,
		a: "a location", doc: "Predefined addresses: a form that names one takes its address over.",
		example: fleet.Location{Name: "Main office", Address: fleet.Address{Country: "CO", City: "Bogotá", Street: "Carrera 7 # 32-16"}},
	})
	crud(a, resource[fleet.Field]{
		one: "Field", many: "Fields", path: "/fields", object: auth.Field, book: b.Fields, common: true, companyOnly: true,
		a: "an additional field", doc: "Fields that a company adds to the forms of customers, users, operators and devices. Values of a removed field stay, hidden, until the record is written again.",
		example: fleet.Field{Entity: fleet.CustomerField, Label: fleet.Phrase{En: "Tier", Es: "Nivel"}, Type: fleet.ListField, Options: []string{"Gold", "Silver"}},
		lay: func(_ *call, old, v *fleet.Field) error {
			if old != nil && old.Entity != v.Entity {
				return fleet.FieldError("entity", "cannot be changed")
			}
			return nil
		},
		sees: func(c *call, v *fleet.Field) bool {
			return c.seesField(v)
		},
	})
	crud(a, resource[fleet.Comment]{
		one: "Comment", many: "Comments", path: "/comments", object: auth.Comment, book: b.Comments, companyOnly: true,
		a: "a comment", doc: "What staff noted about a customer or user; customers never see it.",
		example: fleet.Comment{User: 1, Text: "Prefers to be called after six"},
		lay: func(c *call, old, v *fleet.Comment) error {
			v.Author, v.Name = c.user.ID, c.user.Name
			if old != nil {
				v.Author, v.Name = old.Author, old.Name
				if old.Customer != v.Customer || old.User != v.User {
					return fleet.FieldError("customer", "cannot be changed")
				}
			}
			return nil
		},
	})
}
