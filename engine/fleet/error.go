package fleet

import (
	"errors"
	"fmt"
)

// Kind classes an error by what its reader can do about it. Kinds cross to
// HTTP and to scripts: append only.
type Kind uint8

// The kinds of error.
const (
	Internal     Kind = iota // our fault; details are for the log
	Invalid                  // the input breaks a rule; mend it
	NotFound                 // no such thing, or not yours to see
	Conflict                 // somebody changed it first, or a unique value is taken
	Forbidden                // you may not
	Unauthorised             // say who you are
	Unavailable              // not now: starting, stopping or out of space
	TooMany                  // slow down
	Gone                     // it was there for a while, and has ended
)

// Error is a failure that a person or a program outside may read: a kind, a
// message that says what and where and what to do, and, where one input field
// is at fault, its name.
type Error struct {
	Kind    Kind
	Field   string // dotted path of the faulty field, or ""
	Message string
	Err     error // the cause, for the log; may be nil
}

// Error gives the message, with the field in front.
func (e *Error) Error() string {
	if e.Field != "" {
		return e.Field + ": " + e.Message
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error of a kind. As with fmt.Errorf, %w keeps the cause.
func Errorf(kind Kind, format string, args ...any) error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Message: err.Error(), Err: errors.Unwrap(err)}
}

// FieldError makes an Invalid error about one field.
func FieldError(field, format string, args ...any) error {
	return &Error{Kind: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// KindOf is the kind of the first Error in err's chain, else Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
