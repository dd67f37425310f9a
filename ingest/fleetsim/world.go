package fleetsim

import (
	"math"
	"math/rand/v2"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// World is the seeded world of the benchmarks: fences clustered like cities,
// 35 % circles and 65 % polygons of 6 to 500 vertices, 27 on average, sizes
// log-normal around 180 m; devices of which 20 % are parked with jitter and the
// rest drive 3 to 30 m/s and report every 5 s.
type World struct {
	Shapes []geo.Shape
	cities []city
	cars   []car
}

type city struct {
	centre geo.Point
	sigma  float64 // metres
	weight float64 // cumulative share of all
}

// car is a device of the world; it drives straight and turns now and then.
type car struct {
	lat, lon float64 // degrees
	speed    float64 // m/s; 0: parked
	course   float64 // radians clockwise from north
	rng      uint64
}

// WorldOptions says how large a world is.
type WorldOptions struct {
	Seed          uint64
	Fences        int
	Devices       int
	FencesPerCity int // 100 is typical, 1,000 dense
}

// NewWorld makes a world.
func NewWorld(o WorldOptions) *World {
	r := rand.New(rand.NewPCG(o.Seed, 42))
	if o.FencesPerCity <= 0 {
		o.FencesPerCity = 100
	}
	w := &World{}
	sum := 0.0
	for i := range max(1, o.Fences/o.FencesPerCity) {
		sum += 1 / math.Pow(float64(i+1), 0.5) // Zipf-like
		w.cities = append(w.cities, city{
			centre: geo.Point{-170 + 340*r.Float64(), -55 + 110*r.Float64()},
			sigma:  4000 + 8000*r.Float64(),
			weight: sum,
		})
	}
	for range o.Fences {
		w.Shapes = append(w.Shapes, shape(r, w.place(r)))
	}
	for i := range o.Devices {
		p := w.place(r)
		c := car{lat: p[1], lon: p[0], course: 2 * math.Pi * r.Float64(), rng: o.Seed<<32 ^ uint64(i)}
		if r.Float64() >= 0.2 {
			c.speed = 3 + 27*r.Float64()
		}
		w.cars = append(w.cars, c)
	}
	return w
}

// place is a random point near a city, or for 10 % anywhere in its region.
func (w *World) place(r *rand.Rand) geo.Point {
	total := w.cities[len(w.cities)-1].weight
	at := r.Float64() * total
	i := 0
	for w.cities[i].weight < at {
		i++
	}
	c := w.cities[i]
	sigma := c.sigma
	if r.Float64() < 0.1 {
		sigma *= 8 // rural
	}
	return Offset(c.centre, r.NormFloat64()*sigma, r.NormFloat64()*sigma)
}

// shape is a circle or a star-shaped polygon around p.
func shape(r *rand.Rand, p geo.Point) geo.Shape {
	radius := min(6000, max(25, 180*math.Exp(0.9*r.NormFloat64())))
	if r.Float64() < 0.35 {
		return geo.Shape{Kind: geo.Circle, Centre: p, Radius: radius}
	}
	n := int(min(500, max(6, 15*math.Exp(0.95*r.NormFloat64()))))
	ring := make(geo.Ring, 0, n+1)
	for i := range n {
		angle := 2 * math.Pi * float64(i) / float64(n)
		far := radius * (0.75 + 0.5*r.Float64())
		ring = append(ring, Offset(p, far*math.Cos(angle), far*math.Sin(angle)))
	}
	return geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{geo.Polygon{append(ring, ring[0])}}}
}

// Devices is the number of devices.
func (w *World) Devices() int { return len(w.cars) }

// Drive moves a device on by so many seconds and returns its fix. Calls for
// different devices may run at once.
func (w *World) Drive(device int, at fleet.Time, seconds float64) Fix {
	c := &w.cars[device]
	f := Fix{Time: at, Satellites: 9, Altitude: 100, Speed: c.speed * 3.6, Ignition: c.speed > 0}
	lat, lon := c.lat, c.lon
	if c.speed == 0 { // parked: 4 m of jitter
		lat += 4 * gauss(&c.rng) / metresPerDegree
		lon += 4 * gauss(&c.rng) / metresPerDegree
	} else {
		if next(&c.rng)%16 == 0 {
			c.course += gauss(&c.rng)
		}
		sin, cos := math.Sincos(c.course)
		c.lat += c.speed * seconds * cos / metresPerDegree
		c.lon += c.speed * seconds * sin / (metresPerDegree * math.Cos(c.lat*math.Pi/180))
		if c.lat > 80 || c.lat < -80 {
			c.course += math.Pi
		}
		if c.lon > 180 {
			c.lon -= 360
		} else if c.lon < -180 {
			c.lon += 360
		}
		lat, lon = c.lat, c.lon
		f.Course = math.Mod(c.course*180/math.Pi+3600, 360)
	}
	f.Place, _ = fleet.MakePlace(lat, lon)
	return f
}

// next is SplitMix64 (Steele, Lea, Flood 2014): a generator of 8 bytes a device.
func next(s *uint64) uint64 {
	*s += 0x9E3779B97F4A7C15
	z := *s
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// gauss is close to a standard normal variable: the sum of four uniform ones.
func gauss(s *uint64) float64 {
	sum := 0.0
	for range 4 {
		sum += float64(next(s)>>11)/(1<<53) - 0.5
	}
	return sum * math.Sqrt(3)
}
