package auth

import (
	"errors"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Bar is why somebody who proved an identity may not come in; screens word it.
type Bar string

// The bars. Beside these, a customer's fleet.AccessReason is one.
const (
	NoBar       Bar = ""
	DisabledBar Bar = "disabled" // the user
	WebBar      Bar = "web-off"  // the user may not use a browser
	IOSBar      Bar = "ios-off"
	AndroidBar  Bar = "android-off"
)

// BarredError is the refusal of somebody whose secret was right.
type BarredError struct {
	Bar  Bar
	Text string // a key of the catalogue, or an English sentence that it holds
}

// Error gives the text.
func (e *BarredError) Error() string { return e.Text }

// IsBarred reports whether somebody was refused who showed a right secret: no
// attempt to guess one.
func IsBarred(err error) bool {
	_, ok := errors.AsType[*BarredError](err)
	return ok
}

// Barred says whether a user may come in with an app, by its own switches and
// by its customer's; nil if so. Programs ("") are held to the customer's
// standing alone.
func Barred(a *fleet.Account, app fleet.App, now fleet.Time) error {
	bar, u := NoBar, &a.User
	switch {
	case u.Disabled:
		bar = DisabledBar
	case app == fleet.Web && u.NoWeb:
		bar = WebBar
	case app == fleet.IOS && u.NoIOS:
		bar = IOSBar
	case app == fleet.Android && u.NoAnd:
		bar = AndroidBar
	default:
		if got := a.Access(app, now); got.Reason != fleet.Active {
			return &BarredError{Bar: Bar(got.Reason), Text: BarText(got)}
		}
		return nil
	}
	return &BarredError{Bar: bar, Text: "detail." + string(bar)}
}

// BarText is what is told of a customer's access that is not active.
func BarText(a fleet.Access) string {
	if a.Reason == fleet.Suspended {
		return "Service suspended: " + a.Text
	}
	return "detail." + string(a.Reason)
}
