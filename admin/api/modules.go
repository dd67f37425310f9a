package api

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type module struct {
	Module fleet.Module `json:"module" example:"geofences"`
	Name   string       `json:"name" doc:"The company's, else in the caller's language" example:"Geofences"`
	Note   string       `json:"description" example:"Areas on the map, and who is told when something enters or leaves"`
	On     bool         `json:"on" doc:"The company offers it"`
}

type moduleInput struct {
	Name string `json:"name,omitempty" maxLength:"120" doc:"Absent: its own, in the reader's language"`
	Note string `json:"description,omitempty" maxLength:"500" doc:"Likewise"`
	On   bool   `json:"on" doc:"false: nobody of the company has it, at once, on open streams too"`
}

// modules adds the tool by which a company names modules, describes them and
// switches them off for everybody. Who has which is ticked at customers and
// users.
func (a *API) modules() {
	op := operation{tag: "Modules", object: auth.Module}

	op.id, op.method, op.path, op.action = "listModules", http.MethodGet, "/companies/{id}/modules", auth.Read
	op.summary = "List the modules of a company"
	register(a, op, func(c *call, in *ByID) (*one[page[module]], error) {
		co, err := c.company(in.ID)
		out := page[module]{Items: []module{}}
		for _, m := range fleet.Modules() {
			out.Items = append(out.Items, c.showModule(&co, m))
		}
		return &one[page[module]]{out}, err
	})

	op.id, op.method, op.path, op.action = "updateModule", http.MethodPut, "/companies/{id}/modules/{module}", auth.Update
	op.summary, op.example = "Name, describe or switch a module", moduleInput{Name: "Zones", On: true}
	register(a, op, func(c *call, in *struct {
		ByID
		Module fleet.Module `path:"module" example:"geofences"`
		Body   moduleInput
	}) (*one[module], error) {
		co, err := c.company(in.ID)
		if err != nil {
			return nil, err
		}
		if in.Module.Validate() != nil {
			return nil, errNotFound()
		}
		co.Modules = slices.DeleteFunc(slices.Clone(co.Modules), func(n fleet.ModuleNaming) bool { return n.Module == in.Module })
		if n := (fleet.ModuleNaming{Module: in.Module, Name: in.Body.Name, Note: in.Body.Note, Off: !in.Body.On}); n.Name != "" || n.Note != "" || n.Off {
			co.Modules = append(co.Modules, n)
		}
		if err := co.Validate(); err != nil {
			return nil, err
		}
		set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Companies: []fleet.Company{co}})
		if err != nil {
			return nil, err
		}
		return &one[module]{c.showModule(&set.Companies[0], in.Module)}, nil
	})
}

func (c *call) showModule(co *fleet.Company, m fleet.Module) module {
	out := module{Module: m, On: co.Offers().Has(m)}
	for i := range co.Modules {
		if co.Modules[i].Module == m {
			out.Name, out.Note = co.Modules[i].Name, co.Modules[i].Note
		}
	}
	out.Name = cmp.Or(out.Name, say(c.lang, "module."+string(m)))
	out.Note = cmp.Or(out.Note, say(c.lang, "module."+string(m)+".about"))
	return out
}
