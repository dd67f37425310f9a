package why

import (
	"embed"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/text"
)

//go:embed catalogue/*.json
var files embed.FS

var catalogues = sync.OnceValue(func() map[fleet.Lang]text.Catalogue {
	all := make(map[fleet.Lang]text.Catalogue)
	for _, lang := range fleet.Langs() {
		b, err := files.ReadFile("catalogue/" + string(lang) + ".json")
		var c text.Catalogue
		if err == nil {
			err = json.Unmarshal(b, &c)
		}
		if err != nil {
			panic(fmt.Sprintf("bug: catalogue/%s.json: %v", lang, err)) // embedded: a test's business
		}
		all[lang] = c
	}
	return all
})

// in is the catalogue of a language, the English one for one that we do not
// speak.
func in(lang fleet.Lang) text.Catalogue {
	if c, ok := catalogues()[lang]; ok {
		return c
	}
	return catalogues()[fleet.English]
}

// words says things in one language and time zone.
type words struct {
	cat  text.Catalogue
	lang fleet.Lang
	zone *time.Location
	day  fleet.Time // times of its day go without a date
}

func (w *words) say(key string, pairs ...string) string { return w.cat.Say(key, pairs...) }

// clock is a time of day, with its date where that is another than the day's.
func (w *words) clock(t fleet.Time) string {
	at, day := t.Std().In(w.zone), w.day.Std().In(w.zone)
	layout := "15:04:05"
	if t%fleet.Second != 0 {
		layout = "15:04:05.000"
	}
	if at.YearDay() != day.YearDay() || at.Year() != day.Year() {
		layout = "2006-01-02 " + layout
	}
	return at.Format(layout)
}

// span is a length of time in its two largest units.
func (w *words) span(t fleet.Time) string {
	if t < 0 {
		t = -t
	}
	day := w.say("unit.day")
	two := func(a fleet.Time, unit string, b fleet.Time, small string) string {
		if b == 0 {
			return fmt.Sprintf("%d %s", a, unit)
		}
		return fmt.Sprintf("%d %s %d %s", a, unit, b, small)
	}
	switch {
	case t < fleet.Second:
		return fmt.Sprintf("%d ms", t)
	case t < fleet.Minute:
		return fmt.Sprintf("%d s", t/fleet.Second)
	case t < fleet.Hour:
		return two(t/fleet.Minute, "min", t%fleet.Minute/fleet.Second, "s")
	case t < fleet.Day:
		return two(t/fleet.Hour, "h", t%fleet.Hour/fleet.Minute, "min")
	}
	return two(t/fleet.Day, day, t%fleet.Day/fleet.Hour, "h")
}

// metres is a distance without its sign.
func metres(m float64) string {
	m = math.Abs(m)
	if m < 9.95 {
		return strings.TrimSuffix(strconv.FormatFloat(m, 'f', 1, 64), ".0")
	}
	return strconv.FormatFloat(m, 'f', 0, 64)
}

// edge says where a place lies against an edge.
func (w *words) edge(m float64, inside bool) string {
	if inside {
		return w.say("edge.inside", "m", metres(m))
	}
	return w.say("edge.outside", "m", metres(m))
}

// what says what an event is, as notices do.
func (w *words) what(e *fleet.Event, device, fence string) string {
	return text.What(w.lang, e, device, fence)
}
