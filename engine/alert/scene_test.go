package alert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// A scene is one device under some notifications, and all that was decided.
type scene struct {
	t      testing.TB
	book   *alert.Book
	rules  *alert.Rules
	seq    fleet.Seq
	inside []fleet.FenceID
	out    alert.Result
	names  map[fleet.EventID]string
	stored map[fleet.NotificationID][]byte
}

func play(t testing.TB, rules ...*fleet.Notification) *scene {
	return &scene{
		t: t, book: &alert.Book{}, rules: compile(rules...),
		names: map[fleet.EventID]string{}, stored: map[fleet.NotificationID][]byte{},
	}
}

// watch is a notification of one person by SMS about both sides of all fences.
func watch(kinds ...fleet.EventKind) *fleet.Notification {
	if len(kinds) == 0 {
		kinds = []fleet.EventKind{fleet.Enter, fleet.Exit}
	}
	return &fleet.Notification{
		ID: 5, Company: 1, Owner: 2, Description: "yard", AllDevices: true, AllFences: true, Kinds: kinds,
		Channels: []fleet.Channel{fleet.SMS}, Recipients: []fleet.UserID{11},
	}
}

func at(s string) fleet.Time {
	var v fleet.Time
	if err := v.UnmarshalText([]byte("2026-02-02T" + s + "Z")); err != nil {
		panic(err)
	}
	return v
}

// event is what happened at a time of day, of fence 9 if its kind has one.
func event(kind fleet.EventKind, when string) *fleet.Event {
	e := &fleet.Event{Kind: kind, Device: 7, Company: 1, Owner: 2, Time: at(when)}
	switch kind {
	case fleet.Enter, fleet.Exit, fleet.Dwell, fleet.Overstay, fleet.Absent:
		e.Fence = 9
	case fleet.Alarm:
		e.Alarms = fleet.SOS
	}
	fleet.NameEvent(e, nil)
	return e
}

// happens hands an event over that is found at a time of day.
func (s *scene) happens(e *fleet.Event, found string) *scene {
	s.seq++
	if e.Received == 0 {
		e.Received = at(found)
	}
	s.names[e.ID] = fmt.Sprint(e.Kind, " ", e.Time.String()[11:16])
	s.book.Decide(alert.Input{Seq: s.seq, At: at(found)}, e, s.rules, &s.out)
	return s.flush()
}

// settles lets a tick come, with the device in some fences.
func (s *scene) settles(when string, inside ...fleet.FenceID) *scene {
	s.seq++
	s.book.Settle(alert.Input{Seq: s.seq, At: at(when)}, 7, inside, s.rules, &s.out)
	return s.flush()
}

// revised hands over what a late report changed of an event.
func (s *scene) revised(e fleet.Event) *scene {
	s.seq++
	s.book.Revise(alert.Input{Seq: s.seq, At: e.Revised}, &e)
	return s.flush()
}

func (s *scene) flush() *scene {
	s.book.Flush(7, &s.out)
	for _, m := range s.out.Memories {
		if delete(s.stored, m.Rule); len(m.Value) > 0 {
			s.stored[m.Rule] = m.Value
		}
	}
	s.out.Memories = nil
	return s
}

// restarts goes on with nothing but what was stored.
func (s *scene) restarts() *scene {
	s.book = &alert.Book{}
	for rule, value := range s.stored {
		if err := s.book.Load(&fleet.Memory{Device: 7, Rule: rule, Value: value}); err != nil {
			s.t.Fatal(err)
		}
	}
	return s
}

// told checks all deliveries so far, one a row: what, and what became of it.
func (s *scene) told(want ...string) *scene {
	s.t.Helper()
	var got []string
	for i := range s.out.Deliveries {
		d := &s.out.Deliveries[i]
		line := s.names[d.Key.Event]
		switch {
		case d.State == fleet.Suppressed:
			line += ": " + d.Reason
		case d.Late:
			line += ": late"
		default:
			line += ": sent"
		}
		if d.State == fleet.Queued && d.Due != d.Created {
			line += " at " + d.Due.String()[11:16]
		}
		if d.Repeats > 0 {
			line += fmt.Sprint(" after ", d.Repeats)
		}
		got = append(got, line)
	}
	if !slices.Equal(got, want) {
		s.t.Errorf("told\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	return s
}
