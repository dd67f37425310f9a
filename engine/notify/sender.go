package notify

import (
	"context"
	"errors"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Message is one notification, worded, for one address. The same delivery
// gives the same message at every attempt, but for names edited meanwhile.
type Message struct {
	Key     fleet.DeliveryKey // the idempotency key towards the provider
	To      string            // mail address, E.164 number, or "" for push
	Name    string            // the person's
	Lang    fleet.Lang
	Subject string             // one line; the title of a push message
	Text    string             // plain text without links; for SMS short
	URL     string             // where a click leads: the map at the event, "" for nowhere
	Links   []Link             // mail: below the text, URL first
	Expires fleet.Time         // not worth showing after; 0 = never
	Browser fleet.Subscription // push only
}

// Link is an address with its label in the reader's language.
type Link struct{ Label, URL string }

// Receipt is a provider's answer to a message it took over.
type Receipt struct {
	Provider string // host or name
	ID       string // the provider's name for the message, "" if it gave none
	Answer   string // its words
	Parts    int    // SMS parts, else 1
}

// Report is what a provider says of a message, or of one of its parts, after it
// took it over: a delivery receipt.
type Report struct {
	Provider string              // as in Receipt
	ID       string              // the message's, or one of its parts'
	State    fleet.DeliveryState // Delivered or Failed
	Done     string              // when, by the provider's clock and in its words; "" = it does not say
	Words    string              // all it said
}

// A Sender hands one message to a provider; several goroutines may call it at
// once. An error marked Permanent is not tried again; one that carries
// RetryAfter is not tried sooner; one marked Down says that the provider takes
// nothing from anybody just now. Even with an error the Receipt holds what the
// provider said. Send returns soon after ctx ends.
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

// DownError marks a failure of the provider as a whole: no answer, no sign-in,
// no service. A few in a row open the destination's circuit breaker.
type DownError struct{ Err error }

// Error gives the cause's words.
func (e *DownError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *DownError) Unwrap() error { return e.Err }

// Down marks err; nil stays nil.
func Down(err error) error {
	if err == nil {
		return nil
	}
	return &DownError{Err: err}
}

// IsDown reports whether err is marked.
func IsDown(err error) bool {
	_, ok := errors.AsType[*DownError](err)
	return ok
}

// ErrGone says that a push subscription no longer exists; it is to be removed.
var ErrGone = errors.New("notify: subscription is gone")
