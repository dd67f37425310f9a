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
}

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
