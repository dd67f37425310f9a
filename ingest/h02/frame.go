package h02

import "bytes"

const (
	// MaxFrame is the longest message that is taken, in bytes.
	MaxFrame = 2 << 10

	binarySize    = 32 // of the shortest binary message
	maxBinarySize = 48
)

// Split finds one message. A binary message does not say how long it is: it
// goes on for 32 bytes at least and up to the next start, but never beyond 48
// bytes. What it has behind the 32nd byte is not read, so it does not matter
// where the network cuts it. Anything between messages is skipped.
func (c *Codec) Split(data []byte, atEOF bool) (advance int, frame []byte, err error) {
	for {
		n, frame := next(data[advance:], atEOF)
		if advance += n; frame != nil || n == 0 || advance == len(data) {
			return advance, frame, nil
		}
	}
}

func next(data []byte, atEOF bool) (int, []byte) {
	skip := startOf(data)
	if data = data[skip:]; len(data) == 0 {
		return skip, nil
	}
	if data[0] != '*' {
		if len(data) < binarySize {
			if atEOF {
				return skip + 1, nil
			}
			return skip, nil
		}
		if !starts(data) { // enough bytes to tell: it was none
			return skip + 1, nil
		}
		n := binarySize
		if !fits(data, shortID) {
			n += longID - shortID
		}
		if len(data) < n {
			if atEOF {
				return skip + 1, nil
			}
			return skip, nil
		}
		for n < len(data) && n < maxBinarySize && !starts(data[n:]) {
			n++
		}
		return skip + n, data[:n]
	}
	end := bytes.IndexByte(data[:min(len(data), MaxFrame)], '#')
	if end < 0 {
		if atEOF || len(data) >= MaxFrame {
			return skip + 1, nil
		}
		return skip, nil
	}
	for i := end - 1; i > 0; i-- { // a message that broke off before this one
		if data[i] == '*' && starts(data[i:]) && i+4 <= end {
			return skip + i, nil
		}
	}
	return skip + end + 1, data[:end+1]
}

// startOf is the offset of the first place where a message may begin.
func startOf(data []byte) int {
	for i := range data {
		if starts(data[i:]) {
			return i
		}
	}
	return len(data)
}

// starts reports whether b begins like a message, as far as it goes: * with two
// letters and a comma, or $ with a number, a time and a date.
func starts(b []byte) bool {
	switch b[0] {
	case '*':
		return (len(b) < 2 || letter(b[1])) && (len(b) < 3 || letter(b[2])) && (len(b) < 4 || b[3] == ',')
	case '$':
		return fits(b, shortID) || fits(b, longID)
	}
	return false
}

// The sizes of a terminal number in binary: ten digits, or an IMEI and half a
// byte of filling.
const (
	shortID = 5
	longID  = 8
)

// fits reports whether b, as far as it goes, is a binary message with a
// terminal number of that size: decimal digits, a time, a date and a place.
func fits(b []byte, id int) bool {
	for i, x := range b[1:min(len(b), id+17)] {
		switch odd := x>>4 > 9 || x&15 > 9; i {
		case id - 1:
			if odd && (id == shortID || x&15 != 15 || x>>4 > 9) {
				return false
			}
		case id + 10: // the battery
		case id + 15: // the last digit and the flags
			if x>>4 > 9 {
				return false
			}
		default:
			if odd {
				return false
			}
		}
	}
	if len(b) < id+17 {
		return true
	}
	b = b[1+id:]
	return bcd(b[0]) < 24 && bcd(b[1]) < 60 && bcd(b[2]) < 60 && civil(bcd(b[5]), bcd(b[4]), bcd(b[3])) != 0 &&
		bcd(b[6]) <= 90 && bcd(b[7]) < 60 && bcd(b[11])*10+int(b[12]>>4) <= 180
}

func letter(x byte) bool { return x|0x20 >= 'a' && x|0x20 <= 'z' }

func bcd(x byte) int { return int(x>>4)*10 + int(x&15) }
