package fleet

import "time"

// Schedule is when something counts: weekly intervals by the clock of whoever
// owns it. It is never changed once set.
type Schedule struct {
	Weekly []Interval `cbor:"1,keyasint" json:"weekly"` // 1 to MaxIntervals; they may overlap
}

// Interval is a stretch of the clock that begins on certain days of the week.
type Interval struct {
	Days Days        `cbor:"1,keyasint" json:"days"` // on which it begins; at least one
	From MinuteOfDay `cbor:"2,keyasint" json:"from"` // 00:00 to 23:59
	To   MinuteOfDay `cbor:"3,keyasint" json:"to"`   // up to 24:00, exclusive; not after From: of the next day
}

// MaxIntervals bounds a schedule.
const MaxIntervals = 50

// Validate reports the first rule that the schedule breaks; nil is valid.
func (s *Schedule) Validate() error {
	if s == nil {
		return nil
	}
	if n := len(s.Weekly); n == 0 || n > MaxIntervals {
		return FieldError("schedule.weekly", "has %d intervals, want 1 to %d", n, MaxIntervals)
	}
	for i := range s.Weekly {
		iv := &s.Weekly[i]
		if iv.Days == 0 || iv.Days > EveryDay {
			return FieldError("schedule.weekly", "an interval names no day of the week")
		}
		if iv.From >= minutesOfDay || iv.To > minutesOfDay {
			return FieldError("schedule.weekly", "an interval leaves the day: 00:00 to 24:00")
		}
	}
	return nil
}

// Holds reports whether a moment lies in one of the intervals, by the clock of
// a place; nil stands for always. Where the clock is put back, both passes of
// an hour count alike; an interval that the clock skips is not made up for.
func (s *Schedule) Holds(t Time, where *time.Location) bool {
	if s == nil {
		return true
	}
	local := t.Std().In(where)
	day, minute := DaysOf(local.Weekday()), MinuteOfDay(local.Hour()*60+local.Minute())
	before := DaysOf((local.Weekday() + 6) % 7)
	for i := range s.Weekly {
		switch iv := &s.Weekly[i]; {
		case iv.From < iv.To:
			if iv.Days&day != 0 && minute >= iv.From && minute < iv.To {
				return true
			}
		case iv.Days&day != 0 && minute >= iv.From, iv.Days&before != 0 && minute < iv.To:
			return true
		}
	}
	return false
}

// Days are the days on which intervals begin; nil stands for every day.
func (s *Schedule) Days() Days {
	if s == nil {
		return EveryDay
	}
	var all Days
	for i := range s.Weekly {
		all |= s.Weekly[i].Days
	}
	return all
}

// Never is later than any moment.
const Never = Time(1<<63 - 1)

// NextClock is the first moment after t at which the clock of a place shows a
// minute, on one of the days; Never if there is none within nine days. Where
// the clock skips the minute it is the moment of the skip; where it shows it
// twice, the first of the two.
func NextClock(t Time, minute MinuteOfDay, days Days, where *time.Location) Time {
	y, m, d := t.Std().In(where).Date()
	for i := -1; i <= 9; i++ {
		wall := time.Date(y, m, d+i, 0, int(minute), 0, 0, time.UTC)
		if DaysOf(time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC).Weekday())&days == 0 {
			continue
		}
		if at := clock(wall, where); at > t {
			return at
		}
	}
	return Never
}

// clock is the moment at which the clock of a place shows what wall does in UTC.
func clock(wall time.Time, where *time.Location) Time {
	offset := func(t time.Time) time.Duration {
		_, s := t.In(where).Zone()
		return time.Duration(s) * time.Second
	}
	before, after := offset(wall.Add(-24*time.Hour)), offset(wall.Add(24*time.Hour))
	for _, o := range [...]time.Duration{max(before, after), min(before, after)} { // the larger offset comes first
		if at := wall.Add(-o); offset(at) == o {
			return At(at)
		}
	}
	skipped := wall.Add(-before).In(where) // by the old clock, so behind the change
	if start, _ := skipped.ZoneBounds(); !start.IsZero() {
		return At(start)
	}
	return At(skipped)
}
