package track_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

var update = flag.Bool("update", false, "write golden files anew")

// full is a state with something in every field.
func full(t testing.TB) *track.State {
	left := fenceAt(50, 8.9995, 10)
	left.Preset, left.Judge = fleet.Balanced, 3
	w := worldOf(t, left, fenceAt(100, 10, 10), fenceAt(1<<60, 10, 10))
	w.Filter.Motion = true
	s := newState()
	r := at(1, 10, 10)
	r.SetSpeed(51.5)
	r.SetCourse(270)
	r.SetAltitude(-12)
	r.SetAccuracy(4)
	r.SetHDOP(0.8)
	r.SetOdometer(123_456_789.5)
	r.Protocol = fleet.GT06
	silent := sos(at(2, 10, 10))
	silent.SetValid(false)
	// It has left the first fence, and one more fix would tell.
	run(s, w, at(0, 9.9994, 10), r, silent, at(3, 60, -60), at(-5, 10, 10))
	if _, dirty := s.Dirty(); !dirty {
		t.Fatal("a late report did not make it dirty")
	}
	if !s.Waiting() || len(s.Inside()) != 3 {
		t.Fatalf("waiting %v, inside %v", s.Waiting(), s.Inside())
	}
	return s
}

func TestStateGolden(t *testing.T) {
	b, err := full(t).AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "state-3.golden.hex")
	if *update {
		if err := os.WriteFile(file, []byte(hex.EncodeToString(b)+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, want) {
		t.Errorf("the encoding is\n%x, want\n%x\nA change needs a new schema number.", b, want)
	}
	s, rest, err := track.DecodeState(want)
	if again, _ := s.AppendBinary(nil); err != nil || len(rest) != 0 || !bytes.Equal(again, want) {
		t.Errorf("decoded to %+v, %d bytes left, %v", s, len(rest), err)
	}
}

// States of the version before are read: they know no versions of the fences
// that hold them and no runs, and settle before anything else.
func TestStateOfSchema1(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "state-1.golden.hex"))
	if err != nil {
		t.Fatal(err)
	}
	old, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	s, rest, err := track.DecodeState(old)
	if err != nil || len(rest) != 0 {
		t.Fatalf("%d bytes left, %v", len(rest), err)
	}
	p, ok := s.Position()
	if !ok || p.Place.LonDegrees() != 10 || p.Odometer != 123_456_789.5 || !slices.Equal(s.Inside(), []fleet.FenceID{100, 1 << 60}) {
		t.Fatalf("it is at %+v in %v", p, s.Inside())
	}
	w := worldOf(t, fenceAt(100, 10, 10), fenceAt(1<<60, 10, 10))
	wantKinds(t, run(&s, w, at(10, 10, 10)))
	wantKinds(t, run(&s, w, at(100_000, 14, 10)), fleet.Exit, fleet.Exit)
}

// States of schema 2 have no sections: nothing is in doubt, and what was
// evaluated is what their fixes say.
func TestStateOfSchema2(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "state-2.golden.hex"))
	if err != nil {
		t.Fatal(err)
	}
	old, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	s, rest, err := track.DecodeState(old)
	if err != nil || len(rest) != 0 {
		t.Fatalf("%d bytes left, %v", len(rest), err)
	}
	if at, dirty := s.Dirty(); dirty || !s.Waiting() || len(s.Inside()) != 3 {
		t.Errorf("dirty since %v, %v; waiting %v, inside %v", at, dirty, s.Waiting(), s.Inside())
	}
	if head, ok := s.Head(); !ok || head != start+fleet.Second || s.Upto() != start+3*fleet.Second {
		t.Errorf("head %v, evaluated up to %v", head, s.Upto())
	}
}

// A section that is not known says that a newer version wrote the state.
func TestStateWithASectionOfANewerVersion(t *testing.T) {
	b, _ := newState().AppendBinary(nil)
	b = append(b, 200, 1, 7)
	b[0] += 3
	if _, _, err := track.DecodeState(b); !errors.Is(err, track.ErrState) || !strings.Contains(err.Error(), "section 200 of a newer version") {
		t.Errorf("error %v", err)
	}
}

func TestStatesFollowEachOther(t *testing.T) {
	var b []byte
	states := []*track.State{newState(), full(t), {Device: 7}}
	for _, s := range states {
		b, _ = s.AppendBinary(b)
	}
	for _, want := range states {
		got, rest, err := track.DecodeState(b)
		again, _ := got.AppendBinary(nil)
		if plain, _ := want.AppendBinary(nil); err != nil || !bytes.Equal(again, plain) {
			t.Fatalf("%+v, %v, want %+v", got, err, want)
		}
		here, _ := got.Position()
		if there, _ := want.Position(); !reflect.DeepEqual(here, there) || !slices.Equal(got.Inside(), want.Inside()) {
			t.Fatalf("it is at %+v in %v, want %+v in %v", here, got.Inside(), there, want.Inside())
		}
		b = rest
	}
	if len(b) != 0 {
		t.Errorf("%d bytes are left", len(b))
	}
}

func TestDecodeStateRefusesDamage(t *testing.T) {
	b, _ := full(t).AppendBinary(nil)
	for n := range len(b) {
		if _, _, err := track.DecodeState(b[:n]); !errors.Is(err, track.ErrState) {
			t.Fatalf("cut to %d bytes: error %v", n, err)
		}
	}
	b, _ = newState().AppendBinary(nil)
	b[1] = 99 // behind the length
	if _, _, err := track.DecodeState(b); err == nil || !strings.Contains(err.Error(), "schema 99") {
		t.Errorf("another schema: error %v", err)
	}
}

func TestStateIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(track.State{}); size > 168 {
		t.Errorf("a state takes %d bytes before its lists, want at most 168", size)
	}
	s := newState()
	run(s, worldOf(t, fenceAt(100, 10, 10)), at(0, 10, 10))
	if b, _ := s.AppendBinary(nil); len(b) > 100 {
		t.Errorf("a plain state takes %d bytes in a snapshot, want at most 100", len(b))
	}
}

// Whatever the bytes: no panic, and what is read writes itself as it was.
func FuzzDecodeState(f *testing.F) {
	for _, s := range []*track.State{newState(), full(f)} {
		b, _ := s.AppendBinary(nil)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, rest, err := track.DecodeState(b)
		if err != nil {
			return
		}
		again, _ := s.AppendBinary(nil)
		t2, rest2, err := track.DecodeState(append(again, rest...))
		if err != nil || !bytes.Equal(rest, rest2) {
			t.Fatalf("its own encoding is refused: %v", err)
		}
		third, _ := t2.AppendBinary(nil)
		if !bytes.Equal(again, third) {
			t.Fatalf("%x became %x", again, third)
		}
		w := worldOf(t, fenceAt(100, 10, 10))
		w.Filter.Motion = true
		run(&s, w, at(0, 10, 10), sos(at(1, 10, 10)), at(2, 20, 10))
	})
}
