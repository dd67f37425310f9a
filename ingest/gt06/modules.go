package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// Entries of 0x70 and, with a shorter length field, of 0x37.
const (
	moduleIMEI    = 0x01
	moduleIMSI    = 0x02
	moduleICCID   = 0x03
	moduleCell    = 0x11
	moduleBattery = 0x18
	moduleHDOP    = 0x28
	moduleStatus  = 0x2a
	moduleTime    = 0x2c
	moduleMileage = 0x2e
	moduleGPS     = 0x33
	moduleEvent   = 0x34
	moduleCell4G  = 0x43
)

// modules reads 0x70: five bytes of header, then entries of a two-byte number,
// a two-byte length and a value.
func (c *Codec) modules(s *ingest.Session, p packet) ([]byte, error) {
	const head = 5
	b := p.content
	if len(b) < head {
		return nil, short(p, head)
	}
	r := s.Add(fleet.GT06)
	for b = b[head:]; len(b) >= 4; {
		id, n := binary.BigEndian.Uint16(b), int(binary.BigEndian.Uint16(b[2:]))
		if b = b[4:]; n > len(b) {
			break
		}
		c.module(s, r, id, b[:n])
		b = b[n:]
	}
	c.finish(r)
	return c.ack(p), nil
}

func (c *Codec) module(s *ingest.Session, r *fleet.Report, id uint16, v []byte) {
	switch {
	case id == moduleIMEI && len(v) == 8:
		if imei, err := readIMEI(v); err == nil {
			s.UniqueID = imei
		}
	case id == moduleIMSI && len(v) == 8:
		c.add(r, fleet.AttrIMSI, fleet.Text(hexText(v)[1:]))
	case id == moduleICCID && len(v) == 10:
		c.add(r, fleet.AttrICCID, fleet.Text(hexText(v)))
	case id == moduleCell && len(v) >= 8 && r.Has&fleet.HasPlace == 0:
		if w, n := readCell(v, false); n > 0 {
			c.cellAttrs(r, w)
		}
	case id == moduleCell4G && len(v) >= 11 && r.Has&fleet.HasPlace == 0:
		c.cellAttrs(r, cell{
			mcc: int(binary.BigEndian.Uint16(v) & 0x7fff), mnc: int(v[2]),
			lac: int64(binary.BigEndian.Uint16(v[3:])), id: int64(binary.BigEndian.Uint32(v[5:])),
		})
	case id == moduleBattery && len(v) == 2:
		c.add(r, fleet.AttrBatteryVolts, fleet.Float(float64(binary.BigEndian.Uint16(v))/100))
	case id == moduleHDOP && len(v) == 1:
		r.SetHDOP(float64(v[0]) / 10)
	case id == moduleStatus && len(v) == 1:
		c.add(r, fleet.AttrDoor, fleet.Bool(v[0]&1 != 0))
	case id == moduleTime && len(v) == 4:
		r.DeviceTime = seconds(v)
	case id == moduleMileage && len(v) == 4:
		r.SetOdometer(float64(binary.BigEndian.Uint32(v)))
	case id == moduleEvent && len(v) >= 1:
		c.add(r, fleet.AttrEvent, fleet.Int(int64(v[0])))
		if v[0] == 0x12 {
			r.Alarms |= fleet.Removing
		}
	case id == moduleGPS && len(v) >= 18:
		r.Fix = seconds(v)
		r.SetSatellites(int(v[4] & 15))
		r.SetAltitude(float64(int16(binary.BigEndian.Uint16(v[5:]))))
		place(r, v[7:], binary.BigEndian.Uint16(v[16:]))
		r.SetSpeed(float64(v[15]))
	}
}

// seconds reads a Unix time.
func seconds(b []byte) fleet.Time { return fleet.Time(binary.BigEndian.Uint32(b)) * fleet.Second }

// readings reads 0xF1: a Unix time, then entries of a two-byte number, a
// one-byte length and a value; 5 is the supply in 0.01 V.
func (c *Codec) readings(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 4 {
		return nil, short(p, 4)
	}
	r := s.Add(fleet.GT06)
	r.DeviceTime = seconds(b)
	for b = b[4:]; len(b) >= 3; {
		id, n := binary.BigEndian.Uint16(b), int(b[2])
		if b = b[3:]; n > len(b) {
			break
		}
		if id == 5 && n == 2 {
			c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b))/100))
		}
		b = b[n:]
	}
	c.finish(r)
	return c.ack(p), nil
}
