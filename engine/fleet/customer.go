package fleet

// Customer is who owns devices and fences; it may have inner customers.
type Customer struct {
	ID       CustomerID `cbor:"1,keyasint" json:"id"`
	Company  CompanyID  `cbor:"2,keyasint" json:"company"`
	Parent   CustomerID `cbor:"3,keyasint" json:"parent"` // 0: directly below the company
	Name     string     `cbor:"4,keyasint" json:"name"`   // unique in the company
	Code     string     `cbor:"5,keyasint" json:"code"`   // unique in the company
	Country  string     `cbor:"6,keyasint" json:"country"`
	Lang     Lang       `cbor:"7,keyasint" json:"lang"`
	Timezone string     `cbor:"8,keyasint" json:"timezone"` // IANA name
	Version  uint64     `cbor:"9,keyasint" json:"version"`
	Created  Time       `cbor:"10,keyasint" json:"created"`

	// SMSBudget is how many SMS parts notices about the customer's devices may
	// take in a calendar month by its clock; 0 = any number. Critical alarms go
	// out all the same, and count.
	SMSBudget int `cbor:"11,keyasint,omitempty" json:"smsBudget,omitempty"`

	Profile
	Service
}

// MaxSMSBudget is the most that a customer may have set.
const MaxSMSBudget = 10_000_000

// Validate reports the first rule that the customer breaks.
func (c *Customer) Validate() error {
	if err := validName("name", c.Name); err != nil {
		return err
	}
	if err := validName("code", c.Code); err != nil {
		return err
	}
	if c.Company == 0 {
		return FieldError("company", "a customer belongs to a company")
	}
	if c.SMSBudget < 0 || c.SMSBudget > MaxSMSBudget {
		return FieldError("smsBudget", "%d is not within 0 to %d", c.SMSBudget, MaxSMSBudget)
	}
	if !knownCountry(c.Country) && c.Country != "" {
		return FieldError("country", "%q is no two-letter country code (ISO 3166-1)", c.Country)
	}
	if err := c.Profile.validate(); err != nil {
		return err
	}
	if err := c.Service.validate(); err != nil {
		return err
	}
	if err := c.Lang.Validate(); err != nil {
		return FieldError("lang", "%v", err)
	}
	return validZone("timezone", c.Timezone)
}
