package text

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// what says in one line what happened, with names of at most n characters.
func (c Catalogue) what(f Facts, e *fleet.Event, n int) string {
	return c.tell(e, c.device(f, n), c.fence(f, e, n))
}

// What says what an event is in one line, as notices do, with the names of its
// device and fence ("" for none).
func What(lang fleet.Lang, e *fleet.Event, device, fence string) string {
	c := In(lang)
	if e.Kind == fleet.Correction {
		return c.Say("correction.unknown", "device", device)
	}
	return c.tell(e, device, fence)
}

func (c Catalogue) tell(e *fleet.Event, device, fence string) string {
	span, timed := c.span(e.Value)
	key := e.Kind.String()
	switch e.Kind {
	case fleet.Alarm:
		return c.Say("alarm", "device", device, "alarm", c.alarm(e.Alarms))
	case fleet.Overstay:
		if !timed {
			key = "overstay.now"
		}
	case fleet.Absent:
		switch {
		case e.Fence == 0 && timed:
			key = "absent.any"
		case e.Fence == 0:
			key = "absent.anyNow"
		case !timed:
			key = "absent.now"
		}
	case fleet.Speeding:
		switch {
		case !(e.Value >= 1 && e.Value < 2000):
			key = "overspeed.any"
		case e.Fence != 0:
			key = "overspeed.fence"
		}
		return c.Say(key, "device", device, "fence", fence, "limit", fmt.Sprintf("%.0f", math.Round(float64(e.Value))))
	case fleet.Offline:
		if !timed {
			key = "offline.now"
		}
	}
	return c.Say(key, "device", device, "fence", fence, "span", span)
}

// tellsSince reports whether there are words for how things stand since an
// event of a kind.
func (c Catalogue) tellsSince(k fleet.EventKind) bool {
	_, ok := c[k.String()+".since"]
	return ok
}

// since says in one line how things stand, and since when.
func (c Catalogue) since(f Facts, n int, loc *time.Location) string {
	e := &f.Event
	return c.Say(e.Kind.String()+".since", "device", c.device(f, n), "fence", c.fence(f, e, n),
		"date", c.date("date.short", e.Time, loc, "15:04"))
}

// correction says in one line what did not happen.
func (c Catalogue) correction(f Facts, n int) string {
	key := f.About.Kind.String() + ".not"
	if _, ok := c[key]; ok {
		return c.Say("correction", "what", c.Say(key, "device", c.device(f, n), "fence", c.fence(f, &f.About, n)))
	}
	if f.About.Kind == 0 {
		return c.Say("correction.unknown", "device", c.device(f, n))
	}
	return c.Say("correction.other", "what", c.what(f, &f.About, n))
}

func (c Catalogue) device(f Facts, n int) string {
	device := clip(Clean(f.Device.Name), n)
	if device == "" {
		return c.Say("device.unknown", "id", f.Device.ID.String())
	}
	if plate := clip(Clean(f.Device.Plate), n); plate != "" && !strings.Contains(device, plate) {
		return c.Say("device", "name", device, "plate", plate)
	}
	return device
}

// fence is the name of an event's fence, "" where it has none.
func (c Catalogue) fence(f Facts, e *fleet.Event, n int) string {
	if fence := clip(Clean(f.Fence.Name), n); fence != "" {
		return fence
	}
	if e.Fence == 0 && f.Fence.ID == 0 {
		return ""
	}
	return c.Say("fence.unknown", "id", f.Fence.ID.String())
}

func (c Catalogue) alarm(a fleet.Alarms) string {
	var names []string
	for _, name := range a.Names() {
		names = append(names, c.Say("alarm."+name))
	}
	if len(names) == 0 {
		return c.Say("alarm.general")
	}
	return strings.Join(names, ", ")
}

// span words a length of time in its two largest units; ok is false for none.
func (c Catalogue) span(seconds float32) (words string, ok bool) {
	if !(seconds >= 1 && seconds < 1e9) {
		return "", false
	}
	s := int(seconds)
	two := func(one, both string, n, m int) string {
		if m == 0 {
			return c.Say(one, "n", fmt.Sprint(n))
		}
		return c.Say(both, "n", fmt.Sprint(n), "m", fmt.Sprint(m))
	}
	switch {
	case s < 120:
		return c.Say("span.seconds", "n", fmt.Sprint(s)), true
	case s < 3600:
		return c.Say("span.minutes", "n", fmt.Sprint(s/60)), true
	case s < 48*3600:
		return two("span.hours", "span.hoursMinutes", s/3600, s/60%60), true
	}
	return two("span.days", "span.daysHours", s/86400, s/3600%24), true
}
