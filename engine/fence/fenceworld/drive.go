package fenceworld

import (
	"math"
	"math/rand/v2"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Drive is devices on their way. One in five is parked and its fixes jitter
// by 4 m; the others drive 3 to 30 m/s, one fix per 5 s, on a course that
// bends, and turn back far from where they began.
type Drive struct {
	rng  *rand.Rand
	cars []car
}

type car struct {
	home, at geo.Point
	course   float64 // radians
	step     float64 // metres a fix; 0 = parked
}

// Fix is one place of one device.
type Fix struct {
	Time   fleet.Time
	Place  fleet.Place
	Device uint32 // 0 to the number of devices less one
}

const (
	interval = 5 * fleet.Second
	jitter   = 4      // metres, of the parked
	leash    = 20_000 // metres from home at which a device turns back
)

// Drive puts devices where the world's fences are.
func (w *World) Drive(devices int) *Drive { return w.drive(devices, w.place) }

// DriveIn puts devices into one city.
func (w *World) DriveIn(rank, devices int) *Drive {
	return w.drive(devices, func() geo.Point { return w.near(&w.cities[rank]) })
}

func (w *World) drive(devices int, place func() geo.Point) *Drive {
	d := &Drive{rng: w.rng, cars: make([]car, devices)}
	for i := range d.cars {
		c := &d.cars[i]
		c.home = place()
		c.at, c.course = c.home, w.rng.Float64()*2*math.Pi
		if w.rng.Float64() >= 0.2 {
			c.step = (3 + 27*w.rng.Float64()) * float64(interval/fleet.Second)
		}
	}
	return d
}

// Round moves each device on by one fix and lists them in a new random order,
// in the room of fixes if that is enough.
func (d *Drive) Round(round int, fixes []Fix) []Fix {
	fixes = fixes[:0]
	for i := range d.cars {
		p := d.cars[i].move(d.rng)
		place, _ := fleet.MakePlace(p[1], p[0])
		fixes = append(fixes, Fix{Time: fleet.Time(round+1) * interval, Place: place, Device: uint32(i)})
	}
	d.rng.Shuffle(len(fixes), func(i, j int) { fixes[i], fixes[j] = fixes[j], fixes[i] })
	return fixes
}

func (c *car) move(rng *rand.Rand) geo.Point {
	if c.step == 0 {
		return away(c.home, jitter*rng.NormFloat64(), jitter*rng.NormFloat64())
	}
	c.course += 0.15 * rng.NormFloat64()
	c.at = away(c.at, c.step*math.Cos(c.course), c.step*math.Sin(c.course))
	if geo.Haversine(c.home, c.at) > leash {
		c.course = math.Atan2(c.home[1]-c.at[1], c.home[0]-c.at[0])
	}
	return c.at
}
