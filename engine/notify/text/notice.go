package text

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// LateAfter is how long after the fact a report may arrive before the notice
// calls itself late, even if the event is not flagged so.
const LateAfter = 5 * fleet.Minute

// nameInBrief is the most characters of a name in a short text.
const nameInBrief = 40

// Facts is what a notice tells, and to whom. A device or fence that no longer
// exists carries nothing but its ID.
type Facts struct {
	Event     fleet.Event
	About     fleet.Event // Correction: the event that did not happen, zero if it is gone
	Device    fleet.Device
	Fence     fleet.Fence
	User      fleet.User
	PublicURL string // where the installation is reached, "" if unknown
	Since     bool   // tell how things stand since the event
	Repeats   uint32 // like events since the notice before
}

// Link is an address with its label.
type Link struct{ Label, URL string }

// Notice is the wording of one event for one person.
type Notice struct {
	Subject string // one line: "Truck 12 (ABC-123) left Depot"
	Brief   string // one line with the time, for SMS and lock screens
	Long    string // several lines, for mail; no links
	Links   []Link // the first leads to the event, or to the place on a public map
}

// Write words the facts. The same facts give the same notice at any time.
func Write(f Facts) Notice {
	c, e := In(f.User.Lang), &f.Event
	loc := location(f.User.Timezone)
	late := e.Flags&fleet.Late != 0 || e.Received-e.Time >= LateAfter
	corrects := e.Kind == fleet.Correction

	var n Notice
	switch {
	case corrects:
		late = false
		n.Subject = c.correction(f, fleet.MaxName)
		n.Brief = c.Say("brief", "what", c.correction(f, nameInBrief), "date", c.date("date.short", e.Time, loc, "15:04"))
	case f.Since && c.tellsSince(e.Kind):
		n.Subject, n.Brief = c.since(f, fleet.MaxName, loc), c.since(f, nameInBrief, loc)
	default:
		f.Since = false
		n.Subject, n.Brief = c.what(f, e, fleet.MaxName), c.what(f, e, nameInBrief)
		if late {
			n.Subject, n.Brief = c.Say("late", "what", n.Subject), c.Say("late", "what", n.Brief)
		}
		key, pairs := "brief", []string{"what", n.Brief, "date", c.date("date.short", e.Time, loc, "15:04")}
		if speed, moving := speedOf(e); moving {
			key, pairs = "brief.speed", append(pairs, "speed", speed)
		}
		n.Brief = c.Say(key, pairs...)
	}
	if late {
		n.Brief = c.Say("brief.received", "brief", n.Brief, "date", c.date("date.short", e.Received, loc, "15:04"))
	}
	if f.Repeats > 0 {
		n.Brief = c.Say("brief.repeats", "brief", n.Brief, "count", fmt.Sprint(f.Repeats))
	}
	n.Long = c.long(f, n.Subject, late, loc)
	n.Links = c.links(f)
	return n
}

// long is the text of a mail.
func (c Catalogue) long(f Facts, subject string, late bool, loc *time.Location) string {
	e := &f.Event
	corrects := e.Kind == fleet.Correction
	lines := []string{subject, "", c.Say("mail.time", "date", c.date("date.long", e.Time, loc, "15:04:05"))}
	if late {
		lines = append(lines, c.Say("mail.received", "date", c.date("date.long", e.Received, loc, "15:04:05")))
	}
	if speed, moving := speedOf(e); moving && !corrects {
		lines = append(lines, c.Say("mail.speed", "speed", speed))
	}
	if e.Place != (fleet.Place{}) && !corrects {
		key := "mail.place"
		if e.Flags&fleet.Placeless != 0 {
			key = "mail.lastPlace"
		}
		lines = append(lines, c.Say(key, "place", fmt.Sprintf("%.5f, %.5f", e.Place.LatDegrees(), e.Place.LonDegrees())))
	}
	if f.Repeats > 0 {
		lines = append(lines, c.Say("mail.repeats", "count", fmt.Sprint(f.Repeats)))
	}
	if corrects {
		lines = append(lines, "", c.Say("mail.correction"))
	}
	if f.Since {
		lines = append(lines, "", c.Say("mail.since"))
	}
	if late {
		lines = append(lines, "", c.Say("mail.late"))
	}
	if e.Flags&fleet.Inferred != 0 {
		lines = append(lines, "", c.Say("mail.inferred"))
	}
	lines = append(lines, "", c.Say("mail.footer"))
	return strings.Join(lines, "\n")
}

// speedOf is the speed in whole km/h, if there was one above zero: a zero may
// as well mean that none was sent.
func speedOf(e *fleet.Event) (string, bool) {
	s := math.Round(float64(e.Speed))
	if !(s >= 1 && s < 2000) {
		return "", false
	}
	return fmt.Sprintf("%.0f", s), true
}

func (c Catalogue) links(f Facts) []Link {
	var links []Link
	if f.PublicURL != "" {
		links = append(links, Link{c.Say("link.event"), EventURL(f.PublicURL, f.Event.ID)})
	}
	if f.Event.Place != (fleet.Place{}) {
		links = append(links, Link{c.Say("link.place"), PlaceURL(f.Event.Place)})
	}
	return links
}

// EventURL is the map of the installation at public, opened at an event.
func EventURL(public string, id fleet.EventID) string {
	return strings.TrimRight(public, "/") + "/?event=" + url.QueryEscape(id.String())
}

// PlaceURL is a place on a public map, with a marker.
func PlaceURL(p fleet.Place) string {
	return fmt.Sprintf("https://www.openstreetmap.org/?mlat=%.5f&mlon=%.5f&zoom=16", p.LatDegrees(), p.LonDegrees())
}
