package fleet

import (
	"slices"
	"strconv"
	"time"
)

// Field is an additional field that a company adds to a form.
type Field struct {
	Head
	Entity   FieldEntity `cbor:"10,keyasint" json:"entity" enum:"customer,user,operator,device" doc:"Whose form it stands in: a user is a customer's, an operator the company's; does not change" example:"customer"`
	Label    Phrase      `cbor:"11,keyasint" json:"label" doc:"How it is called, in at least one language"`
	Type     FieldType   `cbor:"12,keyasint" json:"type" enum:"text,number,date,bool,list" example:"list"`
	Options  []string    `cbor:"13,keyasint,omitempty" json:"options,omitempty" maxItems:"100" doc:"What to choose from, of a list" example:"[\"Gold\",\"Silver\"]"`
	Required bool        `cbor:"14,keyasint,omitempty" json:"required,omitempty"`
	Order    int         `cbor:"15,keyasint,omitempty" json:"order,omitempty" minimum:"0" maximum:"1000" doc:"Forms show the lowest first"`
}

// FieldEntity says whose form has a field.
type FieldEntity string

// The forms.
const (
	CustomerField FieldEntity = "customer"
	UserField     FieldEntity = "user"
	OperatorField FieldEntity = "operator"
	DeviceField   FieldEntity = "device"
)

// FieldType says what a field takes.
type FieldType string

// The types of field. Values are texts: a number as in 1.5, a date as in
// 2026-11-22, a bool as true or false.
const (
	TextField   FieldType = "text"
	NumberField FieldType = "number"
	DateField   FieldType = "date"
	BoolField   FieldType = "bool"
	ListField   FieldType = "list"
)

// MaxFieldValue is the longest value of a field, in characters.
const MaxFieldValue = 500

// Kind is FieldRecord.
func (*Field) Kind() RecordKind { return FieldRecord }

// Validate reports the first rule that the field breaks.
func (f *Field) Validate() error {
	if err := oneOf("entity", f.Entity, CustomerField, UserField, OperatorField, DeviceField); err != nil {
		return err
	}
	if err := f.Label.validate("label"); err != nil {
		return err
	}
	if err := oneOf("type", f.Type, TextField, NumberField, DateField, BoolField, ListField); err != nil {
		return err
	}
	if (len(f.Options) > 0) != (f.Type == ListField) {
		return FieldError("options", "a list has options, other fields have none")
	}
	for i, o := range f.Options {
		if err := validName("options", o); err != nil {
			return err
		}
		if slices.Contains(f.Options[:i], o) {
			return FieldError("options", "%q stands there twice", o)
		}
	}
	return nil
}

// Check refuses a value that the field does not take. "" is no value.
func (f *Field) Check(value string) error {
	at := "extra." + f.ID.String()
	if value == "" {
		if f.Required {
			return FieldError(at, "is required")
		}
		return nil
	}
	if err := validText(at, value, MaxFieldValue); err != nil {
		return err
	}
	switch f.Type {
	case NumberField:
		if n, err := strconv.ParseFloat(value, 64); err != nil || n-n != 0 {
			return FieldError(at, "%q is no number", value)
		}
	case DateField:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return FieldError(at, "%q is no date; write it as 2026-11-22", value)
		}
	case BoolField:
		return oneOf(at, value, "true", "false")
	case ListField:
		return oneOf(at, value, f.Options...)
	}
	return nil
}

// Refs are none.
func (*Field) Refs() []Ref { return nil }

// Unique is nothing.
func (*Field) Unique() []UniqueText { return nil }

// Words are the label in each language.
func (f *Field) Words() []string { return append([]string{f.Label.In(English)}, f.Label.all()...) }
