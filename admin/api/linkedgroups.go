package api

import (
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// offeredTie is an association that joining a group would make.
type offeredTie struct {
	User    fleet.UserID          `json:"user" doc:"Who joins the group"`
	Name    string                `json:"name" example:"Ana Rojas"`
	Company fleet.CompanyID       `json:"company" doc:"With which the group is linked"`
	Called  string                `json:"companyName" example:"Vigía Norte"`
	Mode    fleet.AssociationMode `json:"mode" enum:"view,work"`
}

// maxOffered is how many associations a problem lists.
const maxOffered = 200

// layLinks checks the companies that a group names, and asks what is to become
// of the people who join it.
func (c *call) layLinks(old, v *fleet.Label) error {
	var was []fleet.CompanyID
	if old != nil {
		was = old.Linked
	}
	if v.Linked == nil {
		v.Linked = was
		if old != nil {
			v.Mode = cmp.Or(v.Mode, old.Mode)
		}
	}
	v.Linked = sorted(v.Linked)
	for i, id := range v.Linked {
		if slices.Contains(was, id) {
			continue
		}
		if ok, err := c.seesRecord(fleet.CompanyRecord, uint64(id)); err != nil {
			return err
		} else if !ok || id == v.Company {
			return errForeign(index("linkedCompanies", i))
		}
	}
	if v.Confirm != nil || len(v.Linked) == 0 {
		return nil
	}
	if err := v.Validate(); err != nil {
		return err
	}
	ties, err := c.offered(old, v)
	if err != nil || len(ties) == 0 {
		return err
	}
	p := newProblem(c.lang, codeAssociation, "")
	p.Associations = ties[:min(len(ties), maxOffered)]
	return p
}

// offered are the associations that a group would make of those who join it,
// with companies that are there and that they are not tied to yet.
func (c *call) offered(old, v *fleet.Label) (out []offeredTie, err error) {
	for _, id := range v.Users {
		if old != nil && slices.Contains(old.Users, id) {
			continue
		}
		if ok, err := c.seesRecord(fleet.UserRecord, uint64(id)); err != nil {
			return nil, err
		} else if !ok {
			return nil, errForeign("users")
		}
		u, err := c.api.o.Records.User(id)
		if err != nil {
			return nil, err
		}
		tied, err := c.api.o.Records.AssociationsOf(fleet.UserRecord, uint64(id))
		if err != nil {
			return nil, err
		}
		for _, company := range v.Linked {
			if company == u.Company || slices.ContainsFunc(tied, func(t fleet.Association) bool { return t.Company == company }) {
				continue
			}
			co, err := c.api.o.Records.Company(company)
			if fleet.KindOf(err) == fleet.NotFound {
				continue
			}
			if err != nil {
				return nil, err
			}
			out = append(out, offeredTie{u.ID, u.Name, company, co.Name, cmp.Or(v.Mode, fleet.ViewMode)})
		}
	}
	return out, nil
}

// putGroup stores a label and, where the caller confirmed it, the associations
// of those who join. They come first: repeated, a call that was cut short
// finds nothing left to ask.
func (c *call) putGroup(v fleet.Label) (fleet.Label, error) {
	confirmed := v.Confirm != nil && *v.Confirm
	v.Confirm = nil
	if confirmed && len(v.Linked) > 0 {
		var old *fleet.Label
		if v.ID != 0 {
			stored, err := c.api.o.Books.Labels.Get(v.ID)
			if err == nil && stored.Version != v.Version {
				err = errVersion()
			}
			if err != nil {
				return v, err
			}
			old = &stored
		}
		if err := v.Validate(); err != nil {
			return v, err
		}
		ties, err := c.offered(old, &v)
		if err != nil {
			return v, err
		}
		for _, t := range ties {
			subject := fleet.OperatorSubject
			if v.Of == fleet.UserLabel {
				subject = fleet.UserSubject
			}
			tie := fleet.Association{Subject: subject, User: t.User, Mode: t.Mode, By: c.user.ID, Name: t.Name}
			tie.Company, tie.Owner = t.Company, fleet.Owner(t.Company)
			if _, err := c.api.o.Books.Associations.Put(c.actor(), tie); err != nil {
				return v, err
			}
		}
	}
	return c.api.o.Books.Labels.Put(c.actor(), v)
}
