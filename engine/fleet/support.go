package fleet

// Ticket is a message of a customer to its company: a request, a query, a
// complaint or a suggestion.
type Ticket struct {
	Head
	Category    string   `cbor:"10,keyasint" json:"category" maxLength:"120" doc:"The topic; a support route of that category says who answers" example:"Billing"`
	Description string   `cbor:"11,keyasint" json:"description" maxLength:"2000" example:"The invoice of May is missing"`
	Phone       string   `cbor:"12,keyasint,omitempty" json:"phone,omitempty" doc:"E.164, for a call back" example:"+573001234567"`
	Email       string   `cbor:"13,keyasint,omitempty" json:"email,omitempty" maxLength:"254" doc:"For the answer" example:"ana@example.com"`
	Priority    string   `cbor:"14,keyasint" json:"priority" enum:"low,normal,high,urgent" example:"normal"`
	Sort        string   `cbor:"15,keyasint" json:"kind" enum:"request,query,complaint,suggestion" example:"query"`
	Status      string   `cbor:"16,keyasint" json:"status,omitempty" enum:"open,answered,closed" doc:"Absent on creation: open"`
	Assignee    UserID   `cbor:"17,keyasint,omitempty" json:"assignee,omitzero" doc:"Who answers; staff may change it"`
	Group       LabelID  `cbor:"21,keyasint,omitempty" json:"group,omitzero" readOnly:"true" doc:"A group of operators that answers, where a support route says so"`
	Author      UserID   `cbor:"18,keyasint,omitempty" json:"author,omitzero" readOnly:"true"`
	AuthorName  string   `cbor:"19,keyasint,omitempty" json:"authorName,omitempty" readOnly:"true"`
	Thread      []Answer `cbor:"20,keyasint,omitempty" json:"thread,omitempty" maxItems:"200" doc:"What was answered; add to its end"`
}

// Answer is one entry of a ticket's thread.
type Answer struct {
	Text string `cbor:"1,keyasint" json:"text" maxLength:"2000" example:"It is on its way"`
	By   UserID `cbor:"2,keyasint,omitempty" json:"by,omitzero" readOnly:"true"`
	Name string `cbor:"3,keyasint,omitempty" json:"name,omitempty" readOnly:"true"`
	At   Time   `cbor:"4,keyasint,omitempty" json:"at,omitzero" readOnly:"true"`
}

// MaxThread is how many answers a ticket takes.
const MaxThread = 200

// OpenTicket is the status of a new ticket.
const OpenTicket = "open"

// Kind is TicketRecord.
func (*Ticket) Kind() RecordKind { return TicketRecord }

// Validate reports the first rule that the ticket breaks.
func (t *Ticket) Validate() error {
	if err := validName("category", t.Category); err != nil {
		return err
	}
	if t.Description == "" {
		return FieldError("description", "is required")
	}
	if err := validText("description", t.Description, maxNote); err != nil {
		return err
	}
	if t.Phone != "" {
		if err := ValidPhone(t.Phone); err != nil {
			return FieldError("phone", "%v", err)
		}
	}
	if t.Email != "" {
		if err := validEmail("email", t.Email); err != nil {
			return err
		}
	}
	if err := oneOf("priority", t.Priority, "low", "normal", "high", "urgent"); err != nil {
		return err
	}
	if err := oneOf("kind", t.Sort, "request", "query", "complaint", "suggestion"); err != nil {
		return err
	}
	if err := oneOf("status", t.Status, OpenTicket, "answered", "closed"); err != nil {
		return err
	}
	if len(t.Thread) > MaxThread {
		return FieldError("thread", "has more than %d entries", MaxThread)
	}
	for _, a := range t.Thread {
		if a.Text == "" {
			return FieldError("thread", "is required")
		}
		if err := validText("thread", a.Text, maxNote); err != nil {
			return err
		}
	}
	return nil
}

// Refs are who answers; a ticket can do without.
func (t *Ticket) Refs() []Ref {
	refs := RefTo(nil, "assignee", UserRecord, t.Assignee, Forget)
	return RefTo(refs, "group", LabelRecord, t.Group, Forget)
}

// Forget leaves the ticket without somebody who answers.
func (t *Ticket) Forget(kind RecordKind, _ uint64) {
	if kind == LabelRecord {
		t.Group = 0
		return
	}
	t.Assignee = 0
}

// Unique is nothing.
func (*Ticket) Unique() []UniqueText { return nil }

// Words are when it came, for order, and what it says.
func (t *Ticket) Words() []string {
	return []string{t.Created.String(), t.Category, t.Description, t.AuthorName, t.Assignee.String()}
}

// SupportRoute says who of the staff answers tickets of a category.
type SupportRoute struct {
	Head
	Category string  `cbor:"10,keyasint" json:"category" maxLength:"120" example:"Billing"`
	User     UserID  `cbor:"11,keyasint,omitempty" json:"user,omitzero" doc:"Who is responsible"`
	Group    LabelID `cbor:"12,keyasint,omitempty" json:"group,omitzero" doc:"or a group of operators: each of them finds the ticket in its list until one is named"`
}

// Kind is SupportRouteRecord.
func (*SupportRoute) Kind() RecordKind { return SupportRouteRecord }

// Validate reports the first rule that the route breaks.
func (r *SupportRoute) Validate() error {
	if (r.User == 0) == (r.Group == 0) {
		return FieldError("user", "is a person or a group, one of them")
	}
	return validName("category", r.Category)
}

// Refs are who is responsible; the route goes with them.
func (r *SupportRoute) Refs() []Ref {
	return RefTo(RefTo(nil, "user", UserRecord, r.User, Follow), "group", LabelRecord, r.Group, Follow)
}

// Unique is the category.
func (r *SupportRoute) Unique() []UniqueText {
	return []UniqueText{{Field: "category", Text: r.Category}}
}

// Words are the category.
func (r *SupportRoute) Words() []string { return []string{r.Category} }
