package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Book reads and writes plain records of one kind; each write carries its audit
// row in the same transaction. Lists hold only what the query's scope may see;
// single reads are unscoped, their caller checks.
type Book[T any] interface {
	Get(id fleet.RecordID) (T, error)
	List(q fleet.Query) (fleet.Page[T], error)
	// Put creates (ID 0) or replaces a record whose Version matches.
	Put(actor fleet.Actor, v T) (T, error)
	// Delete removes a record whose Version matches (0: any).
	Delete(actor fleet.Actor, id fleet.RecordID, version uint64) error
}

// NamedBook is a Book whose records are found by a text, and changed by what
// happens to them.
type NamedBook[T any] interface {
	Book[T]
	// Named is the record that has a unique text; NotFound if none does.
	Named(company fleet.CompanyID, u fleet.UniqueText) (T, error)
	// Amend changes a record by what stands there, in one transaction: of two at
	// once one comes first. The version stays: no person's edit is in the way.
	Amend(actor fleet.Actor, id fleet.RecordID, change func(*T) error) (T, error)
}

// Books are the plain records, by kind. All are required.
type Books struct {
	Markers             Book[fleet.Marker]
	Contacts            Book[fleet.Contact]
	Plans               Book[fleet.Plan]
	ShareLinks          NamedBook[fleet.ShareLink]
	QRLogins            NamedBook[fleet.QRLogin]
	Labels              Book[fleet.Label]
	Associations        Book[fleet.Association]
	Locations           Book[fleet.Location]
	Fields              Book[fleet.Field]
	Comments            Book[fleet.Comment]
	Calendars           Book[fleet.Calendar]
	Shifts              Book[fleet.Shift]
	Assets              Book[fleet.Asset]
	Tickets             Book[fleet.Ticket]
	SupportRoutes       Book[fleet.SupportRoute]
	DeviceTypes         Book[fleet.DeviceType]
	EventPlans          Book[fleet.EventPlan]
	Views               Book[fleet.View]
	DeviceSheets        NamedBook[fleet.DeviceSheet]
	Images              Images
	Answers             Answers
	Connections         Book[fleet.Connection]
	ConnectionTemplates NamedBook[fleet.ConnectionTemplate]
}

// books adds the operations on plain records. Each kind is one line: how it is
// called, and what an example looks like.
func (a *API) books() {
	b := &a.o.Books
	crud(a, resource[fleet.Marker]{
		one: "Marker", many: "Markers", path: "/markers", object: auth.Marker, book: b.Markers,
		a: "a marker", doc: "Named points on the map.",
		example: fleet.Marker{Name: "North gate", Icon: "flag", Colour: "#1971c2", Lat: 4.6097, Lon: -74.0817},
	})
	crud(a, resource[fleet.Contact]{
		one: "Contact", many: "Contacts", path: "/contacts", object: auth.Contact, book: b.Contacts,
		a: "a contact", doc: "People to call about a customer's devices. They do not sign in.",
		example: fleet.Contact{Name: "María Rojas", Relation: "Night guard", Phones: []string{"+573001234567"}, Lang: fleet.Spanish, AllDevices: true},
	})
	a.shareLinks()
	a.qrLogins()
	a.connections()
	a.labels()
	a.associations()
	a.parameters()
	a.work()
	a.support()
	a.kinds()
	a.views()
	a.images()
}

// resource is how plain records of one kind appear in the API.
type resource[T any] struct {
	one, many string // "Marker", "Markers"; operation IDs and the tag are made of them
	a         string // "a marker", for summaries
	doc       string
	path      string
	object    auth.Object
	book      Book[T]
	example   T

	// lay may complete or refuse what a caller sent, before it is stored; old
	// is nil for a new one. show may hide what the caller must not see.
	lay  func(c *call, old, v *T) error
	show func(c *call, v *T)
	// common records that are the company's own are read by its customers too;
	// companyOnly ones have no other owner.
	common, companyOnly bool
	// sees may hide a record that the scope alone would show; it answers like
	// one that does not exist.
	sees func(c *call, v *T) bool
	// readOnly leaves out the operations that write: others do that.
	readOnly bool
	// ownList says that the list is registered elsewhere, with filters of its own.
	ownList bool
	// builtIn ones belong to nobody, are read by everybody who may read the
	// object at all, and never change.
	builtIn []T
	// put stores in place of the book's Put; nil: that.
	put func(c *call, v T) (T, error)
}

// crud registers list, read, create, update and delete.
func crud[T any, P interface {
	*T
	fleet.Record
}](a *API, r resource[T]) {
	op := operation{tag: r.many, object: r.object}
	shown := func(c *call, v T, err error) (*one[T], error) {
		if err != nil {
			return nil, err
		}
		if r.show != nil {
			r.show(c, &v)
		}
		return &one[T]{v}, nil
	}
	find := func(c *call, id string) (v T, err error) {
		n, err := fleet.ParseID[recordKey](id)
		if err != nil || n == 0 {
			return v, errNotFound()
		}
		if fleet.BuiltIn(fleet.RecordID(n)) {
			for _, v := range r.builtIn {
				if P(&v).Header().ID == fleet.RecordID(n) {
					return v, nil
				}
			}
			return v, errNotFound()
		}
		v, err = r.book.Get(fleet.RecordID(n))
		if h := P(&v).Header(); err == nil && (!c.scope.SeesOwner(h.Company, h.Owner) || r.sees != nil && !r.sees(c, &v)) {
			err = errNotFound()
		}
		return v, err
	}

	put := func(c *call, v T) (T, error) {
		if r.put != nil {
			return r.put(c, v)
		}
		return r.book.Put(c.actor(), v)
	}

	a.plain[P(new(T)).Kind()] = plainReader{r.object, r.common, func(c *call, id fleet.RecordID) (fleet.Head, error) {
		v, err := r.book.Get(id)
		if err == nil && r.sees != nil && !r.sees(c, &v) {
			err = errNotFound()
		}
		return *P(&v).Header(), err
	}}

	op.method, op.action = http.MethodGet, auth.Read
	if !r.ownList {
		op.id, op.path = "list"+r.many, r.path
		op.summary, op.doc = "List "+strings.ToLower(r.many), r.doc+" By name."
		register(a, op, func(c *call, in *plainList) (*one[page[T]], error) {
			c.scope.Common = r.common
			q, err := (&list{Search: in.Search, Owner: in.Owner, After: in.After, Limit: in.Limit}).query(c)
			if err != nil {
				return nil, err
			}
			if ok, err := c.about(in.About, &q); err != nil || !ok {
				return &one[page[T]]{page[T]{Items: []T{}}}, err
			}
			p, err := withBuiltIn[T, P](r.builtIn, q, r.book.List)
			if r.sees != nil {
				p.Items = slices.DeleteFunc(p.Items, func(v T) bool { return !r.sees(c, &v) })
			}
			for i := range p.Items {
				if r.show != nil {
					r.show(c, &p.Items[i])
				}
			}
			return &one[page[T]]{page[T]{Items: some(p.Items), Next: p.Next}}, err
		})
	}

	op.id, op.path, op.summary, op.doc = "get"+r.one, r.path+"/{id}", "Read "+r.a, ""
	register(a, op, func(c *call, in *ByID) (*one[T], error) {
		c.scope.Common = r.common
		v, err := find(c, in.ID)
		return shown(c, v, err)
	})
	if r.readOnly {
		return
	}

	op.id, op.method, op.path, op.action = "create"+r.one, http.MethodPost, r.path, auth.Create
	op.summary, op.status, op.example = "Add "+r.a, http.StatusCreated, r.example
	register(a, op, func(c *call, in *struct{ Body T }) (*one[T], error) {
		v := in.Body
		h := P(&v).Header()
		company, owner, err := c.owner("owner", h.Owner)
		if err != nil {
			return nil, err
		}
		if r.companyOnly && owner != fleet.Owner(company) {
			if h.Owner != 0 {
				return nil, fleet.FieldError("owner", "belongs to the company, not to a customer")
			}
			owner = fleet.Owner(company)
		}
		*h = fleet.Head{Company: company, Owner: owner}
		if err := prepare[T, P](c, &r, nil, &v); err != nil {
			return nil, err
		}
		v, err = put(c, v)
		return shown(c, v, err)
	})

	op.id, op.method, op.path, op.action = "update"+r.one, http.MethodPut, r.path+"/{id}", auth.Update
	op.summary, op.status = "Change "+r.a, 0
	register(a, op, func(c *call, in *struct {
		ByID
		Body T
	}) (*one[T], error) {
		old, err := find(c, in.ID)
		if err == nil && fleet.BuiltIn(P(&old).Header().ID) {
			err = errBuiltIn()
		}
		if err != nil {
			return nil, err
		}
		v := in.Body
		h, was := P(&v).Header(), P(&old).Header()
		if h.Owner != 0 && h.Owner != was.Owner {
			return nil, fleet.FieldError("owner", "cannot be changed")
		}
		h.ID, h.Company, h.Owner, h.Created = was.ID, was.Company, was.Owner, was.Created
		if err := prepare[T, P](c, &r, &old, &v); err != nil {
			return nil, err
		}
		v, err = put(c, v)
		return shown(c, v, err)
	})

	op.id, op.method, op.action, op.summary, op.example = "delete"+r.one, http.MethodDelete, auth.Delete, "Remove "+r.a, nil
	op.doc = "Refused with 409 while something else needs it."
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		v, err := find(c, in.ID)
		if err == nil && fleet.BuiltIn(P(&v).Header().ID) {
			err = errBuiltIn()
		}
		if err != nil {
			return nil, err
		}
		return nil, r.book.Delete(c.actor(), P(&v).Header().ID, in.Version)
	})
}

// plainList is a list of plain records.
type plainList struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a name, code, plate or identity, in any case"`
	Owner  string `query:"owner" doc:"Only what belongs to this customer or company"`
	About  string `query:"about" doc:"Only those that name this user, customer or device, by age: its comments, shifts, groups, contacts"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

// about narrows a query to records that name a person, customer or device;
// false: none that the caller sees, which selects nothing.
func (c *call) about(id string, q *fleet.Query) (bool, error) {
	if id == "" {
		return true, nil
	}
	n, err := fleet.ParseID[ownerKey](id)
	if err != nil || n == 0 {
		return false, fleet.FieldError("about", "%v", idError(id))
	}
	for _, kind := range []fleet.RecordKind{fleet.UserRecord, fleet.CustomerRecord, fleet.DeviceRecord} {
		ok, err := c.seesRecord(kind, uint64(n))
		if err != nil {
			return false, err
		}
		if ok {
			q.About = fleet.Named{Kind: kind, ID: uint64(n)}
			return true, nil
		}
	}
	return false, nil
}

// prepare lets the resource have its say and holds what the record names
// against what the caller may see.
func prepare[T any, P interface {
	*T
	fleet.Record
}](c *call, r *resource[T], old, v *T) error {
	named := P(v).Refs() // by the caller: what lay adds is ours to name
	if r.lay != nil {
		if err := r.lay(c, old, v); err != nil {
			return err
		}
	}
	for _, ref := range named {
		if ok, err := c.seesRecord(ref.Kind, ref.ID); err != nil {
			return err
		} else if !ok {
			return errForeign(ref.Field)
		}
	}
	return nil
}

type recordKey struct{}
