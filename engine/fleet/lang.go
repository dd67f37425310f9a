package fleet

import (
	"time"
)

// Lang is a language of texts and screens.
type Lang string

// The languages.
const (
	English    Lang = "en"
	Spanish    Lang = "es"
	Portuguese Lang = "pt"
	French     Lang = "fr"
)

// Langs are all languages, in the order in which screens list them.
func Langs() []Lang { return []Lang{English, Spanish, Portuguese, French} }

// Validate refuses a language that we do not speak.
func (l Lang) Validate() error {
	for _, known := range Langs() {
		if l == known {
			return nil
		}
	}
	return Errorf(Invalid, "language %q is not one of en, es, pt, fr", string(l))
}

func validZone(field, zone string) error {
	if _, err := time.LoadLocation(zone); err != nil || zone == "" || zone == "Local" {
		return FieldError(field, "%q is no time zone; write one as in America/Bogota or UTC", zone)
	}
	return nil
}
