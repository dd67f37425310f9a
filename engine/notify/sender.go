package notify

import (
	"context"
	"errors"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Message is one notification, worded, for one address.
type Message struct {
	Key     fleet.DeliveryKey // the idempotency key towards the provider
	To      string            // mail address, E.164 number, or "" for push
	Name    string            // the person's
	Lang    fleet.Lang
	Subject string             // one line
	Text    string             // plain text; for SMS short
	URL     string             // where a click leads: the map at the event
	Browser fleet.Subscription // push only
}

// Receipt is a provider's answer to a message it took over.
type Receipt struct {
	Provider string // host or name
	ID       string // the provider's name for the message, "" if it gave none
	Answer   string // its words
	Parts    int    // SMS parts, else 1
}

// A Sender hands one message to a provider. An error marked Permanent is not
// tried again; one that carries RetryAfter is not tried sooner. Even with an
// error the Receipt holds what the provider said.
type Sender interface {
	Send(ctx context.Context, m Message) (Receipt, error)
}

// PermanentError marks a failure that trying again will not mend.
type PermanentError struct{ Err error }

// Error gives the cause's words.
func (e *PermanentError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *PermanentError) Unwrap() error { return e.Err }

// Permanent marks err.
func Permanent(err error) error { return &PermanentError{Err: err} }

// IsPermanent reports whether err is marked.
func IsPermanent(err error) bool {
	_, ok := errors.AsType[*PermanentError](err)
	return ok
}

// RetryAfterError is a failure with the provider's wish for the next try.
type RetryAfterError struct {
	Err   error
	After time.Duration
}

// Error gives the cause's words.
func (e *RetryAfterError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *RetryAfterError) Unwrap() error { return e.Err }

// ErrGone says that a push subscription no longer exists; it is to be removed.
var ErrGone = errors.New("notify: subscription is gone")
