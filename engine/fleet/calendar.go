package fleet

import (
	"slices"
	"time"
)

// Calendar says when work is done: hours by the day of the week, days off, and
// days that differ.
type Calendar struct {
	Head
	Name       string     `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Control room"`
	Timezone   string     `cbor:"11,keyasint" json:"timezone" doc:"IANA name" example:"America/Bogota"`
	Week       []WeekSpan `cbor:"12,keyasint" json:"week" minItems:"1" maxItems:"50"`
	Holidays   []string   `cbor:"13,keyasint,omitempty" json:"holidays,omitempty" maxItems:"400" doc:"Days off" example:"[\"2026-12-25\"]"`
	Exceptions []DaySpan  `cbor:"14,keyasint,omitempty" json:"exceptions,omitempty" maxItems:"400" doc:"Hours of single days, in place of the week's; holidays too"`
}

// WeekSpan is a stretch of the clock on days of the week.
type WeekSpan struct {
	Days []string `cbor:"1,keyasint" json:"days" minItems:"1" maxItems:"7" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"On which it begins" example:"[\"mon\",\"tue\"]"`
	From string   `cbor:"2,keyasint" json:"from" maxLength:"5" example:"08:00"`
	To   string   `cbor:"3,keyasint" json:"to" maxLength:"5" doc:"Up to 24:00, not included; not after from: of the next day" example:"17:00"`
}

// DaySpan is a stretch of the clock on one day.
type DaySpan struct {
	Day  string `cbor:"1,keyasint" json:"day" maxLength:"10" example:"2026-12-24"`
	From string `cbor:"2,keyasint" json:"from" maxLength:"5" example:"08:00"`
	To   string `cbor:"3,keyasint" json:"to" maxLength:"5" doc:"Up to 24:00, not included; after from" example:"12:00"`
}

// Kind is CalendarRecord.
func (*Calendar) Kind() RecordKind { return CalendarRecord }

// Validate reports the first rule that the calendar breaks.
func (c *Calendar) Validate() error {
	if err := validName("name", c.Name); err != nil {
		return err
	}
	if err := validZone("timezone", c.Timezone); err != nil {
		return err
	}
	if len(c.Week) == 0 {
		return FieldError("week", "is required")
	}
	if _, err := c.schedule(); err != nil {
		return err
	}
	for _, day := range c.Holidays {
		if err := validDay("holidays", day); err != nil {
			return err
		}
	}
	for _, e := range c.Exceptions {
		if err := validDay("exceptions", e.Day); err != nil {
			return err
		}
		from, to, err := clockSpan("exceptions", e.From, e.To)
		if err != nil {
			return err
		}
		if from >= to {
			return FieldError("exceptions", "is after to")
		}
	}
	return nil
}

func validDay(field, s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return FieldError(field, "%q is no date; write it as 2026-11-22", s)
	}
	return nil
}

func clockSpan(field, from, to string) (a, b MinuteOfDay, err error) {
	if a.UnmarshalText([]byte(from)) != nil || b.UnmarshalText([]byte(to)) != nil || a >= minutesOfDay || b > minutesOfDay {
		return 0, 0, FieldError(field, "is no time of day")
	}
	return a, b, nil
}

// schedule is the week as a Schedule.
func (c *Calendar) schedule() (*Schedule, error) {
	s := &Schedule{}
	for _, w := range c.Week {
		days, err := ParseDays(w.Days)
		if err != nil {
			return nil, FieldError("week", "%v", err)
		}
		from, to, err := clockSpan("week", w.From, w.To)
		if err != nil {
			return nil, err
		}
		s.Weekly = append(s.Weekly, Interval{Days: days, From: from, To: to})
	}
	return s, s.Validate()
}

// Holds reports whether work is done at a moment. A day with exceptions has
// their hours and no others; a night that began the day before goes on.
func (c *Calendar) Holds(t Time) bool {
	where, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return false
	}
	local := t.Std().In(where)
	day, minute := local.Format(time.DateOnly), MinuteOfDay(local.Hour()*60+local.Minute())
	differs := false
	for _, e := range c.Exceptions {
		if e.Day != day {
			continue
		}
		differs = true
		if from, to, err := clockSpan("", e.From, e.To); err == nil && minute >= from && minute < to {
			return true
		}
	}
	if differs || slices.Contains(c.Holidays, day) {
		return false
	}
	s, err := c.schedule()
	return err == nil && s.Holds(t, where)
}

// Refs are none.
func (*Calendar) Refs() []Ref { return nil }

// Unique is the name.
func (c *Calendar) Unique() []UniqueText { return []UniqueText{{Field: "name", Text: c.Name}} }

// Words are the name.
func (c *Calendar) Words() []string { return []string{c.Name} }

// Shift is when somebody of the staff works: within two days, by a calendar.
type Shift struct {
	Head
	User     UserID   `cbor:"10,keyasint" json:"user" doc:"Whose; does not change"`
	From     string   `cbor:"11,keyasint" json:"from" maxLength:"10" doc:"The first day" example:"2026-12-01"`
	To       string   `cbor:"12,keyasint" json:"to" maxLength:"10" doc:"The last day, included" example:"2026-12-31"`
	Calendar RecordID `cbor:"13,keyasint" json:"calendar" doc:"Its hours and days off"`
}

// Kind is ShiftRecord.
func (*Shift) Kind() RecordKind { return ShiftRecord }

// Validate reports the first rule that the shift breaks.
func (s *Shift) Validate() error {
	if s.User == 0 {
		return FieldError("user", "is required")
	}
	if s.Calendar == 0 {
		return FieldError("calendar", "is required")
	}
	if err := validDay("from", s.From); err != nil {
		return err
	}
	if err := validDay("to", s.To); err != nil {
		return err
	}
	if s.From > s.To {
		return FieldError("from", "is after to")
	}
	return nil
}

// Overlaps reports whether two shifts of one person share a day.
func (s *Shift) Overlaps(o *Shift) bool {
	return s.User == o.User && s.From <= o.To && o.From <= s.To
}

// Refs are the person, with whom the shift goes, and the calendar.
func (s *Shift) Refs() []Ref {
	refs := RefTo(nil, "user", UserRecord, s.User, Follow)
	return RefTo(refs, "calendar", CalendarRecord, s.Calendar, Refuse)
}

// Unique is nothing.
func (*Shift) Unique() []UniqueText { return nil }

// Words are the first day, the last, and whose it is.
func (s *Shift) Words() []string { return []string{s.From, s.To, s.User.String()} }
