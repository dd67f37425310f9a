package fleet

import "slices"

// Module is a part of the product that customers have or have not.
type Module string

// The modules.
const (
	LiveMap    Module = "map"        // where devices are now
	Tracks     Module = "history"    // where they were
	Geofences  Module = "geofences"  // fences and markers
	Alerts     Module = "alerts"     // rules, notifications, what was sent
	Reports    Module = "reports"    // reports and exports
	ShareLinks Module = "shareLinks" // temporary links for guests
	API        Module = "api"        // programs with tokens
	Support    Module = "support"    // messages to the company
)

// Modules are all modules, in the order in which screens list them.
func Modules() []Module {
	return []Module{LiveMap, Tracks, Geofences, Alerts, Reports, ShareLinks, API, Support}
}

// Validate refuses a module that does not exist.
func (m Module) Validate() error {
	if slices.Contains(Modules(), m) {
		return nil
	}
	return Errorf(Invalid, "%q is no module", string(m))
}

// ModuleSet is a choice of modules.
type ModuleSet uint32

// AllModules is every module.
func AllModules() ModuleSet { return 1<<len(Modules()) - 1 }

// SetOf is the set of some modules; unknown ones are left out.
func SetOf(some []Module) (s ModuleSet) {
	for i, m := range Modules() {
		if slices.Contains(some, m) {
			s |= 1 << i
		}
	}
	return s
}

// Has reports whether a module is in the set. What belongs to no module ("")
// always is.
func (s ModuleSet) Has(m Module) bool {
	at := slices.Index(Modules(), m)
	return m == "" || at >= 0 && s&(1<<at) != 0
}

// List is the set's modules, in the order of Modules.
func (s ModuleSet) List() []Module {
	out := []Module{}
	for i, m := range Modules() {
		if s&(1<<i) != 0 {
			out = append(out, m)
		}
	}
	return out
}

// ModuleNaming is what a company makes of a module.
type ModuleNaming struct {
	Module Module `cbor:"1,keyasint"`
	Name   string `cbor:"2,keyasint,omitempty"` // "" = its own, in the reader's language
	Note   string `cbor:"3,keyasint,omitempty"` // "" = likewise
	Off    bool   `cbor:"4,keyasint,omitempty"` // for the whole company
}

func (n *ModuleNaming) validate() error {
	if err := n.Module.Validate(); err != nil {
		return FieldError("module", "%v", err)
	}
	if n.Name != "" {
		if err := validName("name", n.Name); err != nil {
			return err
		}
	}
	return validText("description", n.Note, 500)
}

// Offers is the modules that the company has not switched off.
func (c *Company) Offers() ModuleSet {
	s := AllModules()
	for i := range c.Modules {
		if c.Modules[i].Off {
			s &^= SetOf([]Module{c.Modules[i].Module})
		}
	}
	return s
}
