package api

import (
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// found is one thing that a search came upon, with enough to choose it by.
type found struct {
	Kind     string           `json:"kind" enum:"device,customer,user,operator,fence" doc:"user: of a customer; operator: of a company's staff"`
	ID       fleet.RecordID   `json:"id"`
	Name     string           `json:"name" example:"Truck 12"`
	Detail   string           `json:"detail,omitempty" doc:"Of a device its plate and identity, of a customer its code, of a person the mail address" example:"ABC123 · 990000862471854"`
	Customer fleet.CustomerID `json:"customer,omitzero" doc:"Whose it is; absent: the company's"`
	Whose    string           `json:"customerName,omitempty" example:"Transportes Andinos"`
}

type searchInput struct {
	Text  string `query:"q" maxLength:"120" doc:"Part of a name, plate, identity (IMEI), code, user name, mail address or phone number, in any case; without it nothing is found"`
	Limit int    `query:"limit" minimum:"1" maximum:"20" default:"5" doc:"At most so many devices, customers, people and fences each"`
}

type foundAll struct {
	Items []found `json:"items" nullable:"false" doc:"Devices first, then customers, customers' people, staff and fences; of each kind the oldest first"`
}

// searchPages bounds how far one kind is looked through for a search.
const searchPages = 10

// search adds the one box that finds everything. What it shows of a kind is
// what the caller's list of that kind shows.
func (a *API) search() {
	op := operation{
		tag: "Session", object: auth.Lookup, action: auth.Read, id: "search", method: http.MethodGet, path: "/search",
		summary: "Find things by name, plate, identity or code", doc: "Only what you see anyway.",
	}
	register(a, op, func(c *call, in *searchInput) (*one[foundAll], error) {
		s := &searcher{c: c, q: fleet.Query{Search: in.Text, Limit: in.Limit}, whose: map[fleet.CustomerID]string{}}
		out := foundAll{Items: []found{}}
		if strings.TrimSpace(in.Text) == "" {
			return &one[foundAll]{out}, nil
		}
		for _, find := range []func() ([]found, error){s.devices, s.customers, s.people, s.fences} {
			items, err := find()
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, items...)
		}
		return &one[foundAll]{out}, nil
	})
}

// searcher is one search.
type searcher struct {
	c     *call
	q     fleet.Query
	whose map[fleet.CustomerID]string // names that were read
}

func (s *searcher) devices() ([]found, error) {
	return pick(s, auth.Device, s.c.api.o.Records.Devices, func(d *fleet.Device) found {
		return s.of(found{Kind: "device", ID: fleet.RecordID(d.ID), Name: d.Name, Detail: strings.TrimPrefix(d.Plate+" · "+d.UniqueID, " · ")}, d.Customer)
	})
}

func (s *searcher) customers() ([]found, error) {
	return pick(s, auth.Customer, s.c.api.o.Records.Customers, func(cu *fleet.Customer) found {
		return s.of(found{Kind: "customer", ID: fleet.RecordID(cu.ID), Name: cu.Name, Detail: cu.Code}, cu.Parent)
	})
}

// people are customers' people before staff. Who sees nobody but oneself needs
// no search.
func (s *searcher) people() ([]found, error) {
	all, err := pick(s, auth.User, s.c.api.o.Records.Users, func(u *fleet.User) found {
		kind := "user"
		if u.Customer == 0 {
			kind = "operator"
		}
		return s.of(found{Kind: kind, ID: fleet.RecordID(u.ID), Name: u.Name, Detail: u.Email}, u.Customer)
	})
	var ordered []found
	for _, kind := range []string{"user", "operator"} {
		for _, f := range all {
			if f.Kind == kind {
				ordered = append(ordered, f)
			}
		}
	}
	return ordered, err
}

func (s *searcher) fences() ([]found, error) {
	return pick(s, auth.Fence, s.c.api.o.Records.Fences, func(f *fleet.Fence) found {
		of := fleet.CustomerID(f.Owner)
		if f.Owner == fleet.Owner(f.Company) {
			of = 0
		}
		return s.of(found{Kind: "fence", ID: fleet.RecordID(f.ID), Name: f.Name}, of)
	})
}

// of names whose a thing is, to callers who see that customer.
func (s *searcher) of(f found, customer fleet.CustomerID) found {
	if customer == 0 {
		return f
	}
	name, ok := s.whose[customer]
	if !ok {
		if sees, err := s.c.seesRecord(fleet.CustomerRecord, uint64(customer)); err == nil && sees {
			if cu, err := s.c.api.o.Records.Customer(customer); err == nil {
				name = cu.Name
			}
		}
		s.whose[customer] = name
	}
	if name != "" {
		f.Customer, f.Whose = customer, name
	}
	return f
}

// pick is what of one kind a search finds, as far as the caller sees the kind.
func pick[T any](s *searcher, object auth.Object, list func(fleet.Query) (fleet.Page[T], error), show func(*T) found) (out []found, err error) {
	reach, scope, err := s.c.may(object, auth.Read)
	if err != nil || reach == auth.Nothing || reach == auth.Own {
		return nil, err
	}
	q := s.q
	q.Scope = scope
	for range searchPages {
		p, err := list(q)
		if err != nil {
			return nil, err
		}
		for i := range p.Items {
			if len(out) == q.Limit {
				return out, nil
			}
			out = append(out, show(&p.Items[i]))
		}
		if q.After = p.Next; q.After == "" || len(out) == q.Limit {
			break
		}
	}
	return out, nil
}
