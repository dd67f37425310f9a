package fleet

// Label gathers things under a name: a group of devices that a fence watches,
// a tag to filter customers by, a group of operators. Devices carry their
// labels themselves (Device.Labels); the label lists the people and customers.
type Label struct {
	Head
	Name      string       `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Night fleet"`
	Colour    string       `cbor:"11,keyasint,omitempty" json:"colour,omitempty" pattern:"^#[0-9a-fA-F]{6}$" doc:"#rrggbb" example:"#2f9e44"`
	Sort      LabelSort    `cbor:"12,keyasint" json:"sort" enum:"group,tag" doc:"A group is worked with as one, a tag classifies" example:"group"`
	Of        LabelOf      `cbor:"13,keyasint" json:"of" enum:"device,customer,user,operator" doc:"What carries it; does not change" example:"device"`
	Customers []CustomerID `cbor:"14,keyasint,omitempty" json:"customers,omitempty" maxItems:"10000" doc:"That carry it, where it is of customers"`
	Users     []UserID     `cbor:"15,keyasint,omitempty" json:"users,omitempty" maxItems:"10000" doc:"That carry it, where it is of users or operators"`
	Note      string       `cbor:"16,keyasint,omitempty" json:"note,omitempty" maxLength:"2000"`

	Linked []CompanyID     `cbor:"17,keyasint,omitempty" json:"linkedCompanies,omitempty" maxItems:"20" doc:"Of a group of people: other companies, with which somebody who joins may be associated. Only who sees those companies names them; absent on update: as they are"`
	Mode   AssociationMode `cbor:"18,keyasint,omitempty" json:"linkedMode,omitempty" enum:"view,work" doc:"Of such associations; absent: view" example:"view"`
	// Confirm is not stored: it answers the question that joining such a group raises.
	Confirm *bool `cbor:"-" json:"confirm,omitempty" writeOnly:"true" doc:"Whether those who join are to be associated with the linked companies. Without it the answer is 409 confirm-association, with what would be, where somebody would"`
}

// maxLinked is how many companies a group may be linked to.
const maxLinked = 20

// LabelSort says what a label is for.
type LabelSort string

// The sorts of label.
const (
	GroupLabel LabelSort = "group"
	TagLabel   LabelSort = "tag"
)

// LabelOf says what carries a label.
type LabelOf string

// What may carry labels.
const (
	DeviceLabel   LabelOf = "device"
	CustomerLabel LabelOf = "customer"
	UserLabel     LabelOf = "user"
	OperatorLabel LabelOf = "operator"
)

// Kind is LabelRecord.
func (*Label) Kind() RecordKind { return LabelRecord }

// Validate reports the first rule that the label breaks.
func (l *Label) Validate() error {
	if err := validName("name", l.Name); err != nil {
		return err
	}
	if l.Colour != "" && !validColour(l.Colour) {
		return FieldError("colour", "%q is no colour; write #rrggbb", l.Colour)
	}
	if err := oneOf("sort", l.Sort, GroupLabel, TagLabel); err != nil {
		return err
	}
	if err := oneOf("of", l.Of, DeviceLabel, CustomerLabel, UserLabel, OperatorLabel); err != nil {
		return err
	}
	if len(l.Customers) > 0 && l.Of != CustomerLabel {
		return FieldError("customers", "do not fit what the label is of")
	}
	if len(l.Users) > 0 && l.Of != UserLabel && l.Of != OperatorLabel {
		return FieldError("users", "do not fit what the label is of")
	}
	if len(l.Linked) > 0 && (l.Sort != GroupLabel || l.Of != UserLabel && l.Of != OperatorLabel) {
		return FieldError("linkedCompanies", "only a group of people has them")
	}
	if len(l.Linked) > maxLinked {
		return FieldError("linkedCompanies", "has %d, at most %d fit", len(l.Linked), maxLinked)
	}
	if l.Mode != "" {
		if err := oneOf("linkedMode", l.Mode, ViewMode, WorkMode); err != nil {
			return err
		}
	}
	return validText("note", l.Note, maxNote)
}

// Refs are the members; the label forgets one that is deleted.
func (l *Label) Refs() (refs []Ref) {
	for _, id := range l.Customers {
		refs = RefTo(refs, "customers", CustomerRecord, id, Forget)
	}
	for _, id := range l.Users {
		refs = RefTo(refs, "users", UserRecord, id, Forget)
	}
	return refs
}

// Forget takes a deleted member off the list.
func (l *Label) Forget(kind RecordKind, id uint64) {
	if kind == CustomerRecord {
		l.Customers = without(l.Customers, CustomerID(id))
	} else {
		l.Users = without(l.Users, UserID(id))
	}
}

// Unique is the name among an owner's labels of the same things.
func (l *Label) Unique() []UniqueText {
	return []UniqueText{{Field: "name", Text: l.Owner.String() + " " + string(l.Of) + " " + l.Name}}
}

// Words are the name and the note.
func (l *Label) Words() []string { return []string{l.Name, l.Note} }
