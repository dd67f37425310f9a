package auth

import "github.com/vigia-track/vigia/engine/fleet"

// Object is a kind of thing that an operation works on.
type Object string

// The objects.
const (
	Company      Object = "company"
	Customer     Object = "customer"
	User         Object = "user"
	Device       Object = "device"
	Position     Object = "position"
	Fence        Object = "fence"
	Rule         Object = "rule"
	Notification Object = "notification"
	Event        Object = "event"
	Delivery     Object = "delivery"
	Token        Object = "token"
	UserToken    Object = "userToken" // that a person of the staff answers for
	Subscription Object = "subscription"
	Stranger     Object = "stranger"
	Stream       Object = "stream"
	System       Object = "system"
	Me           Object = "me"
	Lookup       Object = "lookup" // of names, and of things by name: each kind's own row says which
	Session      Object = "session"
	SignInAs     Object = "signInAs"
	Marker       Object = "marker"
	Contact      Object = "contact"
	Channel      Object = "channel"
	Plan         Object = "plan"
	Module       Object = "module"
	Label        Object = "label"
	Association  Object = "association" // of people and customers with another company
	Location     Object = "location"
	Field        Object = "field"
	Comment      Object = "comment"
	Alarm        Object = "alarm"
	ShareLink    Object = "shareLink"
	QRLogin      Object = "qrLogin"
	Connection   Object = "connection"
	Template     Object = "connectionTemplate"
	Shared       Object = "shared" // what a share link shows to its guests

	Acknowledgement Object = "acknowledgement" // of an alarm
	Statement       Object = "statement"
	Calendar        Object = "calendar"
	Shift           Object = "shift"
	Asset           Object = "asset"
	Ticket          Object = "ticket"
	SupportRoute    Object = "supportRoute"
	DeviceType      Object = "deviceType"
	EventPlan       Object = "eventPlan"
	AlarmMode       Object = "alarmMode" // of a device
	View            Object = "view"
	Command         Object = "command" // to a device; the switches of customer and user decide too
	DevicePanel     Object = "devicePanel"
	DeviceNote      Object = "deviceNote"
	RawMessage      Object = "rawMessage" // of a device, as it came

	// Many records at once, as tables: read is to export, create to import.
	Job           Object = "job"
	BulkUsers     Object = "bulkUsers"
	BulkOperators Object = "bulkOperators"
	BulkCustomers Object = "bulkCustomers"
	BulkDevices   Object = "bulkDevices"
	Image         Object = "image"
	Answer        Object = "answer" // in a ticket's thread
	AuditLog      Object = "audit"
)

// Action is what is done to it.
type Action string

// The actions.
const (
	Read   Action = "read"
	Create Action = "create"
	Update Action = "update"
	Delete Action = "delete"
)

// Reach is how far a permission goes.
type Reach string

// The reaches, from nothing to everything.
const (
	Nothing      Reach = ""
	Own          Reach = "own"          // what belongs to the caller in person
	Assigned     Reach = "assigned"     // the devices assigned to the caller
	OneCustomer  Reach = "customer"     // the caller's customer
	Inner        Reach = "inner"        // the caller's customer and those below it
	OneCompany   Reach = "company"      // the caller's company
	Sole         Reach = "sole"         // the installation, as long as the caller's company is its only one
	Installation Reach = "installation" // everything
)

// Anyone is the role of those who have not signed in.
const Anyone fleet.Role = ""

// Guest is the role of those who opened a share link. Nobody is given it: it is
// the link's, which stands in [Principal.Share].
const Guest fleet.Role = "guest"

// Row allows a role an action.
type Row struct {
	Role   fleet.Role
	Object Object
	Action Action
	Reach  Reach
}

// Table is all that is allowed. It is not changed once in use.
type Table []Row

// Reach is how far a role may go; Nothing without a row.
func (t Table) Reach(role fleet.Role, object Object, action Action) Reach {
	for _, r := range t {
		if r.Role == role && r.Object == object && r.Action == action {
			return r.Reach
		}
	}
	return Nothing
}

// Permissions is the table that the product works by. Positions and events of
// customers are not the platform administrator's business, hence no rows.
func Permissions() Table {
	var t Table
	grant := func(role fleet.Role, reach Reach, actions string, objects ...Object) {
		for _, o := range objects {
			for _, a := range actions {
				t = append(t, Row{Role: role, Object: o, Action: letters[a], Reach: reach})
			}
		}
	}
	grant(Anyone, Own, "C", Session) // set up, sign in

	grant(fleet.PlatformAdmin, Installation, "CRUD", Company)
	grant(fleet.PlatformAdmin, Installation, "CRUD", Customer, User, Device, Fence, Rule, Notification)
	grant(fleet.PlatformAdmin, Installation, "CRUD", Marker, Contact, Plan)
	grant(fleet.PlatformAdmin, Installation, "RU", Module)
	grant(fleet.PlatformAdmin, Installation, "R", Statement)
	grant(fleet.PlatformAdmin, Installation, "C", SignInAs)
	grant(fleet.PlatformAdmin, Installation, "RC", Stranger)
	grant(fleet.PlatformAdmin, Installation, "RC", System) // create: a backup

	grant(fleet.CompanyAdmin, OneCompany, "RU", Company)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", Customer, User, Device, Fence, Rule, Notification)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", Marker, Contact, Plan)
	grant(fleet.CompanyAdmin, OneCompany, "RU", Module)
	grant(fleet.CompanyAdmin, OneCompany, "R", Statement)
	grant(fleet.CompanyAdmin, OneCompany, "C", SignInAs)
	grant(fleet.CompanyAdmin, OneCompany, "R", Position, Event, Delivery, Stream)
	grant(fleet.CompanyAdmin, OneCompany, "RU", Alarm)
	grant(fleet.CompanyAdmin, OneCompany, "U", Acknowledgement)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", Channel)
	grant(fleet.CompanyAdmin, Sole, "RC", Stranger)
	grant(fleet.CompanyAdmin, Sole, "RC", System)

	grant(fleet.Operator, OneCompany, "R",
		Company, Customer, User, Device, Position, Fence, Rule, Notification, Event, Delivery, Stream, Marker, Contact, Plan, Module)

	grant(fleet.CompanyAdmin, OneCompany, "R", RawMessage)
	grant(fleet.Operator, OneCompany, "R", RawMessage)

	grant(fleet.Operator, OneCompany, "RU", Alarm)
	grant(fleet.Operator, OneCompany, "U", Acknowledgement)

	grant(fleet.CustomerAdmin, Inner, "R", Alarm)
	grant(fleet.CustomerAdmin, Inner, "U", Acknowledgement)
	grant(fleet.CustomerAdmin, Inner, "CRUD", Customer) // of a reseller: api.resells
	grant(fleet.CustomerAdmin, Inner, "R", Module, Statement, Position, Rule, Notification, Event, Delivery, Stream)
	grant(fleet.CustomerAdmin, Inner, "RU", Device)
	grant(fleet.CustomerAdmin, Inner, "CRUD", User, Fence, Marker)
	grant(fleet.CustomerAdmin, Inner, "R", Contact)

	grant(fleet.CustomerUser, OneCustomer, "R", Module, Customer, Fence, Rule, Notification, Marker)
	grant(fleet.CustomerUser, Assigned, "R", Device, Position, Event, Stream, Alarm)
	grant(fleet.CustomerUser, Own, "R", User)

	grant(fleet.PlatformAdmin, Installation, "CRD", Association)
	grant(fleet.CompanyAdmin, OneCompany, "RD", Association)

	grant(fleet.PlatformAdmin, Installation, "CRU", QRLogin)
	grant(fleet.CompanyAdmin, OneCompany, "CRU", QRLogin)
	grant(fleet.CustomerAdmin, Inner, "CRU", QRLogin)
	grant(fleet.PlatformAdmin, Installation, "CRUD", Connection, Template)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", Connection, Template)
	grant(fleet.Operator, OneCompany, "R", Connection, Template)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", ShareLink)
	grant(fleet.Operator, OneCompany, "CRUD", ShareLink)
	grant(fleet.CustomerAdmin, Inner, "CRUD", ShareLink)
	grant(Anyone, Own, "C", Shared)             // open a link
	grant(Guest, Assigned, "R", Shared, Stream) // the link's devices

	// What a company sets up; its customers read what they work with.
	grant(fleet.PlatformAdmin, Installation, "CRUD", Label, Location, Field, Comment)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", Label, Location, Field, Comment)
	grant(fleet.Operator, OneCompany, "R", Label, Location, Field)
	grant(fleet.Operator, OneCompany, "CR", Comment)
	grant(fleet.CustomerAdmin, Inner, "CRUD", Label)
	grant(fleet.CustomerAdmin, Inner, "R", Location, Field)
	grant(fleet.CustomerUser, OneCustomer, "R", Label)

	grant(fleet.PlatformAdmin, Installation, "CRUD", Calendar, Shift, Asset, SupportRoute)
	grant(fleet.PlatformAdmin, Installation, "R", Ticket)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", Calendar, Shift, Asset, SupportRoute, Ticket)
	grant(fleet.Operator, OneCompany, "R", Calendar, Shift, Asset, SupportRoute)
	grant(fleet.Operator, OneCompany, "RU", Ticket)
	grant(fleet.CustomerAdmin, Inner, "CRUD", Asset)
	grant(fleet.CustomerAdmin, Inner, "CR", Ticket)
	grant(fleet.CustomerUser, OneCustomer, "CR", Ticket) // what it wrote itself

	grant(fleet.PlatformAdmin, Installation, "U", AlarmMode, DeviceNote)
	grant(fleet.PlatformAdmin, Installation, "RU", DevicePanel)
	grant(fleet.CompanyAdmin, OneCompany, "U", AlarmMode, DeviceNote)
	grant(fleet.CompanyAdmin, OneCompany, "RU", DevicePanel)
	grant(fleet.Operator, OneCompany, "U", AlarmMode, DeviceNote)
	grant(fleet.Operator, OneCompany, "R", DevicePanel)
	grant(fleet.CustomerAdmin, Inner, "R", DevicePanel)
	grant(fleet.PlatformAdmin, Installation, "CRUD", DeviceType, EventPlan)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", DeviceType, EventPlan)
	grant(fleet.Operator, OneCompany, "R", DeviceType, EventPlan)
	grant(fleet.CustomerAdmin, Inner, "R", DeviceType, EventPlan)
	grant(fleet.CustomerUser, OneCustomer, "R", DeviceType, EventPlan)
	grant(fleet.PlatformAdmin, Installation, "CRUD", View)
	grant(fleet.CompanyAdmin, OneCompany, "CRUD", View)
	grant(fleet.Operator, OneCompany, "R", View)
	grant(fleet.CustomerAdmin, Inner, "CRUD", View)
	grant(fleet.CustomerUser, OneCustomer, "R", View)
	grant(fleet.CompanyAdmin, OneCompany, "CRU", Command)
	grant(fleet.Operator, OneCompany, "CRU", Command)
	grant(fleet.CustomerAdmin, Inner, "CRU", Command)
	grant(fleet.CustomerUser, Assigned, "CRU", Command)

	// Tables of many records: staff's administrators, and customers' for their
	// own people.
	grant(fleet.PlatformAdmin, Installation, "RC", BulkUsers, BulkOperators, BulkCustomers, BulkDevices)
	grant(fleet.CompanyAdmin, OneCompany, "RC", BulkUsers, BulkOperators, BulkCustomers, BulkDevices)
	grant(fleet.CustomerAdmin, Inner, "RC", BulkUsers)
	grant(fleet.PlatformAdmin, Own, "RD", Job)
	grant(fleet.CompanyAdmin, Own, "RD", Job)
	grant(fleet.CustomerAdmin, Own, "RD", Job)
	grant(fleet.PlatformAdmin, Installation, "R", Image, AuditLog)
	grant(fleet.CompanyAdmin, OneCompany, "R", Image, AuditLog)
	grant(fleet.Operator, OneCompany, "R", Image)
	grant(fleet.CustomerAdmin, Inner, "R", Image)
	grant(fleet.CustomerUser, OneCustomer, "R", Image)

	grant(fleet.CompanyAdmin, OneCompany, "C", Answer)
	grant(fleet.Operator, OneCompany, "C", Answer)
	grant(fleet.CustomerAdmin, Inner, "C", Answer)
	grant(fleet.CustomerUser, OneCustomer, "C", Answer) // in what it wrote itself

	grant(fleet.PlatformAdmin, Installation, "CRD", UserToken)
	grant(fleet.CompanyAdmin, OneCompany, "CRD", UserToken)

	for _, role := range fleet.Roles() {
		grant(role, Own, "RU", Me)
		grant(role, Own, "R", Lookup)
		grant(role, Own, "CRD", Token, Subscription)
		grant(role, Own, "RD", Session) // list them, sign out
	}
	return t
}

var letters = map[rune]Action{'C': Create, 'R': Read, 'U': Update, 'D': Delete}

// MayGrant reports whether a role may give another one to somebody: its own or
// a lesser one.
func MayGrant(by, role fleet.Role) bool {
	switch by {
	case fleet.PlatformAdmin:
		return true
	case fleet.CompanyAdmin:
		return role != fleet.PlatformAdmin
	case fleet.CustomerAdmin:
		return role == fleet.CustomerAdmin || role == fleet.CustomerUser
	}
	return false
}
