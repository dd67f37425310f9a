package geo

import (
	"maps"
	"slices"
)

// Code names one kind of [Fault]. Codes cross to HTTP and to other programs:
// they are never renamed and never mean something else.
type Code string

// What can be wrong with numbers and counts.
const (
	Empty         Code = "empty"
	NoPolygon     Code = "no-polygon"
	NoRing        Code = "no-ring"
	EmptyRing     Code = "empty-ring"
	TooManyPoints Code = "too-many-points"
	NotANumber    Code = "not-a-number"
	OutOfRange    Code = "out-of-range"
	RadiusRange   Code = "radius-out-of-range"
	WidthRange    Code = "width-out-of-range"
	EmptyPath     Code = "empty-path"
	PathTooFew    Code = "path-too-few-points"
	PathTooLong   Code = "path-too-long"
)

// What can be wrong with an outline.
const (
	RingOpen     Code = "ring-open"
	RingTooFew   Code = "ring-too-few-points"
	RingRepeats  Code = "ring-repeats-point"
	RingRunsBack Code = "ring-runs-back"
	RingTouches  Code = "ring-touches-itself"
	RingCrosses  Code = "ring-crosses-itself"
	RingFlat     Code = "ring-without-area"
	RingPole     Code = "ring-round-pole"
	RingTooWide  Code = "ring-too-wide"
	HolePole     Code = "hole-round-pole"
	SharedEdge   Code = "rings-share-edge"
	RingsCross   Code = "rings-cross"
	HoleOutside  Code = "hole-outside"
	HoleInHole   Code = "hole-in-hole"
	PartsOverlap Code = "parts-overlap"
)

// What can be wrong with a text.
const (
	TooLarge       Code = "too-large"
	NotJSON        Code = "not-json"
	NotGeometry    Code = "not-a-geometry"
	EmptyFeature   Code = "feature-without-geometry"
	NoFeatures     Code = "no-features"
	ManyFeatures   Code = "too-many-features"
	BadProperties  Code = "properties-not-an-object"
	NoType         Code = "no-type"
	UnknownType    Code = "unknown-type"
	Collection     Code = "geometry-collection"
	UnknownMember  Code = "unknown-member"
	NoCoordinates  Code = "no-coordinates"
	NotAList       Code = "not-a-list"
	NotAPosition   Code = "not-a-position"
	RadiusMissing  Code = "radius-missing"
	RadiusNotHere  Code = "radius-not-here"
	WidthMissing   Code = "width-missing"
	WidthNotHere   Code = "width-not-here"
	LengthNoNumber Code = "length-not-a-number"
)

// At is no fault: its text puts the fault's position behind its reason.
const At Code = "at"

// texts words each code in English; {name} stands for the parameter name.
var texts = map[Code]string{
	At: "{fault}, at longitude {lon}, latitude {lat}",

	Empty:         "the shape is empty: give a polygon, a circle or a corridor",
	NoPolygon:     "the shape has no polygon",
	NoRing:        "polygon {polygon} has no ring",
	EmptyRing:     "a ring has no points",
	TooManyPoints: "the shape has more than {points} points or {rings} rings: simplify it",
	NotANumber:    "a coordinate is no number",
	OutOfRange:    "out of range: a point is [longitude, latitude], within ±180 and ±90",
	RadiusRange:   "the radius is {radius} m, it must be above 0 and at most {limit} m",
	WidthRange:    "the width is {width} m, it must be above 0 and at most {limit} m",
	EmptyPath:     "the path has no points",
	PathTooFew:    "the path has too few points: it needs two different ones",
	PathTooLong:   "the path is longer than {limit} m",

	RingOpen:     "the ring is not closed: its last point must repeat its first",
	RingTooFew:   "the ring has too few points: it needs three different ones, and the first again",
	RingRepeats:  "the ring touches itself: points {first} and {second} are the same",
	RingRunsBack: "the ring runs back over itself",
	RingTouches:  "the ring touches itself",
	RingCrosses:  "the ring crosses itself",
	RingFlat:     "the ring holds no area",
	RingPole:     "the ring goes round a pole and over the equator, so it is not clear on which side the area is: cut it into several polygons",
	RingTooWide:  "the ring goes round the earth more than once",
	HolePole:     "a hole goes round a pole: cut the shape into several polygons",
	SharedEdge:   "two rings of the shape share an edge",
	RingsCross:   "two rings of the shape cross each other",
	HoleOutside:  "a hole lies outside of its polygon",
	HoleInHole:   "a hole lies inside another hole",
	PartsOverlap: "two polygons of the shape overlap",

	TooLarge:       "GeoJSON of {bytes} bytes, at most {limit} are read",
	NotJSON:        "this is no JSON, from byte {offset} on",
	NotGeometry:    "a shape is a GeoJSON geometry: an object with type and coordinates",
	EmptyFeature:   "the Feature has no geometry",
	NoFeatures:     "the FeatureCollection has no list of features",
	ManyFeatures:   "the file has more than {limit} features: split it",
	BadProperties:  "the properties of the Feature are no object",
	NoType:         `the geometry has no "type"`,
	UnknownType:    "{type} is no shape of a fence: use Polygon, MultiPolygon, Point with radius, or LineString with width",
	Collection:     "a GeometryCollection is no fence: give its parts as a MultiPolygon",
	UnknownMember:  "a geometry has no member {name}",
	NoCoordinates:  "the {type} has no coordinates",
	NotAList:       "a list was expected here, not {text}",
	NotAPosition:   "a position is [longitude, latitude], not {text}",
	RadiusMissing:  `a Point needs a "radius" in metres to be a circle`,
	RadiusNotHere:  `a {type} has no "radius": a circle is a Point`,
	WidthMissing:   `a LineString needs a "width" in metres to be a corridor`,
	WidthNotHere:   `a {type} has no "width": a corridor is a LineString`,
	LengthNoNumber: "{name} is a number of metres, not {text}",
}

// Text words the code in English, with {name} for the parameter called name;
// "" for a code that there is not.
func (c Code) Text() string { return texts[c] }

// Codes lists every code, [At] included, in order of their names.
func Codes() []Code { return slices.Sorted(maps.Keys(texts)) }
