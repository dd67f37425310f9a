package api

import (
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// work adds calendars, the staff's shifts, and what carries devices.
func (a *API) work() {
	b := &a.o.Books
	crud(a, resource[fleet.Calendar]{
		one: "Calendar", many: "Calendars", path: "/calendars", object: auth.Calendar, book: b.Calendars, companyOnly: true,
		a: "a calendar", doc: "Hours by the day of the week, days off, and days that differ, by the clock of a place.",
		example: fleet.Calendar{Name: "Control room", Timezone: "America/Bogota", Holidays: []string{"2026-12-25"},
			Week: []fleet.WeekSpan{{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "08:00", To: "17:00"}}},
	})
	crud(a, resource[fleet.Shift]{
		one: "Shift", many: "Shifts", path: "/shifts", object: auth.Shift, book: b.Shifts, companyOnly: true,
		a: "a shift", doc: "When the staff works. Shifts of one person share no day.",
		example: fleet.Shift{User: 1, From: "2026-12-01", To: "2026-12-31", Calendar: 2},
		lay: func(c *call, old, v *fleet.Shift) error {
			if old != nil && old.User != v.User {
				return fleet.FieldError("user", "cannot be changed")
			}
			return c.checkStaff("user", v.User)
		},
	})
	crud(a, resource[fleet.Asset]{
		one: "Asset", many: "Assets", path: "/assets", object: auth.Asset, book: b.Assets,
		a: "an asset", doc: "Vehicles, people and containers that carry devices, with which one they carried when.",
		example: fleet.Asset{Name: "Truck 12", Type: "vehicle", Plate: "ABC123"},
	})
}

// checkStaff refuses a person that works for no company.
func (c *call) checkStaff(field string, id fleet.UserID) error {
	u, err := c.api.o.Records.User(id)
	if err != nil {
		return foreign(field, err)
	}
	if u.Customer != 0 {
		return errForeign(field)
	}
	return nil
}
