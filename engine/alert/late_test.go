package alert_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Design, 4.7: an event older than the maximum age is not sent as fresh; where
// a device's side differs from what recipients were last told, one notice says
// so, marked late.
func TestLateIsNotMute(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(*scene)
	}{
		{"it left, and that arrives late", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").told().
				settles("14:41:01").told().
				settles("14:41:02").told("exit 14:03: late").
				settles("14:41:03").told("exit 14:03: late")
		}},
		{"it came back meanwhile", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").
				happens(event(fleet.Enter, "14:20:00"), "14:41:01").
				settles("14:41:04", 9).told("exit 14:03: too old", "enter 14:20: too old")
		}},
		{"it came back, and left again", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").
				happens(event(fleet.Enter, "14:10:00"), "14:41:00").
				happens(event(fleet.Exit, "14:20:00"), "14:41:00").
				settles("14:41:04").told("exit 14:20: late", "exit 14:03: too old", "enter 14:10: too old")
		}},
		{"reports of long ago keep coming", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00")
			s.book.Stir(at("14:41:05"))
			s.settles("14:41:06").told().settles("14:41:07").told("exit 14:03: late")
		}},
		{"reports of long ago keep coming for ever", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00")
			for i := range 120 {
				s.book.Stir(at("14:41:00") + fleet.Time(i)*fleet.Second)
			}
			s.settles("14:42:59").told().settles("14:43:00").told("exit 14:03: late")
		}},
		{"it is told of a fresh crossing in between", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").
				happens(event(fleet.Enter, "14:40:59"), "14:41:00").
				settles("14:41:04", 9).told("enter 14:40: sent", "exit 14:03: too old")
		}},
		{"told that it left, it came and went", func(s *scene) {
			s.happens(event(fleet.Exit, "09:00:00"), "09:00:01").
				happens(event(fleet.Enter, "10:00:00"), "14:41:00").
				happens(event(fleet.Exit, "14:03:00"), "14:41:00").
				settles("14:41:04").
				told("exit 09:00: sent", "enter 10:00: too old", "exit 14:03: too old")
		}},
		{"the edit of a fence took it in again", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").settles("14:41:04", 9).told("exit 14:03: too old")
		}},
		{"young enough is fresh, though found late", func(s *scene) {
			e := event(fleet.Exit, "14:30:00")
			e.Flags = fleet.Late
			s.happens(e, "14:41:00").settles("14:41:04").told("exit 14:30: sent")
		}},
		{"what arrived in time is old when it is found late", func(s *scene) {
			e := event(fleet.Exit, "14:03:00")
			e.Received = at("14:03:01")
			s.happens(e, "14:41:00").told().settles("14:41:02").told("exit 14:03: late")
		}},
		{"a restart between waiting and settling", func(s *scene) {
			s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").restarts().
				settles("14:41:04").told("exit 14:03: late").
				restarts().settles("14:41:05").told("exit 14:03: late")
		}},
		{"the same again, as after a crash", func(s *scene) {
			e := event(fleet.Exit, "14:03:00")
			s.happens(e, "14:41:00").happens(e, "14:41:00").settles("14:41:04").
				happens(e, "14:41:05").settles("14:41:08").told("exit 14:03: late")
		}},
		{"what no pair has is old for good", func(s *scene) {
			s.happens(event(fleet.Dwell, "14:03:00"), "14:41:00").told("dwell 14:03: too old")
		}},
		{"motion has sides as well", func(s *scene) {
			s.happens(event(fleet.Moving, "14:03:00"), "14:41:00").
				happens(event(fleet.Stopped, "14:10:00"), "14:41:00").
				happens(event(fleet.Moving, "14:20:00"), "14:41:00").
				settles("14:41:04").told("moving 14:20: late", "moving 14:03: too old", "stopped 14:10: too old")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := play(t, watch(fleet.Enter, fleet.Exit, fleet.Dwell, fleet.Moving, fleet.Stopped))
			c.play(s)
			if s.book.Waiting() && c.name != "young enough is fresh, though found late" {
				t.Error("something waits still")
			}
		})
	}
}

// Recipients who do not hear of the other side know nothing after it.
func TestOneSidedNotification(t *testing.T) {
	play(t, watch(fleet.Exit)).
		happens(event(fleet.Exit, "09:00:00"), "09:00:01").
		happens(event(fleet.Enter, "10:00:00"), "14:41:00").
		happens(event(fleet.Exit, "14:03:00"), "14:41:00").
		settles("14:41:04").told("exit 09:00: sent", "exit 14:03: late")
	play(t, watch(fleet.Exit)).
		happens(event(fleet.Exit, "14:03:00"), "14:41:00").
		happens(event(fleet.Enter, "14:10:00"), "14:41:00").
		settles("14:41:04", 9).told("exit 14:03: too old")
}

// Two notifications that want the same message: it goes out once.
func TestLateForTwoNotifications(t *testing.T) {
	other := watch()
	other.ID, other.Cooldown = 6, fleet.Minute
	s := play(t, watch(), other)
	s.happens(event(fleet.Exit, "14:03:00"), "14:41:00").settles("14:41:04").told("exit 14:03: late")
	if d := s.out.Deliveries[0]; d.Notification != 5 || len(d.Also) != 1 || d.Also[0] != 6 {
		t.Errorf("of %d and %d", d.Notification, d.Also)
	}
}

// Notifications that are deleted or paused meanwhile tell nobody, and are
// forgotten.
func TestSettleWithoutTheNotification(t *testing.T) {
	s := play(t, watch()).happens(event(fleet.Exit, "14:03:00"), "14:41:00")
	s.rules = compile()
	if s.settles("14:41:04").told(); len(s.stored) != 0 || !s.book.Empty() {
		t.Errorf("%d memories are stored", len(s.stored))
	}
	paused := watch()
	paused.Paused = true
	s = play(t, watch()).happens(event(fleet.Exit, "14:03:00"), "14:41:00")
	s.rules = compile(paused)
	if s.settles("14:41:04").told(); len(s.stored) != 0 {
		t.Errorf("%d memories are stored", len(s.stored))
	}
}

// What waits is bounded: the rest is suppressed, and the newest still told.
func TestManyWait(t *testing.T) {
	s := play(t, watch())
	const crossings = 500
	for i := range crossings {
		e := event(fleet.Enter+fleet.EventKind(1-i%2), "10:00:00")
		e.Time += fleet.Time(i) * fleet.Second
		fleet.NameEvent(e, nil)
		s.happens(e, "14:41:00")
	}
	e := event(fleet.Exit, "13:00:00")
	s.happens(e, "14:41:00").settles("14:41:04")
	late := 0
	for _, d := range s.out.Deliveries {
		if d.State == fleet.Queued {
			if late++; d.Key.Event != e.ID || !d.Late {
				t.Errorf("told of %s", s.names[d.Key.Event])
			}
		}
	}
	if late != 1 || len(s.out.Deliveries) != crossings+1 {
		t.Errorf("%d told of, %d decided", late, len(s.out.Deliveries))
	}
}

// Device alarms always alert, however old, and do not expire.
func TestOldAlarmsAlert(t *testing.T) {
	for _, a := range []fleet.Alarms{fleet.SOS, fleet.PowerCut, fleet.Tamper} {
		e := event(fleet.Alarm, "14:03:00")
		e.Alarms, e.Time = a, e.Time-3*fleet.Day
		fleet.NameEvent(e, nil)
		s := play(t, watch(fleet.Alarm)).happens(e, "14:41:00").told("alarm 14:03: sent")
		if s.out.Deliveries[0].Expires != 0 {
			t.Error("it expires")
		}
	}
}

// A late report retracts an event, or moves it in time.
func TestRevise(t *testing.T) {
	gone := func(e *fleet.Event) fleet.Event {
		r := *e
		r.Flags, r.Revised = fleet.Retracted, at("14:45:00")
		return r
	}
	t.Run("told, retracted, and it leaves again", func(t *testing.T) {
		e := event(fleet.Exit, "14:03:00")
		play(t, watch()).happens(e, "14:03:01").revised(gone(e)).
			happens(event(fleet.Exit, "14:20:00"), "14:45:00").settles("14:45:04").
			told("exit 14:03: sent", "exit 14:20: late")
	})
	t.Run("retracted while it waits", func(t *testing.T) {
		e := event(fleet.Exit, "14:03:00")
		play(t, watch()).happens(e, "14:41:00").revised(gone(e)).settles("14:45:04", 9).told()
	})
	t.Run("amended while it waits", func(t *testing.T) {
		e := event(fleet.Exit, "14:03:00")
		moved := *e
		moved.Flags, moved.First, moved.Time, moved.Revised = fleet.Amended, e.Time, e.Time-fleet.Minute, at("14:45:00")
		play(t, watch()).happens(e, "14:41:00").revised(moved).settles("14:45:04").told("exit 14:03: late")
	})
	t.Run("an alarm's notice that is retracted covers nothing", func(t *testing.T) {
		n := watch()
		n.Cooldown = fleet.Hour
		e := event(fleet.Exit, "14:03:00")
		play(t, n).happens(e, "14:03:01").revised(gone(e)).
			happens(event(fleet.Exit, "14:10:00"), "14:10:01").told("exit 14:03: sent", "exit 14:10: sent")
	})
}

// Corrections go to those who were told, and to those who may be told just now.
func TestCorrect(t *testing.T) {
	e := event(fleet.Exit, "14:03:00")
	row := func(who fleet.UserID, s fleet.DeliveryState) fleet.Delivery {
		return fleet.Delivery{
			Key: fleet.DeliveryKey{Event: e.ID, Recipient: who, Channel: fleet.SMS}, Notification: 5,
			State: s, Due: at("14:44:59"), Company: 1, Owner: 2, Device: 7,
		}
	}
	later := row(15, fleet.Queued)
	later.Due = at("16:00:00")
	rows := []fleet.Delivery{
		row(11, fleet.Sent), row(12, fleet.Suppressed), row(13, fleet.Failed), row(14, fleet.Queued), later,
		{Key: fleet.DeliveryKey{Recipient: 16}, State: fleet.Sent},
	}
	in := alert.Input{Seq: 9, At: at("14:45:00")}
	c, to, ok := alert.Correct(in, e, rows, nil)
	if !ok || len(to) != 2 || to[0].Key.Recipient != 11 || to[1].Key.Recipient != 14 {
		t.Fatalf("%v, %+v", ok, to)
	}
	if to[0].Due != in.At || to[1].Due != in.At+alert.FlightTime || to[0].Key.Event != c.ID || to[0].Key.Channel != fleet.SMS {
		t.Errorf("%+v", to)
	}
	if c.Kind != fleet.Correction || c.About != e.ID || c.Device != 7 || c.Fence != 9 || c.Time != e.Time || c.Received != in.At {
		t.Errorf("%+v", c)
	}
	again, _, _ := alert.Correct(alert.Input{Seq: 99, At: in.At + fleet.Hour}, e, rows, nil)
	moved := *e
	moved.First, moved.Time = e.Time, e.Time-fleet.Minute
	third, _, _ := alert.Correct(in, &moved, rows, nil)
	if again.ID != c.ID || third.ID != c.ID {
		t.Error("another identity the second time")
	}
	if _, _, ok := alert.Correct(in, e, rows[1:3], nil); ok {
		t.Error("nobody was told")
	}
	asleep := watch()
	asleep.Quiet = every("14:00", "15:00")
	if _, to, _ := alert.Correct(in, e, rows[:1], compile(asleep)); to[0].Due != at("15:00:00") {
		t.Errorf("in quiet hours it is due at %v", to[0].Due)
	}
}
