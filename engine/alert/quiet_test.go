package alert_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

func every(from, to string) *fleet.Schedule {
	var iv fleet.Interval
	iv.Days = fleet.EveryDay
	if iv.From.UnmarshalText([]byte(from)) != nil || iv.To.UnmarshalText([]byte(to)) != nil {
		panic("bug: no time of day")
	}
	return &fleet.Schedule{Weekly: []fleet.Interval{iv}}
}

func TestQuietHours(t *testing.T) {
	for _, c := range []struct {
		name string
		play func(*scene)
	}{
		{"it is told at their end how things stand", func(s *scene) {
			s.happens(event(fleet.Exit, "02:10:00"), "02:10:01").settles("05:59:59").told().
				settles("06:00:00").told("exit 02:10: late")
		}},
		{"or nothing, if it is as it was", func(s *scene) {
			s.happens(event(fleet.Exit, "02:10:00"), "02:10:01").
				happens(event(fleet.Enter, "03:10:00"), "03:10:01").
				settles("06:00:00", 9).told("exit 02:10: quiet hours", "enter 03:10: quiet hours")
		}},
		{"others wait for their end", func(s *scene) {
			s.happens(event(fleet.Dwell, "02:10:00"), "02:10:01").told("dwell 02:10: sent at 06:00")
		}},
		{"what is late at night waits too", func(s *scene) {
			s.happens(event(fleet.Exit, "02:10:00"), "02:41:00").settles("02:41:05").told().
				settles("06:00:00").told("exit 02:10: late")
		}},
		{"what happened in them and is found after them does not", func(s *scene) {
			s.happens(event(fleet.Exit, "05:59:58"), "06:00:01").told("exit 05:59: sent")
		}},
		{"critical alarms are told at once", func(s *scene) {
			s.happens(event(fleet.Alarm, "02:10:00"), "02:10:01").told("alarm 02:10: sent")
		}},
		{"other alarms wait, and do not expire", func(s *scene) {
			e := event(fleet.Alarm, "02:10:00")
			e.Alarms = fleet.DoorOpen
			s.happens(e, "02:10:01").told("alarm 02:10: sent at 06:00")
			if s.out.Deliveries[0].Expires != 0 {
				t.Error("it expires")
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := watch(fleet.Enter, fleet.Exit, fleet.Dwell, fleet.Alarm)
			n.Quiet = every("22:00", "06:00")
			c.play(play(t, n))
		})
	}
}

// Design, 4.11: by the customer's clock, at the time of the fix.
func TestScheduleAtFixTimeByTheOwnersClock(t *testing.T) {
	n := watch()
	n.Schedule = every("08:00", "18:00")
	zone := func(id fleet.OwnerID) string {
		if id != n.Owner {
			t.Errorf("zone of %d asked", id)
		}
		return "America/Bogota" // UTC-5
	}
	for when, want := range map[string]int{"12:59:59": 0, "13:00:00": 1, "22:59:59": 1, "23:00:00": 0} {
		var out alert.Result
		e := event(fleet.Exit, when)
		e.Received = e.Time + 2*fleet.Minute
		(&alert.Book{}).Decide(alert.Input{Seq: 1, At: e.Received}, e, alert.Compile([]*fleet.Notification{n}, zone), &out)
		if len(out.Deliveries) != want {
			t.Errorf("at %s UTC: %d deliveries, want %d", when, len(out.Deliveries), want)
		}
	}
}

func TestCooldown(t *testing.T) {
	n := watch()
	n.Cooldown = 10 * fleet.Minute
	play(t, n).
		happens(event(fleet.Enter, "10:00:00"), "10:00:01").
		happens(event(fleet.Exit, "10:01:00"), "10:01:01").
		happens(event(fleet.Enter, "10:02:00"), "10:02:01"). // held back
		happens(event(fleet.Exit, "10:03:00"), "10:03:01").  // held back
		happens(event(fleet.Enter, "10:04:00"), "10:04:01"). // held back, and how things stand
		settles("10:10:00", 9).
		told("enter 10:00: sent", "exit 10:01: sent").
		settles("10:11:01", 9).
		told("enter 10:00: sent", "exit 10:01: sent", "enter 10:04: late", "enter 10:02: repeat", "exit 10:03: repeat")
	dwell := watch(fleet.Dwell)
	dwell.Cooldown = 10 * fleet.Minute
	play(t, dwell).
		happens(event(fleet.Dwell, "10:00:00"), "10:00:01").
		happens(event(fleet.Dwell, "10:05:00"), "10:05:01").
		happens(event(fleet.Dwell, "10:12:00"), "10:12:01").
		told("dwell 10:00: sent", "dwell 10:05: repeat", "dwell 10:12: sent after 1")
}

func TestRepeatedAlarmsFold(t *testing.T) {
	three := func(a fleet.Alarms) *scene {
		s := play(t, watch(fleet.Alarm))
		for _, when := range []string{"10:00:00", "10:00:20", "10:01:59", "10:02:00", "10:10:00"} {
			e := event(fleet.Alarm, when)
			e.Alarms = a
			fleet.NameEvent(e, nil)
			s.happens(e, when)
		}
		return s
	}
	three(fleet.SOS).told("alarm 10:00: sent", "alarm 10:00: repeat", "alarm 10:01: repeat",
		"alarm 10:02: sent after 2", "alarm 10:10: sent")
	three(fleet.PowerCut).told("alarm 10:00: sent", "alarm 10:00: repeat", "alarm 10:01: repeat",
		"alarm 10:02: repeat", "alarm 10:10: sent after 3")

	t.Run("one kind never hides another", func(t *testing.T) {
		other := event(fleet.Alarm, "10:00:20")
		other.Alarms = fleet.Tamper
		play(t, watch(fleet.Alarm)).happens(event(fleet.Alarm, "10:00:00"), "10:00:00").
			happens(other, "10:00:20").told("alarm 10:00: sent", "alarm 10:00: sent")
	})
	t.Run("no cooldown hides an SOS for longer", func(t *testing.T) {
		n := watch(fleet.Alarm)
		n.Cooldown = fleet.Day
		play(t, n).happens(event(fleet.Alarm, "10:00:00"), "10:00:00").
			happens(event(fleet.Alarm, "10:02:00"), "10:02:00").told("alarm 10:00: sent", "alarm 10:02: sent")
	})
	t.Run("an old one does not hide one of now", func(t *testing.T) {
		play(t, watch(fleet.Alarm)).happens(event(fleet.Alarm, "07:00:00"), "10:00:00").
			happens(event(fleet.Alarm, "09:00:00"), "10:00:00").
			happens(event(fleet.Alarm, "10:00:00"), "10:00:01").
			told("alarm 07:00: sent", "alarm 09:00: repeat", "alarm 10:00: sent after 1")
	})
	t.Run("after a restart it is remembered", func(t *testing.T) {
		play(t, watch(fleet.Alarm)).happens(event(fleet.Alarm, "10:00:00"), "10:00:00").restarts().
			happens(event(fleet.Alarm, "10:00:30"), "10:00:30").told("alarm 10:00: sent", "alarm 10:00: repeat")
	})
}
