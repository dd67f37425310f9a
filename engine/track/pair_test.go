package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// crossing is an event of a fence some seconds after the start.
func crossing(kind fleet.EventKind, second int, place int32) fleet.Event {
	e := fleet.Event{
		Kind: kind, Device: device, Owner: customer, Company: company, Fence: 100, Judge: 1,
		Time: start + fleet.Time(second)*fleet.Second, Place: fleet.Place{Lat: place},
	}
	fleet.NameEvent(&e, []byte{byte(place), byte(second), byte(second >> 8)})
	return e
}

func TestPair(t *testing.T) {
	const now = start + fleet.Hour
	enter := func(second int) fleet.Event { return crossing(fleet.Enter, second, 1) }
	retracted := func(e fleet.Event) fleet.Event { e.Flags |= fleet.Retracted; return e }
	alarm := crossing(fleet.Alarm, 5, 1)
	offline := crossing(fleet.Offline, 5, 1)
	foreign := enter(10)
	foreign.Owner++
	list := func(e ...fleet.Event) []fleet.Event { return e }
	for name, c := range map[string]struct {
		old, fresh                            []fleet.Event
		isNew, amended, wasRetracted, revived int
	}{
		"the same":                      {old: list(enter(10), enter(50)), fresh: list(enter(10), enter(50))},
		"another time":                  {old: list(enter(10)), fresh: list(enter(20)), amended: 1},
		"one more":                      {old: list(enter(50)), fresh: list(enter(10), enter(50)), isNew: 1},
		"one less":                      {old: list(enter(10), enter(50)), fresh: list(enter(50)), wasRetracted: 1},
		"others are others":             {old: list(enter(10)), fresh: list(crossing(fleet.Exit, 10, 1)), isNew: 1, wasRetracted: 1},
		"in order about an anchor":      {old: list(enter(10), enter(50), enter(70)), fresh: list(enter(20), enter(50), enter(60)), amended: 2},
		"none across an anchor":         {old: list(enter(10), enter(50)), fresh: list(enter(50), enter(60)), wasRetracted: 1, isNew: 1},
		"back again":                    {old: list(retracted(enter(10))), fresh: list(enter(10)), revived: 1},
		"retracted stays so":            {old: list(retracted(enter(10))), fresh: list(enter(20)), isNew: 1},
		"alarms and contact are spared": {old: list(alarm, offline)},
		"another owner":                 {old: list(enter(10)), fresh: list(foreign), amended: 1},
	} {
		d := track.Pair(c.old, c.fresh, start, now)
		if len(d.New) != c.isNew || len(d.Amended) != c.amended || len(d.Retracted) != c.wasRetracted || len(d.Revived) != c.revived {
			t.Errorf("%s: %+v", name, d)
		}
		for _, e := range d.Amended {
			if e.Flags&fleet.Amended == 0 || e.Revised != now {
				t.Errorf("%s: amended %+v", name, e)
			}
		}
		for _, e := range d.Retracted {
			if e.Flags&fleet.Retracted == 0 || e.Revised != now {
				t.Errorf("%s: retracted %+v", name, e)
			}
		}
		for _, e := range d.Revived {
			if e.Flags&fleet.Retracted != 0 || e.Revised != now {
				t.Errorf("%s: revived %+v", name, e)
			}
		}
		if again := track.Pair(apply(t, c.old, d), c.fresh, start, now+1); !again.Empty() {
			t.Errorf("%s: once more %+v", name, again)
		}
	}
}

// An amended event keeps its ID and tells what it was first, however often it
// is amended; told the first time again it is as it was.
func TestPairAmendsAndAmends(t *testing.T) {
	first := crossing(fleet.Exit, 10, 1)
	record := []fleet.Event{first}
	for i, second := range []int{20, 30, 10} {
		fresh := crossing(fleet.Exit, second, 1)
		d := track.Pair(record, []fleet.Event{fresh}, start, start+fleet.Time(i))
		if len(d.Amended) != 1 {
			t.Fatalf("%+v", d)
		}
		e := d.Amended[0]
		if e.ID != first.ID || e.Time != fresh.Time || second != 10 && (e.First != first.Time || e.Named != fresh.ID) {
			t.Errorf("amended to %+v", e)
		}
		if second == 10 && (e.Named != fleet.EventID{} || e.First != 0 || e.Flags != 0) {
			t.Errorf("back to %+v", e)
		}
		record = d.Amended
	}
}

// New events behind the head by more than 30 s are late; nearer ones came in
// a shuffle.
func TestPairMarksWhatIsLate(t *testing.T) {
	head := start + 100*fleet.Second
	d := track.Pair(nil, []fleet.Event{crossing(fleet.Enter, 69, 1), crossing(fleet.Exit, 70, 1)}, head, head)
	if len(d.New) != 2 || d.New[0].Flags != fleet.Late || d.New[1].Flags != 0 {
		t.Errorf("%+v", d.New)
	}
}

// An ID stays with the event that had it first, though that is amended to
// another moment: what then happens at the first moment after all gets another.
func TestPairGivesNoIDTwice(t *testing.T) {
	first, second := crossing(fleet.Enter, 50, 1), crossing(fleet.Enter, 10, 1)
	record := apply(t, []fleet.Event{first}, track.Pair([]fleet.Event{first}, []fleet.Event{second}, start, start))
	d := track.Pair(record, []fleet.Event{second, first}, start, start)
	if len(d.New) != 1 || d.New[0].ID == first.ID || d.New[0].Named != first.ID || d.New[0].Time != first.Time {
		t.Fatalf("%+v", d)
	}
	record = apply(t, record, d)
	if again := track.Pair(record, []fleet.Event{second, first}, start, start); !again.Empty() {
		t.Errorf("once more %+v", again)
	}
	// Where Pair was not shown the amended one, the record is asked.
	d = track.Pair(nil, []fleet.Event{first}, start, start)
	d.Rename(func(id fleet.EventID) bool { return id == first.ID })
	if len(d.New) != 1 || d.New[0].ID == first.ID || d.New[0].Named != first.ID {
		t.Errorf("%+v", d)
	}
}
