package h02

import (
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// civil is a UTC date from a year of two digits, 0 if there is no such date.
func civil(yy, month, day int) fleet.Time {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return 0
	}
	t := time.Date(2000+yy, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day {
		return 0
	}
	return fleet.At(t)
}

// when joins HHMMSS and DDMMYY; 0 if the date is missing or none. Some trackers
// count seconds beyond 59, so each number is only held to its digits.
func when(clock, date []byte) fleet.Time {
	d, ok := six(date)
	if !ok {
		return 0
	}
	t := civil(d[2], d[1], d[0])
	if h, ok := six(clock); ok && t != 0 && h[0] < 24 {
		t += fleet.Time(h[0])*fleet.Hour + fleet.Time(h[1])*fleet.Minute + fleet.Time(h[2])*fleet.Second
	}
	return t
}

// six reads six digits as three numbers.
func six(b []byte) (v [3]int, ok bool) {
	if len(b) != 6 {
		return v, false
	}
	for i, x := range b {
		if x < '0' || x > '9' {
			return v, false
		}
		v[i/2] = v[i/2]*10 + int(x-'0')
	}
	return v, true
}
