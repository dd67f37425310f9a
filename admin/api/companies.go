package api

import (
	"net/http"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type company struct {
	ID       fleet.CompanyID `json:"id"`
	Name     string          `json:"name" example:"Vigía Seguridad"`
	Lang     fleet.Lang      `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string          `json:"timezone" doc:"IANA name" example:"America/Bogota"`
	Image    fleet.RecordID  `json:"image,omitzero" doc:"Its logo: /images/{id}"`
	Version  uint64          `json:"version" doc:"Rises with every change"`
	AutoCut  bool            `json:"autoCut" doc:"Customers that have not paid through their cut-off day are cut by themselves"`
	Kinds    []string        `json:"customerKinds" nullable:"false" doc:"The kinds of customer to choose from: natural, legal, government, division, other, and the company's own" example:"[\"natural\",\"legal\",\"government\",\"division\",\"other\",\"school\"]"`

	Policy    fleet.PasswordPolicy `json:"passwordPolicy" doc:"What passwords of its people have to be"`
	Map       *fleet.BaseMap       `json:"map,omitempty" doc:"The street map under its maps; absent: nobody chose, and it is the one that is built in"`
	Lockout   lockout              `json:"lockout" doc:"What wrong passwords lead to; the same for every company"`
	Retention *Retention           `json:"retention,omitempty" doc:"How long the installation keeps what happened; absent: unknown"`
}

type lockout struct {
	Failures int `json:"failures" doc:"Wrong passwords or codes in a row" example:"10"`
	Minutes  int `json:"minutes" doc:"Then nobody signs in as the user for so long" example:"15"`
}

// Retention is for how many days the installation keeps what happened.
type Retention struct {
	Tracks int `json:"tracks" doc:"Days that positions are kept" example:"180"`
	Events int `json:"events" doc:"Days that events and messages are kept" example:"730"`
}

func (c *call) showCompany(co *fleet.Company) company {
	out := showCompany(co)
	out.Retention = c.api.o.Retention
	out.Image = c.image(fleet.CompanyRecord, uint64(co.ID))
	return out
}

func showCompany(c *fleet.Company) company {
	return company{
		ID: c.ID, Name: c.Name, Lang: c.Lang, Timezone: c.Timezone, Version: c.Version, AutoCut: c.AutoCut, Kinds: append(fleet.CustomerKinds(), c.Kinds...),
		Policy: c.Policy.Effective(), Map: c.Map, Lockout: lockout{auth.MaxFailures, int(auth.LockedFor / fleet.Minute)},
	}
}

type companyInput struct {
	Name     string     `json:"name" example:"Vigía Seguridad"`
	Lang     fleet.Lang `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string     `json:"timezone" doc:"IANA name" example:"America/Bogota"`
	Version  uint64     `json:"version,omitempty" doc:"On update: the version that you saw"`
	AutoCut  *bool      `json:"autoCut,omitempty" doc:"Absent: as it is"`
	Kinds    []string   `json:"customerKinds,omitempty" maxItems:"60" doc:"The built-in ones may be left out; absent: as they are"`

	Map    *fleet.BaseMap        `json:"map,omitempty" doc:"Absent: as it is. Pages load it after they are opened anew"`
	Policy *fleet.PasswordPolicy `json:"passwordPolicy,omitempty" doc:"For passwords that are set from now on; absent: as it is"`
}

func (a *API) companies() {
	op := operation{tag: "Companies", object: auth.Company}

	op.id, op.method, op.path, op.action = "listCompanies", http.MethodGet, "/companies", auth.Read
	op.summary = "List the companies that you see"
	register(a, op, func(c *call, in *list) (*one[page[company]], error) {
		q, err := in.query(c)
		if err != nil {
			return nil, err
		}
		p, err := a.o.Records.Companies(q)
		return pageOf(p, c.showCompany), err
	})

	op.id, op.path, op.summary = "getCompany", "/companies/{id}", "Read a company"
	register(a, op, func(c *call, in *ByID) (*one[company], error) {
		co, err := c.company(in.ID)
		return &one[company]{c.showCompany(&co)}, err
	})

	op.id, op.method, op.action, op.summary = "updateCompany", http.MethodPut, auth.Update, "Change a company"
	op.example = companyInput{Name: "Vigía Seguridad", Lang: fleet.Spanish, Timezone: "America/Bogota", Version: 1}
	register(a, op, func(c *call, in *struct {
		ByID
		Body companyInput
	}) (*one[company], error) {
		co, err := c.company(in.ID)
		if err != nil {
			return nil, err
		}
		if in.Body.Version == 0 {
			return nil, fleet.FieldError("version", "is required")
		}
		return a.putCompany(c, &in.Body, co)
	})

	op.id, op.method, op.path, op.action = "createCompany", http.MethodPost, "/companies", auth.Create
	op.summary, op.status = "Add a company", http.StatusCreated
	op.doc = "For the platform's administrators. Its first administrator is a user with the role companyAdmin."
	op.example = companyInput{Name: "Vigía Seguridad", Lang: fleet.Spanish, Timezone: "America/Bogota"}
	register(a, op, func(c *call, in *struct{ Body companyInput }) (*one[company], error) {
		in.Body.Version = 0
		return a.putCompany(c, &in.Body, fleet.Company{})
	})

	op.id, op.method, op.path, op.action = "deleteCompany", http.MethodDelete, "/companies/{id}", auth.Delete
	op.summary, op.status, op.example = "Remove a company", 0, nil
	op.doc = "Refused with 409 while it has customers or devices. Its staff and all that it set up go with it."
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		co, err := c.company(in.ID)
		if err == nil {
			err = sameVersion(co.Version, in.Version)
		}
		if err != nil {
			return nil, err
		}
		_, err = a.apply(c, fleet.ChangeSet{Actor: c.actor(), RemovedCompanies: []fleet.CompanyID{co.ID}})
		return nil, err
	})
}

// putCompany lays the input over a company, new or stored, and keeps it.
func (a *API) putCompany(c *call, in *companyInput, co fleet.Company) (*one[company], error) {
	co.Name, co.Lang, co.Timezone, co.Version = in.Name, in.Lang, in.Timezone, in.Version
	if in.AutoCut != nil {
		co.AutoCut = *in.AutoCut
	}
	if in.Policy != nil {
		co.Policy = *in.Policy
	}
	if in.Map != nil {
		co.Map = in.Map
	}
	if in.Kinds != nil {
		co.Kinds = slices.DeleteFunc(in.Kinds, func(k string) bool { return slices.Contains(fleet.CustomerKinds(), k) })
	}
	if err := co.Validate(); err != nil {
		return nil, err
	}
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Companies: []fleet.Company{co}})
	if err != nil {
		return nil, err
	}
	return &one[company]{c.showCompany(&set.Companies[0])}, nil
}

func (c *call) company(id string) (fleet.Company, error) {
	n, err := fleet.ParseID[companyKey](id)
	if err != nil || n == 0 {
		return fleet.Company{}, errNotFound()
	}
	co, err := c.api.o.Records.Company(fleet.CompanyID(n))
	if err == nil && !c.scope.SeesCompany(co.ID) {
		err = errNotFound()
	}
	return co, err
}

type companyKey struct{}
