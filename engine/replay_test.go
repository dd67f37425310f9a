package engine_test

import (
	"math/rand/v2"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// script is a run of reports and edits in a fixed order. An edit is always
// between the same two seconds, so that runs can be compared.
type script struct {
	reports [][]fleet.Report // by second
	edits   map[int]fleet.ChangeSet
}

// newScript lets devices circle for some seconds, while fences are drawn,
// moved and removed and a device changes hands.
func newScript(rng *rand.Rand, devices, seconds int) script {
	s := script{edits: map[int]fleet.ChangeSet{}}
	for at := range seconds {
		s.reports = append(s.reports, drive(rng, devices, at, at+1))
	}
	first := fenceAt(0, 0, 0)
	s.edits[0] = fleet.ChangeSet{Since: true, Fences: []fleet.Fence{first}}
	s.edits[seconds/4] = fleet.ChangeSet{Fences: []fleet.Fence{fenceAt(1, 0.024, 0)}}
	moved := fenceAt(0, 0.012, 0.012)
	moved.Version = 1
	s.edits[seconds/2] = fleet.ChangeSet{Fences: []fleet.Fence{moved}}
	s.edits[3*seconds/4] = fleet.ChangeSet{RemovedFences: []fleet.FenceID{fenceAt(1, 0, 0).ID}}
	return s
}

// play sends the seconds from..to, in batches of any size, each with its tick.
func (s script) play(t testing.TB, r *rig, b *beats, rng *rand.Rand, from, to int) {
	t.Helper()
	for at := from; at < to; at++ {
		b.to(began + fleet.Time(at)*fleet.Second)
		if set, ok := s.edits[at]; ok {
			r.apply(t, set)
		}
		for rest := s.reports[at]; len(rest) > 0; {
			n := 1 + rng.IntN(len(rest))
			r.accept(t, copyOf(rest[:n])...)
			rest = rest[n:]
		}
		b.tick(t, r)
	}
}

// copyOf copies reports, for Accept writes into what it gets.
func copyOf(reports []fleet.Report) []fleet.Report { return append([]fleet.Report(nil), reports...) }

// TestRestartsChangeNothing: an engine that is cut off at random moments, its
// directory taken as it lies on the disk, records exactly the events of one
// that ran through.
func TestRestartsChangeNothing(t *testing.T) {
	const devices, seconds = 20, 120
	rng := random(t)
	s := newScript(rng, devices, seconds)

	b := newBeats(began)
	whole := start(t, t.TempDir(), b.options)
	whole.apply(t, fleetOf(devices))
	s.play(t, whole, b, rng, 0, seconds)
	whole.stop(t)
	want := whole.recorded(t)
	if len(want) == 0 {
		t.Fatal("the script leads to no events")
	}

	dir := t.TempDir()
	b.to(began)
	r := start(t, dir, b.options)
	r.apply(t, fleetOf(devices))
	for at := 0; at < seconds; {
		to := min(seconds, at+1+rng.IntN(30))
		s.play(t, r, b, rng, at, to)
		at = to
		if rng.IntN(3) > 0 { // cut off: what lies there is all there is
			cut := r.crashed(t)
			r.stop(t)
			dir = cut
		} else {
			r.stop(t)
		}
		r = start(t, dir, b.options)
	}
	r.stop(t)
	if got := r.recorded(t); got != want {
		t.Errorf("events differ from the uninterrupted run\n got %d bytes\n%s\nwant %d bytes\n%s", len(got), got, len(want), want)
	}
}
