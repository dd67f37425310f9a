package fleet

import "strings"

// AuditQuery selects rows of the audit, newest first.
type AuditQuery struct {
	Scope  Scope
	Actor  UserID     // 0 = anybody
	Kind   RecordKind // 0 = any
	Record uint64     // of Kind; 0 = any
	Action string     // "" = any
	From   Time       // inclusive; 0 = no bound
	To     Time       // exclusive; 0 = no bound
	Failed bool       // only what was refused
	Before uint64     // rows with smaller numbers; 0 = all
	Limit  int        // 1..200; 0 = 50
}

// AuditEntry is one row of the audit, for people.
type AuditEntry struct {
	PastChange
	Record string // the kind of record, as [RecordKind.String] has it
	ID     uint64 // its ID, 0 for none
	Name   string // as it is called, or was when it was deleted; "" = unknown
}

// Chain says how far the audit's chain of hashes was verified.
type Chain struct {
	Verified uint64 // up to and with this row everything holds
	Newest   uint64
	Broken   uint64 // the first row that does not follow from those before; 0 = none
}

// RefusedAction reports whether an action of the audit is something that was
// tried and not done.
func RefusedAction(action string) bool {
	return strings.HasSuffix(action, " refused") || strings.HasSuffix(action, " barred")
}

// KindNamed is the kind of record with a name, 0 for none.
func KindNamed(name string) RecordKind {
	for kind, n := range recordNames {
		if n == name {
			return kind
		}
	}
	return 0
}
