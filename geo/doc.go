// Package geo is pure geometry on the surface of the earth, with no notion of
// devices or fences: points, boxes, circles, polygons with holes,
// multipolygons, corridors, distances, crossings and their GeoJSON.
//
// Conventions. A [Point] is (longitude, latitude) in degrees on WGS 84, in
// that order, as in GeoJSON (RFC 7946 §3.1.1). Distances are metres. Edges of
// polygons are straight in longitude and latitude (RFC 7946 §3.1.1); circles
// and corridors are geodesic. A point on an edge is inside.
//
// Lines go the short way round the earth: over the 180th meridian longitudes go
// on at -179 or at 181. To be asked, an area is laid out in the plane, with
// longitudes that run on; a ring round a pole is closed along it, and where that
// leaves seams, they count as crossed but not as edges. Whether a point lies on
// an edge is decided exactly for the doubles that are given, which are the
// nearest to the decimals that people write; only west of 0°, and in a shape
// that is laid out beyond 180°, is a last bit (3 nm) lost.
//
// Whatever is wrong with a shape is a [Fault]: a code, values and a place.
//
// It is the only room that imports paulmach/orb; the others use the aliases
// given here.
package geo
