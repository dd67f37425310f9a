// Package geo is pure geometry on the surface of the earth, with no notion of
// devices or fences: points, boxes, circles, polygons with holes,
// multipolygons, corridors, distances, crossings and their GeoJSON.
//
// Conventions. A [Point] is (longitude, latitude) in degrees on WGS 84, in
// that order, as in GeoJSON (RFC 7946 §3.1.1). Distances are metres. Edges of
// polygons are straight in longitude and latitude (RFC 7946 §3.1.1); circles
// and corridors are geodesic. A point on an edge is inside.
//
// It is the only room that imports paulmach/orb; the others use the aliases
// given here.
package geo
