package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// locationOrBlocks reads 0x32 and 0x33. In a long frame: time, then GPS, cell,
// neighbours and Wi-Fi, each behind its length, then a status. In a short one,
// 0x32 is an alarm.
func (c *Codec) locationOrBlocks(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if !p.long {
		return c.alarm(s, p)
	}
	if len(b) < 8 {
		return nil, short(p, 8)
	}
	at, n := readTime(b), int(b[6])
	if b = b[7:]; n > len(b) {
		return nil, short(p, 7+n)
	}
	r := s.Add(fleet.GT06)
	if r.DeviceTime = at; n >= 12 {
		r.Fix = at
		r.SetSatellites(int(b[0] & 15))
		r.SetSpeed(float64(b[9]))
		place(r, b[1:], binary.BigEndian.Uint16(b[10:]))
	}
	b = b[n:]
	if len(b) >= 10 && b[0] >= 8 {
		if v, n := readCell(b[1:], false); n > 0 && !r.Is(fleet.FixValid) {
			c.cellAttrs(r, v)
		}
		c.add(r, fleet.AttrGSM, fleet.Int(int64(b[9])))
	}
	for range 3 { // cell, neighbours, Wi-Fi
		if len(b) < 1+int(first(b)) {
			b = nil
			break
		}
		b = b[1+int(b[0]):]
	}
	if len(b) > 0 {
		c.add(r, fleet.AttrStatus, fleet.Int(int64(b[0])))
	}
	c.finish(r)
	return c.longAck(p), nil
}

func first(b []byte) byte {
	if len(b) == 0 {
		return 0
	}
	return b[0]
}
