package geo

import "math"

// What a question about a prepared shape reads lies together in one piece of
// memory, in the order in which it is read: the box, what the shape is made
// of, and the points of all but large areas. Shapes are many, and asked about
// in no order: a piece more to fetch costs more than the arithmetic.

// round is a circle and its box.
type round struct {
	Prepared
	of circle
}

func roundOf(c circle, box Box) *Prepared {
	r := &round{Prepared: Prepared{box: box}, of: c}
	r.circle = &r.of
	return &r.Prepared
}

// line is an area, its box, and the end of its only line, if it has one.
type line struct {
	Prepared
	of   area
	last [1]int32
}

func (o *line) begin(room []Point, box Box) *Prepared {
	o.Prepared = Prepared{box: box, area: &o.of}
	o.of.points, o.of.ends = room[:0], o.last[:0]
	return &o.Prepared
}

// areaOf is an area without a point, with room for n.
func areaOf(n int, box Box) *Prepared {
	switch {
	case n <= 8:
		b := new(struct {
			line
			room [8]Point
		})
		return b.begin(b.room[:], box)
	case n <= 12:
		b := new(struct {
			line
			room [12]Point
		})
		return b.begin(b.room[:], box)
	case n <= 20:
		b := new(struct {
			line
			room [20]Point
		})
		return b.begin(b.room[:], box)
	case n <= 32:
		b := new(struct {
			line
			room [32]Point
		})
		return b.begin(b.room[:], box)
	case n <= 48:
		b := new(struct {
			line
			room [48]Point
		})
		return b.begin(b.room[:], box)
	}
	return new(line).begin(make([]Point, 0, n), box)
}

// Touch reads here and there of what [Look.At] is going to read, for those who
// look ahead. What it returns says nothing.
func (s *Prepared) Touch() (read int64) {
	switch {
	case s.area != nil:
		p := s.area.points
		for i := 0; i < min(len(p), 48); i += 4 { // a line of the cache each
			read += int64(math.Float64bits(p[i][0]))
		}
	case s.circle != nil:
		read = int64(math.Float64bits(s.circle.far))
	}
	return read
}
