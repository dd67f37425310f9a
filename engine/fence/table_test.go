package fence_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/engine/fleet"
)

// lookup is the engine's lookup by itself: a device line, the owner's set, and
// the difference to what the device was inside of.
type lookup struct {
	tally
	set   *fence.Set
	lines []line
	many  map[uint32][]uint32 // of devices inside more fences than a line lists
	now   []fence.Hit
	slow  int
	read  int64
}

// line is all that is remembered of a device: 64 bytes.
type line struct {
	safe fence.Safe
	at   fleet.Place // of the last lookup
	n    uint16
	ids  [9]uint32
}

func newLookup(set *fence.Set, devices int) *lookup {
	return &lookup{set: set, lines: make([]line, devices), many: map[uint32][]uint32{}, now: make([]fence.Hit, 0, 64)}
}

func (l *lookup) told() tally { return l.tally }

// round takes fixes in batches, as a shard does: it touches all their lines, and
// glances at all whose line does not answer, before any is judged.
func (l *lookup) round(fixes []fenceworld.Fix) {
	var glances [64]fence.Glance
	for len(fixes) > 0 {
		batch := fixes[:min(len(glances), len(fixes))]
		fixes = fixes[len(batch):]
		n := 0
		for i := range batch {
			l.read += int64(l.lines[batch[i].Device].n)
		}
		for i := range batch {
			f := &batch[i]
			if !l.lines[f.Device].safe.Holds(f.Place) {
				glances[n].Begin(l.set, f.Place, l.lines[f.Device].at)
				n++
			}
		}
		l.read += fence.Ahead(glances[:n])
		n = 0
		for i := range batch {
			f := &batch[i]
			if !l.lines[f.Device].safe.Holds(f.Place) {
				l.fix(f, &glances[n])
				n++
			}
		}
	}
}

// fix takes a fix that its device's line does not answer.
func (l *lookup) fix(f *fenceworld.Fix, ahead *fence.Glance) {
	line := &l.lines[f.Device]
	l.slow++
	if line.at == (fleet.Place{}) {
		line.at = f.Place
	}
	line.safe = fence.Everywhere()
	l.now = l.set.Locate(f.Place, line.at, ahead, l.now[:0], &line.safe)
	line.at = f.Place
	was := line.ids[:min(int(line.n), len(line.ids))]
	if int(line.n) > len(line.ids) {
		was = l.many[f.Device]
	}
	changed := len(was) != len(l.now)
	for _, now := range l.now {
		if !slices.Contains(was, uint32(now.ID)) {
			changed = true
			l.add(f.Device, uint64(now.ID), true, f.Time)
		}
	}
	if !changed {
		return
	}
	for _, id := range was {
		if !slices.ContainsFunc(l.now, func(h fence.Hit) bool { return uint32(h.ID) == id }) {
			l.add(f.Device, uint64(id), false, f.Time)
		}
	}
	line.n = uint16(len(l.now))
	if len(l.now) > len(line.ids) {
		list := make([]uint32, len(l.now))
		for i, f := range l.now {
			list[i] = uint32(f.ID)
		}
		l.many[f.Device] = list
		return
	}
	for i, f := range l.now {
		line.ids[i] = uint32(f.ID)
	}
}

// spent is the CPU time of the calling thread: what others do on the machine
// is not in it, but for what they take away from its caches.
func spent() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}

// warm is how many rounds of the devices themselves are not timed.
const warm = 24

// race hands the same rounds of fixes to several machines in turn and gives
// the median time of each, in nanoseconds a fix. The first rounds are not
// timed. All must tell the same events.
func race(b *testing.B, drive *fenceworld.Drive, rounds int, machines ...machine) []float64 {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	times := make([][]float64, len(machines))
	var fixes []fenceworld.Fix
	for round := range rounds + warm {
		fixes = drive.Round(round, fixes)
		for k := range machines {
			m := machines[(k+round)%len(machines)]
			start := spent()
			m.round(fixes)
			if took := spent() - start; round >= warm {
				n := (k + round) % len(machines)
				times[n] = append(times[n], float64(took.Nanoseconds())/float64(len(fixes)))
			}
		}
	}
	for _, m := range machines[1:] {
		if m.told() != (tally{}) && m.told() != machines[0].told() {
			b.Fatalf("machines disagree: %+v and %+v", machines[0].told(), m.told())
		}
	}
	out := make([]float64, len(machines))
	for i, t := range times {
		slices.Sort(t)
		out[i] = t[len(t)/2]
	}
	return out
}

// known is for how many rounds another fleet drives through a world first, so
// that its squares are known: a server has been there before. What a first
// look into a square takes is a row of its own.
const known = 120

func settle(set *fence.Set, others *fenceworld.Drive, devices int) {
	first := newLookup(set, devices)
	var fixes []fenceworld.Fix
	for round := range known {
		fixes = others.Round(round, fixes)
		first.round(fixes)
	}
}

func compiled(b testing.TB, fences []fleet.Fence) *fence.Set {
	set, err := fence.Compile(fences)
	if err != nil {
		b.Fatal(err)
	}
	return set
}

// BenchmarkBeside compares the lookup with the usual way, over the same fixes.
//
//	go test ./engine/fence -run '^$' -bench Beside -benchtime 1x
func BenchmarkBeside(b *testing.B) {
	for _, c := range []struct {
		name            string
		fences, perCity int
		devices         int
	}{
		{"typical", 100_000, 100, 100_000},
		{"dense", 100_000, 1000, 100_000},
		{"small", 10_000, 100, 100_000},
	} {
		b.Run(fmt.Sprintf("%s/fences=%d/devices=%d", c.name, c.fences, c.devices), func(b *testing.B) {
			w := fenceworld.New(42, c.fences/c.perCity)
			fences := w.Fences(1, c.fences)
			others := w.Drive(c.devices)
			drive := w.Drive(c.devices)
			base, ours := newBaseline(fences, c.devices), newLookup(compiled(b, fences), c.devices)
			settle(ours.set, others, c.devices)
			for b.Loop() {
				t := race(b, drive, 9, base, ours)
				b.ReportMetric(t[0], "baseline-ns/fix")
				b.ReportMetric(t[1], "ns/fix")
				b.ReportMetric(t[0]/t[1], "times")
			}
			b.ReportMetric(float64(ours.slow)/float64((9+warm)*c.devices)*100, "%slow")
			b.ReportMetric(float64(ours.events)/float64((9+warm)*c.devices), "events/fix")
			b.ReportMetric(0, "ns/op")
		})
	}
}
