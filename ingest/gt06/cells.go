package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// cell is a mobile network's cell as a tracker names it.
type cell struct {
	mcc, mnc int
	lac, id  int64
}

// readCell reads country, network, area and cell, and says how many bytes they
// took; 0 if b is too short. Bit 15 of the country says that the network takes
// two bytes (VL03 v1.1.2 "MCC Bits").
func readCell(b []byte, long bool) (cell, int) {
	n := 8
	if long {
		n = 15
	}
	if len(b) < n {
		return cell{}, 0
	}
	mcc := binary.BigEndian.Uint16(b)
	v := cell{mcc: int(mcc & 0x7fff), mnc: int(b[2])}
	at := 3
	if mcc&0x8000 != 0 {
		if n++; len(b) < n {
			return cell{}, 0
		}
		v.mnc = int(binary.BigEndian.Uint16(b[2:]))
		at = 4
	}
	if long {
		v.lac = int64(binary.BigEndian.Uint32(b[at:]))
		v.id = int64(binary.BigEndian.Uint64(b[at+4:]))
	} else {
		v.lac = int64(binary.BigEndian.Uint16(b[at:]))
		v.id = int64(b[at+2])<<16 | int64(b[at+3])<<8 | int64(b[at+4])
	}
	return v, n
}

// cellAttrs adds a cell to the report, unless it is empty.
func (c *Codec) cellAttrs(r *fleet.Report, v cell) {
	if v.mcc == 0 || v.lac == 0 && v.id == 0 {
		return
	}
	c.add(r, fleet.AttrCellMCC, fleet.Int(int64(v.mcc)))
	c.add(r, fleet.AttrCellMNC, fleet.Int(int64(v.mnc)))
	c.add(r, fleet.AttrCellLAC, fleet.Int(v.lac))
	c.add(r, fleet.AttrCellID, fleet.Int(v.id))
}

// cells reads a message that begins with a cell: 0x17 and 0xA7, which ask for
// the address of a place known by its cell alone.
func (c *Codec) cells(s *ingest.Session, p packet) ([]byte, error) {
	v, n := readCell(p.content, fourG(p.number))
	if n == 0 {
		return nil, short(p, 8)
	}
	r := s.Add(fleet.GT06)
	c.cellAttrs(r, v)
	c.finish(r)
	return c.ack(p), nil
}

// cellsTimed reads a time and then the serving cell and its neighbours: 0x18,
// 0x24, 0x28, 0x2C, 0x2E, 0xA1. Neighbours are not kept.
func (c *Codec) cellsTimed(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 6 {
		return nil, short(p, 14)
	}
	v, n := readCell(b[6:], fourG(p.number))
	if n == 0 {
		return nil, short(p, 14)
	}
	r := s.Add(fleet.GT06)
	if t := readTime(b); t != 0 {
		r.DeviceTime = t - c.zoneFor(p.number)
	}
	c.cellAttrs(r, v)
	c.finish(r)
	return c.ack(p), nil
}

// cellsOrGPS reads 0x11: time and cell (GT03 v1.82 §5.3), or with some makers a
// GPS block.
func (c *Codec) cellsOrGPS(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) >= gpsSize {
		return c.location(s, p)
	}
	return c.cellsTimed(s, p)
}

// wifiScan reads 0xF3: time, and access points whose addresses are not kept.
// It wants no answer.
func (c *Codec) wifiScan(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < 7 {
		return nil, short(p, 7)
	}
	s.Add(fleet.GT06).DeviceTime = readTime(p.content)
	return nil, nil
}
