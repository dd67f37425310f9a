package fleet

import "net/mail"

// Contact is a person to call about a customer's devices. It does not sign in.
type Contact struct {
	Head
	Name     string     `cbor:"10,keyasint" json:"name" maxLength:"120" example:"María Rojas"`
	Relation string     `cbor:"11,keyasint,omitempty" json:"relation,omitempty" maxLength:"120" example:"Night guard"`
	Phones   []string   `cbor:"12,keyasint,omitempty" json:"phones,omitempty" maxItems:"5" doc:"E.164" example:"[\"+573001234567\"]"`
	Email    string     `cbor:"13,keyasint,omitempty" json:"email,omitempty" maxLength:"254"`
	Lang     Lang       `cbor:"14,keyasint" json:"lang" enum:"en,es,pt,fr" example:"es"`
	CodeWord string     `cbor:"15,keyasint,omitempty" json:"codeWord,omitempty" maxLength:"60" doc:"What the person says to prove who it is"`
	Note     string     `cbor:"16,keyasint,omitempty" json:"note,omitempty" maxLength:"2000"`
	Devices  []DeviceID `cbor:"17,keyasint,omitempty" json:"devices,omitempty" maxItems:"1000" doc:"That the person is to be called about"`

	AllDevices bool `cbor:"18,keyasint,omitempty" json:"allDevices,omitempty" doc:"To be called about every device of the owner"`
}

// Kind is ContactRecord.
func (*Contact) Kind() RecordKind { return ContactRecord }

// Validate reports the first rule that the contact breaks.
func (c *Contact) Validate() error {
	if err := validName("name", c.Name); err != nil {
		return err
	}
	for _, p := range c.Phones {
		if err := ValidPhone(p); err != nil {
			return FieldError("phones", "%v", err)
		}
	}
	if c.Email != "" {
		if err := validEmail("email", c.Email); err != nil {
			return err
		}
	}
	if err := c.Lang.Validate(); err != nil {
		return FieldError("lang", "%v", err)
	}
	return validText("note", c.Note, maxNote)
}

// Refs are the devices; the contact forgets one that is deleted.
func (c *Contact) Refs() (refs []Ref) {
	for _, d := range c.Devices {
		refs = RefTo(refs, "devices", DeviceRecord, d, Forget)
	}
	return refs
}

// Forget takes a deleted device off the list.
func (c *Contact) Forget(_ RecordKind, id uint64) { c.Devices = without(c.Devices, DeviceID(id)) }

// Unique is nothing.
func (*Contact) Unique() []UniqueText { return nil }

// Words are the name, the relation, the numbers and the address.
func (c *Contact) Words() []string {
	return append([]string{c.Name, c.Relation, c.Email}, c.Phones...)
}

// Public is the contact without its code word.
func (c *Contact) Public() any {
	p := *c
	p.CodeWord = ""
	return &p
}

func validEmail(field, s string) error {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || len(s) > 254 {
		return FieldError(field, "%q is no mail address", s)
	}
	return nil
}
