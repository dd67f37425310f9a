package track

import (
	"encoding/binary"
	"math"
	"math/bits"

	"github.com/vigia-track/vigia/engine/fleet"
)

// seed begins every digest. Digests are stored in states: never change them.
const seed = 0x6a09e667f3bcc909

// blend mixes a word into a digest.
func blend(h, v uint64) uint64 {
	hi, lo := bits.Mul64(h^v^0x9e3779b97f4a7c15, 0xd6e8feb86659fd93)
	return hi ^ lo ^ h<<1
}

func blendText(h uint64, s string) uint64 {
	h = blend(h, uint64(len(s)))
	for len(s) >= 8 {
		h = blend(h, uint64(s[0])|uint64(s[1])<<8|uint64(s[2])<<16|uint64(s[3])<<24|
			uint64(s[4])<<32|uint64(s[5])<<40|uint64(s[6])<<48|uint64(s[7])<<56)
		s = s[8:]
	}
	var tail uint64
	for i := 0; i < len(s); i++ {
		tail |= uint64(s[i]) << (8 * i)
	}
	return blend(h, tail)
}

// content stands for all that a report says of a moment: two with the same are
// one report sent twice. When it arrived does not count.
func content(r *fleet.Report) uint64 {
	h := blend(seed, uint64(r.Fix))
	h = blend(h, uint64(r.DeviceTime))
	h = blend(h, uint64(uint32(r.Place.Lat))|uint64(uint32(r.Place.Lon))<<32)
	h = blend(h, uint64(r.Alarms))
	h = blend(h, uint64(r.Has)|uint64(r.Satellites)<<32)
	h = blend(h, uint64(math.Float32bits(r.Speed))|uint64(math.Float32bits(r.Course))<<32)
	h = blend(h, uint64(math.Float32bits(r.Altitude))|uint64(math.Float32bits(r.Accuracy))<<32)
	h = blend(h, math.Float64bits(r.Odometer)^uint64(math.Float32bits(r.HDOP)))
	for i := range r.Attrs {
		a := &r.Attrs[i]
		h = blendText(h, a.Key)
		switch a.Value.Kind {
		case fleet.TextValue:
			h = blendText(h, a.Value.Text)
		case fleet.FloatValue:
			h = blend(h, math.Float64bits(a.Value.Float))
		default:
			h = blend(h, uint64(a.Value.Int))
		}
		h = blend(h, uint64(a.Value.Kind))
	}
	return h
}

// fixCause is what names an event that a fix brought about: the fix's time and
// place, so that copies of it with other readings name the same event.
func fixCause(at fleet.Time, p fleet.Place) []byte {
	b := make([]byte, 0, 17)
	b = append(b, 'f')
	b = binary.BigEndian.AppendUint64(b, uint64(at))
	b = binary.BigEndian.AppendUint32(b, uint32(p.Lat))
	return binary.BigEndian.AppendUint32(b, uint32(p.Lon))
}
