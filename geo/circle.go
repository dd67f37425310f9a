package geo

import "math"

// circle is a prepared circle: within near for sure, beyond far for sure, and
// between the two the geodesic decides. The straight line through the earth
// tells the distance but for the little by which its surface bends unevenly.
type circle struct {
	centre    Point
	radius    float64
	at        vec
	near, far float64 // squares of straight lines, metres²
	in, out   float64 // their roots, and a little inwards and outwards
	disc      disc    // the same on the map
}

func prepareCircle(centre Point, radius float64, box Box) circle {
	c := circle{
		centre: centre, radius: radius, at: onEarth(centre),
		near: chord2(radius, tightest) * (1 - 1e-9),
		far:  chord2(radius, flattest) * (1 + 1e-9),
	}
	c.in, c.out = math.Sqrt(c.near)-touch, math.Sqrt(c.far)+touch
	c.disc = discOf(centre, radius, c.in, c.out, box)
	return c
}

func (c *circle) holds(p Point) bool {
	d := onEarth(p).minus(c.at)
	switch d2 := d.dot(d); {
	case d2 <= c.near:
		return true
	case d2 > c.far:
		return false
	}
	return Distance(c.centre, p) <= c.radius
}

func (c *circle) edge(p Point) float64 { return Distance(c.centre, p) - c.radius }
