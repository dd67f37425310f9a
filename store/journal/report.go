package journal

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// What a report's payload holds beside its fixed head and what Has lists.
const (
	withDeviceTime = 1 << iota
	withAlarms
	withAttrs
)

const (
	reportHead = 24 // bytes that every report has
	// reportRoom is the most that a report without attributes takes.
	reportRoom = reportHead + 8 + 3*binary.MaxVarintLen64 + 5*4 + 8 + 1
)

var errReport = errors.New("journal: the record is no report")

// AppendReport appends the report's bytes, as DESIGN.md has them, to b. Fields
// that Has does not list are left out, so they must be zero.
func AppendReport(b []byte, r *fleet.Report) []byte {
	n := len(b)
	if cap(b)-n < reportRoom {
		b = append(b, make([]byte, reportRoom)...)
	}
	p := b[n : n+reportRoom]
	le := binary.LittleEndian
	le.PutUint64(p[0:], uint64(r.Device))
	le.PutUint64(p[8:], uint64(r.Received))
	p[16], p[17], p[18] = byte(r.Protocol), byte(r.Verdict), byte(r.Trust)
	le.PutUint32(p[20:], uint32(r.Has))
	extra := byte(0)
	i := reportHead + binary.PutVarint(p[reportHead:], int64(r.Received-r.Fix))
	if r.DeviceTime != 0 {
		extra |= withDeviceTime
		i += binary.PutVarint(p[i:], int64(r.DeviceTime-r.Fix))
	}
	if r.Alarms != 0 {
		extra |= withAlarms
		i += binary.PutUvarint(p[i:], uint64(r.Alarms))
	}
	if has := r.Has; has != 0 {
		if has&fleet.HasPlace != 0 {
			le.PutUint32(p[i:], uint32(r.Place.Lat))
			le.PutUint32(p[i+4:], uint32(r.Place.Lon))
			i += 8
		}
		if has&fleet.HasAltitude != 0 {
			le.PutUint32(p[i:], math.Float32bits(r.Altitude))
			i += 4
		}
		if has&fleet.HasSpeed != 0 {
			le.PutUint32(p[i:], math.Float32bits(r.Speed))
			i += 4
		}
		if has&fleet.HasCourse != 0 {
			le.PutUint32(p[i:], math.Float32bits(r.Course))
			i += 4
		}
		if has&fleet.HasAccuracy != 0 {
			le.PutUint32(p[i:], math.Float32bits(r.Accuracy))
			i += 4
		}
		if has&fleet.HasHDOP != 0 {
			le.PutUint32(p[i:], math.Float32bits(r.HDOP))
			i += 4
		}
		if has&fleet.HasOdometer != 0 {
			le.PutUint64(p[i:], math.Float64bits(r.Odometer))
			i += 8
		}
		if has&fleet.HasSatellites != 0 {
			p[i] = r.Satellites
			i++
		}
	}
	if len(r.Attrs) > 0 {
		extra |= withAttrs
	}
	p[19] = extra
	b = b[:n+i]
	if extra&withAttrs != 0 {
		b = AppendAttrs(b, r.Attrs)
	}
	return b
}

// Decoder reads reports. It keeps the attribute keys it has seen, so that a
// key is allocated once; it is for one goroutine. The zero Decoder is ready.
type Decoder struct {
	keys map[string]string
}

// Report reads a payload that AppendReport made into r, attributes included.
// Nothing of r points into p.
func (d *Decoder) Report(p []byte, r *fleet.Report) error {
	raw, err := DecodeReport(p, r)
	if err != nil || raw == nil {
		return err
	}
	r.Attrs, err = d.Attrs(raw)
	return err
}

// DecodeReport reads a payload into r but for the attributes, whose bytes it
// returns as they stand in p, nil for none.
func DecodeReport(p []byte, r *fleet.Report) (attrs []byte, err error) {
	if len(p) < reportHead+1 {
		return nil, errReport
	}
	le := binary.LittleEndian
	*r = fleet.Report{
		Device: fleet.DeviceID(le.Uint64(p)), Received: fleet.Time(le.Uint64(p[8:])),
		Protocol: fleet.Protocol(p[16]), Verdict: fleet.Verdict(p[17]), Trust: fleet.Trust(p[18]),
		Has: fleet.Fields(le.Uint32(p[20:])),
	}
	extra := p[19]
	p = p[reportHead:]
	lag, n := binary.Varint(p)
	if n <= 0 {
		return nil, errReport
	}
	r.Fix, p = r.Received-fleet.Time(lag), p[n:]
	if extra&withDeviceTime != 0 {
		ahead, n := binary.Varint(p)
		if n <= 0 {
			return nil, errReport
		}
		r.DeviceTime, p = r.Fix+fleet.Time(ahead), p[n:]
	}
	if extra&withAlarms != 0 {
		v, n := binary.Uvarint(p)
		if n <= 0 {
			return nil, errReport
		}
		r.Alarms, p = fleet.Alarms(v), p[n:]
	}
	if len(p) < fixedSize(r.Has) {
		return nil, errReport
	}
	p = decodeFixed(p, r)
	switch {
	case extra&withAttrs != 0 && len(p) > 0:
		return p, nil
	case extra&withAttrs != 0, len(p) > 0, extra >= withAttrs<<1:
		return nil, errReport
	}
	return nil, nil
}

// fixedSizes is how many bytes the optional fields take, by the bits of Has
// from HasPlace to HasSatellites.
var fixedSizes = func() (t [256]uint8) {
	sizes := [8]uint8{8, 4, 4, 4, 4, 4, 8, 1}
	for has := range t {
		for i, n := range sizes {
			if has>>i&1 != 0 {
				t[has] += n
			}
		}
	}
	return t
}()

func fixedSize(has fleet.Fields) int { return int(fixedSizes[uint8(has)]) }

// decodeFixed reads the optional fields; p is long enough.
func decodeFixed(p []byte, r *fleet.Report) []byte {
	le := binary.LittleEndian
	if r.Has&fleet.HasPlace != 0 {
		r.Place = fleet.Place{Lat: int32(le.Uint32(p)), Lon: int32(le.Uint32(p[4:]))}
		p = p[8:]
	}
	if r.Has&fleet.HasAltitude != 0 {
		r.Altitude, p = math.Float32frombits(le.Uint32(p)), p[4:]
	}
	if r.Has&fleet.HasSpeed != 0 {
		r.Speed, p = math.Float32frombits(le.Uint32(p)), p[4:]
	}
	if r.Has&fleet.HasCourse != 0 {
		r.Course, p = math.Float32frombits(le.Uint32(p)), p[4:]
	}
	if r.Has&fleet.HasAccuracy != 0 {
		r.Accuracy, p = math.Float32frombits(le.Uint32(p)), p[4:]
	}
	if r.Has&fleet.HasHDOP != 0 {
		r.HDOP, p = math.Float32frombits(le.Uint32(p)), p[4:]
	}
	if r.Has&fleet.HasOdometer != 0 {
		r.Odometer, p = math.Float64frombits(le.Uint64(p)), p[8:]
	}
	if r.Has&fleet.HasSatellites != 0 {
		r.Satellites, p = p[0], p[1:]
	}
	return p
}

// ReportHead is what a report's payload says first.
type ReportHead struct {
	Device   fleet.DeviceID
	Verdict  fleet.Verdict
	Has      fleet.Fields
	Fix      fleet.Time
	Received fleet.Time
}

// DecodeHead reads no more of a report's payload than its head; ok is false for
// one that is too short for it.
func DecodeHead(p []byte) (h ReportHead, ok bool) {
	if len(p) <= reportHead {
		return h, false
	}
	le := binary.LittleEndian
	lag, n := binary.Varint(p[reportHead:])
	h = ReportHead{
		Device: fleet.DeviceID(le.Uint64(p)), Received: fleet.Time(le.Uint64(p[8:])),
		Verdict: fleet.Verdict(p[17]), Has: fleet.Fields(le.Uint32(p[20:])),
	}
	h.Fix = h.Received - fleet.Time(lag)
	return h, n > 0
}
