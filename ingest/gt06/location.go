package gt06

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// gpsSize is the size of the block that all positions begin with: 6 bytes of
// time, satellites, latitude, longitude, speed, course and status (§5.2.1).
const gpsSize = 18

// modeLastAgain is the upload mode of a place that is sent again, with a new
// time, by a tracker at rest (VL03 "Data Upload Mode").
const modeLastAgain = 0x0a

const (
	unitsPerDegree = 1_800_000
	gpsEpoch       = fleet.Time(1262304000000) // 2010: the oldest date that a tracker of this kind can mean
)

// location reads what begins with a GPS block: 0x10, 0x12, 0x1E, 0x22, 0x2D,
// 0x31, 0x36, 0x37, 0x38 and 0xA0.
func (c *Codec) location(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < gpsSize {
		return nil, short(p, gpsSize)
	}
	if b[1]-1 > 11 || b[2]-1 > 30 { // no date
		if at := misplaced(b); at > 0 {
			return c.identified(s, p, at)
		}
	}
	r := s.Add(fleet.GT06)
	c.gps(r, b, c.zoneFor(p.number))
	c.tail(r, p.number, b[gpsSize:])
	return c.ack(p), nil
}

// zoneFor is what to take from a time in the given message to have UTC.
func (c *Codec) zoneFor(number byte) fleet.Time {
	if localTime(number) {
		return c.zone
	}
	return 0
}

// gps reads a GPS block into the report.
func (c *Codec) gps(r *fleet.Report, b []byte, zone fleet.Time) {
	if t := readTime(b); t != 0 {
		r.Fix = t - zone
	}
	_ = b[gpsSize-1]
	r.SetSatellites(int(b[6] & 15)) // the upper half is the block's length (§5.2.1.5)
	place(r, b[7:], binary.BigEndian.Uint16(b[16:]))
	r.SetSpeed(float64(b[15]))
}

// place reads latitude and longitude, four bytes each in units of 1/30000
// minute, and the course and status word (§5.2.1.9): bit 12 a fix, bit 11 west,
// bit 10 north, bits 0-9 the course.
func place(r *fleet.Report, b []byte, w uint16) {
	lat, lon := binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])
	if lat <= maxUnits && lon <= maxUnits {
		y, x := unitsToPlace(lat), unitsToPlace(lon)
		if w&(1<<10) == 0 {
			y = -y
		}
		if w&(1<<11) != 0 {
			x = -x
		}
		r.Place, r.Has = fleet.Place{Lat: y, Lon: x}, r.Has|fleet.HasPlace
	}
	if w&(1<<12) != 0 {
		r.Has |= fleet.FixValid
	}
	r.SetCourse(float64(w & 0x3ff % 360))
}

// maxUnits is the greatest coordinate that a fleet.Place can hold, far beyond
// the earth's.
const maxUnits = 386_000_000

// unitsToPlace turns 1/1,800,000 degree into 1e-7 degree, rounded.
func unitsToPlace(v uint32) int32 { return int32((uint64(v)*100 + 9) / 18) }

// placeToUnits is the inverse, without the sign.
func placeToUnits(v int32) uint32 {
	n := int64(v)
	if n < 0 {
		n = -n
	}
	return uint32((n*18 + 50) / 100)
}

// tail reads what follows the GPS block: the serving cell and, by message,
// ignition, upload mode, re-upload mark, mileage and more. A cell is kept only
// where the satellites gave no place; beside a fix it would cost more than the
// fix itself.
func (c *Codec) tail(r *fleet.Report, number byte, b []byte) {
	switch number {
	case msgGPS, msgGPSLBSMany, msgGPSLBS38: // of the last, no document says what follows
		return
	case msgGPSLBS31:
		c.tailOf31(r, b)
		return
	}
	cell, n := readCell(b, fourG(number))
	if n == 0 {
		return
	}
	if !r.Is(fleet.FixValid) {
		c.cellAttrs(r, cell)
		c.finish(r)
	}
	b = b[n:]
	switch number {
	case msgGPSLBS:
		c.tailOf12(r, b)
		return
	case msgGPSLBS36:
		c.tailOf36(r, b)
		return
	}
	if len(b) < 3 { // 0x22 and after: ACC, upload mode, re-upload mark
		return
	}
	r.SetIgnition(b[0] == 1)
	if b[1] == modeLastAgain {
		r.Has |= fleet.Repeated
	}
	switch {
	case number == msgGPSLBS37:
		c.tailOf37(r, b[3:])
	case len(b) >= 7:
		r.SetOdometer(float64(binary.BigEndian.Uint32(b[3:])))
	}
}

// tailOf12 reads the mileage that some makers append to 0x12 (Seeworld v2.0
// §5.2.2).
func (c *Codec) tailOf12(r *fleet.Report, b []byte) {
	if len(b) == 4 {
		r.SetOdometer(float64(binary.BigEndian.Uint32(b)))
	}
}
