package geo

import (
	"math"

	"github.com/tidwall/geodesic"
)

// pieceMetres is how far apart the knots of a prepared path are. A straight
// line between two of them runs at most 0.32 m below the surface, so distances
// to it are that good.
const pieceMetres = 4000

// corridor is a prepared path: knots along its geodesics, as points in space.
type corridor struct {
	knots  []vec
	chunks []ball  // around knots k*chunkKnots to (k+1)*chunkKnots, both included
	reach  float64 // square of the straight line over the width, metres²
	width  float64
}

// chunkKnots is the number of pieces that one ball stands for.
const chunkKnots = 16

// ball holds a stretch of the path.
type ball struct {
	centre vec
	radius float64
}

func (c *corridor) chunk() {
	for from := 0; from+1 < len(c.knots); from += chunkKnots {
		part := c.knots[from:min(from+chunkKnots+1, len(c.knots))]
		b := ball{centre: part[len(part)/2]}
		for _, k := range part {
			d := k.minus(b.centre)
			b.radius = math.Max(b.radius, math.Sqrt(d.dot(d)))
		}
		c.chunks = append(c.chunks, b)
	}
}

func prepareCorridor(path LineString, width float64) (*corridor, Box) {
	path = wrapped(path)
	c := &corridor{width: width, reach: chord2(width, MeanRadius)}
	box := Box{Min: Point{math.Inf(1), math.Inf(1)}, Max: Point{math.Inf(-1), math.Inf(-1)}}
	lon, shift := path[0][0], 0.0
	add := func(p Point) {
		switch d := p[0] - lon; {
		case d > 180:
			shift -= 360
		case d < -180:
			shift += 360
		}
		lon = p[0]
		c.knots = append(c.knots, onEarth(p))
		b := reachBox(p, width+pieceMetres)
		if b.Min[0] == -180 && b.Max[0] == 180 {
			box = union(box, b)
			return
		}
		b.Min[0] += shift
		b.Max[0] += shift
		box = union(box, b)
	}
	add(path[0])
	for i := 1; i < len(path); i++ {
		for _, p := range along(path[i-1], path[i]) {
			add(p)
		}
	}
	c.chunk()
	return c, box
}

// along lists points of the geodesic behind a, up to and with b, no further
// apart than a piece.
func along(a, b Point) []Point {
	var s, azimuth float64
	geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0], &s, &azimuth, nil)
	n := int(math.Ceil(s / pieceMetres))
	var out []Point
	for i := 1; i < n; i++ {
		var p Point
		geodesic.WGS84.Direct(a[1], a[0], azimuth, s*float64(i)/float64(n), &p[1], &p[0], nil)
		p[0] = wrap(p[0])
		out = append(out, p)
	}
	return append(out, b)
}

func (c *corridor) holds(p Point) bool {
	at := onEarth(p)
	reach := math.Sqrt(c.reach)
	for k := range c.chunks {
		b := &c.chunks[k]
		d := at.minus(b.centre)
		if far := b.radius + reach; d.dot(d) <= float64(far*far) && c.away2(k, at) <= c.reach {
			return true
		}
	}
	return false
}

func (c *corridor) edge(p Point) float64 {
	at, best := onEarth(p), math.Inf(1)
	for k := range c.chunks {
		best = math.Min(best, c.away2(k, at))
	}
	return arc(math.Sqrt(best)) - c.width
}

// away2 is the square of the straight line to a chunk of the path.
func (c *corridor) away2(chunk int, at vec) float64 {
	best := math.Inf(1)
	from := chunk * chunkKnots
	for i := from + 1; i < min(from+chunkKnots+1, len(c.knots)); i++ {
		a := c.knots[i-1]
		ab, ap := c.knots[i].minus(a), at.minus(a)
		t := ab.dot(ap)
		if l := ab.dot(ab); t <= 0 || l == 0 {
			t = 0
		} else if t >= l {
			t = 1
		} else {
			t /= l
		}
		d := vec{ap.x - float64(t*ab.x), ap.y - float64(t*ab.y), ap.z - float64(t*ab.z)}
		best = math.Min(best, d.dot(d))
	}
	return best
}
