package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// someWhole draws a shape of any kind and a place near its outline.
func someWhole(t *testing.T, rng *rand.Rand) (*Prepared, Point) {
	switch rng.IntN(4) {
	case 0, 1:
		area := someArea(rng)
		return prepareValid(t, area), onMap(placeBy(rng, area))
	case 2:
		centre := Point{rng.Float64()*360 - 180, math.Asin(2*rng.Float64()-1) * 180 / math.Pi}
		radius := 10 * math.Pow(10, 4*rng.Float64())
		p, err := Prepare(&Shape{Kind: Circle, Centre: centre, Radius: radius})
		if err != nil {
			t.Fatal(err)
		}
		return p, nearby(rng, centre, 2*radius)
	}
	from := Point{rng.Float64()*360 - 180, rng.Float64()*160 - 80}
	to := nearby(rng, from, 50_000)
	width := 10 * math.Pow(10, 3*rng.Float64())
	p, err := Prepare(&Shape{Kind: Corridor, Path: LineString{from, to}, Width: width})
	if err != nil {
		t.Fatal(err)
	}
	return p, nearby(rng, from, 3*width)
}

func nearby(rng *rand.Rand, p Point, metres float64) Point {
	d := metres / longestDegree
	return onMap(Point{p[0] + d*(2*rng.Float64()-1)/math.Max(0.01, math.Cos(p[1]*radian)), p[1] + d*(2*rng.Float64()-1)})
}

func onMap(p Point) Point { return Point{wrap(p[0]), math.Max(-90, math.Min(90, p[1]))} }

// someBox draws a box about a point, of a metre to a world.
func someBox(rng *rand.Rand, p Point) Box {
	d := math.Pow(10, -5+6*rng.Float64())
	return Box{
		Min: Point{math.Max(-180, p[0]-d*rng.Float64()), math.Max(-90, p[1]-d*rng.Float64())},
		Max: Point{math.Min(180, p[0]+d*rng.Float64()), math.Min(90, p[1]+d*rng.Float64())},
	}
}

// inBox draws points of a box: corners, edges, and anything between.
func inBox(rng *rand.Rand, b *Box) Point {
	share := func() float64 {
		switch rng.IntN(4) {
		case 0:
			return 0
		case 1:
			return 1
		}
		return rng.Float64()
	}
	x, y := share(), share()
	return Point{b.Min[0]*(1-x) + b.Max[0]*x, b.Min[1]*(1-y) + b.Max[1]*y}
}

// A look says what Contains does, and wherever it leaves room, the shape's answer is the point's.
func TestFreeRoomHasOneAnswer(t *testing.T) {
	rng := seeded(t)
	free := 0
	for range 2000 {
		s, p := someWhole(t, rng)
		room := someBox(rng, p)
		whole := room
		look := LookFrom(p, room)
		inside := look.At(s)
		room, ok := look.Room()
		if want := s.Contains(p); inside != want {
			t.Fatalf("around %v inside is %v, want %v, of %+v", p, inside, want, s.box)
		}
		if !ok {
			continue
		}
		free++
		if room.Min[0] < whole.Min[0] || room.Min[1] < whole.Min[1] || room.Max[0] > whole.Max[0] || room.Max[1] > whole.Max[1] {
			t.Fatalf("%v is more room than %v", room, whole)
		}
		want := s.Contains(p)
		for range 30 {
			if at := inBox(rng, &room); s.Contains(at) != want {
				t.Fatalf("inside is %v at %v, not at %v, in the free room %v of %+v", want, p, at, room, s.box)
			}
		}
	}
	if free < 1000 {
		t.Errorf("only %d of 2000 points had free room", free)
	}
}

// What a box sees of an outline answers like the shape from everywhere in the
// box, or is not sure, and that only next to the outline; what room it leaves
// has one answer.
func TestFoldAnswersLikeTheShape(t *testing.T) {
	rng := seeded(t)
	folded, shorter, round, unsure, free := 0, 0, 0, 0, 0
	for range 3000 {
		s, p := someWhole(t, rng)
		b := someBox(rng, p)
		low, high := spotOf(b.Min), spotOf(b.Max)
		b = Box{Min: pointOf(low), Max: pointOf(high)}
		fold := s.Fold(b, nil)
		if len(fold) == 0 {
			continue
		}
		folded++
		if s.circle != nil {
			round++
		} else if len(fold) < len(s.area.points) {
			shorter++
		}
		for i := range 30 {
			at := spotOf(inBox(rng, &b))
			if i < 15 { // next to the outline
				at = nextTo(rng, s)
			}
			if at.X < low.X || at.X > high.X || at.Y < low.Y || at.Y > high.Y {
				continue
			}
			peek := PeekFrom(at, Box{Min: Point{float64(low.X), float64(low.Y)}, Max: Point{float64(high.X), float64(high.Y)}})
			peek.Worth(Sides{1 + rng.Float64(), 1 + rng.Float64(), 1 + rng.Float64(), 1 + rng.Float64()})
			if rng.IntN(8) == 0 {
				peek.Blind()
			}
			want := s.Contains(pointOf(at))
			got, sure := peek.At(fold)
			if !sure {
				// Large circles and those near a pole have rings of doubt that are wider.
				tight := s.circle == nil || s.circle.radius < 10_000 && math.Abs(s.circle.centre[1]) < 75
				if away := math.Abs(s.EdgeDistance(pointOf(at))); tight && away > 1 && (s.circle == nil || away > s.circle.radius/100) {
					t.Fatalf("not sure at %v, %.1f m from the edge of %+v", at, away, s.box)
				}
				unsure++
				continue
			}
			if got != want {
				t.Fatalf("%v in %v of %+v: inside is %v, by the fold %v %v", at, b, s.box, want, fold, got)
			}
			room, ok := peek.Room()
			if !ok {
				continue
			}
			free++
			for range 5 {
				near := inBox(rng, &room)
				near = Point{math.Round(near[0]) / spots, math.Round(near[1]) / spots}
				if b.Contains(near) && s.Contains(near) != want {
					t.Fatalf("inside is %v at %v, not at %v, in the room %v of %+v", want, at, near, room, s.box)
				}
			}
		}
	}
	if folded < 600 || shorter < 150 || round < 300 || unsure < 300 || free < 10_000 {
		t.Errorf("%d shapes folded, %d of them shorter, %d circles, %d spots not sure, %d with room: that says little",
			folded, shorter, round, unsure, free)
	}
}

// A way that does not reach a fold's outline lies in the shape or beside it from
// end to end, as far as it lies in the box.
func TestWhatAWayDoesNotReach(t *testing.T) {
	rng := seeded(t)
	missed, reached, crossed := 0, 0, 0
	for range 3000 {
		s, p := someWhole(t, rng)
		b := someBox(rng, p)
		low, high := spotOf(b.Min), spotOf(b.Max)
		b = Box{Min: pointOf(low), Max: pointOf(high)}
		fold := s.Fold(b, nil)
		if len(fold) == 0 {
			continue
		}
		for range 10 {
			from, to := spotOf(inBox(rng, &b)), spotOf(inBox(rng, &b))
			if rng.IntN(3) == 0 {
				to = nextTo(rng, s) // perhaps out of the box
			}
			if pointOf(to)[0]-pointOf(from)[0] > 180 || pointOf(to)[0]-pointOf(from)[0] < -180 {
				continue
			}
			reaches, in, out := Reaches(fold, from, to), 0, 0
			for k := range 101 {
				at := Between(pointOf(from), pointOf(to), float64(k)/100)
				if !b.Contains(at) {
					continue
				}
				if s.Contains(at) {
					in++
				} else {
					out++
				}
			}
			switch {
			case reaches && in > 0 && out > 0:
				crossed++
			case reaches:
				reached++
			case in > 0 && out > 0:
				t.Fatalf("from %v to %v in %v: %d points of the way inside, %d not, of %+v, fold %v", from, to, b, in, out, s.box, fold)
			default:
				missed++
			}
		}
	}
	if missed < 3000 || crossed < 1000 || reached > missed {
		t.Errorf("%d ways miss the outline, %d cross it, %d come near it: that says little", missed, crossed, reached)
	}
}

func pointOf(s Spot) Point { return Point{float64(s.X) / spots, float64(s.Y) / spots} }

// nextTo draws a spot at most a few from a shape's outline, or for a circle
// from a per cent of its radius in to as much out.
func nextTo(rng *rand.Rand, s *Prepared) Spot {
	if c := s.circle; c != nil {
		angle, r := rng.Float64()*2*math.Pi, c.radius/longestDegree*(1+0.01*rng.NormFloat64())
		return spotOf(Point{c.centre[0] + r*math.Cos(angle)/math.Max(0.01, math.Cos(c.centre[1]*radian)), c.centre[1] + r*math.Sin(angle)})
	}
	k, along := rng.IntN(len(s.area.points)-1), rng.Float64()
	p, q := s.area.points[k], s.area.points[k+1]
	at := spotOf(Point{p[0] + along*(q[0]-p[0]), p[1] + along*(q[1]-p[1])})
	return Spot{at.X + int32(rng.IntN(13)-6), at.Y + int32(rng.IntN(13)-6)}
}

// A disc is sure of all but a thin ring of its circle.
func TestDiscBoundsItsCircle(t *testing.T) {
	rng := seeded(t)
	within, beyond := 0, 0
	for range 20_000 {
		centre := Point{rng.Float64()*340 - 170, math.Asin(2*rng.Float64()-1) / radian}
		radius := 5 * math.Pow(10, 4.5*rng.Float64())
		s, err := Prepare(&Shape{Kind: Circle, Centre: centre, Radius: radius})
		if err != nil {
			t.Fatal(err)
		}
		d := s.circle.disc
		if d.outer == 0 {
			if radius < 10_000 && math.Abs(centre[1]) < 80 {
				t.Fatalf("no disc for %v m about %v", radius, centre)
			}
			continue
		}
		// Half the places lie within a thousandth of the radius from the edge.
		angle, r := rng.Float64()*2*math.Pi, radius/111_000*(1+math.Pow(10, -1-4*rng.Float64())*rng.NormFloat64())
		at := Point{centre[0] + r*math.Cos(angle)/math.Cos(centre[1]*radian), centre[1] + r*math.Sin(angle)}
		look := LookFrom(at, Box{Min: Point{at[0] - 1, at[1] - 1}, Max: Point{at[0] + 1, at[1] + 1}})
		inside, sure := look.shunDisc(centre[0], centre[1], &d)
		switch {
		case !sure:
			if away := math.Abs(Distance(centre, at) - radius); away > 0.01+radius*1e-3 && radius < 1000 && math.Abs(centre[1]) < 60 {
				t.Fatalf("not sure %v m from the edge of %v m about %v", away, radius, centre)
			}
		case inside != s.Contains(at):
			t.Fatalf("%v m about %v holds %v: %v, by its disc %v", radius, centre, at, !inside, inside)
		case inside:
			within++
		default:
			beyond++
		}
	}
	if within < 5000 || beyond < 5000 {
		t.Errorf("sure of %d within and %d beyond: that says little", within, beyond)
	}
}

// A box that a shape covers, or is apart from, has no point with another answer.
func TestOverHoldsForAllOfTheBox(t *testing.T) {
	rng := seeded(t)
	var said [3]int
	for range 4000 {
		s, p := someWhole(t, rng)
		b := someBox(rng, p)
		lie := s.Over(b)
		said[lie]++
		for range 20 {
			if at := inBox(rng, &b); lie != Meets && s.Contains(at) != (lie == Covers) {
				t.Fatalf("%v says %d, but inside is %v at %v; shape %+v", b, lie, s.Contains(at), at, s.box)
			}
		}
	}
	if said[Meets] < 100 || said[Apart] < 100 || said[Covers] < 100 {
		t.Errorf("meets, apart, covers: %v", said)
	}
}
