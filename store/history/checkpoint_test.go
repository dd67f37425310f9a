package history_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
)

func (w *world) checkpoints(device fleet.DeviceID, upto fleet.Time) (out []fleet.Checkpoint) {
	w.t.Helper()
	err := w.h.Checkpoints(w.t.Context(), device, upto, func(c fleet.Checkpoint) bool {
		c.State = bytes.Clone(c.State)
		out = append(out, c)
		return true
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *world) save(points ...fleet.Checkpoint) {
	w.t.Helper()
	if err := w.h.SaveCheckpoints(w.t.Context(), points); err != nil {
		w.t.Fatal(err)
	}
}

func checkpoint(r *rand.Rand, device fleet.DeviceID, day fleet.Time) fleet.Checkpoint {
	c := fleet.Checkpoint{Device: device, Day: day, Upto: day - fleet.Time(r.IntN(100_000)), State: make([]byte, 1+r.IntN(300))}
	for i := range c.State {
		c.State[i] = byte(r.Uint32())
	}
	return c
}

// TestCheckpointsAgainstAMap saves batches in any order, between sorting,
// sweeping, erasing and opening anew.
func TestCheckpointsAgainstAMap(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	today := noon.UTCDay()
	type of struct {
		device fleet.DeviceID
		day    fleet.Time
	}
	want := map[of]fleet.Checkpoint{}
	for i := range 60 {
		var batch []fleet.Checkpoint
		for range r.IntN(20) {
			c := checkpoint(r, fleet.DeviceID(1+r.IntN(5)), today+fleet.Time(r.IntN(50)-45)*fleet.Day)
			batch = append(batch, c)
		}
		w.save(batch...)
		for _, c := range batch {
			want[of{c.Device, c.Day}] = c
		}
		switch r.IntN(8) {
		case 0:
			w.append(ride(r, i), ride(r, i))
			w.sort()
		case 1:
			w.close()
			w.open()
		case 2:
			cut := today + fleet.Time(r.IntN(20)-50)*fleet.Day
			if _, err := w.h.Sweep(t.Context(), cut+fleet.Hour); err != nil {
				t.Fatal(err)
			}
			for k := range want {
				if k.day < cut {
					delete(want, k)
				}
			}
		}
		device, upto := fleet.DeviceID(1+r.IntN(6)), today+fleet.Time(r.IntN(60)-50)*fleet.Day+fleet.Hour
		var expect []fleet.Checkpoint
		for day := upto.UTCDay(); day >= upto.UTCDay()-30*fleet.Day; day -= fleet.Day {
			if c, ok := want[of{device, day}]; ok {
				expect = append(expect, c)
			}
		}
		if got := w.checkpoints(device, upto); !reflect.DeepEqual(got, expect) {
			t.Fatalf("device %d up to %s:\n%v, want\n%v", device, upto, got, expect)
		}
	}
	if s := w.checkFiles(); s.Checkpoints != len(want) {
		t.Errorf("check saw %d checkpoints, want %d", s.Checkpoints, len(want))
	}
}

func TestCheckpointsStopWhenTold(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	day := noon.UTCDay()
	w.save(checkpoint(r, 1, day), checkpoint(r, 1, day-fleet.Day), checkpoint(r, 1, day-2*fleet.Day))
	var seen []fleet.Time
	err := w.h.Checkpoints(t.Context(), 1, noon, func(c fleet.Checkpoint) bool {
		seen = append(seen, c.Day)
		return len(seen) < 2
	})
	if err != nil || !reflect.DeepEqual(seen, []fleet.Time{day, day - fleet.Day}) {
		t.Errorf("saw %v, %v", seen, err)
	}
}

func TestBadCheckpointsAreRefused(t *testing.T) {
	w := newWorld(t)
	day := noon.UTCDay()
	for _, c := range []fleet.Checkpoint{
		{Device: 1, Day: noon, State: []byte{1}}, {Device: 1, Day: day}, {Device: 1, Day: day, State: make([]byte, 2<<20)},
	} {
		if err := w.h.SaveCheckpoints(t.Context(), []fleet.Checkpoint{{Device: 2, Day: day, State: []byte{1}}, c}); err == nil {
			t.Errorf("took %d bytes for %s", len(c.State), c.Day)
		}
	}
	if got := w.checkpoints(2, noon); len(got) > 0 {
		t.Errorf("a part of a refused batch is there: %v", got)
	}
}

// TestEraseTakesCheckpoints: they go with the fixes, also from days where the
// device has none, and one that comes late is not kept.
func TestEraseTakesCheckpoints(t *testing.T) {
	r := random(t)
	w := fillWorld(t, true)
	secret := checkpoint(r, 2, noon.UTCDay()+10*fleet.Day)
	secret.State = []byte("where the device was, of all things")
	kept := []fleet.Checkpoint{checkpoint(r, 3, secret.Day), checkpoint(r, 3, noon.UTCDay())}
	w.save(append(kept, secret, checkpoint(r, 2, noon.UTCDay()))...)
	if err := w.h.Erase(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	w.save(secret)
	if got := w.checkpoints(2, secret.Day); len(got) > 0 {
		t.Errorf("left after erasing: %v", got)
	}
	if got := w.checkpoints(3, secret.Day); !reflect.DeepEqual(got, kept) {
		t.Errorf("the other device has %v, want %v", got, kept)
	}
	w.checkFiles()
	for _, path := range w.dayFiles() {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(whole, secret.State) {
			t.Errorf("%s still has the bytes of an erased device", path)
		}
	}
}

// TestBackupHasCheckpoints opens a copy.
func TestBackupHasCheckpoints(t *testing.T) {
	r := random(t)
	w := fillWorld(t, true)
	want := checkpoint(r, 4, noon.UTCDay())
	w.save(want)
	dir := t.TempDir()
	if err := w.h.Backup(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	s, err := history.Check(dir, func(d *history.DamageError) { t.Error(d) })
	if err != nil || s.Checkpoints != 1 {
		t.Errorf("the copy has %d checkpoints, %v", s.Checkpoints, err)
	}
}

// TestDamagedCheckpointIsNeverServed: an older one takes its place, and check
// names it.
func TestDamagedCheckpointIsNeverServed(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	day := noon.UTCDay()
	old, harmed := checkpoint(r, 7, day-fleet.Day), checkpoint(r, 7, day)
	w.save(old, harmed)
	w.close()
	path := filepath.Join(w.dir, "tracks-20260529.db")
	db, err := bbolt.Open(path, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("checkpoints"))
		k, v := b.Cursor().First()
		v = bytes.Clone(v)
		v[1+r.IntN(len(v)-1)] ^= 1 << r.IntN(8)
		return b.Put(k, v)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	found := 0
	if _, err := history.Check(w.dir, func(*history.DamageError) { found++ }); err != nil || found != 1 {
		t.Errorf("check found %d damages, %v", found, err)
	}
	w.open()
	if got := w.checkpoints(7, noon); !reflect.DeepEqual(got, []fleet.Checkpoint{old}) {
		t.Errorf("served %v, want the older one alone", got)
	}
}

// TestGoldenCheckpoint: the bytes are what they were.
func TestGoldenCheckpoint(t *testing.T) {
	const want = "02226e4c850000019e7107d7ff7374617465"
	c := fleet.Checkpoint{Device: 5, Day: noon.UTCDay(), Upto: noon.UTCDay() - 1, State: []byte("state")}
	v := history.SealCheckpoint(&c)
	if got := hex.EncodeToString(v); got != want {
		t.Errorf("the bytes are %s, were %s", got, want)
	}
	if upto, state, why := history.OpenCheckpoint(5, v); why != "" || upto != c.Upto || !bytes.Equal(state, c.State) {
		t.Errorf("read %d, %q, %s", upto, state, why)
	}
}

func FuzzOpenCheckpoint(f *testing.F) {
	f.Add(uint64(5), history.SealCheckpoint(&fleet.Checkpoint{Device: 5, Upto: 7, State: []byte("state")}))
	f.Add(uint64(5), []byte{2, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, device uint64, v []byte) {
		d := fleet.DeviceID(device)
		upto, state, why := history.OpenCheckpoint(d, v)
		if why != "" {
			return
		}
		again := history.SealCheckpoint(&fleet.Checkpoint{Device: d, Upto: upto, State: state})
		if again[0] = v[0]; !bytes.Equal(again, v) { // an older schema has the same form
			t.Errorf("%x was read, its like is %x", v, again)
		}
	})
}
