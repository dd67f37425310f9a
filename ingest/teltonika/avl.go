package teltonika

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// record reads one record of codec 8, 8 Extended or 16.
func (c *Codec) record(s *ingest.Session, codec byte, r *reader) {
	p := s.Add(fleet.Teltonika)
	p.Fix = fleet.Time(r.u64())
	priority := r.u8()
	lon, lat := int32(r.u32()), int32(r.u32())
	p.Place, p.Has = fleet.Place{Lat: lat, Lon: lon}, p.Has|fleet.HasPlace
	p.SetAltitude(float64(int16(r.u16())))
	p.SetCourse(float64(r.u16()))
	satellites := int(r.u8())
	p.SetSatellites(satellites)
	p.SetSpeed(float64(r.u16()))
	if p.SetValid(satellites > 0); satellites == 0 {
		p.Has |= fleet.Repeated
	}

	idBytes, countBytes := 1, 1
	switch codec {
	case codec8E:
		idBytes, countBytes = 2, 2
	case codec16:
		idBytes = 2
	}
	event := int(r.uint(idBytes))
	generation := -1
	if codec == codec16 {
		generation = int(r.u8())
	}
	r.uint(countBytes) // elements in all: the groups' own counts are what is read

	c.add("priority", fleet.Int(int64(priority)))
	if event != 0 {
		c.add(fleet.AttrEvent, fleet.Int(int64(event)))
	}
	if generation >= 0 {
		c.add("generation", fleet.Int(int64(generation)))
	}
	for size := 1; size <= 8; size *= 2 {
		for n := r.uint(countBytes); n > 0 && !r.short; n-- {
			id := int(r.uint(idBytes))
			c.element(p, id, r.uint(size), size, id == event)
		}
	}
	if codec == codec8E {
		for n := r.u16(); n > 0 && !r.short; n-- {
			id, length := int(r.u16()), int(r.u16())
			c.long(id, r.take(length))
		}
	}
	p.Attrs = c.takeAttrs()
}

// GPS parts of codec 7; see the package comment on where they are from.
const (
	gpsPlace = 1 << iota
	gpsAltitude
	gpsAngle
	gpsSpeed
	gpsSatellites
	gpsCell
	gpsSignal
	gpsOperator
)

// epoch7 is 2007-01-01, from which codec 7 counts seconds.
const epoch7 = fleet.Time(1167609600000)

// record7 reads one record of codec 7.
func (c *Codec) record7(s *ingest.Session, r *reader) {
	p := s.Add(fleet.Teltonika)
	stamp := r.u32()
	p.Fix = epoch7 + fleet.Time(stamp&0x3FFFFFFF)*fleet.Second
	c.add("priority", fleet.Int(int64(stamp>>30)))
	parts := r.u8()
	if parts&1 != 0 {
		c.gps7(p, r)
	}
	for size, bit := 1, byte(2); size <= 4; size, bit = size*2, bit<<1 {
		if parts&bit == 0 {
			continue
		}
		for n := r.u8(); n > 0 && !r.short; n-- {
			// The IDs are a list of each GH model's own: they keep their numbers.
			id := int(r.u8())
			c.add(elementKey(id), fleet.Int(int64(r.uint(size))))
		}
	}
	p.Attrs = c.takeAttrs()
}

func (c *Codec) gps7(p *fleet.Report, r *reader) {
	mask := r.u8()
	if mask&gpsPlace != 0 {
		lat, lon := float32bits(r.u32()), float32bits(r.u32())
		p.SetPlace(lat, lon)
		p.SetValid(p.Is(fleet.HasPlace) && !(lat == 0 && lon == 0))
	}
	if mask&gpsAltitude != 0 {
		p.SetAltitude(float64(int16(r.u16())))
	}
	if mask&gpsAngle != 0 {
		p.SetCourse(float64(r.u8()) * 360 / 256)
	}
	if mask&gpsSpeed != 0 {
		p.SetSpeed(float64(r.u8()))
	}
	if mask&gpsSatellites != 0 {
		p.SetSatellites(int(r.u8()))
	}
	if mask&gpsCell != 0 {
		c.add(fleet.AttrCellLAC, fleet.Int(int64(r.u16())))
		c.add(fleet.AttrCellID, fleet.Int(int64(r.u16())))
	}
	if mask&gpsSignal != 0 {
		c.add(fleet.AttrGSM, fleet.Int(int64(r.u8())))
	}
	if mask&gpsOperator != 0 {
		c.add("operator", fleet.Int(int64(r.u32())))
	}
}
