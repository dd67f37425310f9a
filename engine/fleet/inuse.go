package fleet

import "fmt"

// InUse says why a record cannot be deleted: others depend on it. It stands as
// the cause in an [Error] of kind Conflict; screens word it.
type InUse struct {
	What  string // the record's kind: "customer", "user"
	By    string // what depends on it: "devices", "customers", "notifications"
	Count int    // how many of those

	Names []string // some of those, by name; may be empty
}

// MaxNames is how many names an InUse gives.
const MaxNames = 10

// Error says it in English. Of customers the sentences are fixed: their
// translations are the product's promise.
func (e *InUse) Error() string {
	switch {
	case e.What == "customer" && e.By == "devices":
		return "The customer cannot be deleted because there are devices associated with it"
	case e.What == "customer" && e.By == "customers":
		return "The customer cannot be deleted because it has inner customers"
	}
	return fmt.Sprintf("the %s cannot be deleted; %s that depend on it: %d", e.What, e.By, e.Count)
}

// Conflict wraps e as an error of kind Conflict.
func (e *InUse) Conflict() error { return &Error{Kind: Conflict, Message: e.Error(), Err: e} }
