package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type associationInput struct {
	Company  fleet.CompanyID       `json:"company" doc:"To which they are tied" example:"01H8MZ3V7Q2KD"`
	Mode     fleet.AssociationMode `json:"mode" enum:"view,work" doc:"view: an operator reads the company's things; work: takes and acknowledges its alarms too" example:"view"`
	Subjects []tied                `json:"subjects" nullable:"false" minItems:"1" maxItems:"200" doc:"Of other companies"`
}

type tied struct {
	Kind fleet.SubjectKind `json:"kind" enum:"customer,operator,user" example:"operator"`
	ID   fleet.RecordID    `json:"id" doc:"Of the customer, or of the person" example:"01H8MZ3V7Q2KE"`
}

type associated struct {
	Items []fleet.Association `json:"items" nullable:"false" doc:"The ties, in the order of the subjects"`
}

type dissociation struct {
	IDs []fleet.RecordID `json:"ids" nullable:"false" minItems:"1" maxItems:"1000" doc:"Of associations" example:"[\"01H8MZ3V7Q2KD\"]"`
}

// associations adds the ties of people and customers to other companies. Only
// the platform makes them, for only it sees both sides; a company sees who is
// tied to it, by name alone, and ends ties.
func (a *API) associations() {
	book := a.o.Books.Associations
	crud(a, resource[fleet.Association]{
		one: "Association", many: "Associations", path: "/associations", object: auth.Association, book: book,
		a: "an association", doc: "Who of other companies is tied to one: owner is that company. A tie never makes anybody own, change or remove anything.",
		readOnly: true,
	})
	op := operation{tag: "Associations", object: auth.Association, method: http.MethodPost}

	op.id, op.path, op.action, op.status = "createAssociations", "/associations", auth.Create, http.StatusCreated
	op.summary = "Tie people and customers to another company"
	op.doc = "For the platform's administrators; people and customers are found by name in /users and /customers. " +
		"Who is tied already gets the mode. A tied operator works for the company with the header Vigia-Company; see docs/api.md."
	op.example = associationInput{Company: 1 << 60, Mode: fleet.ViewMode, Subjects: []tied{{fleet.OperatorSubject, 1<<60 + 1}}}
	register(a, op, func(c *call, in *struct{ Body associationInput }) (*one[associated], error) {
		company, owner, err := c.owner("company", fleet.Owner(in.Body.Company))
		if err != nil {
			return nil, err
		}
		if in.Body.Company != company {
			return nil, errForeign("company")
		}
		var ties []fleet.Association
		for i, s := range in.Body.Subjects {
			t, err := c.tie(company, s, index("subjects", i))
			if err != nil {
				return nil, err
			}
			t.Company, t.Owner, t.Mode, t.By = company, owner, in.Body.Mode, c.user.ID
			ties = append(ties, t)
		}
		for i := range ties {
			if ties[i], err = book.Put(c.actor(), ties[i]); err != nil {
				return nil, err
			}
		}
		return &one[associated]{associated{ties}}, nil
	})

	op.id, op.path, op.action, op.status = "dissociate", "/associations/dissociate", auth.Delete, http.StatusNoContent
	op.summary, op.doc = "End ties", "The people and customers stay where they belong. All of them or, if one is not there, none."
	op.example = dissociation{IDs: []fleet.RecordID{1 << 60}}
	register(a, op, func(c *call, in *struct{ Body dissociation }) (*struct{}, error) {
		ids := sorted(in.Body.IDs)
		for i, id := range in.Body.IDs {
			t, err := book.Get(id)
			if err != nil {
				return nil, foreign(index("ids", i), err)
			}
			if !c.scope.SeesOwner(t.Company, t.Owner) {
				return nil, errForeign(index("ids", i))
			}
		}
		for _, id := range ids {
			if err := book.Delete(c.actor(), id, 0); err != nil && fleet.KindOf(err) != fleet.NotFound {
				return nil, err
			}
		}
		return nil, nil
	})
}

// tie is the association of a subject with a company, as it stands or new.
func (c *call) tie(company fleet.CompanyID, s tied, field string) (t fleet.Association, err error) {
	kind, home := fleet.UserRecord, fleet.CompanyID(0)
	t.Subject = s.Kind
	if s.Kind == fleet.CustomerSubject {
		kind = fleet.CustomerRecord
	}
	if ok, err := c.seesRecord(kind, uint64(s.ID)); err != nil {
		return t, err
	} else if !ok {
		return t, errForeign(field + ".id")
	}
	if kind == fleet.CustomerRecord {
		cu, err := c.api.o.Records.Customer(fleet.CustomerID(s.ID))
		if err != nil {
			return t, err
		}
		t.Whom, t.Name, home = cu.ID, cu.Name, cu.Company
	} else {
		u, err := c.api.o.Records.User(fleet.UserID(s.ID))
		if err != nil {
			return t, err
		}
		if staff := u.Customer == 0; staff != (s.Kind == fleet.OperatorSubject) || u.Role == fleet.PlatformAdmin {
			return t, fleet.FieldError(field+".kind", "does not fit what is named")
		}
		t.User, t.Name, home = u.ID, u.Name, u.Company
	}
	if home == company {
		return t, fleet.FieldError(field+".id", "belongs to this company anyway")
	}
	all, err := c.api.o.Records.AssociationsOf(kind, uint64(s.ID))
	for i := range all {
		if all[i].Company == company {
			all[i].Name = t.Name
			return all[i], err
		}
	}
	return t, err
}
