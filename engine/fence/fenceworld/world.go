package fenceworld

import (
	"math"
	"math/rand/v2"
	"sort"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// World is where cities lie and how fences are drawn about them. Weights of
// cities fall with their rank as k^-0.5, a city's standard deviation is 4 to
// 12 km, and one place in ten is rural: anywhere between 50° south and north.
type World struct {
	rng    *rand.Rand
	cities []city
	upto   []float64 // running sum of the cities' weights
}

type city struct {
	at     geo.Point
	spread float64 // metres, standard deviation
}

const (
	metresPerDegree = 111_195 // of latitude, on a sphere of the earth's mean radius
	rural           = 0.1
	zipf            = 0.5
)

// New draws a world of so many cities.
func New(seed uint64, cities int) *World {
	w := &World{rng: rand.New(rand.NewPCG(seed, 1))}
	sum := 0.0
	for k := range cities {
		w.cities = append(w.cities, city{
			at:     geo.Point{w.rng.Float64()*340 - 170, w.rng.Float64()*100 - 50},
			spread: 4000 + 8000*w.rng.Float64(),
		})
		sum += math.Pow(float64(k+1), -zipf)
		w.upto = append(w.upto, sum)
	}
	return w
}

// City is where the city of a rank lies, 0 the greatest.
func (w *World) City(rank int) geo.Point { return w.cities[rank].at }

// place draws where somebody lives or drives.
func (w *World) place() geo.Point {
	if w.rng.Float64() < rural {
		return geo.Point{w.rng.Float64()*340 - 170, w.rng.Float64()*100 - 50}
	}
	n := sort.SearchFloat64s(w.upto, w.rng.Float64()*w.upto[len(w.upto)-1])
	return w.near(&w.cities[min(n, len(w.cities)-1)])
}

func (w *World) near(c *city) geo.Point {
	return away(c.at, w.rng.NormFloat64()*c.spread, w.rng.NormFloat64()*c.spread)
}

// away is the point so many metres to the east and north of another.
func away(p geo.Point, east, north float64) geo.Point {
	return geo.Point{
		p[0] + east/metresPerDegree/math.Cos(p[1]*math.Pi/180),
		p[1] + north/metresPerDegree,
	}
}

// Fences draws fences about the cities, with IDs from first on: 35 % circles,
// 65 % polygons of 6 to 500 vertices, about 27 on average; the radius is
// log-normal about 180 m, between 25 m and 6 km. All are for all devices and
// make events both ways.
func (w *World) Fences(first fleet.FenceID, n int) []fleet.Fence {
	out := make([]fleet.Fence, n)
	for i := range out {
		out[i] = w.Fence(first+fleet.FenceID(i), w.place(), w.radius())
	}
	return out
}

// FencesIn draws fences as Fences does, all of them in one city.
func (w *World) FencesIn(rank int, first fleet.FenceID, n int) []fleet.Fence {
	out := make([]fleet.Fence, n)
	for i := range out {
		out[i] = w.Fence(first+fleet.FenceID(i), w.near(&w.cities[rank]), w.radius())
	}
	return out
}

func (w *World) radius() float64 {
	return min(6000, max(25, 180*math.Exp(0.9*w.rng.NormFloat64())))
}

// Fence draws one fence about a place, of a radius in metres.
func (w *World) Fence(id fleet.FenceID, at geo.Point, radius float64) fleet.Fence {
	f := fleet.Fence{ID: id, Judge: 1, Inside: true, Outside: true, Targets: fleet.Targets{All: true}}
	if w.rng.Float64() < 0.35 {
		f.Shape = geo.Shape{Kind: geo.Circle, Centre: at, Radius: radius}
		return f
	}
	f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{w.star(at, radius)}}}
	return f
}

// star is a ring whose corners lie at rising bearings, 60 to 100 % of the
// radius away: it never crosses itself.
func (w *World) star(at geo.Point, radius float64) geo.Ring {
	corners := min(500, 5+int(math.Exp(math.Log(15.2)+0.9*w.rng.NormFloat64())))
	corners = max(6, corners)
	ring := make(geo.Ring, 0, corners+1)
	for k := range corners {
		bearing := 2 * math.Pi * (float64(k) + 0.8*w.rng.Float64()) / float64(corners)
		r := radius * (0.6 + 0.4*w.rng.Float64())
		ring = append(ring, away(at, r*math.Cos(bearing), r*math.Sin(bearing)))
	}
	return append(ring, ring[0])
}
