package gt06

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// noAddress is the answer to who asks for the address of a place: none known,
// for no phone (VL03 v1.1.2 "Server Returns English Address").
const noAddress = "NA&&NA&&0##"

// address reads 0x1A and 0x2A: a place whose address somebody asked for by
// SMS. Vigia knows no addresses and says so.
func (c *Codec) address(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < gpsSize {
		return nil, short(p, gpsSize)
	}
	c.gps(s.Add(fleet.GT06), p.content, c.zoneFor(p.number))
	b := append(c.answer[:0], 0x79, 0x79, 0, byte(10+len(noAddress)), msgAddress, byte(len(noAddress)), 0, 0, 0, 0)
	b = append(b, noAddress...)
	c.answer = append(b, 0, 0) // the serial number is the server's own
	return c.sealed(), nil
}

// clock answers 0x8A with the time in UTC (VL03 v1.1.2 "Time Calibration").
func (c *Codec) clock(_ *ingest.Session, p packet) ([]byte, error) {
	t := c.now.Std()
	c.answer = append(c.answer[:0], 0x78, 0x78, 11, msgClock,
		byte(t.Year()%100), byte(t.Month()), byte(t.Day()), byte(t.Hour()), byte(t.Minute()), byte(t.Second()),
		byte(p.serial>>8), byte(p.serial))
	return c.sealed(), nil
}
