package journal_test

import (
	"errors"
	"math"
	"slices"
	"syscall"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// TestEveryFault lets the N-th operation on files fail, for every N, once and
// for good, and reopens: whatever Append returned for must be there, and no
// descriptor may be synced after its sync failed.
func TestEveryFault(t *testing.T) {
	r := random(t)
	groups := make([][]fleet.Entry, 12)
	for i := range groups {
		groups[i] = randomGroup(r, 3)
	}
	for _, fault := range []journal.Faults{
		{Err: syscall.EIO}, {Err: syscall.EIO, Short: true}, {Err: syscall.ENOSPC, Short: true},
		{Err: syscall.EIO, Stick: true}, {Err: syscall.ENOSPC, Stick: true, Short: true},
	} {
		for fault.At = 1; ; fault.At++ {
			f := fault
			dir := memoryDir(t)
			o := journal.Options{Dir: dir, SegmentBytes: 1000, SegmentAge: math.MaxInt64, MinFree: -1}
			o.SetFaults(&f)
			var acked []fleet.Entry
			j, err := journal.Open(o)
			if err == nil {
				acked = appendAll(t, j, groups)
				_ = j.Close() // it may fail as well
			}
			if f.Bad != "" {
				t.Fatalf("operation %d: %s", f.At, f.Bad)
			}
			j = open(t, journal.Options{Dir: dir, SegmentBytes: 1000, SegmentAge: math.MaxInt64})
			got := scan(t, j, 0)
			if len(got) < len(acked) || len(got) > len(acked)+3 {
				t.Fatalf("operation %d: %d entries, %d were acknowledged", f.At, len(got), len(acked))
			}
			equal(t, got[:len(acked)], acked)
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			if f.Count < f.At { // a clean run
				if f.Stick || len(acked) == 36 {
					break
				}
				t.Fatalf("without a fault %d entries were acknowledged", len(acked))
			}
		}
	}
}

// appendAll appends the groups, each again after ErrDiskFull, and trims.
func appendAll(t *testing.T, j *journal.Journal, groups [][]fleet.Entry) (acked []fleet.Entry) {
	for _, g := range groups {
		first, err := j.Append(g)
		if errors.Is(err, journal.ErrDiskFull) {
			if fleet.KindOf(err) != fleet.Unavailable {
				t.Fatalf("kind of %v", err)
			}
			first, err = j.Append(g)
		}
		if err != nil {
			if _, again := j.Append(g); again == nil && !errors.Is(err, journal.ErrDiskFull) {
				t.Fatalf("append after %v succeeded", err)
			}
			break
		}
		if first != fleet.Seq(len(acked)+1) {
			t.Fatalf("first %d, want %d", first, len(acked)+1)
		}
		acked = append(acked, g...)
	}
	return acked
}

// TestDiskFull: below MinFree nothing is taken, and taking goes on by itself.
func TestDiskFull(t *testing.T) {
	r := random(t)
	free := uint64(1 << 30)
	asked := 0
	j := open(t, journal.Options{
		Dir: t.TempDir(), SegmentBytes: 1 << 20, MinFree: 100 << 20,
		Free: func() (uint64, error) { asked++; return free, nil },
	})
	g := randomGroup(r, 3)
	for i := range g {
		g[i] = fleet.Entry{Kind: fleet.TickEntry, Tick: fleet.Tick{At: noon}}
	}
	for range 100 {
		if _, err := j.Append(g); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times in one second of ticks, want once", asked)
	}
	free = 100 << 20
	g[0].Tick.At += fleet.Second
	last := j.Last()
	for range 3 {
		if _, err := j.Append(g); !errors.Is(err, journal.ErrDiskFull) || fleet.KindOf(err) != fleet.Unavailable {
			t.Fatalf("append on a full disk: %v", err)
		}
	}
	if j.Last() != last {
		t.Errorf("last moved from %d to %d", last, j.Last())
	}
	free = 1 << 30
	if first, err := j.Append(g); err != nil || first != last+1 {
		t.Errorf("append with space again: %d, %v", first, err)
	}
}

// TestTooLarge: an entry beyond the limit is refused and harms nothing.
func TestTooLarge(t *testing.T) {
	j := open(t, journal.Options{Dir: t.TempDir()})
	big := fleet.Entry{Kind: fleet.ReportEntry}
	big.Report.Attrs = fleet.Attrs{{Key: "a", Value: fleet.Text(string(make([]byte, journal.MaxRecord)))}}
	if _, err := j.Append([]fleet.Entry{big}); !errors.Is(err, journal.ErrTooLarge) {
		t.Fatalf("append of a giant: %v", err)
	}
	big.Report.Attrs[0].Value.Text = big.Report.Attrs[0].Value.Text[:journal.MaxRecord-100]
	want := []fleet.Entry{{Kind: fleet.ChangeEntry, Change: 7}, big, {Kind: fleet.TickEntry}}
	if _, err := j.Append(want); err != nil {
		t.Fatal(err)
	}
	equal(t, scan(t, j, 0), want)
}

// TestBackup copies while a group is on its way, and the copy opens.
func TestBackup(t *testing.T) {
	r := random(t)
	j := open(t, journal.Options{Dir: t.TempDir(), SegmentBytes: 3000})
	var all []fleet.Entry
	for range 10 {
		g := randomGroup(r, 5)
		if _, err := j.Append(g); err != nil {
			t.Fatal(err)
		}
		all = append(all, g...)
	}
	release := j.Hold()
	if err := j.Trim(j.Last()); err != nil || j.First() != 1 {
		t.Fatalf("trimmed to %d although held, %v", j.First(), err)
	}
	release()
	dir := t.TempDir() + "/copy"
	if err := j.Backup(dir); err != nil {
		t.Fatal(err)
	}
	if s, err := journal.Check(dir, func(d *journal.DamageError) { t.Error(d) }); err != nil || s.Last != 50 || s.Unfinished != 0 {
		t.Errorf("check: %+v, %v", s, err)
	}
	copied := open(t, journal.Options{Dir: dir, SegmentBytes: 3000})
	equal(t, scan(t, copied, 0), all)
	g := randomGroup(r, 5)
	if first, err := copied.Append(g); err != nil || first != 51 {
		t.Fatalf("append to the copy: %d, %v", first, err)
	}
	equal(t, scan(t, copied, 0), slices.Concat(all, g))
}
