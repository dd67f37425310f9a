package fleet

// Association ties a person or a customer to another company than its own. It
// gives an operator sight of that company's things, or work on its alarms; it
// never makes anybody the owner of anything, and never lets anybody change or
// remove what belongs to the company. The person stays where it belongs.
type Association struct {
	Head
	Subject SubjectKind     `cbor:"10,keyasint" json:"subject" enum:"customer,operator,user" doc:"What is tied" example:"operator"`
	Whom    CustomerID      `cbor:"11,keyasint,omitempty" json:"customer,omitzero" doc:"The customer that is tied"`
	User    UserID          `cbor:"12,keyasint,omitempty" json:"user,omitzero" doc:"The operator or customer's user that is tied"`
	Mode    AssociationMode `cbor:"13,keyasint" json:"mode" enum:"view,work" doc:"view: reads; work: takes and acknowledges alarms too" example:"view"`
	By      UserID          `cbor:"14,keyasint,omitempty" json:"by,omitzero" doc:"Who made the tie"`
	Name    string          `cbor:"15,keyasint,omitempty" json:"name" doc:"Of who is tied, as it was then" example:"Ana Rojas"`
}

// SubjectKind says what an association ties.
type SubjectKind string

// What may be tied.
const (
	CustomerSubject SubjectKind = "customer"
	OperatorSubject SubjectKind = "operator" // staff of another company
	UserSubject     SubjectKind = "user"     // of another company's customer
)

// AssociationMode says what a tie is for.
type AssociationMode string

// The modes.
const (
	ViewMode AssociationMode = "view"
	WorkMode AssociationMode = "work"
)

// Kind is AssociationRecord.
func (*Association) Kind() RecordKind { return AssociationRecord }

// Validate reports the first rule that the association breaks.
func (a *Association) Validate() error {
	if err := oneOf("subject", a.Subject, CustomerSubject, OperatorSubject, UserSubject); err != nil {
		return err
	}
	if (a.Subject == CustomerSubject) != (a.Whom != 0) || (a.Subject == CustomerSubject) == (a.User != 0) {
		return FieldError("subject", "does not fit what is named")
	}
	return oneOf("mode", a.Mode, ViewMode, WorkMode)
}

// Refs are who is tied: the tie goes with them. They are of another company.
func (a *Association) Refs() (refs []Ref) {
	refs = RefTo(refs, "customer", CustomerRecord, a.Whom, Follow)
	return RefTo(refs, "user", UserRecord, a.User, Follow)
}

// Unique is the one tie of a subject to a company.
func (a *Association) Unique() []UniqueText {
	return []UniqueText{{Field: "subjects", Text: a.Whom.String() + " " + a.User.String()}}
}

// Words are the name.
func (a *Association) Words() []string { return []string{a.Name} }
