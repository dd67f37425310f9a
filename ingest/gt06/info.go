package gt06

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// info reads 0x94, all sorts of news beside positions (VL03 v1.1.2
// "Information Transfer Packet"): a kind, then its data. It wants no answer.
func (c *Codec) info(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < 2 {
		return nil, short(p, 2)
	}
	kind, b := p.content[0], p.content[1:]
	r := s.Add(fleet.GT06)
	switch {
	case !p.long && len(p.content) == 2: // of some makers: the voltage alone
		c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(p.content))/100))
	case kind == 0x00 && len(b) >= 2:
		c.add(r, fleet.AttrPower, fleet.Float(float64(binary.BigEndian.Uint16(b))/100))
	case kind == 0x04:
		c.synchronised(r, string(b))
	case kind == 0x05 && len(b) >= 7: // behind a time
		r.DeviceTime = readTime(b)
		c.door(r, b[6])
	case kind == 0x05:
		c.door(r, b[0])
	case kind == 0x0a && len(b) >= 26:
		c.add(r, fleet.AttrIMSI, fleet.Text(hexText(b[8:16])[1:]))
		c.add(r, fleet.AttrICCID, fleet.Text(hexText(b[16:26])))
	case kind == 0x0d:
		c.fuel(r, b)
	case kind == 0x1b && len(b) >= 5:
		c.add(r, fleet.AttrDriver, fleet.Text(hexText(b)))
	}
	c.finish(r)
	return nil, nil
}

// door reads a door's state: bit 0 open, bit 2 the input.
func (c *Codec) door(r *fleet.Report, b byte) {
	c.add(r, fleet.AttrDoor, fleet.Bool(b&1 != 0))
	c.add(r, fleet.AttrInput+"1", fleet.Bool(b&4 != 0))
}

// synchronised reads settings as KEY=VALUE with semicolons between. STA1 is
// the state of the defence, DYD of the supply's cut-off.
func (c *Codec) synchronised(r *fleet.Report, s string) {
	for entry := range strings.SplitSeq(s, ";") {
		key, value, _ := strings.Cut(entry, "=")
		switch key {
		case "STA1":
			if v, err := strconv.ParseUint(value, 16, 8); err == nil {
				c.add(r, fleet.AttrArmed, fleet.Bool(v&0x80 != 0))
			}
		case "DYD":
			if v, err := strconv.ParseUint(value, 16, 8); err == nil {
				c.add(r, fleet.AttrBlocked, fleet.Bool(v&2 != 0))
			}
		case "ICCID":
			c.add(r, fleet.AttrICCID, fleet.Text(printable([]byte(value))))
		}
	}
}

// fuel reads a line of a fuel sensor on the serial port, with some behind a
// time: !AIOIL,address,level mm,temperature,...,volume,...
func (c *Codec) fuel(r *fleet.Report, b []byte) {
	if len(b) > 6 && b[0] != '!' && b[6] == '!' {
		r.DeviceTime = readTime(b)
		b = b[6:]
	}
	f := strings.Split(printable(b), ",")
	if len(f) < 7 || f[0] != "!AIOIL" {
		return
	}
	if v, err := strconv.ParseFloat(f[3], 64); err == nil {
		c.add(r, fleet.AttrTemperature, fleet.Float(v))
	}
	if v, err := strconv.ParseFloat(f[6], 64); err == nil {
		c.add(r, fleet.AttrFuelLitres, fleet.Float(v))
	}
}

// obd reads the time of 0x8C, readings of the vehicle's own bus as text, whose
// numbers no document explains. It wants no answer.
func (c *Codec) obd(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < 6 {
		return nil, short(p, 6)
	}
	s.Add(fleet.GT06).DeviceTime = readTime(p.content)
	return nil, nil
}
