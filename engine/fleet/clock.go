package fleet

import (
	"fmt"
	"strings"
	"time"
)

// MinuteOfDay is a time of day in minutes since midnight, 0 to 1440. Its text
// is "08:30".
type MinuteOfDay uint16

const minutesOfDay = 24 * 60

// String is the time of day as a clock shows it.
func (m MinuteOfDay) String() string { return fmt.Sprintf("%02d:%02d", m/60, m%60) }

// MarshalText gives the form of String.
func (m MinuteOfDay) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the form of String, 00:00 to 24:00.
func (m *MinuteOfDay) UnmarshalText(b []byte) error {
	digit := func(i int) int { return int(b[i]) - '0' }
	if len(b) == 5 && b[2] == ':' {
		ok := true
		for _, i := range [...]int{0, 1, 3, 4} {
			ok = ok && b[i] >= '0' && b[i] <= '9'
		}
		if hour, minute := digit(0)*10+digit(1), digit(3)*10+digit(4); ok && minute < 60 && hour*60+minute <= minutesOfDay {
			*m = MinuteOfDay(hour*60 + minute)
			return nil
		}
	}
	return Errorf(Invalid, "%q is no time of day; write one as 08:30", b)
}

// Days is a set of days of the week. The bits are stored: append only.
type Days uint8

// The days.
const (
	Monday Days = 1 << iota
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
	Sunday

	Workdays = Monday | Tuesday | Wednesday | Thursday | Friday
	EveryDay = Workdays | Saturday | Sunday
)

var dayNames = [...]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// DaysOf is the set of one day.
func DaysOf(d time.Weekday) Days { return 1 << ((d + 6) % 7) }

// Names lists the days, Monday first: mon, tue, wed, thu, fri, sat, sun.
func (d Days) Names() []string {
	var out []string
	for i, name := range dayNames {
		if d&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// ParseDays reads names of days.
func ParseDays(names []string) (d Days, err error) {
next:
	for _, name := range names {
		for i := range dayNames {
			if dayNames[i] == name {
				d |= 1 << i
				continue next
			}
		}
		return 0, Errorf(Invalid, "%q is no day of the week; write mon, tue, wed, thu, fri, sat, sun", name)
	}
	return d, nil
}

// MarshalText gives the names with commas between.
func (d Days) MarshalText() ([]byte, error) { return []byte(strings.Join(d.Names(), ",")), nil }

// UnmarshalText reads names with commas between.
func (d *Days) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDays(strings.Split(string(b), ","))
	return err
}
