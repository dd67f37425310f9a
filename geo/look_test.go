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
// box, and leaves the same room.
func TestFoldAnswersLikeTheShape(t *testing.T) {
	rng := seeded(t)
	folded, shorter, on := 0, 0, 0
	for range 2000 {
		s, p := someWhole(t, rng)
		b := someBox(rng, p)
		line := s.Fold(b, nil)
		if len(line) == 0 {
			continue
		}
		folded++
		if s.area == nil {
			at := inBox(rng, &b)
			whole, part := LookFrom(at, b), LookFrom(at, b)
			want := whole.At(s)
			if got, sure := part.AtFold(line); sure && (got != want || part != whole) {
				t.Fatalf("%v in %v: inside is %v, by the fold %v; %+v and %+v", at, b, want, got, whole, part)
			}
			continue
		}
		if len(line) < len(s.area.points) {
			shorter++
		}
		for i := range 30 {
			at := inBox(rng, &b)
			if i < 10 { // on the outline, where it is in the box
				k := rng.IntN(len(s.area.points))
				q := s.area.points[k]
				if i < 5 && k > 0 {
					q = Point{q[0], s.area.points[k-1][1]}
				}
				if !b.Contains(q) {
					continue
				}
				at = q
				on++
			}
			whole, part := LookFrom(at, b), LookFrom(at, b)
			want := s.Contains(at)
			if got, sure := part.AtFold(line); !sure || got != want || whole.At(s) != want {
				t.Fatalf("%v in %v of %v: inside is %v, by its fold %v %v", at, b, s.area.points, want, line, got)
			}
			room, ok := part.Room()
			if _, want := whole.Room(); ok != want && len(s.area.starts) == 0 {
				t.Fatalf("%v in %v of %v: room is %v, by its fold %v", at, b, s.area.points, want, ok)
			}
			for range 5 {
				if near := inBox(rng, &room); ok && s.Contains(near) != s.Contains(at) {
					t.Fatalf("inside is %v at %v, not at %v, in the room %v", s.Contains(at), at, near, room)
				}
			}
		}
	}
	if folded < 400 || shorter < 100 || on < 300 {
		t.Errorf("%d shapes folded, %d of them shorter, %d points on outlines: that says little", folded, shorter, on)
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
