package api

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type user struct {
	ID       fleet.UserID     `json:"id"`
	Company  fleet.CompanyID  `json:"company,omitzero"`
	Customer fleet.CustomerID `json:"customer,omitzero" doc:"Absent for the company's own staff"`
	Name     string           `json:"name" example:"Ana Rojas"`
	Email    string           `json:"email" example:"ana@example.com"`
	Phone    string           `json:"phone,omitempty" example:"+573001234567"`
	Lang     fleet.Lang       `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string           `json:"timezone" example:"America/Bogota"`
	Role     fleet.Role       `json:"role" enum:"platformAdmin,companyAdmin,operator,customerAdmin,customerUser" example:"operator"`
	Disabled bool             `json:"disabled"`
	Devices  []fleet.DeviceID `json:"devices" nullable:"false" doc:"What a customerUser sees"`
	Username string           `json:"username" doc:"What the person signs in with" example:"ana"`
	First    string           `json:"firstName,omitempty" example:"Ana"`
	Last     string           `json:"lastName,omitempty" example:"Rojas"`
	Web      bool             `json:"web" doc:"May sign in with a browser"`
	IOS      bool             `json:"ios" doc:"May sign in with the app on iOS"`
	Android  bool             `json:"android" doc:"May sign in with the app on Android"`
	Commands bool             `json:"commands" doc:"May send commands to devices, where the customer may"`
	Primary  bool             `json:"primary,omitempty" doc:"The customer's own sign-in"`
	Status   string           `json:"status" enum:"invited,active,locked,disabled" doc:"invited: has no password yet"`
	Verified bool             `json:"verified" doc:"The mail address was proved to be the person's"`
	Second   bool             `json:"secondFactor" doc:"Signs in with a code too"`
	Modules  []fleet.Module   `json:"modules" nullable:"false" doc:"What the user may use; never more than the customer"`
	Version  uint64           `json:"version"`
	Created  fleet.Time       `json:"created"`
	Assigned int              `json:"assigned" doc:"How many devices are assigned to a customerUser"`
	Flags    []string         `json:"flags" nullable:"false" enum:"no-email,unverified-email,no-devices" doc:"What somebody should look at: no notice can be mailed; the address was never proved; a customerUser sees no device yet"`
	Image    fleet.RecordID   `json:"image,omitzero" doc:"A photo: /images/{id}"`
	Groups   []group          `json:"groups" nullable:"false" doc:"That the person is in, of those that you may read"`
	Quiet    *schedule        `json:"quiet,omitempty" doc:"When the person wants no notice, by its own clock; critical alarms come all the same"`
	Person
}

// Person is what is written down about a person; nothing depends on it. It is
// exported because only exported structs can be embedded.
type Person struct {
	fleet.Address
	Location fleet.RecordID `json:"location,omitzero" doc:"A predefined one: naming it without an address takes its address and place over, which may be adjusted afterwards"`
	Lat      *float64       `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"Of the address, degrees" example:"4.6097"`
	Lon      *float64       `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"Of the address, degrees" example:"-74.0817"`
	Extra    fleet.Extra    `json:"extra,omitempty" doc:"Additional fields, by the field's ID: see /fields, entity user for customers' people and operator for staff. Absent on update: as they are" example:"{\"01H8MZ3V7Q2KD\":\"Gold\"}"`
}

// group is one that somebody is in.
type group struct {
	ID   fleet.RecordID  `json:"id"`
	Name string          `json:"name" example:"Night shift"`
	Sort fleet.LabelSort `json:"sort" enum:"group,tag"`
}

// groups are the labels that list a person or customer, of those that the
// caller may read.
func (c *call) groups(kind fleet.RecordKind, id uint64) ([]group, error) {
	out := []group{}
	if c.user == nil {
		return out, nil
	}
	_, scope, err := c.may(auth.Label, auth.Read)
	if err != nil {
		return out, err
	}
	all, err := c.api.o.Records.LabelsOf(kind, id)
	for i := range all {
		if l := &all[i]; scope.SeesOwner(l.Company, l.Owner) {
			out = append(out, group{l.ID, l.Name, l.Sort})
		}
	}
	return out, err
}

func showUser(u *fleet.User) user {
	return user{
		ID: u.ID, Company: u.Company, Customer: u.Customer, Name: u.Name, Email: u.Email, Phone: u.Phone,
		Lang: u.Lang, Timezone: u.Timezone, Role: u.Role, Disabled: u.Disabled,
		Devices: some(u.Devices), Version: u.Version, Created: u.Created,
		Username: u.Login(), First: u.First, Last: u.Last, Web: !u.NoWeb, IOS: !u.NoIOS, Android: !u.NoAnd,
		Commands: u.Commands, Primary: u.Primary, Status: "active", Modules: []fleet.Module{},
		Person:   Person{Address: u.Home, Location: u.Location, Lat: u.Lat, Lon: u.Lon},
		Assigned: len(u.Devices), Flags: []string{}, Groups: []group{}, Quiet: showSchedule(u.Quiet),
	}
}

// showPerson adds to a user what is kept apart from its record.
func (c *call) showPerson(u *fleet.User) user {
	out := showUser(u)
	cred, err := c.api.o.People.Credential(u.ID)
	switch {
	case u.Disabled:
		out.Status = "disabled"
	case err != nil:
	case cred.Hash == "":
		out.Status = "invited"
	case cred.Locked > c.api.o.Now():
		out.Status = "locked"
	}
	if acc, err := c.api.o.Records.Account(u.ID); err == nil {
		out.Modules = acc.Modules().List()
	}
	out.Verified = cred.Verified != "" && strings.EqualFold(cred.Verified, u.Email)
	out.Second = cred.TOTPOn
	switch {
	case u.Email == "":
		out.Flags = append(out.Flags, "no-email")
	case !out.Verified:
		out.Flags = append(out.Flags, "unverified-email")
	}
	if u.Role == fleet.CustomerUser && len(u.Devices) == 0 {
		out.Flags = append(out.Flags, "no-devices")
	}
	if c.user != nil {
		out.Extra = c.showExtra(u.Company, entityOf(u.Customer), u.Extra)
		if in, err := c.groups(fleet.UserRecord, uint64(u.ID)); err == nil {
			out.Groups = in
		}
		out.Image = c.image(fleet.UserRecord, uint64(u.ID))
	}
	return out
}

type userInput struct {
	Company  fleet.CompanyID  `json:"company,omitzero" doc:"Absent: your own, or the customer's"`
	Customer fleet.CustomerID `json:"customer,omitzero" doc:"For the customer roles"`
	Name     string           `json:"name,omitempty" doc:"Absent: first and last name" example:"Ana Rojas"`
	Email    string           `json:"email,omitempty" doc:"Unique in the installation; absent: none, then a user name is needed and no mail is sent" example:"ana@example.com"`
	Phone    string           `json:"phone,omitempty" doc:"E.164; SMS go there" example:"+573001234567"`
	Lang     fleet.Lang       `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string           `json:"timezone" example:"America/Bogota"`
	Role     fleet.Role       `json:"role,omitempty" enum:"platformAdmin,companyAdmin,operator,customerAdmin,customerUser" doc:"Absent, with a customer: the customer's default, on update as it is" example:"operator"`
	Disabled bool             `json:"disabled,omitempty"`
	Modules  []fleet.Module   `json:"modules,omitempty" maxItems:"50" doc:"That are ticked, of those that the customer has; absent: as they are, on creation all"`
	Devices  []fleet.DeviceID `json:"devices,omitempty" nullable:"false" maxItems:"10000" doc:"What a customerUser sees"`
	Version  uint64           `json:"version,omitempty" doc:"On update: the version that you saw"`
	Username string           `json:"username,omitempty" maxLength:"64" doc:"Unique in the installation; absent: the mail address" example:"ana"`
	First    string           `json:"firstName,omitempty" maxLength:"60" example:"Ana"`
	Last     string           `json:"lastName,omitempty" maxLength:"60" example:"Rojas"`
	Web      *bool            `json:"web,omitempty" doc:"Absent: yes"`
	IOS      *bool            `json:"ios,omitempty" doc:"Absent: yes"`
	Android  *bool            `json:"android,omitempty" doc:"Absent: yes"`
	Commands bool             `json:"commands,omitempty"`
	Person

	Quiet *quietHours `json:"quiet,omitempty" doc:"When the person wants no notice, by its own clock; SOS and other critical alarms come all the same, the others at the end. Absent: as it is; no intervals: never quiet"`

	Activation *activationInput `json:"activation,omitempty" doc:"On creation: how the person comes to a password"`
}

// userMade is a new user, with the way to its first password.
type userMade struct {
	user
	Activation activation `json:"activation"`
}

func off(on *bool) bool { return on != nil && !*on }

// apply lays the input over a user, new or stored.
func (in *userInput) apply(c *call, u *fleet.User) error {
	company, customer, err := in.Company, in.Customer, error(nil)
	if staff := in.Role == fleet.PlatformAdmin || in.Role == fleet.CompanyAdmin || in.Role == fleet.Operator; staff && company == 0 && customer == 0 {
		company = c.user.Company
	}
	if nowhere := in.Role == fleet.PlatformAdmin && company == 0 && customer == 0 && c.scope.Installation; !nowhere {
		if company, customer, err = c.place(company, customer); err != nil {
			return err
		}
	}
	if u.ID != 0 && u.Company != company {
		return fleet.FieldError("company", "cannot be changed")
	}
	standing, err := c.standing(company, customer)
	if err != nil {
		return err
	}
	role := cmp.Or(in.Role, u.Role)
	if role == "" && len(standing.Chain) > 0 {
		role = standing.Chain[0].UserRole()
	}
	if in.Modules != nil {
		if u.Without, err = tick("modules", standing.Modules(), in.Modules); err != nil {
			return err
		}
	}
	in.Role = role
	if !auth.MayGrant(c.user.Role, in.Role) || u.Role != "" && !auth.MayGrant(c.user.Role, u.Role) {
		return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
	}
	if customer == 0 && (in.Role == fleet.CustomerUser || in.Role == fleet.CustomerAdmin) {
		return fleet.FieldError("customer", "is required")
	}
	u.Devices = nil
	if in.Role == fleet.CustomerUser {
		if u.Devices, err = c.checkDevices("devices", company, fleet.OwnerID(customer), in.Devices); err != nil {
			return err
		}
	} else if len(in.Devices) > 0 {
		return fleet.FieldError("devices", "only a customerUser has assigned devices")
	}
	u.Company, u.Customer, u.Name, u.Email, u.Phone = company, customer, in.Name, in.Email, in.Phone
	u.Lang, u.Timezone, u.Role, u.Disabled, u.Version = in.Lang, in.Timezone, in.Role, in.Disabled, in.Version
	u.First, u.Last, u.Username, u.Commands = in.First, in.Last, strings.ToLower(in.Username), in.Commands
	u.NoWeb, u.NoIOS, u.NoAnd = off(in.Web), off(in.IOS), off(in.Android)
	if u.Name == "" {
		u.Name = strings.TrimSpace(u.First + " " + u.Last)
	}
	if u.Username == strings.ToLower(u.Email) {
		u.Username = ""
	}
	was := u.Location
	u.Home, u.Location, u.Lat, u.Lon = in.Address, in.Location, in.Lat, in.Lon
	if err := c.settle(was, u.Location, &u.Home, &u.Lat, &u.Lon); err != nil {
		return err
	}
	if u.Extra, err = c.layExtra(company, entityOf(customer), u.Extra, in.Extra, u.ID == 0); err != nil {
		return err
	}
	if in.Quiet != nil {
		if u.Quiet, err = in.Quiet.read(); err != nil {
			return err
		}
	}
	return u.Validate()
}

// userList is a list of people.
type userList struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a name, user name, mail address or phone number, in any case"`
	Owner  string `query:"owner" doc:"Only the people of this customer or, with a company, its staff"`
	Label  string `query:"label" doc:"Only those that this group lists"`
	Status string `query:"status" enum:"active,suspended" doc:"suspended: disabled ones"`
	Sort   string `query:"sort" enum:"name,-name,username,-username,email,-email,phone,-phone,role,-role,status,-status,created,-created" doc:"What to sort by, - before it: the other way round; absent: the oldest first"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

func (a *API) users() {
	op := operation{tag: "Users", object: auth.User}

	op.id, op.method, op.path, op.action = "listUsers", http.MethodGet, "/users", auth.Read
	op.summary = "List users"
	register(a, op, func(c *call, in *userList) (*one[page[user]], error) {
		if c.reach == auth.Own {
			return &one[page[user]]{page[user]{Items: []user{c.showPerson(c.user)}}}, nil
		}
		q, err := (&list{Search: in.Search, Owner: in.Owner, After: in.After, Limit: in.Limit}).ordered(c, in.Sort, in.Status)
		if err != nil {
			return nil, err
		}
		if ok, err := c.label(in.Label, &q); err != nil || !ok {
			return &one[page[user]]{page[user]{Items: []user{}}}, err
		}
		p, err := a.o.Records.Users(q)
		return pageOf(p, c.showPerson), err
	})

	op.id, op.path, op.summary = "getUser", "/users/{id}", "Read a user"
	register(a, op, func(c *call, in *ByID) (*one[user], error) {
		u, err := c.person(in.ID)
		return &one[user]{c.showPerson(&u)}, err
	})

	op.id, op.method, op.path, op.action = "createUser", http.MethodPost, "/users", auth.Create
	op.summary, op.status = "Add a user", http.StatusCreated
	op.example = userInput{Name: "Ana Rojas", Email: "ana@example.com", Phone: "+573001234567", Lang: fleet.Spanish, Timezone: "America/Bogota", Role: fleet.Operator}
	register(a, op, func(c *call, in *struct{ Body userInput }) (*one[userMade], error) {
		var u fleet.User
		if err := in.Body.apply(c, &u); err != nil {
			return nil, err
		}
		u.Version = 0
		how := cmp.Or(in.Body.Activation, &activationInput{})
		if how.Method == byPassword { // nothing is made with a password that cannot be
			policy, err := a.policy(u.Company)
			if err == nil {
				err = within("activation", policy.Check(how.Password))
			}
			if err != nil {
				return nil, err
			}
		}
		u, err := a.o.People.PutUser(c.actor(), u)
		if err != nil {
			return nil, err
		}
		way, err := a.startActivation(c, &u, how)
		return &one[userMade]{userMade{c.showPerson(&u), way}}, err
	})

	op.id, op.method, op.path, op.action = "updateUser", http.MethodPut, "/users/{id}", auth.Update
	op.summary, op.status = "Change a user", 0
	register(a, op, func(c *call, in *struct {
		ByID
		Body userInput
	}) (*one[user], error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Body.apply(c, &u); err != nil {
			return nil, err
		}
		if u, err = a.o.People.PutUser(c.actor(), u); err != nil {
			return nil, err
		}
		return &one[user]{c.showPerson(&u)}, nil
	})

	op.id, op.method, op.action, op.summary = "deleteUser", http.MethodDelete, auth.Delete, "Remove a user"
	op.doc, op.example = "Its tokens and push subscriptions go with it.", nil
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		if !auth.MayGrant(c.user.Role, u.Role) {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		if err := sameVersion(u.Version, in.Version); err != nil {
			return nil, err
		}
		return nil, a.o.People.DeleteUser(c.actor(), u.ID, u.Version)
	})
}

// standing is what decides about people of a customer, or of a company's staff.
func (c *call) standing(company fleet.CompanyID, customer fleet.CustomerID) (s fleet.Standing, err error) {
	if customer != 0 {
		return c.api.o.Records.Standing(customer)
	}
	if company != 0 {
		s.Company, err = c.api.o.Records.Company(company)
	}
	return s, err
}

func (c *call) person(id string) (fleet.User, error) {
	n, err := fleet.ParseID[userKey](id)
	if err != nil || n == 0 {
		return fleet.User{}, errNotFound()
	}
	u, err := c.api.o.Records.User(fleet.UserID(n))
	if err != nil {
		return fleet.User{}, err
	}
	if c.reach == auth.Own && u.ID == c.user.ID || seesUser(&c.scope, &u) {
		return u, nil
	}
	return fleet.User{}, errNotFound()
}

// seesUser reports whether a person's record is in the scope.
func seesUser(s *fleet.Scope, u *fleet.User) bool {
	if u.Customer != 0 {
		return s.SeesOwner(u.Company, fleet.OwnerID(u.Customer))
	}
	return s.SeesOwner(u.Company, fleet.OwnerID(u.Company))
}

type userKey struct{}

// some is s, but never nil: lists are written as [] and not as null.
func some[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
