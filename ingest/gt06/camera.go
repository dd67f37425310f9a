package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// alarmOfCamera maps the events of dash cameras (JC400 family).
var alarmOfCamera = map[byte]fleet.Alarms{
	0x01: fleet.SOS,
	0x90: fleet.HardAcceleration,
	0x91: fleet.HardBraking,
	0x92: fleet.HardCornering,
	0x93: fleet.Accident,
}

// camera reads 0x95, an event of a dash camera, in one of three forms: time
// and event; time, place, course, event; or behind FF FF and a version the
// same with satellites, speed and supply. Names of files follow.
func (c *Codec) camera(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 7 {
		return nil, short(p, 7)
	}
	r := s.Add(fleet.GT06)
	var event byte
	switch {
	case b[0] == 0xff && b[1] == 0xff && len(b) >= 3+6+1+8+2+2+2+1:
		b = b[3:]
		r.Fix = readTime(b)
		r.SetSatellites(int(b[6] & 15))
		place(r, b[7:], binary.BigEndian.Uint16(b[15:]))
		r.SetSpeed(float64(binary.BigEndian.Uint16(b[17:])))
		c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b[19:]))/10))
		event = b[21]
	case len(b) >= 17:
		r.Fix = readTime(b)
		place(r, b[6:], binary.BigEndian.Uint16(b[14:]))
		event = b[16]
	default:
		r.DeviceTime = readTime(b)
		event = b[6]
	}
	c.add(r, fleet.AttrEvent, fleet.Int(int64(event)))
	r.Alarms |= alarmOfCamera[event]
	c.finish(r)
	return c.ack(p), nil
}
