package text_test

import (
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/gsm"
	"github.com/vigia-track/vigia/engine/notify/text"
)

type told struct {
	title string
	facts text.Facts
}

// stories are notices that tell more than one event as it happened.
func stories(lang fleet.Lang) (out []told) {
	add := func(title string, kind fleet.EventKind, change func(*text.Facts)) {
		f := facts(lang, kind)
		if kind == fleet.Moving || kind == fleet.Stopped || kind == fleet.Online || kind == fleet.Offline {
			f.Fence, f.Event.Speed = fleet.Fence{}, 0
		} else {
			f.Event.Fence = f.Fence.ID
		}
		if change != nil {
			change(&f)
		}
		out = append(out, told{title, f})
	}
	value := func(v float32) func(*text.Facts) { return func(f *text.Facts) { f.Event.Value = v } }
	add("dwell of 25 minutes", fleet.Dwell, value(1500))
	add("overstay of 3 hours", fleet.Overstay, value(3*3600))
	add("overstay by the clock", fleet.Overstay, nil)
	add("absent for 2 days and 4 hours", fleet.Absent, value(52*3600))
	add("absent by the clock", fleet.Absent, nil)
	add("absent from all fences for 90 seconds", fleet.Absent, func(f *text.Facts) { f.Event.Fence, f.Event.Value = 0, 90 })
	add("absent from all fences by the clock", fleet.Absent, func(f *text.Facts) { f.Event.Fence = 0 })
	add("overspeed", fleet.Speeding, func(f *text.Facts) { f.Event.Fence, f.Event.Value, f.Event.Speed = 0, 80, 97.4 })
	add("overspeed in a fence", fleet.Speeding, func(f *text.Facts) { f.Event.Value, f.Event.Speed = 30, 52 })
	add("overspeed, no limit known", fleet.Speeding, nil)
	add("moving", fleet.Moving, nil)
	add("stopped", fleet.Stopped, nil)
	add("offline for 65 minutes", fleet.Offline, value(65*60))
	add("offline", fleet.Offline, nil)
	add("online", fleet.Online, nil)

	since := func(f *text.Facts) { f.Since, f.Event.Received = true, at+38*fleet.Minute }
	for _, k := range []fleet.EventKind{fleet.Enter, fleet.Exit, fleet.Moving, fleet.Stopped, fleet.Online, fleet.Offline} {
		add(k.String()+", how things stand, received late", k, since)
	}
	add("exit, how things stand after quiet hours", fleet.Exit, func(f *text.Facts) { f.Since = true })
	add("exit, how things stand, 4 held back", fleet.Exit, func(f *text.Facts) { since(f); f.Repeats = 4 })
	add("alarm after 12 repeats", fleet.Alarm, func(f *text.Facts) { f.Event.Fence, f.Event.Alarms, f.Repeats = 0, fleet.PowerCut, 12 })
	add("alarm of three days ago", fleet.Alarm, func(f *text.Facts) {
		f.Event.Fence, f.Event.Alarms, f.Event.Received = 0, fleet.SOS, at+3*fleet.Day
	})

	about := func(k fleet.EventKind) func(*text.Facts) {
		return func(f *text.Facts) {
			f.About = f.Event
			f.About.Kind, f.Event.Received, f.About.Value = k, at+38*fleet.Minute, 1500
		}
	}
	add("correction of an enter", fleet.Correction, about(fleet.Enter))
	add("correction of an exit", fleet.Correction, about(fleet.Exit))
	add("correction of a dwell", fleet.Correction, about(fleet.Dwell))
	add("correction of what is gone", fleet.Correction, nil)
	return out
}

// Design, 4.7: "Truck 12 outside Depot since 14:03, received 14:41".
func TestLateNotice(t *testing.T) {
	f := facts(fleet.English, fleet.Exit)
	f.Device.Name, f.Device.Plate, f.Fence.Name = "Truck 12", "", "Depot"
	f.Since, f.Event.Received = true, at+38*fleet.Minute
	if got, want := text.Write(f).Brief, "Truck 12 outside Depot since 20 Mar 14:03 UTC-5, received 20 Mar 14:41 UTC-5"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// An SMS of the longest names, with its link, keeps within the three parts
// that senders take by default.
func TestBriefFitsThreeParts(t *testing.T) {
	for _, lang := range fleet.Langs() {
		for _, s := range stories(lang) {
			f := s.facts
			f.Device.Name, f.Device.Plate = strings.Repeat("n", 300), strings.Repeat("p", 300)
			if f.Fence.ID != 0 {
				f.Fence.Name = strings.Repeat("f", 300)
			}
			n := text.Write(f)
			body, parts := gsm.Fit(n.Brief, "https://track.example.com/?event="+f.Event.ID.String(), 3, true)
			if parts > 3 || strings.Contains(body, "... http") {
				t.Errorf("%s: %s: %d parts: %s", lang, s.title, parts, body)
			}
			if strings.ContainsAny(n.Brief+n.Subject, "{}\n") {
				t.Errorf("%s: %s: %q, %q", lang, s.title, n.Subject, n.Brief)
			}
		}
	}
}
