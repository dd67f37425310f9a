package history

import (
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// The columns of a block, in order. The bits are stored: append only.
const (
	colLag = 1 << iota // received minus fix, ms
	colHas
	colKind // verdict << 8 | protocol
	colAlarms
	colAltitude
	colSpeed
	colCourse
	colAccuracy
	colHDOP
	colOdometer
	colSatellites
	colAttrs
	colClock // device time, see clockOf; since schema 2
	colTrust // since schema 2
	colEnd
)

// float columns in the order of their bits, from colAltitude on.
const floatColumns = 5

var floatFields = [floatColumns]fleet.Fields{
	fleet.HasAltitude, fleet.HasSpeed, fleet.HasCourse, fleet.HasAccuracy, fleet.HasHDOP,
}

// block gathers fixes of one device, in order, and packs them. Its scratch
// space serves block after block. It holds at most maxColumns fixes.
type block struct {
	fix, lat, lon, lag, has, kind, alarms, clock, trust []int64
	floats                                              [floatColumns][]float32
	odometer                                            []float64
	satellites                                          []int64
	attrs                                               attrSets

	ints    ints
	scratch []int64
}

func (k *block) len() int { return len(k.fix) }

func (k *block) reset() {
	k.fix, k.lat, k.lon, k.lag, k.has = k.fix[:0], k.lat[:0], k.lon[:0], k.lag[:0], k.has[:0]
	k.kind, k.alarms, k.odometer, k.satellites = k.kind[:0], k.alarms[:0], k.odometer[:0], k.satellites[:0]
	k.clock, k.trust = k.clock[:0], k.trust[:0]
	for i := range k.floats {
		k.floats[i] = k.floats[i][:0]
	}
	k.attrs.reset()
}

// add takes a report with a place; raw are its attributes as the journal has them.
func (k *block) add(r *fleet.Report, raw []byte) error {
	k.fix = append(k.fix, int64(r.Fix))
	k.lat = append(k.lat, int64(r.Place.Lat))
	k.lon = append(k.lon, int64(r.Place.Lon))
	k.lag = append(k.lag, int64(r.Received-r.Fix))
	k.has = append(k.has, int64(r.Has))
	k.kind = append(k.kind, int64(r.Verdict)<<8|int64(r.Protocol))
	k.alarms = append(k.alarms, int64(r.Alarms))
	k.clock = append(k.clock, clockOf(r.Fix, r.DeviceTime))
	k.trust = append(k.trust, int64(r.Trust))
	for i, f := range [floatColumns]float32{r.Altitude, r.Speed, r.Course, r.Accuracy, r.HDOP} {
		if r.Has&floatFields[i] != 0 {
			k.floats[i] = append(k.floats[i], f)
		}
	}
	if r.Has&fleet.HasOdometer != 0 {
		k.odometer = append(k.odometer, r.Odometer)
	}
	if r.Has&fleet.HasSatellites != 0 {
		k.satellites = append(k.satellites, int64(r.Satellites))
	}
	return k.attrs.add(raw)
}

// append packs the block behind b. Times are kept relative to base.
func (k *block) append(b []byte, base fleet.Time) []byte {
	b = binary.AppendUvarint(b, uint64(k.len()))
	at := len(b)
	b = append(b, 0, 0)
	k.scratch = k.scratch[:0]
	for _, t := range k.fix {
		k.scratch = append(k.scratch, t-int64(base))
	}
	b = k.ints.append(b, k.scratch, 1, 2)
	b = k.ints.append(b, k.lat, 1, 2)
	b = k.ints.append(b, k.lon, 1, 2)
	cols := 0
	put := func(col int, v []int64) {
		if len(v) > 0 && (v[0] != 0 || !allEqual(v)) {
			cols |= col
			b = k.ints.append(b, v, 0, 1)
		}
	}
	put(colLag, k.lag)
	put(colHas, k.has)
	put(colKind, k.kind)
	put(colAlarms, k.alarms)
	put(colClock, k.clock)
	put(colTrust, k.trust)
	unit := 0
	for i, v := range k.floats {
		if len(v) > 0 {
			cols |= colAltitude << i
			k.scratch, unit = floats32(v, k.scratch)
			b = k.ints.append(append(b, byte(unit)), k.scratch, 0, 1)
		}
	}
	if len(k.odometer) > 0 {
		cols |= colOdometer
		k.scratch, unit = floats64(k.odometer, k.scratch)
		b = k.ints.append(append(b, byte(unit)), k.scratch, 1, 2)
	}
	if len(k.satellites) > 0 {
		cols |= colSatellites
		b = k.ints.append(b, k.satellites, 0, 0)
	}
	if !k.attrs.empty() {
		cols |= colAttrs
		b = k.attrs.append(b, &k.ints)
	}
	binary.LittleEndian.PutUint16(b[at:], uint16(cols))
	return b
}

// unpacker reads blocks. It keeps scratch space; it is for one goroutine.
type unpacker struct {
	col  [9][]int64
	opt  []int64
	dec  journal.Decoder
	sets []fleet.Attrs
}

// read appends the fixes of a packed block to out.
func (u *unpacker) read(p []byte, device fleet.DeviceID, base fleet.Time, out []fleet.Position) ([]fleet.Position, error) {
	count, k := binary.Uvarint(p)
	if k <= 0 || count == 0 || count > maxColumns || len(p) < k+2 {
		return nil, errBlock
	}
	n := int(count)
	cols := int(binary.LittleEndian.Uint16(p[k:]))
	if cols >= colEnd {
		return nil, errBlock
	}
	p = p[k+2:]
	for i, present := range [...]bool{true, true, true, cols&colLag != 0, cols&colHas != 0, cols&colKind != 0,
		cols&colAlarms != 0, cols&colClock != 0, cols&colTrust != 0} {
		var err error
		if !present {
			u.col[i] = zeroed(u.col[i], n)
		} else if u.col[i], p, err = readInts(p, u.col[i], n); err != nil {
			return nil, err
		}
	}
	from := len(out)
	for i := range n {
		fix := base + fleet.Time(u.col[0][i])
		out = append(out, fleet.Position{
			Device: device, Fix: fix, DeviceTime: clockFrom(fix, u.col[7][i]), Received: fix + fleet.Time(u.col[3][i]),
			Place:   fleet.Place{Lat: int32(u.col[1][i]), Lon: int32(u.col[2][i])},
			Has:     fleet.Fields(u.col[4][i]),
			Verdict: fleet.Verdict(u.col[5][i] >> 8), Protocol: fleet.Protocol(u.col[5][i]),
			Alarms: fleet.Alarms(u.col[6][i]), Trust: fleet.Trust(u.col[8][i]),
		})
	}
	p, err := u.optional(p, cols, out[from:])
	if err != nil {
		return nil, err
	}
	if cols&colAttrs != 0 {
		if p, err = u.readAttrs(p, out[from:]); err != nil {
			return nil, err
		}
	}
	if len(p) > 0 {
		return nil, errBlock
	}
	return out, nil
}

// optional reads the columns of fields that not every fix has.
func (u *unpacker) optional(p []byte, cols int, out []fleet.Position) (rest []byte, err error) {
	for i := range floatColumns + 1 {
		if cols&(colAltitude<<i) == 0 {
			continue
		}
		field := fleet.HasOdometer
		if i < floatColumns {
			field = floatFields[i]
		}
		if len(p) == 0 || p[0] >= units {
			return nil, errBlock
		}
		unit := int(p[0])
		if u.opt, p, err = readInts(p[1:], u.opt, having(out, field)); err != nil {
			return nil, err
		}
		v := u.opt
		for j := range out {
			o := &out[j]
			if o.Has&field == 0 {
				continue
			}
			switch i {
			case 0:
				o.Altitude = float32From(v[0], unit)
			case 1:
				o.Speed = float32From(v[0], unit)
			case 2:
				o.Course = float32From(v[0], unit)
			case 3:
				o.Accuracy = float32From(v[0], unit)
			case 4:
				o.HDOP = float32From(v[0], unit)
			case 5:
				o.Odometer = float64From(v[0], unit)
			}
			v = v[1:]
		}
	}
	if cols&colSatellites == 0 {
		return p, nil
	}
	if u.opt, p, err = readInts(p, u.opt, having(out, fleet.HasSatellites)); err != nil {
		return nil, err
	}
	v := u.opt
	for j := range out {
		if out[j].Has&fleet.HasSatellites != 0 {
			out[j].Satellites, v = uint8(v[0]), v[1:]
		}
	}
	return p, nil
}

func having(out []fleet.Position, f fleet.Fields) int {
	n := 0
	for i := range out {
		if out[i].Has&f != 0 {
			n++
		}
	}
	return n
}

func zeroed(v []int64, n int) []int64 {
	v = v[:0]
	for range n {
		v = append(v, 0)
	}
	return v
}
