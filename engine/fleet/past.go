package fleet

// PastChange is one thing that was done to a record, from the audit.
type PastChange struct {
	Number uint64 // rises with every row of the audit
	At     Time
	Actor  Actor
	By     string // the actor's name, "" = the system, or somebody who has left
	Action string // create, update, delete, and others
	Fields []PastField
}

// PastField is how a field changed; each side as JSON, "" = was not set.
type PastField struct {
	Name, Before, After string
}
