package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// The dialect of ZhongXun and Topin locators ("ZhongXun Topin Locator
// Communication Protocol" of 12 June 2018, and its V1.2) has the same start and
// stop bytes, but neither serial numbers nor checksums, and length bytes that
// count something else in each message. A connection speaks it if it began with
// its login, whose size no other message has:
//
//	78 78 0D 01, IMEI 8, version 0 or 1, 0D 0A
//	78 78 01 08 0D 0A              heartbeat, no answer
//	78 78 01 30 0D 0A              asks for the time
//	78 78 01 99 0D 0A              SOS, no answer
//	78 78 n 10 or 11, time 6, sats, lat, lon, speed, course and status, maybe
//	    altitude 2 and alarm 1, 0D 0A         GPS, now or from memory
//	78 78 n 13, battery 1, n-2 more, 0D 0A    status, answered by itself
//	78 78 n 69, 17 or 18, time 6 (decimal digits), n times Wi-Fi of 7, number
//	    of cells, MCC 2, MNC, cells of 5 (18: of 9), maybe alarm 1, 0D 0A
//
// The answers to positions repeat length byte, number and time.
const (
	zxLogin     = 0x01
	zxHeartbeat = 0x08
	zxGPS       = 0x10
	zxGPSOld    = 0x11
	zxStatus    = 0x13
	zxWiFiOld   = 0x17
	zxWiFiLTE   = 0x18
	zxClock     = 0x30
	zxWiFi      = 0x69
	zxSOS       = 0x99
)

// zhongxunSize is the size of the dialect's frame that data begins with, 0 if
// it is none; more than data has if it may yet be one. Only its login is told
// from other frames without knowing that the connection speaks it.
func zhongxunSize(data []byte, speaks bool) int {
	if data[0] != 0x78 || len(data) < 5 {
		return 0
	}
	n, number := int(data[2]), data[3]
	if number == zxLogin && n == 13 && ends(data, 15) {
		return 15
	}
	if !speaks {
		return 0
	}
	switch number {
	case zxHeartbeat, zxStatus, zxClock, zxSOS:
		return n + 5
	case zxGPS, zxGPSOld:
		return n + 6
	case zxWiFi, zxWiFiOld, zxWiFiLTE:
		at := 10 + 7*n
		if len(data) <= at {
			return at + 6
		}
		size := at + 6
		if cells := int(data[at]); number == zxWiFiLTE {
			size += 9 * cells
		} else {
			size += 5 * cells
		}
		if len(data) >= size && !ends(data, size) { // an alarm follows
			size++
		}
		return size
	}
	return 0
}

// ends reports whether stop bytes stand at the end of the first n bytes.
func ends(b []byte, n int) bool { return n >= 5 && len(b) >= n && b[n-2] == 0x0d && b[n-1] == 0x0a }

// decodeSimple reads a frame of the dialect; false if it is none, or if the
// connection does not speak it.
func (c *Codec) decodeSimple(s *ingest.Session, f []byte) ([]byte, bool) {
	if len(f) < 6 || f[0] != 0x78 || f[1] != 0x78 || !ends(f, len(f)) {
		return nil, false
	}
	number, b := f[3], f[4:len(f)-2]
	if number == zxLogin && f[2] == 13 && (len(b) == 8 || len(b) == 9) {
		id, err := readIMEI(b)
		if err != nil || b[0]>>4 != 0 {
			return nil, false
		}
		s.UniqueID, c.zone, c.simple = id, 0, true
		return c.simpleAck(1, number, nil), true
	}
	if !c.simple || zhongxunSize(f, true) != len(f) {
		return nil, false
	}
	switch number {
	case zxHeartbeat:
		if len(b) > 0 {
			return nil, false // of a newer form
		}
		s.Add(fleet.GT06)
		return nil, true
	case zxSOS:
		s.Add(fleet.GT06).Alarms = fleet.SOS
		return nil, true
	case zxClock:
		y, m, d := s.Now.Std().Date()
		hour, minute, sec := s.Now.Std().Clock()
		return c.simpleAck(7, number, []byte{byte(y >> 8), byte(y), byte(m), byte(d), byte(hour), byte(minute), byte(sec)}), true
	case zxStatus:
		r := s.Add(fleet.GT06)
		if len(b) > 0 && b[0] <= 100 {
			c.add(r, fleet.AttrBattery, fleet.Int(int64(b[0])))
		}
		c.answer = append(c.answer[:0], f...)
		return c.answer, true
	case zxGPS, zxGPSOld:
		if len(b) < gpsSize {
			return nil, false
		}
		r := s.Add(fleet.GT06)
		c.gps(r, b, 0)
		if len(b) >= gpsSize+2 {
			r.SetAltitude(float64(int16(binary.BigEndian.Uint16(b[gpsSize:]))))
		}
		if len(b) >= gpsSize+3 {
			r.Alarms = alarmOf[b[gpsSize+2]]
		}
		return c.simpleAck(f[2], number, b[:6]), true
	}
	return c.simpleWiFi(s, f), true
}

// simpleWiFi reads Wi-Fi and cells, of which the first is kept, in a frame
// whose size was checked.
func (c *Codec) simpleWiFi(s *ingest.Session, f []byte) []byte {
	b := f[4 : len(f)-2]
	r := s.Add(fleet.GT06)
	r.DeviceTime = readDigits(b)
	b = b[6+7*int(f[2]):]
	cells, w := int(b[0]), b[1:]
	v := cell{mcc: int(binary.BigEndian.Uint16(w)), mnc: int(w[2])}
	size := 5
	if w = w[3:]; f[3] == zxWiFiLTE {
		size = 9
	}
	if cells > 0 {
		if size == 9 {
			v.lac, v.id = int64(binary.BigEndian.Uint32(w)), int64(binary.BigEndian.Uint32(w[4:]))
		} else {
			v.lac, v.id = int64(binary.BigEndian.Uint16(w)), int64(binary.BigEndian.Uint16(w[2:]))
		}
		c.cellAttrs(r, v)
	}
	if w = w[cells*size:]; len(w) > 0 && w[0] == 1 { // not the code that it has in positions
		r.Alarms = fleet.Vibration
	}
	c.finish(r)
	return c.simpleAck(f[2], f[3], f[4:10])
}

// readDigits reads a time whose bytes are pairs of decimal digits.
func readDigits(b []byte) fleet.Time {
	var v [6]byte
	for i := range v {
		v[i] = b[i]>>4*10 + b[i]&15
	}
	return readTime(v[:])
}

func (c *Codec) simpleAck(length, number byte, time []byte) []byte {
	c.answer = append(append(append(c.answer[:0], 0x78, 0x78, length, number), time...), 0x0d, 0x0a)
	return c.answer
}
