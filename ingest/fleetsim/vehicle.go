package fleetsim

import (
	"math"
	"math/rand/v2"
	"sort"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Fix is what a simulated tracker measures.
type Fix struct {
	Time       fleet.Time
	Place      fleet.Place
	Speed      float64 // km/h
	Course     float64 // degrees clockwise from north
	Altitude   float64 // metres
	Satellites int
	Ignition   bool
	Alarms     fleet.Alarms
}

// Vehicle drives a closed tour for ever, at a constant speed along a grid of
// streets, and rests at each of its stops.
type Vehicle struct {
	path   []geo.Point // closed: the first equals the last
	leaves []float64   // seconds into the tour at which the vehicle leaves path[i]
	period float64     // seconds a tour takes
	phase  float64     // seconds by which this vehicle is ahead
	speed  float64     // m/s
	noise  uint64      // seed of its GPS error
	height float64     // metres above the sea
}

const metresPerDegree = 111_195.0

// NewVehicle plans a tour through the stops. Streets run in a grid that is
// turned by the same angle for all vehicles near the same centre. The vehicle
// rests dwell seconds at each stop.
func NewVehicle(seed uint64, centre geo.Point, stops []geo.Point, kmh, dwell float64) *Vehicle {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	v := &Vehicle{speed: kmh / 3.6, noise: r.Uint64(), height: 20 + 500*r.Float64()}
	scale := math.Cos(centre.Lat() * math.Pi / 180)
	angle := math.Mod(math.Abs(centre.Lon())*7, math.Pi/2) - math.Pi/4
	sin, cos := math.Sincos(angle)
	toStreet := func(p geo.Point) (x, y float64) {
		dx, dy := (p[0]-centre[0])*scale, p[1]-centre[1]
		return dx*cos + dy*sin, dy*cos - dx*sin
	}
	fromStreet := func(x, y float64) geo.Point {
		return geo.Point{centre[0] + (x*cos-y*sin)/scale, centre[1] + x*sin + y*cos}
	}
	at := 0.0
	var x0, y0 float64
	arrive := func(x, y, rest float64) {
		if len(v.path) > 0 {
			at += math.Hypot(x-x0, y-y0) * metresPerDegree / v.speed
		}
		at += rest
		v.path, v.leaves = append(v.path, fromStreet(x, y)), append(v.leaves, at)
		x0, y0 = x, y
	}
	for i := range len(stops) + 1 {
		x, y := toStreet(stops[i%len(stops)])
		if i > 0 && r.IntN(2) == 0 { // along one street, then the other
			arrive(x, y0, 0)
		} else if i > 0 {
			arrive(x0, y, 0)
		}
		rest := dwell
		if i == 0 {
			rest = 0
		}
		arrive(x, y, rest)
	}
	v.period = max(at, 1)
	v.phase = r.Float64() * v.period
	return v
}

// At is what the vehicle's tracker measures at a time.
func (v *Vehicle) At(t fleet.Time) Fix {
	s := math.Mod(float64(t)/1000+v.phase, v.period)
	i := sort.SearchFloat64s(v.leaves, s) // the vehicle is on its way to path[i], or rests there
	if i >= len(v.path) {
		i = len(v.path) - 1
	}
	from, to := v.path[max(i-1, 0)], v.path[i]
	dx := (to[0] - from[0]) * math.Cos(from.Lat()*math.Pi/180) * metresPerDegree
	dy := (to[1] - from[1]) * metresPerDegree
	length := math.Hypot(dx, dy)
	done := length // metres driven on this leg
	if i > 0 {
		done = (s - v.leaves[i-1]) * v.speed
	}
	f := Fix{Time: t, Satellites: 7 + int(v.noise%6), Altitude: v.height, Ignition: true}
	if length > 0 {
		f.Course = math.Mod(math.Atan2(dx, dy)*180/math.Pi+360, 360)
	}
	share := 1.0
	if done < length {
		share, f.Speed = done/length, v.speed*3.6
	}
	// A GPS error of a metre or two, the same for the same second.
	r := rand.New(rand.NewPCG(v.noise, uint64(t)/1000))
	errX, errY := r.NormFloat64()*1.2/metresPerDegree, r.NormFloat64()*1.2/metresPerDegree
	f.Place, _ = fleet.MakePlace(from[1]+(to[1]-from[1])*share+errY, from[0]+(to[0]-from[0])*share+errX)
	return f
}

// Path is the tour, for drawing.
func (v *Vehicle) Path() []geo.Point { return v.path }

// Offset is the point that lies so many metres east and north of p.
func Offset(p geo.Point, east, north float64) geo.Point {
	return geo.Point{
		p[0] + east/(metresPerDegree*math.Cos(p.Lat()*math.Pi/180)),
		p[1] + north/metresPerDegree,
	}
}

// Stops are n places within so many metres of a centre.
func Stops(seed uint64, centre geo.Point, n int, within float64) []geo.Point {
	r := rand.New(rand.NewPCG(seed, 0x57095))
	out := make([]geo.Point, n)
	for i := range out {
		angle, far := 2*math.Pi*r.Float64(), within*math.Sqrt(r.Float64())
		out[i] = Offset(centre, far*math.Cos(angle), far*math.Sin(angle))
	}
	return out
}
