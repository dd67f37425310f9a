package gt06

import (
	"encoding/binary"
	"encoding/hex"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// alarmOfLW4G is the table of LW4G trackers where it differs.
var alarmOfLW4G = map[byte]fleet.Alarms{
	0x19: fleet.HardAcceleration,
}

// isModel reports whether an operator set the device's model to name.
func (c *Codec) isModel(name string) bool { return strings.EqualFold(c.model, name) }

func hexText(b []byte) string { return hex.EncodeToString(b) }

// misplaced finds the GPS block of a location whose first bytes are no date:
// behind an identity (QH302R), or behind a header, an identity and the time of
// sending (XT40). It reports where the block begins, 0 if nowhere.
func misplaced(b []byte) int {
	for _, at := range [...]int{8, 16} {
		if len(b) < at+gpsSize || readTime(b[at:]) == 0 {
			continue
		}
		if _, err := readIMEI(b); at == 8 && err != nil {
			continue // a plain block of a tracker without a clock, its place like a date by chance
		}
		return at
	}
	return 0
}

// identified reads a location behind an identity, or behind a header.
func (c *Codec) identified(s *ingest.Session, p packet, at int) ([]byte, error) {
	b := p.content
	if at == 8 {
		if id, err := readIMEI(b); err == nil && id != s.UniqueID {
			s.UniqueID, c.zone = id, 0
		}
	}
	r := s.Add(fleet.GT06)
	c.gps(r, b[at:], c.zoneFor(p.number))
	if at == 8 {
		c.tail(r, p.number, b[at+gpsSize:])
		return c.ack(p), nil
	}
	if t := readTime(b[10:]); t != 0 {
		r.DeviceTime = t - c.zoneFor(p.number)
	}
	return c.ack(p), nil
}

// fleetLocation reads 0x34: four bytes of header, a GPS block, mileage, cell,
// driver, supply and battery. It wants no answer.
func (c *Codec) fleetLocation(s *ingest.Session, p packet) ([]byte, error) {
	const head = 4
	b := p.content
	if len(b) < head+gpsSize {
		return nil, short(p, head+gpsSize)
	}
	r := s.Add(fleet.GT06)
	c.gps(r, b[head:], 0)
	if b = b[head+gpsSize:]; len(b) >= 23 {
		r.SetOdometer(float64(binary.BigEndian.Uint32(b[2:])))
		if id := binary.BigEndian.Uint32(b[15:]); id != 0 {
			c.add(r, fleet.AttrDriver, fleet.Text(hexText(b[15:19])))
		}
		c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b[19:]))/100))
		c.add(r, fleet.AttrBatteryVolts, fleet.Float(float64(binary.BigEndian.Uint16(b[21:]))/100))
	}
	c.finish(r)
	return nil, nil
}

// wifiOrGPS4G reads 0xA2: with most a scan of Wi-Fi and cells (LL301 v1.0
// §11), which is at least 102 bytes long, with some makers a location.
func (c *Codec) wifiOrGPS4G(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) >= 102 || len(b) < gpsSize {
		return c.cellsTimed(s, p)
	}
	r := s.Add(fleet.GT06)
	c.gps(r, b, 0)
	b = b[gpsSize:]
	v, n := readCell(b, true)
	if n == 0 {
		return c.ack(p), nil
	}
	if !r.Is(fleet.FixValid) {
		c.cellAttrs(r, v)
	}
	if b = b[n:]; len(b) >= 12 { // upload mode, status, supply, battery, signal, two more, mileage
		c.terminal(r, b[1])
		c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b[2:]))/100))
		c.battery(r, b[4])
		c.add(r, fleet.AttrGSM, fleet.Int(int64(b[5])))
		r.SetOdometer(float64(binary.BigEndian.Uint32(b[8:])))
	}
	c.finish(r)
	return c.ack(p), nil
}

// status4G reads 0xA3: an alarm over one fence, as 0x26 but with the cells of
// LTE, or with some models the status by itself.
func (c *Codec) status4G(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) >= gpsSize {
		return c.alarm(s, p)
	}
	if len(p.content) < 4 {
		return nil, short(p, 4)
	}
	r := s.Add(fleet.GT06)
	c.status(r, p.content)
	c.finish(r)
	return c.ack(p), nil
}

// location36 reads 0x36: with some models a location, with others a heartbeat
// of modules (LL301 v1.0 §5), which begins with no date.
func (c *Codec) location36(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < gpsSize || readTime(p.content) == 0 {
		s.Add(fleet.GT06)
		return c.ack(p), nil
	}
	return c.location(s, p)
}

// tailOf36 reads what follows the cell in 0x36: one more byte of the cell,
// ignition, upload mode, re-upload mark, mileage, supply in 0.01 V, battery in
// 0.1 V.
func (c *Codec) tailOf36(r *fleet.Report, b []byte) {
	if len(b) < 11 {
		return
	}
	r.SetIgnition(b[1] == 1)
	r.SetOdometer(float64(binary.BigEndian.Uint32(b[4:])))
	c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b[8:]))/100))
	c.add(r, fleet.AttrBatteryVolts, fleet.Float(float64(b[10])/10))
	c.finish(r)
}

// tailOf31 reads what follows the GPS block in 0x31: a cell of ten bytes,
// ignition, upload mode, re-upload mark, mileage, altitude.
func (c *Codec) tailOf31(r *fleet.Report, b []byte) {
	if len(b) < 15 {
		return
	}
	r.SetIgnition(b[10] == 1)
	r.SetAltitude(float64(int16(binary.BigEndian.Uint16(b[len(b)-2:]))))
}

// tailOf37 reads the entries behind a 0x37: number of two bytes, length of one.
// 0x2E is the mileage.
func (c *Codec) tailOf37(r *fleet.Report, b []byte) {
	for len(b) >= 3 {
		id, n := binary.BigEndian.Uint16(b), int(b[2])
		if b = b[3:]; n > len(b) {
			return
		}
		if id == moduleMileage && n == 4 {
			r.SetOdometer(float64(binary.BigEndian.Uint32(b)))
		}
		b = b[n:]
	}
}
