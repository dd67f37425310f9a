package h02

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Fix is a position as a tracker sends it. Time is in UTC with whole seconds,
// from 2000 to 2099; Knots 0 to 999; Course in degrees, 0 to 359. The wire's
// unit is 1/10,000 minute, so places move by up to 9e-7 degree.
type Fix struct {
	Time     fleet.Time
	Place    fleet.Place
	Knots    float64 // two decimals in text, whole in binary
	Course   int
	Valid    bool
	Ignition bool
	Alarms   fleet.Alarms // those that the status has bits for
}

// AppendV1 appends a position in text under the terminal number id.
func AppendV1(b []byte, id string, f Fix) []byte {
	return appendPlace(append(append(append(b, "*HQ,"...), id...), ",V1,"...), f)
}

// AppendV4 appends the confirmation of a command that carried the time at, as
// it stood there, with the terminal's position (protocol document, "Confirm
// Message").
func AppendV4(b []byte, id, command, at string, f Fix) []byte {
	return appendPlace(fmt.Appendf(b, "*HQ,%s,V4,%s,%s,", id, command, at), f)
}

func appendPlace(b []byte, f Fix) []byte {
	t := f.Time.Std()
	b = t.AppendFormat(b, "150405")
	b = append(b, ',', letterIf(f.Valid, 'A', 'V'), ',')
	d, m := degreesMinutes(f.Place.Lat)
	b = fmt.Appendf(b, "%02d%02d.%04d,%c,", d, m/10000, m%10000, letterIf(f.Place.Lat >= 0, 'N', 'S'))
	d, m = degreesMinutes(f.Place.Lon)
	b = fmt.Appendf(b, "%03d%02d.%04d,%c,", d, m/10000, m%10000, letterIf(f.Place.Lon >= 0, 'E', 'W'))
	b = strconv.AppendFloat(b, f.Knots, 'f', 2, 64)
	b = fmt.Appendf(b, ",%d,", f.Course)
	b = t.AppendFormat(b, "020106")
	return fmt.Appendf(b, ",%08X#", statusOf(f))
}

// AppendHeartbeat appends the heartbeat of the terminal number id.
func AppendHeartbeat(b []byte, id string) []byte {
	return append(append(append(b, "*HQ,"...), id...), ",HTBT#"...)
}

// AppendBinary appends a position in 32 bytes. Of the terminal number the last
// ten characters count, and of those what is no digit counts as 0.
func AppendBinary(b []byte, id string, f Fix) []byte {
	var n [5]byte
	for i := range min(len(id), 10) {
		if d := id[len(id)-1-i]; d >= '0' && d <= '9' {
			n[4-i/2] |= (d - '0') << (4 * (i % 2))
		}
	}
	b = append(append(b, '$'), n[:]...)
	t := f.Time.Std()
	b = append(b, toBCD(t.Hour()), toBCD(t.Minute()), toBCD(t.Second()),
		toBCD(t.Day()), toBCD(int(t.Month())), toBCD(t.Year()))
	d, m := degreesMinutes(f.Place.Lat)
	b = append(b, toBCD(d), toBCD(m/10000), toBCD(m/100), toBCD(m), 6)
	d, m = degreesMinutes(f.Place.Lon)
	flags := byte(0)
	if f.Place.Lon >= 0 {
		flags |= 8
	}
	if f.Place.Lat >= 0 {
		flags |= 4
	}
	if f.Valid {
		flags |= 2
	}
	b = append(b, toBCD(d/10), byte(d%10)<<4|byte(m/100000), toBCD(m/1000), toBCD(m/10), byte(m%10)<<4|flags)
	knots := max(0, min(int(f.Knots+0.5), 999))
	b = append(b, toBCD(knots/10), byte(knots%10)<<4|byte(f.Course/100%10), toBCD(f.Course))
	b = binary.BigEndian.AppendUint32(b, statusOf(f))
	return append(b, 0xff, 0, 0)
}

// degreesMinutes is a coordinate without its sign in degrees and units of
// 1/10,000 minute.
func degreesMinutes(v int32) (degrees, units int) {
	n := int64(v)
	if n < 0 {
		n = -n
	}
	n = (n*3 + 25) / 50 // 1e-7 degree is 0.06 units
	return int(n / 600000), int(n % 600000)
}

func statusOf(f Fix) uint32 {
	w := ^uint32(0)
	if !f.Ignition {
		w &^= 1 << 10
	}
	for _, a := range alarmBits {
		if f.Alarms&a.alarm != 0 && a.bit != 18 {
			w &^= 1 << a.bit
		}
	}
	return w
}

func letterIf(yes bool, a, b byte) byte {
	if yes {
		return a
	}
	return b
}

func toBCD(n int) byte { return byte(n/10%10<<4 | n%10) }
