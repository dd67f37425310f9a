package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

// The pictures of docs/fences.md are drawn from what the engine makes of their
// fixes, so none can show what it does not do. To draw them anew:
//
//	go test ./cmd/vigia -run TestFencePictures -update
func TestFencePictures(t *testing.T) {
	for name, draw := range fencePictures {
		t.Run(name, func(t *testing.T) {
			got := draw(t)
			file := filepath.Join("../../docs/images", name+".svg")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not what the engine does any more: look at the change, then draw it anew with -update", file)
			}
		})
	}
}

// fencePictures draws each picture by its name.
var fencePictures = map[string]func(*testing.T) []byte{
	"fence-edge":     drawEdge,
	"fence-circle":   drawCorridor,
	"fence-baseline": drawBaseline,
	"fence-margins":  drawMargins,
	"fence-jitter":   drawJitter,
	"fence-leaving":  drawLeaving,
	"fence-pass":     drawPass,
	"fence-late":     drawLate,
}

// metres is a place so many metres east and north of 10° E on the equator.
func metres(east, north float64) geo.Point {
	return geo.Point{10 + east/111_319.49, north / 110_574.28}
}

func ringOf(corners ...float64) geo.Ring {
	var r geo.Ring
	for i := 0; i < len(corners); i += 2 {
		r = append(r, metres(corners[i], corners[i+1]))
	}
	return append(r, r[0])
}

func areaOf(rings ...geo.Ring) geo.Shape {
	return geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{rings}}
}

const storyStart = fleet.Time(1_772_352_000_000) // 2026-03-01 08:00 UTC

// story is one device and one fence.
type story struct {
	fence   fleet.Fence
	set     *fence.Set
	world   *track.World
	reports []*fleet.Report
}

func newStory(t *testing.T, s geo.Shape, p fleet.Preset) *story {
	t.Helper()
	f := fleet.Fence{
		ID: 1, Company: replayCompany, Owner: fleet.Owner(replayCompany), Name: "Yard", Shape: s,
		Inside: true, Outside: true, Preset: p, Targets: fleet.Targets{All: true}, Judge: 1,
	}
	if err := f.Validate(); err != nil {
		t.Fatal(err)
	}
	set, err := fence.Compile([]fleet.Fence{f})
	if err != nil {
		t.Fatal(err)
	}
	return &story{fence: f, set: set, world: replayWorld(set, true)}
}

// fix adds a report; a negative speed is a tracker that tells none.
func (s *story) fix(second int, east, north, kmh float64) *fleet.Report {
	p := metres(east, north)
	r := &fleet.Report{Device: 1, Fix: storyStart + fleet.Time(second)*fleet.Second, Has: fleet.FixValid}
	r.Received = r.Fix + fleet.Second
	r.SetPlace(p[1], p[0])
	r.SetSatellites(9)
	if kmh >= 0 {
		r.SetSpeed(kmh)
	}
	s.reports = append(s.reports, r)
	return r
}

// run gives the events of the reports in the order in which they were added.
func (s *story) run() (state *track.State, out []fleet.Event) {
	state = &track.State{Device: 1}
	for i, r := range s.reports {
		out = append(out, track.Step(state, track.Input{Seq: fleet.Seq(i + 1), Report: r}, s.world)...)
	}
	return state, out
}

// shape is the fence's, prepared.
func (s *story) shape(t *testing.T) *geo.Prepared {
	t.Helper()
	p, err := geo.Prepare(&s.fence.Shape)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wantEvents holds a picture to the story that its text tells.
func wantEvents(t *testing.T, events []fleet.Event, want ...string) {
	t.Helper()
	var got []string
	for _, e := range events {
		got = append(got, eventText(&e))
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("events %v, want %v", got, want)
	}
}

func eventText(e *fleet.Event) string {
	text := e.Kind.String() + " " + e.Time.Std().Format("15:04:05")
	if e.Flags&fleet.Inferred != 0 {
		text += " inferred"
	}
	return text
}

func drawEdge(t *testing.T) []byte {
	s := newStory(t, areaOf(ringOf(-80, -45, 60, -45, 80, 0, 60, 45, -80, 45), ringOf(-30, -20, -30, 20, 20, 20, 20, -20)), fleet.Instant)
	c := newCanvas("A fence with a hole: its edges, and those of the hole, are inside", -150, 150, -60, 60)
	shape := s.shape(t)
	c.zones(shape)
	c.outline(&s.fence.Shape)
	for _, at := range [][2]float64{{-60, 10}, {-80, 45}, {-80, 0}, {60, -45}, {80, 0}, {-30, 0}, {0, 20}, {-5, 0}, {100, 20}, {-110, -30}, {45, 30}} {
		text := "outside"
		if shape.Contains(metres(at[0], at[1])) {
			text = "inside"
		}
		c.dot(at[0], at[1], text, text)
	}
	return c.done()
}

func drawCorridor(t *testing.T) []byte {
	c := newCanvas("A circle, and a corridor with its own width to either side and round ends", -170, 170, -60, 60)
	circle := newStory(t, geo.Shape{Kind: geo.Circle, Centre: metres(-110, 0), Radius: 45}, fleet.Instant)
	path := newStory(t, geo.Shape{Kind: geo.Corridor, Path: geo.LineString{metres(-20, -30), metres(50, 25), metres(130, 0)}, Width: 22}, fleet.Instant)
	c.zones(circle.shape(t), path.shape(t))
	c.line(path.fence.Shape.Path, "way")
	c.text(-110, 0, "radius 45 m", "middle")
	c.text(62, 0, "width 22 m", "middle")
	return c.done()
}

func drawMargins(t *testing.T) []byte {
	s := newStory(t, areaOf(ringOf(-140, -50, -20, -50, -20, 50, -140, 50)), fleet.Balanced)
	s.fix(0, -80, 0, 0)
	state, _ := s.run()
	f := s.set.Get(1)
	drives := state.Look(f, s.fix(5, 60, 0, 50)).Need
	parked := state.Look(f, s.fix(5, 20, 0, 0)).Need
	c := newCanvas("Margins of balanced: where a fix speaks for being in, for nothing, and for leaving", -160, 160, -65, 65)
	c.bands = []float64{drives, parked}
	c.zones(s.shape(t))
	c.outline(&s.fence.Shape)
	c.text(-80, 0, "inside", "middle")
	c.text(-17, 54, fmt.Sprintf("up to %.0f m: says nothing", drives), "start")
	c.text(27, 35, fmt.Sprintf("up to %.0f m: leaves only if it moves", parked), "start")
	c.text(40, -20, "leaves, parked or not", "start")
	return c.done()
}

func drawJitter(t *testing.T) []byte {
	yard := areaOf(ringOf(-140, -50, 0, -50, 0, 50, -140, 50))
	c := newCanvas("", -100, 100, -42, 42)
	shapes := newStory(t, yard, fleet.Balanced)
	c.bands = []float64{15, 45}
	c.zones(shapes.shape(t))
	c.line(geo.LineString{metres(0, -42), metres(0, 42)}, "edge")
	counts := map[fleet.Preset]int{}
	for _, p := range []fleet.Preset{fleet.Instant, fleet.Balanced} {
		s := newStory(t, yard, p)
		rng := rand.New(rand.NewPCG(7, 1))
		x, y := 0.0, 0.0
		const keep = 0.92        // of the error from one fix to the next, 5 s later
		for i := range 12 * 60 { // an hour
			x = float64(keep*x) + float64(8*math.Sqrt(1-keep*keep)*rng.NormFloat64())
			y = float64(keep*y) + float64(8*math.Sqrt(1-keep*keep)*rng.NormFloat64())
			r := s.fix(5*i, -4+x, y, 0)
			r.SetIgnition(false)
			if p == fleet.Balanced && i%4 == 0 {
				c.dot(-4+x, y, "small", "")
			}
		}
		_, events := s.run()
		counts[p] = len(events)
	}
	if counts[fleet.Balanced] != 0 || counts[fleet.Instant] < 20 {
		t.Fatalf("events %v", counts)
	}
	c.title = fmt.Sprintf("A truck parked 4 m inside the edge for an hour: instant makes %d events, balanced %d", counts[fleet.Instant], counts[fleet.Balanced])
	return c.done()
}

func drawBaseline(t *testing.T) []byte {
	s := newStory(t, areaOf(ringOf(-90, -50, 30, -50, 30, 50, -90, 50)), fleet.Balanced)
	s.fix(0, -30, 0, 0)
	s.fix(60, -30, 1, 0)
	s.fix(120, 0, -10, 30)
	s.fix(125, 60, -20, 45)
	s.fix(130, 120, -10, 45)
	_, events := s.run()
	wantEvents(t, events, "exit 08:02:05")
	c := newCanvas("A fence drawn around a parked truck is silent, and tells once when it leaves", -150, 150, -60, 60)
	c.story(t, s, events)
	return c.done()
}

func drawLeaving(t *testing.T) []byte {
	s := newStory(t, areaOf(ringOf(-140, -50, -20, -50, -20, 50, -140, 50)), fleet.Balanced)
	s.fix(0, -110, 30, 40)
	s.fix(5, -10, 34, 40)
	s.fix(10, -55, 10, 40)
	s.fix(15, 15, 5, 40)
	s.fix(20, -12, -32, 40)
	s.fix(25, 70, -40, 40)
	_, events := s.run()
	wantEvents(t, events, "exit 08:00:15")
	c := newCanvas("Leaving: two fixes beyond the margin; the event bears the time of the first", -160, 160, -60, 60)
	c.bands = []float64{15}
	c.story(t, s, events)
	return c.done()
}

func drawPass(t *testing.T) []byte {
	s := newStory(t, areaOf(ringOf(-60, -45, 40, -45, 60, 45, -40, 45)), fleet.Balanced)
	s.fix(0, -210, 25, 50)
	s.fix(30, 210, -20, 50)
	_, events := s.run()
	wantEvents(t, events, "enter 08:00:11 inferred", "exit 08:00:18 inferred")
	c := newCanvas("A fence crossed between two fixes: an enter and an exit, inferred", -240, 240, -80, 80)
	c.story(t, s, events)
	return c.done()
}

func drawLate(t *testing.T) []byte {
	yard := areaOf(ringOf(-60, -50, 140, -50, 140, 50, -60, 50))
	live, whole := newStory(t, yard, fleet.Balanced), newStory(t, yard, fleet.Balanced)
	places := [][3]float64{{0, -140, 0}, {20, -90, 10}, {40, -30, 10}, {60, 40, 0}, {80, 90, -10}}
	for i, p := range places {
		whole.fix(int(p[0]), p[1], p[2], 20)
		if i != 2 {
			live.fix(int(p[0]), p[1], p[2], 20)
		}
	}
	_, first := live.run()
	wantEvents(t, first, "enter 08:01:00")
	rerun := track.NewRerun(track.State{Device: 1}, []track.Past{{World: whole.world}})
	for _, r := range whole.reports {
		rerun.Add(r)
	}
	head := whole.reports[len(places)-1].Fix
	change := track.Pair(first, rerun.Finish(fleet.Tick{At: head + 5*fleet.Second}).Events, head, head+5*fleet.Second)
	wantEvents(t, change.Amended, "enter 08:00:40")
	if len(change.New)+len(change.Retracted) != 0 || change.Amended[0].ID != first[0].ID {
		t.Fatalf("change %+v", change)
	}
	c := newCanvas("The third fix arrives late: the event is amended to its time, and nobody is told again", -160, 160, -60, 60)
	c.zones(whole.shape(t))
	c.outline(&yard)
	c.route(whole.reports)
	for i, p := range places {
		class := "fix"
		if i == 2 {
			class = "late"
		}
		c.dot(p[1], p[2], class, whole.reports[i].Fix.Std().Format("15:04:05"))
	}
	c.text(40, -20, "told on arrival: "+eventText(&first[0]), "middle")
	c.text(40, -34, "amended: "+eventText(&change.Amended[0]), "middle")
	return c.done()
}
