package geo

import "math"

// Kind says which of the fields of a [Shape] hold.
type Kind uint8

// The kinds of shape. The numbers are stored; append only.
const (
	NoShape  Kind = iota
	Area          // polygons with holes
	Circle        // centre and radius
	Corridor      // path and half width
)

// Limits of a shape.
const (
	MaxVertices = 50_000    // of all rings or of a path
	MaxRings    = 5_000     // of all polygons
	MaxRadius   = 2_000_000 // metres
	MaxWidth    = 100_000   // metres to either side of a path
	MaxPath     = 5_000_000 // metres along a path
)

// Shape is the outline of a fence: exactly one of an area, a circle or a
// corridor. The zero Shape holds no point and does not validate.
//
// Its JSON is a GeoJSON geometry. Polygon and MultiPolygon are as in RFC 7946;
// a circle is a Point with a "radius" in metres beside its coordinates, a
// corridor a LineString with a "width": the distance in metres from the path
// to either edge.
type Shape struct {
	Kind   Kind         `cbor:"1,keyasint"`
	Area   MultiPolygon `cbor:"2,keyasint,omitempty"` // Kind Area
	Centre Point        `cbor:"3,keyasint,omitempty"` // Kind Circle
	Radius float64      `cbor:"4,keyasint,omitempty"` // Kind Circle, metres
	Path   LineString   `cbor:"5,keyasint,omitempty"` // Kind Corridor
	Width  float64      `cbor:"6,keyasint,omitempty"` // Kind Corridor, metres to either side
}

// check refuses what no answer could be given for: numbers out of range, too
// few or too many points, open rings.
func (s *Shape) check() error {
	switch s.Kind {
	case Area:
		return s.checkArea()
	case Circle:
		if err := inRange([]Point{s.Centre}); err != nil {
			return err
		}
		if !(s.Radius > 0 && s.Radius <= MaxRadius) {
			return fault(s.Centre, RadiusRange, "radius", s.Radius, "limit", MaxRadius)
		}
		return nil
	case Corridor:
		return s.checkPath()
	}
	return faultless(Empty)
}

func (s *Shape) checkArea() error {
	if len(s.Area) == 0 {
		return faultless(NoPolygon)
	}
	rings, points := 0, 0
	for i, poly := range s.Area {
		if len(poly) == 0 {
			return faultless(NoRing, "polygon", i+1)
		}
		rings += len(poly)
		for _, ring := range poly {
			points += len(ring)
		}
	}
	if points > MaxVertices || rings > MaxRings {
		return tooManyPoints()
	}
	for _, poly := range s.Area {
		for _, ring := range poly {
			if err := checkRing(ring); err != nil {
				return err
			}
		}
	}
	return nil
}

func tooManyPoints() error { return faultless(TooManyPoints, "points", MaxVertices, "rings", MaxRings) }

func checkRing(ring Ring) error {
	if len(ring) == 0 {
		return faultless(EmptyRing)
	}
	if err := inRange(ring); err != nil {
		return err
	}
	if ring[0] != ring[len(ring)-1] {
		return fault(ring[0], RingOpen)
	}
	if len(distinct(ring)) < 4 {
		return fault(ring[0], RingTooFew)
	}
	return nil
}

func (s *Shape) checkPath() error {
	if len(s.Path) > MaxVertices {
		return tooManyPoints()
	}
	if err := inRange(s.Path); err != nil {
		return err
	}
	switch n := len(distinct(s.Path)); {
	case n == 0:
		return faultless(EmptyPath)
	case n == 1:
		return fault(s.Path[0], PathTooFew)
	}
	if !(s.Width > 0 && s.Width <= MaxWidth) {
		return fault(s.Path[0], WidthRange, "width", s.Width, "limit", MaxWidth)
	}
	length := 0.0
	for i := 1; i < len(s.Path); i++ {
		if length += Distance(s.Path[i-1], s.Path[i]); length > MaxPath {
			return fault(s.Path[i], PathTooLong, "limit", MaxPath)
		}
	}
	return nil
}

// inRange refuses a line with a point that is on no map. A line over the 180th
// meridian may go on beyond it, to 181, where it could also have gone on at
// -179; a line that lies beyond it altogether is more likely a mistake.
func inRange(line []Point) error {
	within := false
	for _, p := range line {
		if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
			return faultless(NotANumber)
		}
		if math.Abs(p[0]) > 360 || math.Abs(p[1]) > 90 {
			return outOfRange(p)
		}
		within = within || math.Abs(p[0]) <= 180
	}
	for i, p := range line {
		if math.Abs(p[0]) <= 180 {
			continue
		}
		far := func(q Point) bool { return math.Abs(p[0]-q[0]) >= 180 }
		if !within || i > 0 && far(line[i-1]) || i+1 < len(line) && far(line[i+1]) {
			return outOfRange(p)
		}
	}
	return nil
}

func outOfRange(p Point) error { return &Fault{Code: OutOfRange, At: p, Placed: true} }

// distinct copies points without those that repeat the one before.
func distinct[T ~[]Point](points T) T {
	out := make(T, 0, len(points))
	for i, p := range points {
		if i == 0 || p != points[i-1] {
			out = append(out, p)
		}
	}
	return out
}
