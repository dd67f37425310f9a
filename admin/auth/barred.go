package auth

import "github.com/vigia-track/vigia/engine/fleet"

// Bar is why somebody who proved an identity may not come in; screens word it.
type Bar string

// The bars.
const (
	NoBar       Bar = ""
	DisabledBar Bar = "disabled" // the user
	WebBar      Bar = "web-off"  // the user may not use a browser
	IOSBar      Bar = "ios-off"
	AndroidBar  Bar = "android-off"
)

// Barred says whether a user's own switches let it in with an app.
func Barred(u *fleet.User, app fleet.App) Bar {
	switch {
	case u.Disabled:
		return DisabledBar
	case app == fleet.Web && u.NoWeb:
		return WebBar
	case app == fleet.IOS && u.NoIOS:
		return IOSBar
	case app == fleet.Android && u.NoAnd:
		return AndroidBar
	}
	return NoBar
}
