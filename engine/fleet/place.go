package fleet

import (
	"math"

	"github.com/vigia-track/vigia/geo"
)

// PlaceUnit is the resolution of a Place in degrees: 1e-7°, about a centimetre.
const PlaceUnit = 1e-7

// Place is a point on the earth in units of 1e-7 degrees (WGS 84). An int32
// reaches ±214°, so a codec can hand over values that Normalise will refuse.
type Place struct {
	Lat, Lon int32
}

// MakePlace rounds degrees to a Place. It reports false, and gives no place,
// for NaN, infinities and what lies beyond ±214°.
func MakePlace(lat, lon float64) (Place, bool) {
	y, x := math.RoundToEven(lat/PlaceUnit), math.RoundToEven(lon/PlaceUnit)
	if !(math.Abs(y) <= math.MaxInt32 && math.Abs(x) <= math.MaxInt32) {
		return Place{}, false
	}
	return Place{Lat: int32(y), Lon: int32(x)}, true
}

// Point is the place in degrees, in geo's order.
func (p Place) Point() geo.Point { return geo.Point{float64(p.Lon) / 1e7, float64(p.Lat) / 1e7} }

// LatDegrees is the latitude in degrees, north positive.
func (p Place) LatDegrees() float64 { return float64(p.Lat) / 1e7 }

// LonDegrees is the longitude in degrees, east positive.
func (p Place) LonDegrees() float64 { return float64(p.Lon) / 1e7 }
