package track_test

import (
	"math"
	"math/big"
	"slices"

	"github.com/vigia-track/vigia/geo"
)

// The oracle's own geometry. It shares no code with geo: crossings are counted
// edge by edge, and decided with rational numbers where a point is within
// 1e-9 degrees of an edge; geodesics are Vincenty's (Survey Review XXIII 176,
// 1975). A comparison that a correct implementation may see either way, by the
// tolerances that docs/fences.md and geo promise, is not sure.

// around brings a longitude next to another, by a whole turn or none.
func around(lon, near float64) float64 {
	if lon-near > 180 {
		return lon - 360
	}
	if lon-near < -180 {
		return lon + 360
	}
	return lon
}

// bounds is a box about a shape, longitudes by whole turns next to its first
// point; wide says that it goes all the way round.
type bounds struct {
	min, max geo.Point
	wide     bool
}

func boundsOf(s *geo.Shape) (b bounds) {
	points, metres := []geo.Point(s.Path), s.Width
	switch s.Kind {
	case geo.Circle:
		points, metres = []geo.Point{s.Centre}, s.Radius
	case geo.Area:
		for _, polygon := range s.Area {
			points = append(points, polygon[0]...)
		}
	}
	b.min, b.max = points[0], points[0]
	for _, p := range points {
		lon := around(p[0], points[0][0])
		b.min = geo.Point{min(b.min[0], lon), min(b.min[1], p[1])}
		b.max = geo.Point{max(b.max[0], lon), max(b.max[1], p[1])}
	}
	lat := metres/110_000 + 1e-6
	b.min[1], b.max[1] = b.min[1]-lat, b.max[1]+lat
	if most := max(-b.min[1], b.max[1]); most > 89 {
		b.wide = true
	} else {
		lon := lat / math.Cos(most*math.Pi/180)
		b.min[0], b.max[0] = b.min[0]-lon, b.max[0]+lon
	}
	return b
}

// meets reports whether the box of the way from p to q meets this one.
func (b *bounds) meets(p, q geo.Point) bool {
	x := around(p[0], b.min[0])
	y := around(q[0], x)
	return max(p[1], q[1]) >= b.min[1] && min(p[1], q[1]) <= b.max[1] &&
		(b.wide || max(x, y) >= b.min[0] && min(x, y) <= b.max[0])
}

// outlineHolds reports whether a shape holds a point, and whether that is sure.
func outlineHolds(s *geo.Shape, p geo.Point) (in, sure bool) {
	switch s.Kind {
	case geo.Circle:
		d := vincenty(s.Centre, p)
		return d <= s.Radius, math.Abs(d-s.Radius) > 0.001
	case geo.Corridor:
		d := pathDistance(s, p) - s.Width
		return d <= 0, math.Abs(d) > 0.5
	}
	odd, sure := false, true
	for _, polygon := range s.Area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				ax := around(a[0], p[0])
				bx := around(b[0], ax)
				if math.Abs(ax-p[0]) > 90 && math.Abs(bx-p[0]) > 90 { // it runs on the earth's other side
					continue
				}
				cross := (bx-ax)*(p[1]-a[1]) - (p[0]-ax)*(b[1]-a[1]) // above 0: the point lies left
				side := 1
				if cross < 0 {
					side = -1
				}
				if length := math.Hypot(bx-ax, b[1]-a[1]); math.Abs(cross) <= 1e-9*length {
					if side = exactSide(a, b, p); side == 0 {
						if p[1] >= min(a[1], b[1]) && p[1] <= max(a[1], b[1]) && p[0] >= min(ax, bx) && p[0] <= max(ax, bx) {
							return true, true
						}
					} else if math.Abs(cross) < 1e-13*length && p[1] >= min(a[1], b[1]) && p[1] <= max(a[1], b[1]) {
						sure = false // nearer than the longitudes' own digits behind a turn
					}
				}
				if (a[1] > p[1]) != (b[1] > p[1]) && (side > 0) == (b[1] > a[1]) {
					odd = !odd
				}
			}
		}
	}
	return odd, sure
}

// exactSide is the sign of the determinant, without rounding.
func exactSide(a, b, p geo.Point) int {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	turned := func(lon, near float64) *big.Rat {
		turn := int64(0)
		if lon-near > 180 {
			turn = -360
		} else if lon-near < -180 {
			turn = 360
		}
		return new(big.Rat).Add(rat(lon), new(big.Rat).SetInt64(turn))
	}
	ax := turned(a[0], p[0])
	near, _ := ax.Float64()
	bx := turned(b[0], near)
	sub := func(x, y *big.Rat) *big.Rat { return new(big.Rat).Sub(x, y) }
	left := new(big.Rat).Mul(sub(bx, ax), sub(rat(p[1]), rat(a[1])))
	right := new(big.Rat).Mul(sub(rat(p[0]), ax), sub(rat(b[1]), rat(a[1])))
	return left.Cmp(right)
}

// outlineDistance is how far a point outside is from the edge, in metres. It
// is good to one per cent within a kilometre, south and north of 89 degrees not.
func outlineDistance(s *geo.Shape, p geo.Point) float64 {
	switch s.Kind {
	case geo.Circle:
		return vincenty(s.Centre, p) - s.Radius
	case geo.Corridor:
		return pathDistance(s, p) - s.Width
	}
	sin := math.Sin(p[1] * math.Pi / 180)
	n := 6378137 / math.Sqrt(1-0.00669437999014*sin*sin)
	perLat := n * (1 - 0.00669437999014) / (1 - 0.00669437999014*sin*sin) * math.Pi / 180
	perLon := n * math.Cos(p[1]*math.Pi/180) * math.Pi / 180
	best := math.Inf(1)
	for _, polygon := range s.Area {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				ax := around(ring[i-1][0], p[0])
				bx := around(ring[i][0], ax)
				best = min(best, segmentDistance(
					[3]float64{(ax - p[0]) * perLon, (ring[i-1][1] - p[1]) * perLat},
					[3]float64{(bx - p[0]) * perLon, (ring[i][1] - p[1]) * perLat}, [3]float64{}))
			}
		}
	}
	return best
}

// pathDistance is measured straight through the earth: under a path of 2 km
// that is at most 8 cm below it.
func pathDistance(s *geo.Shape, p geo.Point) float64 {
	best, at := math.Inf(1), inSpace(p)
	for i := 1; i < len(s.Path); i++ {
		best = min(best, segmentDistance(inSpace(s.Path[i-1]), inSpace(s.Path[i]), at))
	}
	return best
}

func inSpace(p geo.Point) [3]float64 {
	lat, lon := p[1]*math.Pi/180, p[0]*math.Pi/180
	n := 6378137 / math.Sqrt(1-0.00669437999014*math.Sin(lat)*math.Sin(lat))
	return [3]float64{n * math.Cos(lat) * math.Cos(lon), n * math.Cos(lat) * math.Sin(lon), n * (1 - 0.00669437999014) * math.Sin(lat)}
}

func segmentDistance(a, b, p [3]float64) float64 {
	var along, square, out float64
	for i := range a {
		along += (b[i] - a[i]) * (p[i] - a[i])
		square += (b[i] - a[i]) * (b[i] - a[i])
	}
	part := 0.0
	if square > 0 {
		part = max(0, min(1, along/square))
	}
	for i := range a {
		d := a[i] + part*(b[i]-a[i]) - p[i]
		out += d * d
	}
	return math.Sqrt(out)
}

// vincenty is the geodesic's length by the inverse formula.
func vincenty(p, q geo.Point) float64 {
	const a, f = 6378137.0, 1 / 298.257223563
	b := a * (1 - f)
	u1, u2 := math.Atan((1-f)*math.Tan(p[1]*math.Pi/180)), math.Atan((1-f)*math.Tan(q[1]*math.Pi/180))
	sin1, cos1 := math.Sincos(u1)
	sin2, cos2 := math.Sincos(u2)
	l := (around(q[0], p[0]) - p[0]) * math.Pi / 180
	lambda := l
	var sinS, cosS, sigma, cos2A, cosM float64
	for range 100 {
		sinL, cosL := math.Sincos(lambda)
		sinS = math.Hypot(cos2*sinL, cos1*sin2-sin1*cos2*cosL)
		if sinS == 0 {
			return 0
		}
		cosS = sin1*sin2 + cos1*cos2*cosL
		sigma = math.Atan2(sinS, cosS)
		sinA := cos1 * cos2 * sinL / sinS
		if cos2A, cosM = 1-sinA*sinA, 0; cos2A > 0 {
			cosM = cosS - 2*sin1*sin2/cos2A
		}
		c := f / 16 * cos2A * (4 + f*(4-3*cos2A))
		before := lambda
		lambda = l + (1-c)*f*sinA*(sigma+c*sinS*(cosM+c*cosS*(2*cosM*cosM-1)))
		if math.Abs(lambda-before) < 1e-14 {
			break
		}
	}
	k := cos2A * (a*a - b*b) / (b * b)
	bigA := 1 + k/16384*(4096+k*(-768+k*(320-175*k)))
	bigB := k / 1024 * (256 + k*(-128+k*(74-47*k)))
	return b * bigA * (sigma - bigB*sinS*(cosM+bigB/4*(cosS*(2*cosM*cosM-1)-bigB/6*cosM*(4*sinS*sinS-3)*(4*cosM*cosM-3))))
}

// stretch is a part of the way between two points, in fractions of it.
type stretch struct{ in, out float64 }

// stretches lists the parts of the way from a to b that lie inside, both ends
// being outside. Of an area it meets the edges; a circle has one part at most,
// about its nearest point; a corridor is tried
// in steps of an eighth of least.
func stretches(s *geo.Shape, a, b geo.Point, least float64) (out []stretch) {
	bx := around(b[0], a[0])
	at := func(t float64) geo.Point { return geo.Point{around(a[0]+t*(bx-a[0]), 0), a[1] + t*(b[1]-a[1])} }
	holds := func(t float64) bool { in, _ := outlineHolds(s, at(t)); return in }
	edge := func(from, to float64) float64 { // from is out, to is in
		for range 35 {
			if mid := (from + to) / 2; holds(mid) {
				to = mid
			} else {
				from = mid
			}
		}
		return to
	}
	switch s.Kind {
	case geo.Circle:
		low, high := 0.0, 1.0
		for high-low > 1e-7 {
			l, h := low+(high-low)/3, high-(high-low)/3
			if vincenty(s.Centre, at(l)) < vincenty(s.Centre, at(h)) {
				high = h
			} else {
				low = l
			}
		}
		if holds(low) {
			out = append(out, stretch{edge(0, low), edge(1, low)})
		}
	case geo.Corridor:
		steps, was, last := int(math.Ceil(8/least)), false, 0.0
		for i := 1; i <= steps; i++ {
			t := float64(i) / float64(steps)
			is := i < steps && holds(t)
			if is && !was {
				out = append(out, stretch{in: edge(last, t)})
			} else if was && !is {
				out[len(out)-1].out = edge(t, last)
			}
			was, last = is, t
		}
	default:
		cuts := []float64{0, 1}
		for _, polygon := range s.Area {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					cx := around(ring[i-1][0], a[0])
					ex, ey := around(ring[i][0], cx)-cx, ring[i][1]-ring[i-1][1]
					dx, dy := bx-a[0], b[1]-a[1]
					if cross := dx*ey - dy*ex; cross != 0 {
						t := ((cx-a[0])*ey - (ring[i-1][1]-a[1])*ex) / cross
						u := ((cx-a[0])*dy - (ring[i-1][1]-a[1])*dx) / cross
						if t > 0 && t < 1 && u >= -1e-9 && u <= 1+1e-9 {
							cuts = append(cuts, t)
						}
					}
				}
			}
		}
		slices.Sort(cuts)
		for i := 1; i < len(cuts); i++ {
			if from, to := cuts[i-1], cuts[i]; to > from && holds((from+to)/2) {
				if n := len(out); n > 0 && out[n-1].out == from {
					out[n-1].out = to
				} else {
					out = append(out, stretch{from, to})
				}
			}
		}
	}
	return out
}
