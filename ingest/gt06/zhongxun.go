package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// The dialect of ZhongXun and Topin locators ("ZhongXun Topin Locator
// Communication Protocol" of 12 June 2018) has the same start and stop bytes,
// but neither serial numbers nor checksums, and length bytes that count
// something else in each message. A connection speaks it if it began with its
// login, whose size no other message has:
//
//	78 78 0D 01, IMEI 8, version 0 or 1, 0D 0A
//	78 78 01 08 0D 0A                              heartbeat, no answer
//	78 78 n 10 or 11, time 6, sats, lat, lon, speed, course and status,
//	    n-18 more, 0D 0A                           GPS, now or from memory
//	78 78 n 69 or 17, time 6 (decimal digits), n times Wi-Fi of 7, number of
//	    cells, MCC 2, MNC, cells of 5, 0D 0A       Wi-Fi and cells, likewise
//
// Answers repeat the message's number, and its time if it has one, behind a
// length of 1 or 0.
const (
	zxLogin     = 0x01
	zxHeartbeat = 0x08
	zxGPS       = 0x10
	zxGPSOld    = 0x11
	zxWiFiOld   = 0x17
	zxWiFi      = 0x69
)

// zhongxunSize is the size of the dialect's frame that data begins with, 0 if
// it is none or more of it is needed to tell. Only its login is told from the
// other frames without knowing that the connection speaks it.
func zhongxunSize(data []byte, speaks bool) int {
	if data[0] != 0x78 {
		return 0
	}
	if data[3] == zxLogin && data[2] == 13 && len(data) >= 15 && data[13] == 0x0d && data[14] == 0x0a {
		return 15
	}
	if !speaks {
		return 0
	}
	switch n := int(data[2]); data[3] {
	case zxHeartbeat:
		return 6
	case zxGPS, zxGPSOld:
		return n + 6
	case zxWiFi, zxWiFiOld:
		if at := 10 + 7*n; len(data) > at {
			return at + 4 + 5*int(data[at]) + 2
		}
		return 10 + 7*n + 4 + 2
	}
	return 0
}

// decodeSimple reads a frame of the dialect; false if it is none, or if the
// connection does not speak it.
func (c *Codec) decodeSimple(s *ingest.Session, f []byte) ([]byte, bool) {
	if len(f) < 6 || f[0] != 0x78 || f[1] != 0x78 || f[len(f)-2] != 0x0d || f[len(f)-1] != 0x0a {
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
		s.Add(fleet.GT06)
		return nil, true
	case zxGPS, zxGPSOld:
		if len(b) < gpsSize {
			return nil, false
		}
		c.gps(s.Add(fleet.GT06), b, 0)
		return c.simpleAck(0, number, b[:6]), true
	case zxWiFi, zxWiFiOld:
		r := s.Add(fleet.GT06)
		r.DeviceTime = readDigits(b)
		if at := 6 + 7*int(f[2]); b[at] > 0 {
			w := b[at+1:]
			c.cellAttrs(r, cell{
				mcc: int(binary.BigEndian.Uint16(w)), mnc: int(w[2]),
				lac: int64(binary.BigEndian.Uint16(w[3:])), id: int64(binary.BigEndian.Uint16(w[5:])),
			})
			c.finish(r)
		}
		return c.simpleAck(0, number, b[:6]), true
	}
	return nil, false
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
