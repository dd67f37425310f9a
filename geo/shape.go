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
		if err := inRange(s.Centre); err != nil {
			return err
		}
		if !(s.Radius > 0 && s.Radius <= MaxRadius) {
			return fault(s.Centre, "the radius is %v m, it must be above 0 and at most %d m", s.Radius, MaxRadius)
		}
		return nil
	case Corridor:
		return s.checkPath()
	}
	return faultless("the shape is empty: give a polygon, a circle or a corridor")
}

func (s *Shape) checkArea() error {
	if len(s.Area) == 0 {
		return faultless("the shape has no polygon")
	}
	rings, points := 0, 0
	for i, poly := range s.Area {
		if len(poly) == 0 {
			return faultless("polygon %d has no ring", i+1)
		}
		rings += len(poly)
		for _, ring := range poly {
			points += len(ring)
		}
	}
	if points > MaxVertices || rings > MaxRings {
		return faultless("the shape has %d points in %d rings, at most %d and %d are allowed: simplify it",
			points, rings, MaxVertices, MaxRings)
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

func checkRing(ring Ring) error {
	if len(ring) == 0 {
		return faultless("a ring has no points")
	}
	for _, p := range ring {
		if err := inRange(p); err != nil {
			return err
		}
	}
	if ring[0] != ring[len(ring)-1] {
		return fault(ring[0], "the ring is not closed: its last point must repeat its first")
	}
	if len(distinct(ring)) < 4 {
		return fault(ring[0], "the ring has too few points: it needs three different ones, and the first again")
	}
	return nil
}

func (s *Shape) checkPath() error {
	if len(s.Path) > MaxVertices {
		return faultless("the path has %d points, at most %d are allowed: simplify it", len(s.Path), MaxVertices)
	}
	for _, p := range s.Path {
		if err := inRange(p); err != nil {
			return err
		}
	}
	switch n := len(distinct(s.Path)); {
	case n == 0:
		return faultless("the path has no points")
	case n == 1:
		return fault(s.Path[0], "the path has too few points: it needs two different ones")
	}
	if !(s.Width > 0 && s.Width <= MaxWidth) {
		return fault(s.Path[0], "the width is %v m, it must be above 0 and at most %d m", s.Width, MaxWidth)
	}
	length := 0.0
	for i := 1; i < len(s.Path); i++ {
		if length += Distance(s.Path[i-1], s.Path[i]); length > MaxPath {
			return fault(s.Path[i], "the path is longer than %d km", MaxPath/1000)
		}
	}
	return nil
}

func inRange(p Point) error {
	if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.IsInf(p[0], 0) || math.IsInf(p[1], 0) {
		return faultless("a coordinate is no number")
	}
	if math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
		return &Fault{At: p, Placed: true, Reason: "out of range (a point is [longitude, latitude], within ±180 and ±90)"}
	}
	return nil
}

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
