package text

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the same zones on every machine

	"github.com/vigia-track/vigia/engine/fleet"
)

// location is the user's zone, UTC where it is unknown.
func location(zone string) *time.Location {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		return time.UTC
	}
	return loc
}

// date words a moment in a zone under a catalogue key, clock as 15:04:05 or
// 15:04.
func (c Catalogue) date(key string, t fleet.Time, loc *time.Location, clock string) string {
	at := t.Std().In(loc)
	month := ""
	if names := strings.Fields(c["months"]); len(names) == 12 {
		month = names[at.Month()-1]
	}
	return c.Say(key, "day", fmt.Sprint(at.Day()), "month", month, "year", fmt.Sprint(at.Year()),
		"time", at.Format(clock), "zone", zoneName(at))
}

// zoneName is the offset in the form UTC-5 or UTC+5:30: abbreviations are
// ambiguous, and most zones of America have none.
func zoneName(at time.Time) string {
	_, offset := at.Zone()
	if offset == 0 {
		return "UTC"
	}
	sign := '+'
	if offset < 0 {
		sign, offset = '-', -offset
	}
	if m := offset / 60 % 60; m != 0 {
		return fmt.Sprintf("UTC%c%d:%02d", sign, offset/3600, m)
	}
	return fmt.Sprintf("UTC%c%d", sign, offset/3600)
}
