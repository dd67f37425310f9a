package geo

import "math"

// Spot is a point in whole ten-millionths of a degree, 1.1 cm of latitude.
type Spot struct{ X, Y int32 } // longitude, latitude

// Spots in a degree.
const spots = 1e7

// maxFold is the number of points above which stripes find the edges near a
// point sooner than a walk along a line, and foldFrom the number above which
// even folding takes too long.
const (
	maxFold  = 128
	foldFrom = 1 << 12
)

// Fold appends to dst what a box within ±180 and ±90 sees of the shape, so that
// [Peek.At] says from all points of the box what [Look.At] says about the
// shape, or that it is not sure. What a box sees of many shapes can thus lie
// together in memory, in half of what the points take.
//
// Of an area it is its outline, a closed line of at least four points, in
// which stretches off to one side of the box are replaced by their chords: a
// ray to the east from the box crosses those as often, but for an even number.
// Of a circle it is three: the centre, the inner and the outer radius of its
// disc, and how much a step to the east counts for either. Fold appends nothing
// if the shape is another, or large and winding: then it is to be asked itself.
func (s *Prepared) Fold(b Box, dst []Spot) []Spot {
	if s.box.Min[0] <= -180 || s.box.Max[0] >= 180 {
		return dst
	}
	switch {
	case s.circle != nil:
		return s.circle.fold(dst)
	case s.area == nil, len(s.area.ends) != 1, len(s.area.seams) > 0, len(s.area.points) > foldFrom:
		return dst
	}
	const around = beside / spots
	seen := Box{
		Min: Point{b.Min[0] - around, b.Min[1] - around},
		Max: Point{b.Max[0] + around, b.Max[1] + around},
	}
	var room [maxFold]corner
	kept := room[:0]
	for i := range s.area.points {
		side := sides(&s.area.points[i], &seen)
		for n := len(kept); n >= 2 && kept[n-2].sides&kept[n-1].sides&side != 0; n-- {
			kept = kept[:n-1]
		}
		if len(kept) == maxFold {
			return dst
		}
		kept = append(kept, corner{int16(i), side})
	}
	if len(kept) < 4 {
		return dst
	}
	for _, c := range kept {
		dst = append(dst, spotOf(s.area.points[c.point]))
	}
	return dst
}

// corner is a point of an outline, and the sides of a box beyond which it lies.
type corner struct {
	point int16
	sides uint8
}

func spotOf(p Point) Spot {
	return Spot{int32(math.Round(p[0] * spots)), int32(math.Round(p[1] * spots))}
}

// sides are the sides of a box beyond which a point lies.
func sides(p *Point, b *Box) (out uint8) {
	if p[0] < b.Min[0] {
		out = 1
	} else if p[0] > b.Max[0] {
		out = 2
	}
	if p[1] < b.Min[1] {
		out |= 4
	} else if p[1] > b.Max[1] {
		out |= 8
	}
	return out
}

// fold appends the circle's centre and disc. What a spot rounds off is taken
// from the inner radius and added to the outer one.
func (c *circle) fold(dst []Spot) []Spot {
	d := &c.disc
	if d.outer == 0 {
		return dst
	}
	return append(dst, spotOf(c.centre),
		Spot{int32(d.inner*spots) - rounded, int32(d.outer*spots) + 1 + rounded},
		Spot{int32(math.Ceil(d.wide * ones)), int32(d.narrow * ones)})
}

const (
	rounded = 1       // spots, more than a point is off that was rounded to one
	ones    = 1 << 30 // what 1 is as a spot's number
)

// unfolded is the disc that a fold holds, in spots.
func unfolded(fold []Spot) disc {
	return disc{
		inner: float64(fold[1].X), outer: float64(fold[1].Y),
		wide: float64(fold[2].X) / ones, narrow: float64(fold[2].Y) / ones,
	}
}
