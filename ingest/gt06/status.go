package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// heartbeat reads 0x13 (§5.4): terminal information, voltage level, GSM signal,
// alarm or extended port, language.
func (c *Codec) heartbeat(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 3 {
		return nil, short(p, 3)
	}
	r := s.Add(fleet.GT06)
	c.terminal(r, b[0])
	switch {
	case c.isModel(modelR11) && len(b) >= 4: // the supply in 0.01 V instead of a level
		c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b[1:]))/100))
		c.add(r, fleet.AttrGSM, fleet.Int(int64(b[3])))
	case c.isModel(modelSeeworld) && len(b) >= 4: // the supply in V behind the signal
		c.battery(r, b[1])
		c.add(r, fleet.AttrGSM, fleet.Int(int64(b[2])))
		c.add(r, fleet.AttrPower, fleet.Float(float64(b[3])))
	case len(b) > 8: // a later form, of which only the first byte is sure
	default:
		c.battery(r, b[1])
		c.add(r, fleet.AttrGSM, fleet.Int(int64(b[2])))
	}
	c.finish(r)
	return c.ack(p), nil
}

// heartbeatVolts reads 0x23 (LL301 v1.0 §4): terminal information, battery in
// 0.01 V, GSM signal, language and port, and with some supply voltage.
func (c *Codec) heartbeatVolts(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 4 {
		return nil, short(p, 4)
	}
	r := s.Add(fleet.GT06)
	c.terminal(r, b[0])
	c.add(r, fleet.AttrBatteryVolts, fleet.Float(float64(binary.BigEndian.Uint16(b[1:]))/100))
	c.add(r, fleet.AttrGSM, fleet.Int(int64(b[3])))
	c.finish(r)
	return c.ack(p), nil
}

// terminal reads the terminal information byte (§5.3.1.14): bit 7 supply cut
// off, bit 6 GPS tracking on, bits 3-5 an alarm, bit 2 charging, bit 1 ACC,
// bit 0 armed.
func (c *Codec) terminal(r *fleet.Report, b byte) {
	c.add(r, fleet.AttrStatus, fleet.Int(int64(b)))
	c.add(r, fleet.AttrBlocked, fleet.Bool(b&0x80 != 0))
	c.add(r, fleet.AttrCharging, fleet.Bool(b&4 != 0))
	c.add(r, fleet.AttrArmed, fleet.Bool(b&1 != 0))
	r.SetIgnition(b&2 != 0)
	r.Has |= fleet.AlarmState // until an alarm byte says that one was just raised
	switch b >> 3 & 7 {
	case 1:
		r.Alarms |= fleet.Vibration
	case 2:
		r.Alarms |= fleet.PowerCut
	case 3:
		r.Alarms |= fleet.LowBattery
	case 4:
		r.Alarms |= fleet.SOS
	}
}

// battery reads a voltage level (§5.3.1.15): 0 (none) to 6 (full), or with
// later models percent.
func (c *Codec) battery(r *fleet.Report, level byte) {
	switch {
	case level <= 6:
		c.add(r, fleet.AttrBattery, fleet.Int(int64(level)*100/6))
	case level <= 100:
		c.add(r, fleet.AttrBattery, fleet.Int(int64(level)))
	}
}
