package geo

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// The oracle of this file goes along geodesics without any of the engine's
// formulae: a point that moves on the ellipsoid with no force but the one that
// keeps it there runs along a geodesic. Its equation of motion is integrated
// step by step (Runge and Kutta, fourth order) in numbers of 120 bits.

const bits = 120

func bigOf(v float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(v) }

func bigText(v string) *big.Float {
	f, _, err := big.ParseFloat(v, 10, bits, big.ToNearestEven)
	if err != nil {
		panic("bug: " + err.Error())
	}
	return f
}

func mul(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Mul(a, b) }
func add(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Add(a, b) }
func sub(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Sub(a, b) }
func quo(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(bits).Quo(a, b) }
func root(a *big.Float) *big.Float   { return new(big.Float).SetPrec(bits).Sqrt(a) }

type bigVec [3]*big.Float

func (a bigVec) plus(b bigVec, t *big.Float) (c bigVec) {
	for i := range c {
		c[i] = add(a[i], mul(b[i], t))
	}
	return c
}

func (a bigVec) dot(b bigVec) *big.Float {
	return add(add(mul(a[0], b[0]), mul(a[1], b[1])), mul(a[2], b[2]))
}

func (a bigVec) cross(b bigVec) bigVec {
	return bigVec{
		sub(mul(a[1], b[2]), mul(a[2], b[1])),
		sub(mul(a[2], b[0]), mul(a[0], b[2])),
		sub(mul(a[0], b[1]), mul(a[1], b[0])),
	}
}

func (a bigVec) unit() bigVec {
	zero := bigVec{bigOf(0), bigOf(0), bigOf(0)}
	return zero.plus(a, quo(bigOf(1), root(a.dot(a))))
}

// The ellipsoid's axes (WGS 84 defines the equator's and 1/f).
var (
	bigA  = bigOf(6378137)
	bigB  = sub(bigA, quo(bigA, bigText("298.257223563")))
	bigPi = bigText("3.14159265358979323846264338327950288419716939937510")
)

// sinCos sums the series of an angle in degrees.
func sinCos(degrees float64) (sin, cos *big.Float) {
	x := quo(mul(bigOf(degrees), bigPi), bigOf(180))
	sin, cos = bigOf(0), bigOf(0)
	term := bigOf(1)
	for n := range 60 {
		sum := cos
		if n%2 == 1 {
			sum = sin
		}
		if n%4 >= 2 {
			sum.Sub(sum, term)
		} else {
			sum.Add(sum, term)
		}
		term = quo(mul(term, x), bigOf(float64(n+1)))
	}
	return sin, cos
}

// traveller is a place on the ellipsoid and a direction along it.
type traveller struct{ at, going bigVec }

func startAt(p Point, azimuth float64) traveller {
	sinLat, cosLat := sinCos(p[1])
	sinLon, cosLon := sinCos(p[0])
	sinAz, cosAz := sinCos(azimuth)
	e2 := sub(bigOf(1), quo(mul(bigB, bigB), mul(bigA, bigA)))
	n := quo(bigA, root(sub(bigOf(1), mul(e2, mul(sinLat, sinLat)))))
	m := mul(n, cosLat)
	at := bigVec{mul(m, cosLon), mul(m, sinLon), mul(mul(n, sub(bigOf(1), e2)), sinLat)}
	east := bigVec{sub(bigOf(0), sinLon), cosLon, bigOf(0)}
	north := bigVec{sub(bigOf(0), mul(sinLat, cosLon)), sub(bigOf(0), mul(sinLat, sinLon)), cosLat}
	zero := bigVec{bigOf(0), bigOf(0), bigOf(0)}
	return traveller{at, zero.plus(east, sinAz).plus(north, cosAz)}
}

// gradient is normal to the surface.
func gradient(at bigVec) bigVec {
	aa, bb := mul(bigA, bigA), mul(bigB, bigB)
	return bigVec{quo(at[0], aa), quo(at[1], aa), quo(at[2], bb)}
}

// pull is the acceleration that keeps a point that moves with speed 1 on the
// surface.
func pull(at, going bigVec) bigVec {
	g, h := gradient(at), gradient(going)
	zero := bigVec{bigOf(0), bigOf(0), bigOf(0)}
	return zero.plus(g, sub(bigOf(0), quo(going.dot(h), g.dot(g))))
}

// ahead is the traveller so many metres further on.
func (w traveller) ahead(metres float64) traveller {
	steps := 20 + int(math.Abs(metres)/20_000)
	h := quo(bigOf(metres), bigOf(float64(steps)))
	half, sixth := quo(h, bigOf(2)), quo(h, bigOf(6))
	two := bigOf(2)
	for range steps {
		v1, a1 := w.going, pull(w.at, w.going)
		v2 := w.going.plus(a1, half)
		a2 := pull(w.at.plus(v1, half), v2)
		v3 := w.going.plus(a2, half)
		a3 := pull(w.at.plus(v2, half), v3)
		v4 := w.going.plus(a3, h)
		a4 := pull(w.at.plus(v3, h), v4)
		w.at = w.at.plus(v1.plus(v2, two).plus(v3, two).plus(v4, bigOf(1)), sixth)
		w.going = w.going.plus(a1.plus(a2, two).plus(a3, two).plus(a4, bigOf(1)), sixth)
	}
	return w
}

// left is the traveller turned by a right angle.
func (w traveller) left() traveller {
	return traveller{w.at, gradient(w.at).unit().cross(w.going)}
}

func (w traveller) point() Point {
	across := root(add(mul(w.at[0], w.at[0]), mul(w.at[1], w.at[1])))
	e2 := sub(bigOf(1), quo(mul(bigB, bigB), mul(bigA, bigA)))
	x, _ := w.at[0].Float64()
	y, _ := w.at[1].Float64()
	z, _ := w.at[2].Float64()
	m, _ := mul(across, sub(bigOf(1), e2)).Float64()
	return Point{math.Atan2(y, x) / radian, math.Atan2(z, m) / radian}
}

// somePlace is anywhere, at the poles, on the equator and at ±180 often.
func somePlace(rng *rand.Rand) Point {
	p := Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
	switch rng.IntN(6) {
	case 0:
		p[1] = 0
	case 1:
		p[1] = math.Copysign(90-math.Pow(10, rng.Float64()*5-4), p[1])
	case 2:
		p[0] = math.Copysign(180-rng.Float64()*1e-3, p[0])
	case 3:
		p[1] = float64(90 * (1 - 2*rng.IntN(2)))
	}
	return p
}

func TestDistanceEqualsIntegratedGeodesic(t *testing.T) {
	rng := seeded(t)
	for range 24 {
		from := somePlace(rng)
		metres := math.Pow(10, rng.Float64()*7) // up to 10,000 km, where each is the shortest way
		to := startAt(from, rng.Float64()*360).ahead(metres).point()
		if got := Distance(from, to); math.Abs(got-metres) > 1e-5 {
			t.Fatalf("%v to %v is %.7f m, want %.7f", from, to, got, metres)
		}
	}
}

// A circle of 100 km holds what is a metre less far, and not what is a metre
// further: in fact a millimetre.
func TestCircleEqualsIntegratedGeodesic(t *testing.T) {
	rng := seeded(t)
	for i := range 24 {
		centre, radius := somePlace(rng), 100_000.0
		if i%2 == 0 {
			radius = math.Pow(10, 1+rng.Float64()*5)
		}
		p := prepared(t, Shape{Kind: Circle, Centre: centre, Radius: radius})
		azimuth := rng.Float64() * 360
		in := startAt(centre, azimuth).ahead(radius - 0.001).point()
		out := startAt(centre, azimuth).ahead(radius + 0.001).point()
		if !p.Contains(in) || !inABox(p, in) || p.Contains(out) {
			t.Fatalf("%v m about %v: %v inside %v, %v inside %v", radius, centre, in, p.Contains(in), out, p.Contains(out))
		}
		if d := p.EdgeDistance(out); math.Abs(d-0.001) > 1e-4 {
			t.Fatalf("the edge is %v m away, want 0.001", d)
		}
	}
}

// A corridor of 100 km to either side holds what is a metre less far from its
// path, measured square to it, and not what is a metre further.
func TestCorridorEqualsIntegratedGeodesic(t *testing.T) {
	rng := seeded(t)
	for i := range 24 {
		start := startAt(somePlace(rng), rng.Float64()*360)
		length := 1000 + rng.Float64()*400_000
		width := 100_000.0
		if i%2 == 0 {
			width = math.Pow(10, 1+rng.Float64()*4)
		}
		path := LineString{start.point(), start.ahead(length).point()}
		p := prepared(t, Shape{Kind: Corridor, Path: path, Width: width})
		beside := start.ahead(rng.Float64() * length).left()
		for _, side := range []float64{1, -1} {
			in, out := beside.ahead(side*(width-1)).point(), beside.ahead(side*(width+1)).point()
			if !p.Contains(in) || !inABox(p, in) || p.Contains(out) {
				t.Fatalf("%v m beside %v: %v inside %v, %v inside %v", width, path, in, p.Contains(in), out, p.Contains(out))
			}
			if d := p.EdgeDistance(out); math.Abs(d-1) > 1 {
				t.Fatalf("%v m beside %v: the edge is %v m away, want 1", width, path, d)
			}
		}
	}
}

// The values that C. F. F. Karney published with GeographicLib: random ones
// (geodtest, from the test set doi 10.5281/zenodo.32156), and pairs that lie
// almost opposite each other.
func TestDistanceEqualsPublishedValues(t *testing.T) {
	for _, c := range []struct{ lat1, lon1, lat2, lon2, metres, within float64 }{
		{35.60777, -139.44815, -11.17491, -69.95921, 8935244.5604818305, 1e-7},
		{55.52454, 106.05087, 77.03196, 197.18234, 4105086.1713924406, 1e-7},
		{-21.97856, 142.59065, 41.84138, 98.56635, 8394328.894657671, 1e-7},
		{-66.99028, 112.2363, -12.70631, 285.90344, 11150344.2312080241, 1e-7},
		{-17.42761, 173.34268, -15.84784, 5.93557, 16076603.1631180673, 1e-7},
		{32.84994, 48.28919, -56.28556, 202.29132, 16727068.9438164461, 1e-7},
		{6.96833, 52.74123, -7.39675, 206.17291, 17102477.2496958388, 1e-7},
		{-50.56724, -16.30485, -33.56571, -94.97412, 6455670.5118668696, 1e-7},
		{-58.93002, -8.90775, -8.91104, 133.13503, 11756066.0219864627, 1e-7},
		{-68.82867, -74.28391, -50.63005, -8.36685, 3956936.926063544, 1e-7},
		{-10.62672, -32.0898, 5.883, -134.31681, 11470869.3864563009, 1e-7},
		{-21.76221, 166.90563, 48.72884, 213.97627, 9098627.3986554915, 1e-7},
		{-19.79938, -174.47484, -11.99349, -154.35109, 2319004.8601169389, 1e-7},
		{-11.95887, -116.94513, 4.57352, 7.16501, 13834722.5801401374, 1e-7},
		{-87.85331, 85.66836, 66.48646, 16.09921, 17286615.3147144645, 1e-7},
		{1.74708, 128.32011, -11.16617, 11.87109, 12942901.1241347408, 1e-7},
		{-25.72959, -144.90758, -57.70581, -269.17879, 9413446.7452453107, 1e-7},
		{-41.22777, 122.32875, -7.57291, 130.37946, 3812686.035106021, 1e-7},
		{11.01307, 138.25278, 6.62726, 247.05981, 11911190.819018408, 1e-7},
		{-29.47124, 95.14681, -27.46601, -69.15955, 13487015.8381145492, 1e-7},
		{40.6, -73.8, 49.01666667, 2.55, 5853226, 0.5},
		{36.493349428792, 0, 36.49334942879201, .0000008, 0.072, 0.5e-3},
		{88.202499451857, 0, -88.202499451857, 179.981022032992859592, 20003898.214, 0.5e-3},
		{89.262080389218, 0, -89.262080389218, 179.992207982775375662, 20003925.854, 0.5e-3},
		{56.320923501171, 0, -56.320923501171, 179.664747671772880215, 19993558.287, 0.5e-3},
		{52.784459512564, 0, -52.784459512563990912, 179.634407464943777557, 19991596.095, 0.5e-3},
	} {
		if got := Distance(Point{c.lon1, c.lat1}, Point{c.lon2, c.lat2}); math.Abs(got-c.metres) > c.within {
			t.Errorf("%v: %.9f m", c, got)
		}
	}
}

// What is nearly opposite has many ways, all as long: no shape reaches so far.
func TestNothingReachesToTheOtherSide(t *testing.T) {
	for name, s := range map[string]Shape{
		"circle":   {Kind: Circle, Centre: Point{0, 0}, Radius: MaxRadius + 1},
		"corridor": {Kind: Corridor, Path: LineString{{0, 0}, {179.9, 0.1}}, Width: 10},
		"width":    {Kind: Corridor, Path: LineString{{0, 0}, {1, 0}}, Width: MaxWidth + 1},
	} {
		if err := s.Validate(); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	circle := prepared(t, Shape{Kind: Circle, Centre: Point{0, 0}, Radius: MaxRadius})
	for _, at := range []Point{{180, 0}, {-180, 0}, {179.5, 0.5}, {0, 90}, {180, -90}} {
		if circle.Contains(at) || !(circle.EdgeDistance(at) > 0) {
			t.Error(fmt.Sprint("the largest circle holds ", at))
		}
	}
}
