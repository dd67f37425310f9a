package fleet

import "time"

// Date is a day of the calendar, as 2006-01-02; "" is none. Dates compare as
// texts do.
type Date string

// Validate refuses what is no day.
func (d Date) Validate() error {
	if d == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
		return Errorf(Invalid, "%q is no date; write one as 2026-01-31", string(d))
	}
	return nil
}

// DateOf is the day that a moment falls on, by a clock.
func DateOf(t Time, where *time.Location) Date {
	return Date(t.Std().In(where).Format(time.DateOnly))
}

// Plus is the date some days later.
func (d Date) Plus(days int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return Date(t.AddDate(0, 0, days).Format(time.DateOnly))
}

// DayOfMonth is the date of a day in the month of d; days that a short month
// does not have fall on its last.
func (d Date) DayOfMonth(day int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	last := time.Date(t.Year(), t.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return Date(time.Date(t.Year(), t.Month(), min(day, last), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// NextMonth is the first day of the month after d.
func (d Date) NextMonth() Date { return d.DayOfMonth(31).Plus(1) }

// LastMonth is the last day of the month before d.
func (d Date) LastMonth() Date { return d.DayOfMonth(1).Plus(-1) }
