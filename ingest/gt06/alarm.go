package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// alarmOf maps an alarm byte (VL03 v1.1.2 "Alert and Language", GT06 v1.8.1
// §5.3.1.17). What is no alarm of the vocabulary is kept as its code alone.
var alarmOf = [256]fleet.Alarms{
	0x01: fleet.SOS,
	0x02: fleet.PowerCut,
	0x03: fleet.Vibration,
	0x04: fleet.GeofenceEnter,
	0x05: fleet.GeofenceExit,
	0x06: fleet.Overspeed,
	0x09: fleet.Tow,
	0x0c: fleet.PowerOn,
	0x0e: fleet.LowPower,
	0x0f: fleet.LowPower,
	0x11: fleet.PowerOff,
	0x12: fleet.LowPower,
	0x13: fleet.Tamper,
	0x14: fleet.DoorOpen,
	0x15: fleet.LowBattery,
	0x17: fleet.Jamming, // a false base station
	0x18: fleet.Tamper,  // the cover
	0x19: fleet.LowBattery,
	0x23: fleet.FallDown,
	0x29: fleet.HardAcceleration,
	0x2a: fleet.HardCornering,
	0x2b: fleet.HardCornering,
	0x2c: fleet.Accident,
	0x30: fleet.HardBraking,
	0x32: fleet.Removing,
}

// alarm reads 0x16, 0x26, 0x27, 0xA4 and the short form of 0x32: a GPS block, a
// cell behind its length, and the status.
func (c *Codec) alarm(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < gpsSize {
		return nil, short(p, gpsSize)
	}
	r := s.Add(fleet.GT06)
	c.gps(r, b, c.zoneFor(p.number))
	b = b[gpsSize:]
	at := min(statusAt(p.number, b), len(b))
	if !r.Is(fleet.FixValid) && at >= 8 {
		if v, n := readCell(b[min(at-8, 1):at], fourG(p.number)); n > 0 {
			c.cellAttrs(r, v)
		}
	}
	if len(b) >= at+4 {
		c.status(r, b[at:])
		c.afterStatus(r, p.number, b[min(at+5, len(b)):])
	}
	c.finish(r)
	return c.ack(p), nil
}

// statusAt finds the status behind the cell. Its length byte counts itself,
// except where makers write 0, leave it out or change the cell's size.
func statusAt(number byte, b []byte) int {
	switch {
	case len(b) == 0:
		return 0
	case len(b) == 13: // no length byte
		return 8
	case number == msgAlarm && len(b) == 15: // a cell of four bytes behind the usual length
		return 10
	case number == msgGPSLBS32: // its length byte leaves itself out
		return 1 + int(b[0])
	case len(b) < 14 || b[0] == 0: // no cell
		return max(len(b)-5, 0)
	case b[0] < 9:
		return 9
	}
	return int(b[0])
}

// status reads the five bytes that alarms carry: terminal information, voltage
// level, GSM signal, alarm, language.
func (c *Codec) status(r *fleet.Report, b []byte) {
	c.terminal(r, b[0])
	if b[0]>>3&7 == 7 { // beyond §5.3.1.14: taken off
		r.Alarms |= fleet.Removing
	}
	c.battery(r, b[1])
	c.add(r, fleet.AttrGSM, fleet.Int(int64(b[2])))
	if code := b[3]; code != 0 {
		c.alarmCode(r, code)
	}
}

// alarmCode takes an alarm byte over.
func (c *Codec) alarmCode(r *fleet.Report, code byte) {
	c.add(r, fleet.AttrEvent, fleet.Int(int64(code)))
	if c.isModel(modelLW4G) {
		if a, ok := alarmOfLW4G[code]; ok {
			r.Alarms |= a
			r.Has &^= fleet.AlarmState
			return
		}
	}
	switch code {
	case 0xfe:
		r.SetIgnition(true)
	case 0xff:
		r.SetIgnition(false)
	default:
		r.Alarms |= alarmOf[code]
		r.Has &^= fleet.AlarmState
	}
}

// afterStatus reads what the later forms append: mileage (0x26), the fence's
// number (0x27, 0xA4), a key fob's identity (0x16), altitude (0x32).
func (c *Codec) afterStatus(r *fleet.Report, number byte, b []byte) {
	switch {
	case number == msgAlarm && len(b) == 8:
		c.add(r, fleet.AttrDriver, fleet.Text(hexText(b)))
	case number == msgAlarm2 && len(b) == 4:
		r.SetOdometer(float64(binary.BigEndian.Uint32(b)))
	case number == msgGPSLBS32 && len(b) == 2:
		r.SetAltitude(float64(int16(binary.BigEndian.Uint16(b))))
	}
}

// cellsAlarm reads 0x19 and 0xA5: a cell and the status, without a time.
func (c *Codec) cellsAlarm(s *ingest.Session, p packet) ([]byte, error) {
	v, n := readCell(p.content, fourG(p.number))
	if n == 0 || len(p.content) < n+4 {
		return nil, short(p, 12)
	}
	r := s.Add(fleet.GT06)
	c.cellAttrs(r, v)
	c.status(r, p.content[n:])
	c.finish(r)
	return c.ack(p), nil
}
