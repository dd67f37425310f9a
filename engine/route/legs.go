package route

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// What makes a stop, a trip and a gap. The first three are those of the rules
// "stopped" and "moving" (engine/track), so that a report and an event agree.
const (
	standAfter  = 3 * fleet.Minute // standing for so long is a stop
	leaveMetres = 100.0            // so far from its middle a stop is left ...
	leaveFixes  = 2                // ... where so many fixes in a row say so
	nearMetres  = 60.0             // fixes this close together are one place

	standKPH = 2.0 // slower is standing

	gapTime    = 10 * fleet.Minute // without fixes, on the way
	gapFactor  = 3                 // and of a device that seldom reports, so many times its usual pause
	maxKPH     = 300.0             // nothing goes faster ...
	slack      = 500.0             // ... over more metres than these
	spike      = 100.0             // metres off the way and back, of a single fix
	maxDoubts  = 3                 // fixes in a row that are left out
	windowMost = 4096              // fixes that are held against each new one
)

// Fix is what Legs needs of a position.
type Fix struct {
	Time  fleet.Time
	Place fleet.Place
	Speed float32 // km/h; negative: the device tells none
}

// Leg is a part of the way: Fixes[First] to Fixes[Last]. A leg begins with the
// fix that ended the one before.
type Leg struct {
	Kind        fleet.LegKind
	First, Last int
	Metres      float64     // along the fixes; of a gap as the crow flies; 0 for a stop
	MaxSpeed    float32     // km/h
	Middle      fleet.Place // of a stop
}

// Clean leaves out fixes that nothing could have reached: up to three in a row
// that need more than 300 km/h, and single ones that jump off the way and back.
// Fixes are by time; the slice is used again.
func Clean(fixes []Fix) []Fix {
	out, doubts := fixes[:0], 0
	for i := range fixes {
		f := fixes[i]
		if n := len(out); n > 0 {
			last := &out[n-1]
			way := metres(last.Place, f.Place)
			far := way > slack && kph(way, f.Time-last.Time) > maxKPH && kph(way, f.Time-last.Time) > 1.25*float64(max(last.Speed, f.Speed))
			if !far && way > spike && kph(way, f.Time-last.Time) > maxKPH && i+1 < len(fixes) {
				next := &fixes[i+1]
				back := metres(f.Place, next.Place)
				far = back > spike && kph(back, next.Time-f.Time) > maxKPH && metres(last.Place, next.Place) < way/2
			}
			if far && doubts < maxDoubts {
				doubts++
				continue
			}
		}
		doubts = 0
		out = append(out, f)
	}
	return out
}

// Legs cuts fixes, by time, into trips, stops and gaps that follow each other
// from the first fix to the last. A device stands once all its fixes of three
// minutes lie close together, from the first of them on; it drives again from
// the last fix close to that place, once two in a row are well away.
func Legs(fixes []Fix) []Leg {
	if len(fixes) == 0 {
		return nil
	}
	c := cutter{fixes: fixes, gap: gapOf(fixes)}
	for i := range fixes {
		c.take(i)
	}
	return c.end()
}

// cutter is one Legs under way.
type cutter struct {
	fixes []Fix
	gap   fleet.Time
	legs  []Leg
	first int // where the leg under way begins
	from  int // on a trip: since which fix all lie close to the newest

	standing bool
	lat, lon float64 // sums of the stop's fixes, about its first, in units of Place
	count    int
	near     int // the newest fix of the stop
	away     int // fixes in a row that are well away
}

func (c *cutter) take(i int) {
	f := &c.fixes[i]
	if c.standing {
		way := metres(c.middle(), f.Place)
		switch {
		case way <= nearMetres:
			c.add(i)
			c.near, c.away = i, 0
		case way <= leaveMetres:
			c.away = 0
		default:
			if c.away++; c.away >= leaveFixes {
				c.depart(i)
			}
		}
		return
	}
	c.from = max(c.from, i-windowMost)
	for j := i - 1; j >= c.from; j-- {
		if metres(c.fixes[j].Place, f.Place) > nearMetres {
			c.from = j + 1
			break
		}
	}
	switch {
	case f.Time-c.fixes[c.from].Time >= standAfter && c.from < i:
		c.close(fleet.TripLeg, c.from)
		c.standing, c.lat, c.lon, c.count, c.away, c.near = true, 0, 0, 0, 0, i
		for j := c.from; j <= i; j++ {
			c.add(j)
		}
	case i > 0 && f.Time-c.fixes[i-1].Time > c.gap:
		c.close(fleet.TripLeg, i-1)
		c.close(fleet.GapLeg, i)
	}
}

// depart ends the stop at the last fix that lay close to it. What followed is
// cut as a trip.
func (c *cutter) depart(i int) {
	c.close(fleet.StopLeg, c.near)
	c.standing, c.from = false, c.near
	for j := c.near + 1; j <= i; j++ {
		c.take(j)
	}
}

// add counts a fix into the middle of the stop.
func (c *cutter) add(i int) {
	at, about := c.fixes[i].Place, c.fixes[c.first].Place
	c.lat += float64(at.Lat) - float64(about.Lat)
	c.lon += float64(turn(int64(at.Lon) - int64(about.Lon)))
	c.count++
}

func (c *cutter) middle() fleet.Place {
	about := c.fixes[c.first].Place
	return fleet.Place{
		Lat: about.Lat + int32(c.lat/float64(c.count)),
		Lon: int32(turn(int64(about.Lon) + int64(c.lon/float64(c.count)))),
	}
}

// close ends the leg under way at a fix, with which the next one begins.
func (c *cutter) close(kind fleet.LegKind, last int) {
	if last == c.first && (kind != fleet.StopLeg || len(c.legs) > 0) {
		return
	}
	l := Leg{Kind: kind, First: c.first, Last: last}
	switch kind {
	case fleet.StopLeg:
		l.Middle = c.middle()
	case fleet.GapLeg:
		l.Metres = metres(c.fixes[l.First].Place, c.fixes[last].Place)
	default:
		l.drive(c.fixes)
	}
	c.legs = append(c.legs, l)
	c.first, c.from = last, max(c.from, last)
}

// drive measures a trip.
func (l *Leg) drive(fixes []Fix) {
	told, derived := float32(-1), float32(0)
	for i := l.First; i <= l.Last; i++ {
		f := &fixes[i]
		told = max(told, f.Speed)
		if i == l.First {
			continue
		}
		way := step(&fixes[i-1], f)
		l.Metres += way
		if past := f.Time - fixes[i-1].Time; past >= fleet.Second && kph(way, past) <= maxKPH {
			derived = max(derived, float32(kph(way, past)))
		}
	}
	if l.MaxSpeed = told; told < 0 {
		l.MaxSpeed = derived
	}
}

// step is the way between two neighbours; of a device that says it stands, none:
// what its fixes wander is no way.
func step(a, b *Fix) float64 {
	if a.Speed >= 0 && b.Speed >= 0 && a.Speed < standKPH && b.Speed < standKPH && b.Time-a.Time < fleet.Minute {
		return 0
	}
	return metres(a.Place, b.Place)
}

func (c *cutter) end() []Leg {
	last := len(c.fixes) - 1
	kind := fleet.TripLeg
	if c.standing {
		kind = fleet.StopLeg
	}
	c.close(kind, last)
	if len(c.legs) == 0 { // a single fix
		c.count = 1
		return []Leg{{Kind: fleet.StopLeg, First: 0, Last: last, Middle: c.fixes[0].Place}}
	}
	return c.tidy()
}

// tidy takes trips that led nowhere into the stops beside them: a device that
// wanders about its place has not driven.
func (c *cutter) tidy() []Leg {
	out := c.legs[:0]
	for i := 0; i < len(c.legs); i++ {
		l := c.legs[i]
		short := l.Kind == fleet.TripLeg && l.Metres < leaveMetres
		n := len(out)
		switch {
		case short && n > 0 && out[n-1].Kind == fleet.StopLeg && i+1 == len(c.legs):
			out[n-1].Last = l.Last
			continue
		case short && n == 0 && i+1 < len(c.legs) && c.legs[i+1].Kind == fleet.StopLeg:
			c.legs[i+1].First = l.First
			continue
		case l.Kind == fleet.StopLeg && n > 1 && out[n-1].Kind == fleet.TripLeg && out[n-1].Metres < 2*leaveMetres &&
			out[n-2].Kind == fleet.StopLeg && metres(out[n-2].Middle, l.Middle) < leaveMetres:
			out[n-2].Last = l.Last
			out = out[:n-1]
			continue
		case l.Kind == fleet.StopLeg && n > 0 && out[n-1].Kind == fleet.StopLeg && metres(out[n-1].Middle, l.Middle) < leaveMetres:
			out[n-1].Last = l.Last
			continue
		case short && len(c.legs) == 1:
			l = Leg{Kind: fleet.StopLeg, First: l.First, Last: l.Last, Middle: c.fixes[l.First].Place}
		}
		out = append(out, l)
	}
	return out
}

// gapOf is how long without fixes is a gap, for a device that reports as these.
func gapOf(fixes []Fix) fleet.Time {
	pauses := make([]fleet.Time, 0, len(fixes))
	for i := 1; i < len(fixes); i++ {
		pauses = append(pauses, fixes[i].Time-fixes[i-1].Time)
	}
	if len(pauses) == 0 {
		return gapTime
	}
	slices.Sort(pauses)
	return max(gapTime, gapFactor*pauses[len(pauses)/2])
}

// kph is the speed of a way in a time; of no time, any.
func kph(metres float64, past fleet.Time) float64 {
	return metres / 1000 / (max(float64(past), 1) / float64(fleet.Hour))
}

// turn brings a difference of longitudes, in units of Place, to the shorter way.
func turn(units int64) int64 {
	const whole = 3_600_000_000
	switch {
	case units > whole/2:
		return units - whole
	case units < -whole/2:
		return units + whole
	}
	return units
}

func metres(a, b fleet.Place) float64 {
	if a == b {
		return 0
	}
	return geo.Haversine(a.Point(), b.Point())
}
