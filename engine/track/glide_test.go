package track

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// A state that glides comes to what one comes to that never does, because it
// has no safe rectangle: after each report, with the same events on the way.
func TestGlideIsNoOtherWay(t *testing.T) {
	seed := rand.Uint64()
	if v, err := strconv.ParseUint(os.Getenv("VIGIA_SEED"), 10, 64); err == nil {
		seed = v
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	glides, steps := 0, 0
	for range 60 {
		worlds := []*World{glideWorld(t, rng, 1), glideWorld(t, rng, 2)}
		worlds[1].Since = clockDay + fleet.Time(rng.IntN(2000))*fleet.Second
		w := worlds[0]
		quick, slow := State{Device: 1}, State{Device: 1}
		d := glider{rng: rng, r: fleet.Report{Device: 1, Fix: clockDay, Has: fleet.FixValid}}
		for k := range 300 {
			if k == 150 {
				w = worlds[rng.IntN(2)]
			}
			in := Input{Seq: fleet.Seq(k + 1), Report: d.next()}
			if rng.IntN(40) == 0 {
				in.Report, in.Tick = nil, fleet.Tick{At: d.r.Fix + fleet.Time(rng.IntN(100))*fleet.Second}
			} else if c := quick.Clone(); alone(in.Report, w.Filter.Motion) == 0 && c.glide(in.Report, content(in.Report), w) {
				glides++
			}
			slow.safe = fence.Safe{}
			got, want := Step(&quick, in, w), Step(&slow, in, w)
			steps++
			if fmt.Sprint(got) != fmt.Sprint(want) { // NaN equals nothing
				t.Fatalf("VIGIA_SEED=%d: report %d: events %+v, want %+v", seed, k, got, want)
			}
			a, err1 := quick.AppendBinary(nil)
			b, err2 := slow.AppendBinary(nil)
			o1, g1 := quick.Outcome()
			o2, g2 := slow.Outcome()
			if err1 != nil || err2 != nil || !bytes.Equal(a, b) || o1 != o2 || g1 != g2 || quick.frozen != slow.frozen {
				t.Fatalf("VIGIA_SEED=%d: after report %d (%+v) the state is\n%x %v %v, want\n%x %v %v", seed, k, in.Report, a, o1, g1, b, o2, g2)
			}
		}
	}
	if glides < steps/10 || glides > steps*9/10 {
		t.Errorf("%d of %d reports glide: that says little", glides, steps)
	}
}

// glideWorld has some fences around (10, 10), instant and confirmed, all in one
// version.
func glideWorld(t *testing.T, rng *rand.Rand, judge uint32) *World {
	var fences []fleet.Fence
	for k := range 30 {
		fences = append(fences, fleet.Fence{
			ID: fleet.FenceID(k + 1), Judge: judge, Owner: 5, Inside: true, Outside: true, Targets: fleet.Targets{All: true},
			Preset: [...]fleet.Preset{fleet.Instant, fleet.Balanced}[rng.IntN(2)],
			Shape: geo.Shape{
				Kind: geo.Circle, Radius: 30 + 200*rng.Float64(),
				Centre: geo.Point{10 + 0.01*rng.NormFloat64(), 10 + 0.01*rng.NormFloat64()},
			},
		})
	}
	set, err := fence.Compile(fences)
	if err != nil {
		t.Fatal(err)
	}
	w := &World{Company: 4, Owners: []Owner{{ID: 5, Fences: set}}, Filter: Filter{Motion: rng.IntN(8) > 0}}
	if rng.IntN(4) == 0 {
		w.Profile = Profile{OfflineAfter: fleet.Hour}
	}
	if rng.IntN(6) == 0 {
		w.Profile.SpeedLimit = 60
	}
	w.Seal()
	return w
}

// glider is a drive about (10, 10) with everything that keeps a fix from
// gliding now and then.
type glider struct {
	rng     *rand.Rand
	r       fleet.Report
	x, y, a float64
}

func (g *glider) next() *fleet.Report {
	rng := g.rng
	g.a += 0.3 * rng.NormFloat64()
	if math.Hypot(g.x, g.y) > 0.02 {
		g.a = math.Atan2(-g.y, -g.x)
	}
	g.x, g.y = g.x+0.0007*math.Cos(g.a), g.y+0.0007*math.Sin(g.a)
	last := g.r.Fix
	g.r.Fix += fleet.Time(1+rng.IntN(10)) * fleet.Second
	r := g.r
	r.SetPlace(10+g.y, 10+g.x)
	r.SetSpeed(20 + 60*rng.Float64())
	switch rng.IntN(40) {
	case 0:
		r.Fix = last // twice
	case 1:
		r.Fix = last - fleet.Time(rng.IntN(60))*fleet.Second
	case 2:
		r.SetPlace(10+g.y+2*rng.Float64(), 10) // a teleport
	case 3:
		g.r.Fix += 20 * fleet.Minute
	case 4:
		r.Alarms = fleet.SOS
	case 5:
		r.SetSpeed(0)
	case 6:
		r.Has &^= fleet.FixValid
	case 7, 8, 9: // hangs
		g.x, g.y = g.x-0.0007*math.Cos(g.a), g.y-0.0007*math.Sin(g.a)
		r.SetPlace(10+g.y, 10+g.x)
	}
	r.Received = r.Fix + fleet.Time(rng.IntN(3000))
	Normalise(&r, 0)
	return &r
}
