package fleet

import "slices"

// Company is a monitoring company: the root of a tree of customers.
type Company struct {
	ID       CompanyID `cbor:"1,keyasint" json:"id"`
	Name     string    `cbor:"2,keyasint" json:"name"`
	Lang     Lang      `cbor:"3,keyasint" json:"lang"`
	Timezone string    `cbor:"4,keyasint" json:"timezone"` // IANA name
	Version  uint64    `cbor:"5,keyasint" json:"version"`

	Policy PasswordPolicy `cbor:"6,keyasint,omitzero" json:"passwordPolicy"` // zero: DefaultPolicy

	AutoCut bool           `cbor:"7,keyasint,omitempty" json:"autoCut"`        // customers not paid through their cut-off day are cut
	Kinds   []string       `cbor:"8,keyasint,omitempty" json:"kinds"`          // of customers, beside CustomerKinds
	Map     *BaseMap       `cbor:"10,keyasint,omitempty" json:"map,omitempty"` // under its maps; nil: nobody chose
	Modules []ModuleNaming `cbor:"9,keyasint,omitempty" json:"modules"`        // that are named otherwise or switched off
}

// Validate reports the first rule that the company breaks.
func (c *Company) Validate() error {
	if err := validName("name", c.Name); err != nil {
		return err
	}
	if err := c.Lang.Validate(); err != nil {
		return FieldError("lang", "%v", err)
	}
	if err := c.Policy.Validate(); err != nil {
		return err
	}
	if len(c.Kinds) > 50 {
		return FieldError("kinds", "has more than %d entries", 50)
	}
	for i, k := range c.Kinds {
		if err := validName("kinds", k); err != nil {
			return err
		}
		if slices.Contains(c.Kinds[:i], k) || slices.Contains(CustomerKinds(), k) {
			return FieldError("kinds", "names %q twice", k)
		}
	}
	if c.Map != nil {
		if err := c.Map.Validate(); err != nil {
			return err
		}
	}
	for i := range c.Modules {
		if err := c.Modules[i].validate(); err != nil {
			return err
		}
	}
	return validZone("timezone", c.Timezone)
}
