package fleet

// Extra is what a record has in the additional fields of its company: the
// field's ID and its value as a text, as [Field] describes. A value of a field
// that was removed since may still be there; nobody is shown it.
type Extra map[string]string

// MaxExtra is the most additional fields of one form.
const MaxExtra = 100

// validate bounds the values; whether fields take them is for [CheckExtra].
func (e Extra) validate() error {
	if len(e) > MaxExtra {
		return FieldError("extra", "has more than %d entries", MaxExtra)
	}
	for id, value := range e {
		if _, err := ParseID[recordKind](id); err != nil {
			return FieldError("extra", "%q names no field", id)
		}
		if err := validText("extra."+id, value, MaxFieldValue); err != nil {
			return err
		}
	}
	return nil
}

// CheckExtra holds values against the fields of their form: each is taken by a
// field, and those that are required are there. It returns them without empty
// ones.
func CheckExtra(fields []Field, values Extra) (Extra, error) {
	kept := Extra{}
	for i := range fields {
		id := fields[i].ID.String()
		value := values[id]
		if err := fields[i].Check(value); err != nil {
			return nil, err
		}
		if value != "" {
			kept[id] = value
		}
	}
	for id, value := range values {
		if _, ok := kept[id]; !ok && value != "" {
			return nil, FieldError("extra", "%q names no field", id)
		}
	}
	if len(kept) == 0 {
		return nil, nil
	}
	return kept, nil
}
