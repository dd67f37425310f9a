package ingest_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// TestWhatListenGaveStays: messages that come later take the memory of those
// that they displace, not of those that somebody looks at.
func TestWhatListenGaveStays(t *testing.T) {
	r := ingest.NewRecorder()
	hear := func(from, to int) {
		for i := from; i < to; i++ {
			frame := fmt.Appendf(nil, "frame %03d", i)
			m := &fleet.RawMessage{At: fleet.Time(i), Frame: frame, Reply: frame[:5], Count: 1, Reports: []fleet.Position{{Fix: fleet.Time(i)}}}
			r.Hear(1, m)
			clear(frame) // it is ours again
			m.Reports[0].Fix = -1
		}
	}
	hear(0, 40)
	_, all := r.Listen(1, 100)
	hear(40, 100)
	_, later := r.Listen(1, 200)
	for n, got := range [][]fleet.RawMessage{all, later} {
		newest := []int{39, 99}[n]
		if len(got) != 32 {
			t.Fatalf("%d messages", len(got))
		}
		for i, m := range got {
			want := newest - i
			if m.At != fleet.Time(want) || !bytes.Equal(m.Frame, fmt.Appendf(nil, "frame %03d", want)) || string(m.Reply) != "frame" || len(m.Reports) != 1 || m.Reports[0].Fix != fleet.Time(want) {
				t.Errorf("message %d of %d: %+v", i, newest, m)
			}
		}
	}
}

// TestRecorderUnderManyHands: sessions, people and the clean-up at once; in
// the end there is as much room as at first.
func TestRecorderUnderManyHands(t *testing.T) {
	r := ingest.NewRecorder()
	var all sync.WaitGroup
	for hand := range 4 {
		all.Go(func() {
			for i := range 20_000 {
				d := fleet.DeviceID(1 + (i*7+hand)%500)
				if r.Wants(d) {
					r.Hear(d, &fleet.RawMessage{At: fleet.Time(i), Frame: make([]byte, i%fleet.MaxRawFrame)})
				}
				if i%50 == 0 {
					r.Listen(d, fleet.Time(i))
				}
				if i%70 == 0 {
					r.Forget(d)
				}
			}
		})
	}
	all.Wait()
	for d := range fleet.DeviceID(501) {
		r.Forget(d)
	}
	for d := range fleet.DeviceID(500) { // 500 devices at 20 KB: most of the room, none may be taken up by what is gone
		for i := range 16 {
			r.Hear(d+1, &fleet.RawMessage{At: fleet.Time(i), Frame: make([]byte, fleet.MaxRawFrame)})
		}
	}
	for d := range fleet.DeviceID(500) {
		if _, kept := r.Listen(d+1, 1); len(kept) != 16 {
			t.Fatalf("%d messages of device %d", len(kept), d+1)
		}
	}
}

// BenchmarkHear is what one message costs that displaces another.
func BenchmarkHear(b *testing.B) {
	r, frame := ingest.NewRecorder(), make([]byte, 36)
	b.RunParallel(func(pb *testing.PB) {
		m := &fleet.RawMessage{Frame: frame, Reply: frame[:10], Reports: make([]fleet.Position, 1)}
		for d := fleet.DeviceID(0); pb.Next(); d = (d + 1) % 1000 {
			if r.Wants(d) {
				r.Hear(d, m)
			}
		}
	})
}
