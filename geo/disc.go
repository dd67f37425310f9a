package geo

import "math"

// disc bounds a circle of the earth by two ellipses of the map, in degrees
// from its centre: where (wide*dx)² + dy² is less than inner² all is within
// it, and where (narrow*dx)² + dy² is more than outer² nothing is. It is for
// circles that are small and far from the poles and from ±180; others have
// the zero disc, which is sure of nothing.
type disc struct{ wide, narrow, inner, outer float64 }

const (
	largestDisc = 100_000 // metres
	widestDisc  = 0.1     // radians of longitude from the centre
)

// discOf bounds a circle whose points are within in and out metres from its
// centre in a straight line, for sure and at most.
//
// Two points of the ellipsoid whose latitudes and longitudes are dy and dx
// radians apart are m² + 4 p q sin²(dx/2) apart in a straight line, squared,
// where p and q are their distances from the axis and m is the straight line
// between the points of one meridian. m is no longer than dy times the radius
// of curvature where that is greatest, and no shorter than twice its least
// times sin(dy/2); p and q fall toward the poles, and the radius rises.
func discOf(centre Point, radius, in, out float64, box Box) disc {
	if radius > largestDisc || box.Min[0] <= -180 || box.Max[0] >= 180 {
		return disc{}
	}
	reach := radius / tightest * 1.01 // radians of latitude
	low, high := math.Max(0, math.Abs(centre[1]*radian)-reach), math.Abs(centre[1]*radian)+reach
	least, most := axis(high), axis(low)
	across := radius / least * 1.01
	if high > math.Pi/2-0.01 || across > widestDisc {
		return disc{}
	}
	// 1e-9 is for rounding; sines are less than their angles by so much.
	short := math.Sqrt(1-across*across/12) * (1 - 1e-9)
	shortY, longY := meridian(low)*short, meridian(high)*(1+1e-9)
	shortX, longX := least*short, most*(1+1e-9)
	return disc{
		wide: longX / longY * (1 + 1e-9), inner: in / longY / radian * (1 - 1e-9),
		narrow: shortX / shortY * (1 - 1e-9), outer: out / shortY / radian * (1 + 1e-9),
	}
}

// misses reports whether the way from a to b, straight on the map and not over
// its end, lies outside of the circle about a centre for sure.
func (d *disc) misses(centre, a, b Point) bool {
	if d.outer == 0 {
		return false
	}
	x, y := (a[0]-centre[0])*d.narrow, a[1]-centre[1]
	dx, dy := (b[0]-a[0])*d.narrow, b[1]-a[1]
	// Where on the way the centre is nearest, in parts of it.
	t := math.Max(0, math.Min(1, -(x*dx+y*dy)/(dx*dx+dy*dy)))
	x, y = x+t*dx, y+t*dy
	return x*x+y*y > d.outer*d.outer
}

// axis is how far from the earth's axis a latitude in radians is, in metres.
func axis(lat float64) float64 {
	sin, cos := math.Sincos(lat)
	return equatorRadius * cos / math.Sqrt(1-eccentricity2*sin*sin)
}

// meridian is the radius of curvature of a meridian at a latitude in radians.
func meridian(lat float64) float64 {
	sin := math.Sin(lat)
	return equatorRadius * (1 - eccentricity2) / math.Pow(1-eccentricity2*sin*sin, 1.5)
}
