package gt06

import "github.com/vigia-track/vigia/engine/fleet"

// readTime reads year, month, day, hour, minute and second, one byte each
// (§5.2.1.4); 0 if they make no date, as in a tracker that has no clock yet.
func readTime(b []byte) fleet.Time {
	return civil(int(b[0])+2000, int(b[1]), int(b[2]), int(b[3]), int(b[4]), int(b[5]))
}

// civil is a UTC date as a Time, 0 if there is no such date.
func civil(y, m, d, hour, minute, sec int) fleet.Time {
	if m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || hour > 23 || minute > 59 || sec > 59 {
		return 0
	}
	// Days since 1970 in the proleptic Gregorian calendar, years from March.
	if m <= 2 {
		y--
		m += 12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468
	return ((fleet.Time(days)*24+fleet.Time(hour))*60+fleet.Time(minute))*fleet.Minute + fleet.Time(sec)*fleet.Second
}

// appendTime is readTime's inverse, from 2000 to 2255.
func appendTime(b []byte, t fleet.Time) []byte {
	secs := max(int64(t/fleet.Second), 0)
	days, sec := secs/86400, int(secs%86400)
	// Days since 1 March of the year 0, in cycles of 400 years.
	days += 719468
	cycle := days / 146097
	day := int(days % 146097)
	year := (day - day/1460 + day/36524 - day/146096) / 365
	day -= 365*year + year/4 - year/100
	month := (5*day + 2) / 153 // from March
	day -= (153*month + 2) / 5
	year += int(cycle) * 400
	if month += 3; month > 12 {
		month -= 12
		year++
	}
	return append(b, byte(year-2000), byte(month), byte(day+1), byte(sec/3600), byte(sec/60%60), byte(sec%60))
}

func daysIn(y, m int) int {
	switch m {
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// zoneOf reads the time zone of a login: hours times 100 plus minutes in the
// upper twelve bits, bit 3 set for the west.
func zoneOf(w uint16) fleet.Time {
	v := fleet.Time(w >> 4)
	z := v/100*fleet.Hour + v%100*fleet.Minute
	if z > 14*fleet.Hour {
		return 0
	}
	if w&8 != 0 {
		return -z
	}
	return z
}
