package journal_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// smallLog is a journal of three groups in one segment, as files and entries.
func smallLog(t testing.TB) (name string, data []byte, groups [][]fleet.Entry) {
	t.Helper()
	r := random(t)
	dir := t.TempDir()
	j := open(t, journal.Options{Dir: dir, SegmentBytes: 3000, SegmentAge: math.MaxInt64})
	for range 3 {
		g := randomGroup(r, 4)
		for i := range g { // attributes would make it long
			g[i].Report.Attrs = g[i].Report.Attrs[:min(1, len(g[i].Report.Attrs))]
			for k := range g[i].Report.Attrs {
				g[i].Report.Attrs[k].Value = fleet.Text("warm")
			}
			if len(g[i].Report.Attrs) == 0 {
				g[i].Report.Attrs = nil
			}
		}
		if _, err := j.Append(g); err != nil {
			t.Fatal(err)
		}
		groups = append(groups, g)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	name = j.Segments()[0].Path
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Base(name), data, groups
}

// verdict opens a folder and says what came of it: how many entries were
// served, or that it was refused with a DamageError.
func verdict(t testing.TB, dir string, want []fleet.Entry) (served int, refused *journal.DamageError) {
	t.Helper()
	j, err := journal.Open(journal.Options{Dir: dir, SegmentBytes: 3000, MinFree: -1})
	if err != nil {
		d, ok := errors.AsType[*journal.DamageError](err)
		if !ok {
			t.Fatalf("open: %v, want a DamageError", err)
		}
		return 0, d
	}
	defer j.Close()
	err = j.Scan(0, func(seq fleet.Seq, e *fleet.Entry) error {
		if served >= len(want) || !reflect.DeepEqual(*e, want[served]) {
			t.Fatalf("entry %d is wrong: %+v", seq, *e)
		}
		served++
		return nil
	})
	if err != nil {
		d, ok := errors.AsType[*journal.DamageError](err)
		if !ok {
			t.Fatalf("scan: %v, want a DamageError", err)
		}
		return served, d
	}
	if served != int(j.Last()) {
		t.Fatalf("served %d entries, last is %d", served, j.Last())
	}
	return served, nil
}

// memoryDir is a folder in memory where there is one: sweeps of thousands of
// files prove the format, not the disk.
func memoryDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "vigia-journal-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// place makes a folder with a segment of these bytes and its manifest.
func place(t testing.TB, dir, name string, data []byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o640); err != nil {
		t.Fatal(err)
	}
}

// TestTruncateAtEveryByte: a file that ends early gives whole groups or is refused.
func TestTruncateAtEveryByte(t *testing.T) {
	name, data, groups := smallLog(t)
	all := slices.Concat(groups...)
	dir := filepath.Join(memoryDir(t), "j")
	served := map[int]int{}
	used := len(bytes.TrimRight(data, "\x00"))
	for n := range min(len(data), used+journal.Sector) {
		place(t, dir, name, data[:n])
		got, refused := verdict(t, dir, all)
		switch {
		case refused != nil && n >= 48:
			t.Fatalf("cut at %d: refused, %v", n, refused)
		case refused == nil && got%4 != 0:
			t.Fatalf("cut at %d: %d entries, want whole groups", n, got)
		}
		served[got]++
	}
	if served[12] == 0 || served[8] == 0 || served[4] == 0 || served[0] == 0 {
		t.Errorf("served %v, want each number of groups", served)
	}
}

// TestFlipEveryBit: no single flipped bit may lose or change what was
// acknowledged in silence.
func TestFlipEveryBit(t *testing.T) {
	name, data, groups := smallLog(t)
	all := slices.Concat(groups...)
	used := len(bytes.TrimRight(data, "\x00"))
	dir := filepath.Join(memoryDir(t), "j")
	place(t, dir, name, data)
	path := filepath.Join(dir, name)
	for bit := range 8 * min(len(data), used+2*journal.Sector) {
		flipped := slices.Clone(data)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, flipped, 0o640); err != nil {
			t.Fatal(err)
		}
		got, refused := verdict(t, dir, all)
		switch {
		case bit/8 < used && refused == nil:
			t.Fatalf("bit %d of byte %d: not noticed, %d entries served", bit%8, bit/8, got)
		case bit/8 >= used && (refused != nil || got != len(all)):
			t.Fatalf("bit %d of byte %d behind the data: %d entries, %v", bit%8, bit/8, got, refused)
		}
	}
}

// TestTornGroup drops sectors of a last group that was never acknowledged, in
// every way for its first 7 sectors: Open must cut it and keep the rest.
func TestTornGroup(t *testing.T) {
	r := random(t)
	dir := t.TempDir()
	j := open(t, journal.Options{Dir: dir, SegmentBytes: 20_000, SegmentAge: math.MaxInt64})
	safe := randomGroup(r, 5)
	if _, err := j.Append(safe); err != nil {
		t.Fatal(err)
	}
	end := j.Segments()[0].Bytes
	if _, err := j.Append(randomGroup(r, 60)); err != nil {
		t.Fatal(err)
	}
	whole := j.Segments()[0].Bytes
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	path := j.Segments()[0].Path
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sectors := int(whole+journal.Sector-1)/journal.Sector - int(end)/journal.Sector
	dir = filepath.Join(t.TempDir(), "j")
	for mask := range 1 << min(sectors, 7) {
		torn := slices.Clone(data)
		lost := 0
		for s := range sectors {
			if s < 7 && mask>>s&1 == 0 {
				continue
			}
			if s >= 7 && r.UintN(2) == 0 {
				continue
			}
			from := max(int(end), (int(end)/journal.Sector+s)*journal.Sector)
			to := min(len(torn), (int(end)/journal.Sector+s+1)*journal.Sector)
			clear(torn[from:to])
			lost++
		}
		if lost == 0 {
			continue
		}
		place(t, dir, filepath.Base(path), torn)
		got, refused := verdict(t, dir, safe)
		if refused != nil || got != len(safe) {
			t.Fatalf("mask %b: %d entries, %v; want %d", mask, got, refused, len(safe))
		}
		// It must be usable again.
		j, err := journal.Open(journal.Options{Dir: dir, MinFree: -1, SegmentBytes: 20_000})
		if err != nil {
			t.Fatal(err)
		}
		if first, err := j.Append(safe); err != nil || first != fleet.Seq(len(safe)+1) {
			t.Fatalf("append after the cut: %d, %v", first, err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMisplacedSegments deletes, renames, doubles and swaps segment files.
func TestMisplacedSegments(t *testing.T) {
	r := random(t)
	master := t.TempDir()
	o := journal.Options{Dir: master, SegmentBytes: 2000}
	j := open(t, o)
	var all []fleet.Entry
	for len(j.Segments()) < 4 {
		g := randomGroup(r, 10)
		if _, err := j.Append(g); err != nil {
			t.Fatal(err)
		}
		all = append(all, g...)
	}
	segs := j.Segments()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	name := func(i int) string { return filepath.Base(segs[i].Path) }
	far := "00000000000000099999.seg"
	rename := func(t *testing.T, dir, from, to string) {
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	copyFile := func(t *testing.T, dir, from, to string) {
		b, err := os.ReadFile(filepath.Join(dir, from))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, to), b, 0o640)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	cases := map[string]func(t *testing.T, dir string){
		"first deleted":  func(t *testing.T, dir string) { rename(t, dir, name(0), "x") },
		"middle deleted": func(t *testing.T, dir string) { rename(t, dir, name(1), "x") },
		"newest deleted": func(t *testing.T, dir string) { rename(t, dir, name(3), "x") },
		"all deleted": func(t *testing.T, dir string) {
			for i := range 4 {
				rename(t, dir, name(i), "x")
			}
		},
		"renamed":          func(t *testing.T, dir string) { rename(t, dir, name(3), far) },
		"doubled":          func(t *testing.T, dir string) { copyFile(t, dir, name(2), far) },
		"copied over next": func(t *testing.T, dir string) { copyFile(t, dir, name(1), name(2)) },
		"swapped": func(t *testing.T, dir string) {
			rename(t, dir, name(1), "x")
			rename(t, dir, name(2), name(1))
			rename(t, dir, "x", name(2))
		},
		"odd name":       func(t *testing.T, dir string) { rename(t, dir, name(3), "1.seg") },
		"closed cut":     func(t *testing.T, dir string) { cutBy(t, filepath.Join(dir, name(1)), 1) },
		"closed grown":   func(t *testing.T, dir string) { cutBy(t, filepath.Join(dir, name(1)), -512) },
		"manifest wrong": func(t *testing.T, dir string) { cutBy(t, filepath.Join(dir, "manifest"), 1) },
	}
	for what, harm := range cases {
		t.Run(what, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "j")
			if err := os.CopyFS(dir, os.DirFS(master)); err != nil {
				t.Fatal(err)
			}
			harm(t, dir)
			served, refused := verdict(t, dir, all)
			if refused == nil {
				t.Fatalf("not noticed, %d entries served", served)
			}
			found := 0
			if _, err := journal.Check(dir, func(d *journal.DamageError) { found++ }); err != nil || found == 0 {
				t.Errorf("check found %d, %v", found, err)
			}
		})
	}
	t.Run("manifest deleted", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "j")
		if err := os.CopyFS(dir, os.DirFS(master)); err != nil {
			t.Fatal(err)
		}
		rename(t, dir, "manifest", "x")
		if served, refused := verdict(t, dir, all); refused != nil || served != len(all) {
			t.Errorf("served %d, %v", served, refused)
		}
	})
}

func cutBy(t *testing.T, path string, n int64) {
	t.Helper()
	st, err := os.Stat(path)
	if err == nil {
		err = os.Truncate(path, st.Size()-n)
	}
	if err != nil {
		t.Fatal(err)
	}
}
