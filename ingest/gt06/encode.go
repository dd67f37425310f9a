package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Fix is a position as a tracker sends it. Time is in UTC with whole seconds,
// from 2000 to 2255; Speed in km/h, 0 to 255; Course in degrees, 0 to 359. The
// wire's unit is 1/1,800,000 degree, so places move by up to 3e-7 degree.
type Fix struct {
	Time       fleet.Time
	Place      fleet.Place
	Satellites int
	Speed      int
	Course     int
	Valid      bool
	Ignition   bool
	Odometer   uint32 // metres; sent if not 0
}

// AppendLogin appends the login (0x01) of a tracker with the given IMEI. Its
// last 16 characters count, and of those what is no digit counts as 0.
func AppendLogin(b []byte, imei string, serial uint16) []byte {
	var id [8]byte
	for i := range min(len(imei), 16) {
		if d := imei[len(imei)-1-i]; d >= '0' && d <= '9' {
			id[7-i/2] |= (d - '0') << (4 * (i % 2))
		}
	}
	from := len(b)
	b = append(b, 0x78, 0x78, 13, msgLogin)
	b = append(b, id[:]...)
	return end(b, from, serial)
}

// AppendLocation appends a location (0x22) without a cell.
func AppendLocation(b []byte, f Fix, serial uint16) []byte {
	from := len(b)
	b = append(b, 0x78, 0x78, 0, msgGPSLBS2)
	b = appendGPS(b, f)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, flag(f.Ignition), 0, 0)
	if f.Odometer != 0 {
		b = binary.BigEndian.AppendUint32(b, f.Odometer)
	}
	b[from+2] = byte(len(b) - from + 1)
	return end(b, from, serial)
}

// AppendAlarm appends an alarm (0x26) with the document's alarm code, as in
// [Code].
func AppendAlarm(b []byte, f Fix, code byte, serial uint16) []byte {
	from := len(b)
	b = append(b, 0x78, 0x78, 37, msgAlarm2)
	b = appendGPS(b, f)
	b = append(b, 9, 0, 0, 0, 0, 0, 0, 0, 0)
	b = append(b, terminalByte(f.Ignition), 6, 4, code, 2)
	return end(b, from, serial)
}

// AppendHeartbeat appends a heartbeat (0x13): full battery, good signal.
func AppendHeartbeat(b []byte, ignition bool, serial uint16) []byte {
	from := len(b)
	b = append(b, 0x78, 0x78, 10, msgStatus, terminalByte(ignition), 6, 4, 0, 2)
	return end(b, from, serial)
}

// AppendAck appends the reply that a server owes for the message with the
// given protocol number.
func AppendAck(b []byte, number byte, serial uint16) []byte {
	from := len(b)
	return end(append(b, 0x78, 0x78, 5, number), from, serial)
}

// Code is the alarm byte of one alarm, 0 if the protocol has none for it.
func Code(a fleet.Alarms) byte {
	for code, v := range alarmOf {
		if v == a {
			return byte(code)
		}
	}
	return 0
}

func appendGPS(b []byte, f Fix) []byte {
	lat, lon := placeToUnits(f.Place.Lat), placeToUnits(f.Place.Lon)
	w := uint16(f.Course) & 0x3ff
	if f.Place.Lat >= 0 {
		w |= 1 << 10
	}
	if f.Place.Lon < 0 {
		w |= 1 << 11
	}
	if f.Valid {
		w |= 1 << 12
	}
	b = append(appendTime(b, f.Time), 0xc0|byte(max(0, min(f.Satellites, 15))))
	b = binary.BigEndian.AppendUint32(b, lat)
	b = binary.BigEndian.AppendUint32(b, lon)
	return append(b, byte(max(0, min(f.Speed, 255))), byte(w>>8), byte(w))
}

func end(b []byte, from int, serial uint16) []byte {
	b = binary.BigEndian.AppendUint16(b, serial)
	return seal(b, from)
}

func flag(on bool) byte {
	if on {
		return 1
	}
	return 0
}

func terminalByte(ignition bool) byte { return 0x44 | flag(ignition)<<1 }
