package fleet

// Comment is what staff noted about a customer or a user. It goes with them.
// Customers never see it.
type Comment struct {
	Head
	Customer CustomerID `cbor:"10,keyasint,omitempty" json:"customer,omitzero" doc:"Whom it is about: a customer"`
	User     UserID     `cbor:"11,keyasint,omitempty" json:"user,omitzero" doc:"or a user"`
	Text     string     `cbor:"12,keyasint" json:"text" maxLength:"2000" example:"Prefers to be called after six"`
	Author   UserID     `cbor:"13,keyasint,omitempty" json:"author,omitzero" readOnly:"true"`
	Name     string     `cbor:"14,keyasint,omitempty" json:"authorName,omitempty" readOnly:"true" doc:"As the author was called then"`
}

// Kind is CommentRecord.
func (*Comment) Kind() RecordKind { return CommentRecord }

// Validate reports the first rule that the comment breaks.
func (c *Comment) Validate() error {
	if (c.Customer == 0) == (c.User == 0) {
		return FieldError("customer", "is about a customer or a user, one of them")
	}
	if c.Text == "" {
		return FieldError("text", "is required")
	}
	return validText("text", c.Text, maxNote)
}

// Refs are whom it is about.
func (c *Comment) Refs() (refs []Ref) {
	refs = RefTo(refs, "customer", CustomerRecord, c.Customer, Follow)
	return RefTo(refs, "user", UserRecord, c.User, Follow)
}

// Unique is nothing.
func (*Comment) Unique() []UniqueText { return nil }

// Words are when it was made, for order, the text and the author.
func (c *Comment) Words() []string { return []string{c.Created.String(), c.Text, c.Name} }
