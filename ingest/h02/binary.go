package h02

import (
	"encoding/binary"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// binary reads a binary message; the package comment has its bytes.
func (c *Codec) binary(s *ingest.Session, b []byte) error {
	size := shortID
	if len(b) >= binarySize && !fits(b, size) {
		size = longID
	}
	if len(b) < binarySize-shortID+size || !fits(b, size) {
		return fmt.Errorf("h02: binary message of %d bytes, want %d with decimal digits and a date: %w", len(b), binarySize, ErrFrame)
	}
	var id [2 * longID]byte
	for i, x := range b[1 : 1+size] {
		id[2*i], id[2*i+1] = '0'+x>>4, '0'+x&15
	}
	if err := identify(s, id[:2*size-size/longID]); err != nil { // an IMEI has 15 digits
		return err
	}
	b = b[size-shortID:]
	r := s.Add(fleet.H02)
	r.Fix = civil(bcd(b[11]), bcd(b[10]), bcd(b[9])) +
		fleet.Time(bcd(b[6]))*fleet.Hour + fleet.Time(bcd(b[7]))*fleet.Minute + fleet.Time(bcd(b[8]))*fleet.Second
	lat := float64(bcd(b[12])) + float64(bcd(b[13])*10000+bcd(b[14])*100+bcd(b[15]))/600000
	lon := float64(bcd(b[17])*10+int(b[18]>>4)) +
		float64(int(b[18]&15)*100000+bcd(b[19])*1000+bcd(b[20])*10+int(b[21]>>4))/600000
	if b[21]&4 == 0 {
		lat = -lat
	}
	if b[21]&8 == 0 {
		lon = -lon
	}
	r.SetPlace(lat, lon)
	r.SetValid(b[21]&2 != 0)
	speed, course := bcd(b[22])*10+int(b[23]>>4), int(b[23]&15)*100+bcd(b[24])
	r.SetSpeed(float64(speed) * KnotsToKMH)
	r.SetCourse(float64(course % 360))
	if level := b[16]; level >= 1 && level <= 6 {
		r.Add(fleet.AttrBattery, fleet.Int(int64(level)*100/6))
	}
	setStatus(r, binary.BigEndian.Uint32(b[25:]))
	finish(r)
	return nil
}
