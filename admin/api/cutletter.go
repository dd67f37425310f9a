package api

import (
	"errors"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ErrNoMail is what a Post answers where neither the company nor the
// installation has a mail server.
var ErrNoMail = errors.New("no mail server is set up")

// CutLetter tells a customer's administrator on which day the service will be
// cut, in the person's language. publicURL is where the pages are.
func CutLetter(u *fleet.User, customer string, day fleet.Date, publicURL string) Letter {
	return Letter{
		Company: u.Company, To: u.Email, Name: u.Name, Lang: u.Lang, Label: say(u.Lang, "letter.cut.label"),
		Subject: say(u.Lang, "letter.cut.subject"),
		Text:    strings.NewReplacer("{customer}", customer, "{day}", string(day)).Replace(say(u.Lang, "letter.cut.text")),
		URL:     strings.TrimSuffix(publicURL, "/") + "/",
	}
}
