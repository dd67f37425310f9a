package stream

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

func TestBoxCrossesTheAntimeridian(t *testing.T) {
	at := func(lat, lon float64) fleet.Place { p, _ := fleet.MakePlace(lat, lon); return p }
	//   170 ---- 180/-180 ---- -170
	fiji := &watch{BBox: []float64{170, -25, -170, -10}}
	for _, c := range []struct {
		lat, lon float64
		want     bool
	}{{-18, 178, true}, {-18, -178, true}, {-18, 180, true}, {-18, 0, false}, {-30, 178, false}, {-10, 170, true}} {
		if got := fiji.place(at(c.lat, c.lon)); got != c.want {
			t.Errorf("%v, %v in the box: %v", c.lat, c.lon, got)
		}
	}
}

func TestCursorsReadBack(t *testing.T) {
	for _, c := range []live.Cursor{{Boot: 1, Seq: 1}, {Boot: 1<<64 - 1, Seq: 1<<64 - 1}} {
		if got := parseCursor(cursorText(c)); got != c {
			t.Errorf("%v reads back as %v", c, got)
		}
	}
	for _, s := range []string{"", "-", "1", "g-1", "1--1", "1-1-1", "1-99999999999999999999"} {
		if got := parseCursor(s); got != (live.Cursor{}) {
			t.Errorf("%q reads as %v", s, got)
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, s := range []string{
		`{"type":"hello","watch":{"all":true},"rate":4,"cursor":"a-1"}`, `{"type":"watch","watch":{"bbox":[-180,-90,180,90]}}`,
		`{"type":"hello","watch":{"devices":["01H8MZ3V7Q2KD"]}}`, `{"watch":{"bbox":[1e999,0,0,0]}}`, `null`, `[]`, `{}`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := readRequest(b)
		if err != nil {
			return
		}
		r.Watch.device(1)
		r.Watch.place(fleet.Place{Lat: 1, Lon: 1})
		if r.Rate < 0 || r.Rate > maxRate {
			t.Errorf("rate %d passed", r.Rate)
		}
		if r.Watch != nil && (len(r.Watch.Devices) > maxDevices || r.Watch.BBox != nil && len(r.Watch.BBox) != 4) {
			t.Errorf("%s passed", b)
		}
	})
}
