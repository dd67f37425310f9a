package store

import (
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A new kind of plain record gets a line in makers and a method below.

var makers = map[fleet.RecordKind]func() fleet.Record{
	fleet.MarkerRecord:             func() fleet.Record { return new(fleet.Marker) },
	fleet.ContactRecord:            func() fleet.Record { return new(fleet.Contact) },
	fleet.PlanRecord:               func() fleet.Record { return new(fleet.Plan) },
	fleet.QRLoginRecord:            func() fleet.Record { return new(fleet.QRLogin) },
	fleet.ShareLinkRecord:          func() fleet.Record { return new(fleet.ShareLink) },
	fleet.LabelRecord:              func() fleet.Record { return new(fleet.Label) },
	fleet.AssociationRecord:        func() fleet.Record { return new(fleet.Association) },
	fleet.LocationRecord:           func() fleet.Record { return new(fleet.Location) },
	fleet.FieldRecord:              func() fleet.Record { return new(fleet.Field) },
	fleet.CommentRecord:            func() fleet.Record { return new(fleet.Comment) },
	fleet.CalendarRecord:           func() fleet.Record { return new(fleet.Calendar) },
	fleet.ShiftRecord:              func() fleet.Record { return new(fleet.Shift) },
	fleet.AssetRecord:              func() fleet.Record { return new(fleet.Asset) },
	fleet.TicketRecord:             func() fleet.Record { return new(fleet.Ticket) },
	fleet.SupportRouteRecord:       func() fleet.Record { return new(fleet.SupportRoute) },
	fleet.DeviceTypeRecord:         func() fleet.Record { return new(fleet.DeviceType) },
	fleet.EventPlanRecord:          func() fleet.Record { return new(fleet.EventPlan) },
	fleet.ViewRecord:               func() fleet.Record { return new(fleet.View) },
	fleet.CommandRecord:            func() fleet.Record { return new(fleet.Command) },
	fleet.DeviceSheetRecord:        func() fleet.Record { return new(fleet.DeviceSheet) },
	fleet.ImageRecord:              func() fleet.Record { return new(fleet.Image) },
	fleet.ConnectionRecord:         func() fleet.Record { return new(fleet.Connection) },
	fleet.ConnectionTemplateRecord: func() fleet.Record { return new(fleet.ConnectionTemplate) },
}

// Markers are the named points on the map.
func (a *Admin) Markers() *Book[fleet.Marker] { return bookOf[fleet.Marker](a) }

// Contacts are the people to call.
func (a *Admin) Contacts() *Book[fleet.Contact] { return bookOf[fleet.Contact](a) }

// Plans are what customers buy.
func (a *Admin) Plans() *Book[fleet.Plan] { return bookOf[fleet.Plan](a) }

// QRLogins are the codes that sign apps in.
func (a *Admin) QRLogins() *Book[fleet.QRLogin] { return bookOf[fleet.QRLogin](a) }

// ShareLinks are what guests may see.
func (a *Admin) ShareLinks() *Book[fleet.ShareLink] { return bookOf[fleet.ShareLink](a) }

// Connections are the customers' own brokers.
func (a *Admin) Connections() *Book[fleet.Connection] { return bookOf[fleet.Connection](a) }

// ConnectionTemplates are what connections begin with.
func (a *Admin) ConnectionTemplates() *Book[fleet.ConnectionTemplate] {
	return bookOf[fleet.ConnectionTemplate](a)
}

// Labels are the groups and tags.
func (a *Admin) Labels() *Book[fleet.Label] { return bookOf[fleet.Label](a) }

// Associations are the ties of people and customers to other companies.
func (a *Admin) Associations() *Book[fleet.Association] { return bookOf[fleet.Association](a) }

// Locations are the predefined addresses.
func (a *Admin) Locations() *Book[fleet.Location] { return bookOf[fleet.Location](a) }

// Fields are the additional fields of forms.
func (a *Admin) Fields() *Book[fleet.Field] { return bookOf[fleet.Field](a) }

// Comments are the staff's comments on customers and users.
func (a *Admin) Comments() *Book[fleet.Comment] { return bookOf[fleet.Comment](a) }

// Calendars are the hours and days off.
func (a *Admin) Calendars() *Book[fleet.Calendar] { return bookOf[fleet.Calendar](a) }

// Shifts are when the staff works.
func (a *Admin) Shifts() *Book[fleet.Shift] { return bookOf[fleet.Shift](a) }

// Assets are what carries devices.
func (a *Admin) Assets() *Book[fleet.Asset] { return bookOf[fleet.Asset](a) }

// Tickets are customers' messages to their company.
func (a *Admin) Tickets() *Book[fleet.Ticket] { return bookOf[fleet.Ticket](a) }

// SupportRoutes are who answers which tickets.
func (a *Admin) SupportRoutes() *Book[fleet.SupportRoute] { return bookOf[fleet.SupportRoute](a) }

// DeviceTypes are the companies' own types of device.
func (a *Admin) DeviceTypes() *Book[fleet.DeviceType] { return bookOf[fleet.DeviceType](a) }

// EventPlans are the companies' own event plans. They are put by a change set,
// for notifications follow them; see [fleet.ChangeSet].
func (a *Admin) EventPlans() *Book[fleet.EventPlan] { return bookOf[fleet.EventPlan](a) }

// Views are the saved dashboards.
func (a *Admin) Views() *Book[fleet.View] { return bookOf[fleet.View](a) }

// DeviceSheets are what is written down about devices.
func (a *Admin) DeviceSheets() *Book[fleet.DeviceSheet] { return bookOf[fleet.DeviceSheet](a) }

// newPlain is an empty record of a kind, nil for a kind that is not plain.
func newPlain(kind fleet.RecordKind) fleet.Record {
	if make := makers[kind]; make != nil {
		return make()
	}
	return nil
}

// plainKinds are all kinds of plain record, rising.
func plainKinds() []fleet.RecordKind {
	kinds := make([]fleet.RecordKind, 0, len(makers))
	for k := range makers {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// checkPlain holds a record against what it belongs to and names.
func checkPlain(tx *bbolt.Tx, v fleet.Record) error {
	h := v.Header()
	above, err := owners(tx, h.Owner, h.Company)
	if err != nil {
		return err
	}
	if s, ok := v.(*fleet.Shift); ok {
		if err := checkShift(tx, s); err != nil {
			return err
		}
	}
	if l, ok := v.(*fleet.ShareLink); ok {
		if err := checkShares(tx, l); err != nil {
			return err
		}
	}
	if t, ok := v.(*fleet.Association); ok {
		return checkTie(tx, t)
	}
	if c, ok := v.(*fleet.Connection); ok {
		if err := checkConnection(tx, c); err != nil {
			return err
		}
	}
	for _, r := range v.Refs() {
		if ok, err := mayRefer(tx, h, above, &r); err != nil {
			return err
		} else if !ok {
			return fleet.FieldError(r.Field, "there is no %s %s here", r.Kind, fleet.RecordID(r.ID))
		}
	}
	return nil
}

// checkTie wants who is tied to be there, and of another company.
func checkTie(tx *bbolt.Tx, t *fleet.Association) error {
	for _, r := range t.Refs() {
		home, _, there, err := ownerOf(tx, r.Kind, r.ID)
		if err != nil {
			return err
		}
		if !there || home == t.Company {
			return fleet.FieldError(r.Field, "there is no %s %s here", r.Kind, fleet.RecordID(r.ID))
		}
	}
	return nil
}

// checkShift refuses a shift that shares a day with another one of the person.
func checkShift(tx *bbolt.Tx, s *fleet.Shift) error {
	for _, n := range named(tx, fleet.UserRecord, uint64(s.User)) {
		if n.kind != fleet.ShiftRecord || n.id == uint64(s.ID) {
			continue
		}
		var other fleet.Shift
		there, err := findPlain(tx, n.id, &other)
		if err != nil {
			return err
		}
		if there && s.Overlaps(&other) {
			return fleet.FieldError("from", "overlaps a shift from %s to %s", other.From, other.To)
		}
	}
	return nil
}

// mayRefer reports whether a record may name another: one of the same company
// whose owner stands above or below its own, or staff of the installation.
func mayRefer(tx *bbolt.Tx, h *fleet.Head, above []fleet.OwnerID, r *fleet.Ref) (bool, error) {
	company, owner, there, err := ownerOf(tx, r.Kind, r.ID)
	if err != nil || !there || company == 0 {
		return there && r.Kind == fleet.UserRecord, err
	}
	if company != h.Company {
		return false, nil
	}
	e := &edit{tx: tx}
	return e.related(owner, company, h.Owner, above)
}

// ownerOf says to whom a record of any kind belongs.
func ownerOf(tx *bbolt.Tx, kind fleet.RecordKind, id uint64) (fleet.CompanyID, fleet.OwnerID, bool, error) {
	key := be64(id)
	switch kind {
	case fleet.CompanyRecord:
		v, err := companies.find(tx, key)
		if v == nil {
			return 0, 0, false, err
		}
		return v.ID, fleet.Owner(v.ID), true, err
	case fleet.CustomerRecord:
		v, err := customers.find(tx, key)
		if v == nil {
			return 0, 0, false, err
		}
		return v.Company, fleet.Owner(v.ID), true, err
	case fleet.DeviceRecord:
		v, err := devices.find(tx, key)
		if v == nil {
			return 0, 0, false, err
		}
		return v.Company, v.Owner(), true, err
	case fleet.FenceRecord:
		v, err := fences.find(tx, key)
		if v == nil {
			return 0, 0, false, err
		}
		return v.Company, v.Owner, true, err
	case fleet.UserRecord:
		v, err := users.find(tx, key)
		if v == nil {
			return 0, 0, false, err
		}
		return v.Company, userOwner(v), true, err
	case fleet.NotificationRecord:
		v, err := notices.find(tx, key)
		if v == nil {
			return 0, 0, false, err
		}
		return v.Company, v.Owner, true, err
	}
	v := newPlain(kind)
	if v == nil {
		return 0, 0, false, nil
	}
	there, err := findPlain(tx, id, v)
	return v.Header().Company, v.Header().Owner, there, err
}
