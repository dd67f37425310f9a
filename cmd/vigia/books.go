package main

import (
	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/store"
)

// books is the table of plain records: where the API's are kept.
func books(a *store.Admin) admin.Books {
	return admin.Books{
		Markers: a.Markers(), Contacts: a.Contacts(), Plans: a.Plans(),
		ShareLinks:          a.ShareLinks(),
		QRLogins:            a.QRLogins(),
		Labels:              a.Labels(),
		Associations:        a.Associations(),
		Locations:           a.Locations(),
		Fields:              a.Fields(),
		Comments:            a.Comments(),
		Calendars:           a.Calendars(),
		Shifts:              a.Shifts(),
		Assets:              a.Assets(),
		Tickets:             a.Tickets(),
		SupportRoutes:       a.SupportRoutes(),
		DeviceTypes:         a.DeviceTypes(),
		EventPlans:          a.EventPlans(),
		Views:               a.Views(),
		DeviceSheets:        a.DeviceSheets(),
		Images:              a,
		Answers:             a,
		Connections:         a.Connections(),
		ConnectionTemplates: a.ConnectionTemplates(),
	}
}

// books are those of the store, but for what a running part follows.
func (n *node) books() admin.Books {
	b := books(n.admin)
	b.Connections = n.connections
	return b
}
