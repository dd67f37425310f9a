package geo

import "github.com/paulmach/orb"

// Point is longitude, latitude in degrees (WGS 84).
type Point = orb.Point

// Ring is a closed line of points: the first equals the last.
type Ring = orb.Ring

// Polygon is an outer ring followed by its holes.
type Polygon = orb.Polygon

// MultiPolygon is several polygons that count as one area.
type MultiPolygon = orb.MultiPolygon

// LineString is a path of points.
type LineString = orb.LineString

// Box is the smallest longitude/latitude rectangle around something.
type Box = orb.Bound
