package engine

import (
	"bytes"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// crowd is a shard with devices that have each been seen once.
func crowd(devices int) *shard {
	s := &shard{e: &Engine{o: Options{Shards: 1}}, index: map[fleet.DeviceID]uint32{}}
	w := &track.World{Company: 1, Owners: []track.Owner{{ID: 2}}}
	for n := range devices {
		id := fleet.DeviceID(n + 1)
		s.place(placedDevice{id: id, company: 1, owner: 2})
		r := fleet.Report{Device: id, Fix: fleet.Time(n + 1), Received: fleet.Time(n + 1), Has: fleet.HasPlace | fleet.FixValid}
		r.SetPlace(10, 10)
		track.Step(&s.slot(s.index[id]).state, track.Input{Seq: 1, Report: &r}, w)
	}
	return s
}

func TestSnapshotRestores(t *testing.T) {
	s := crowd(3000)
	s.remove(7)
	parts, count, err := s.encode()
	if err != nil || count != 2999 {
		t.Fatalf("%d states, %v", count, err)
	}
	e := &Engine{o: Options{Shards: 1}}
	fresh := &shard{e: e, index: map[fleet.DeviceID]uint32{}}
	for n := range 3000 {
		fresh.place(placedDevice{id: fleet.DeviceID(n + 1)})
	}
	e.shards = []*shard{fresh}
	if err := e.restore(header{count: count}, parts); err != nil {
		t.Fatal(err)
	}
	fresh.remove(7)
	again, _, err := fresh.encode()
	if err != nil || !bytes.Equal(bytes.Join(again, nil), bytes.Join(parts, nil)) {
		t.Errorf("the states differ after a restore (%v)", err)
	}
	if err := e.restore(header{count: count + 1}, parts); err == nil {
		t.Error("a missing state was not noticed")
	}
	if err := e.restore(header{count: count}, [][]byte{parts[0][:len(parts[0])-1]}); err == nil {
		t.Error("a cut part was not noticed")
	}
}

func TestHeader(t *testing.T) {
	h := header{change: 1 << 40, count: 1 << 33}
	if got, err := decodeHeader(h.encode()); err != nil || got != h {
		t.Errorf("got %+v, %v, want %+v", got, err, h)
	}
	for _, bad := range [][]byte{nil, {1}, h.encode()[:16], append(h.encode(), 0), append([]byte{9}, h.encode()[1:]...)} {
		if _, err := decodeHeader(bad); err == nil || !strings.Contains(err.Error(), "version of vigia") {
			t.Errorf("%x: %v", bad, err)
		}
	}
}

func TestLagTellsTheOldestMark(t *testing.T) {
	var l lag
	for n := range 10_000 { // more than the ring holds
		l.durable(fleet.Seq(n+1), 0, fleet.Time(1000+n))
	}
	for _, c := range []struct {
		complete fleet.Seq
		want     fleet.Time
	}{{0, 10_000}, {100, 9_900}, {4095, 5905}, {10_000, 0}} {
		if got := l.behind(c.complete, 11_000); got != c.want {
			t.Errorf("complete to %d: %d ms behind, want %d", c.complete, got, c.want)
		}
	}
}

// BenchmarkSnapshot is how long a shard stands still for a snapshot.
//
//	go test ./engine -run '^$' -bench Snapshot
func BenchmarkSnapshot(b *testing.B) {
	const devices = 100_000
	s := crowd(devices)
	size := 0
	for b.Loop() {
		parts, _, err := s.encode()
		if err != nil {
			b.Fatal(err)
		}
		size = 0
		for _, p := range parts {
			size += len(p)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/devices, "ns/device")
	b.ReportMetric(float64(size)/devices, "B/device")
}
