package fleet

// EventPlan lists the events that count for notifications that name it, of one
// type of device. The built-in ones belong to no company; see [EventPlans].
type EventPlan struct {
	Head
	Name    string      `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Theft"`
	Type    RecordID    `cbor:"11,keyasint" json:"type" doc:"Of which devices: their type, built in or the company's own"`
	Codes   []EventCode `cbor:"12,keyasint" json:"codes" minItems:"1" maxItems:"100" doc:"What counts, out of the type's catalogue" example:"[\"alarm.sos\",\"alarm.powerCut\",\"exit\"]"`
	Note    string      `cbor:"13,keyasint,omitempty" json:"note,omitempty" maxLength:"2000"`
	BuiltIn bool        `cbor:"-" json:"builtIn,omitempty" readOnly:"true" doc:"It belongs to no company and cannot be changed"`
	Events  []TypeEvent `cbor:"-" json:"events,omitempty" readOnly:"true" doc:"The events of the plan, with their names in the caller's language"`
}

// Kind is EventPlanRecord.
func (*EventPlan) Kind() RecordKind { return EventPlanRecord }

// Validate reports the first rule that the plan breaks.
func (p *EventPlan) Validate() error {
	if err := validName("name", p.Name); err != nil {
		return err
	}
	if p.Type == 0 {
		return FieldError("type", "is required")
	}
	if len(p.Codes) == 0 {
		return FieldError("codes", "choose at least one")
	}
	if err := validType("type", p.Type); err != nil {
		return err
	}
	if err := validCodes("codes", p.Codes); err != nil {
		return err
	}
	return validText("note", p.Note, maxNote)
}

// validType refuses IDs of built-in types that there are not.
func validType(field string, id RecordID) error {
	if BuiltIn(id) {
		if _, ok := BuiltInType(id); !ok {
			return FieldError(field, "does not exist, or is not yours to use")
		}
	}
	return nil
}

// Refs are the type of device, if it is the company's own.
func (p *EventPlan) Refs() []Ref {
	if BuiltIn(p.Type) {
		return nil
	}
	return RefTo(nil, "type", DeviceTypeRecord, p.Type, Refuse)
}

// Unique is the name.
func (p *EventPlan) Unique() []UniqueText { return []UniqueText{{Field: "name", Text: p.Name}} }

// Words are the name and the note.
func (p *EventPlan) Words() []string { return []string{p.Name, p.Note} }
