package fence

import "github.com/vigia-track/vigia/engine/fleet"

// Leaves is which part of the straight way from a to b one has gone when one
// leaves the rectangle, which holds a: 1 if it holds all of the way. The way is
// taken as it is drawn, not over ±180.
func (s *Safe) Leaves(a, b fleet.Place) float64 {
	return min(1, till(a.Lon, b.Lon, s.west, s.east), till(a.Lat, b.Lat, s.south, s.north))
}

// Enters is which part of the way from a to b one has gone when one comes into
// the rectangle, which holds b: 0 if it holds all of the way.
func (s *Safe) Enters(a, b fleet.Place) float64 {
	return 1 - s.Leaves(b, a)
}

// till is when what goes from one number to another passes one of two ends.
func till(from, to, low, high int32) float64 {
	end := high
	if to < from {
		end = low
	}
	if from == to || end == to {
		return 1
	}
	return (float64(end) - float64(from)) / (float64(to) - float64(from))
}
