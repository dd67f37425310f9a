package h02

import (
	"bytes"
	"strconv"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// hemispheres is the index of the N or S of a position, behind which stand the
// longitude and E or W; -1 if the fields hold no position.
func hemispheres(f [][]byte) int {
	for i := 1; i+2 < len(f); i++ {
		if one(f[i], "NS") && one(f[i+2], "EW") && len(f[i-1]) > 0 && len(f[i+1]) > 0 {
			return i
		}
	}
	return -1
}

func one(b []byte, of string) bool { return len(b) == 1 && (b[0] == of[0] || b[0] == of[1]) }

// position reads the fields around the hemispheres: time, validity, latitude,
// N/S, longitude, E/W, speed, course, date, status, more.
func position(s *ingest.Session, command string, f [][]byte, at int) {
	r := s.Add(fleet.H02)
	field := func(i int) []byte {
		if i += at; i >= 0 && i < len(f) {
			return f[i]
		}
		return nil
	}
	r.Fix = when(field(-3), field(5))
	lat, ok1 := degrees(field(-1))
	lon, ok2 := degrees(field(1))
	if ok1 && ok2 {
		if field(0)[0] == 'S' {
			lat = -lat
		}
		if field(2)[0] == 'W' {
			lon = -lon
		}
		r.SetPlace(lat, lon)
	}
	switch string(field(-2)) {
	case "A", "0": // 0 with the makers that number their kinds of fix
		r.SetValid(true)
	case "B", "L": // from cells
		r.Has |= fleet.Coarse
	}
	if v, ok := number(field(3)); ok && v >= 0 {
		r.SetSpeed(v * KnotsToKMH)
	} else {
		r.SetSpeed(0) // an empty speed is none (§2)
	}
	if v, ok := number(field(4)); ok && v >= 0 && v <= 360 {
		r.SetCourse(float64(v) - 360*float64(int(v/360)))
	}
	last := at + 6
	for i := last; i < len(f); i++ { // V19 has a number and a SIM before it
		if flags(r, f[i]) {
			last = i + 1
			break
		}
	}
	switch {
	case command == "V4" && at >= 4:
		r.Add(fleet.AttrAnswer, fleet.Text(string(bytes.Join(f[:at-3], []byte{','}))))
	case !r.Is(fleet.FixValid) && last+4 <= len(f):
		cellOf(r, f[last:last+4])
	}
	for i := at + 6; i < len(f); i++ {
		if iccid(f[i]) {
			r.Add(fleet.AttrICCID, fleet.Text(string(f[i])))
			break
		}
	}
	r.Attrs = fleet.SortAttrs(r.Attrs)
}

// degrees reads DDFF.FFFF or DDDFF.FFFF, also without the point, and with
// minus signs before the numbers of degrees or minutes, which mean nothing
// beside the hemisphere.
func degrees(b []byte) (float64, bool) {
	b = bytes.TrimPrefix(b, []byte{'-'})
	if d, m, ok := bytes.Cut(b, []byte{'-'}); ok {
		deg, ok1 := number(d)
		minutes, ok2 := number(m)
		return deg + minutes/60, ok1 && ok2 && minutes < 60
	}
	v, ok := number(b)
	if !ok || v < 0 {
		return 0, false
	}
	if len(b) >= 8 && bytes.IndexByte(b, '.') < 0 {
		v /= 10000
	}
	deg := float64(int(min(v/100, 1e6)))
	return deg + (v-deg*100)/60, true
}

// number reads a plain decimal number.
func number(b []byte) (float64, bool) {
	if len(b) == 0 || len(b) > 20 {
		return 0, false
	}
	for i, x := range b {
		if (x < '0' || x > '9') && x != '.' && (x != '-' || i > 0) {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil
}

// iccid reports whether b is a SIM's serial number: 19 or 20 digits, the first
// two 89, of which the last may be a filler.
func iccid(b []byte) bool {
	if len(b) < 19 || len(b) > 20 || b[0] != '8' || b[1] != '9' {
		return false
	}
	for _, x := range b[:18] {
		if x < '0' || x > '9' {
			return false
		}
	}
	return true
}
