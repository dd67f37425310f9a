package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// TestTapHearsKnownDevices: frames come with what was made of them and what was
// answered, refused ones with the reason; strangers' do not come.
func TestTapHearsKnownDevices(t *testing.T) {
	b, tap := &book{}, ingest.NewRecorder()
	s := ingest.NewServer(ingest.Options{Sink: b, Registry: b, Tap: tap})
	defer func() {
		if err := s.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}()
	addr, err := s.ListenTCP(t.Context(), "127.0.0.1:0", words())
	if err != nil {
		t.Fatal(err)
	}
	known, stranger := dial(t, addr.String()), dial(t, addr.String())
	send(t, stranger, "L nobody\nP 7\n")
	expect(t, stranger, "who?\n")
	send(t, known, "L d7\nP 1500\nE broken\n")
	expect(t, known, "hi d7\nok 1500\nbad\n")
	id, err := b.Lookup("d7")
	if err != nil {
		t.Fatal(err)
	}
	_, all := tap.Listen(id.Device, 1)
	var got []string
	for _, m := range all {
		if m.Transport != "tcp" || !strings.HasPrefix(m.From, "127.0.0.1:") || m.At == 0 || m.Size != len(m.Frame) {
			t.Errorf("%+v", m)
		}
		line := fmt.Sprintf("%s -> %s %d %s", m.Frame, strings.TrimSpace(string(m.Reply)), m.Count, m.Reason)
		for _, p := range m.Reports {
			line += fmt.Sprint(" at ", int64(p.Fix), " of ", p.Device == id.Device)
		}
		got = append(got, line)
	}
	want := []string{"E broken -> bad 1 broken at 0 of true", "P 1500 -> ok 1500 1  at 1500 of true", "L d7 -> hi d7 0 "}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("heard\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestTapHearsPublications: MQTT's come with their topic.
func TestTapHearsPublications(t *testing.T) {
	b, tap := &book{}, ingest.NewRecorder()
	in := ingest.NewIntake(ingest.Options{Sink: b, Registry: b, Tap: tap}, ingest.Topic{Name: "plain", Filter: "t/+", Codec: plainCodec{}})
	id, err := b.Lookup("d7")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 2000)
	for _, payload := range []string{"1", long} {
		if err := in.Take(t.Context(), ingest.Message{Topic: "t/a", Payload: []byte(payload), Owner: &id, Via: "broker.example.com"}); err != nil {
			t.Fatal(err)
		}
	}
	_, all := tap.Listen(id.Device, 1)
	if len(all) != 2 || string(all[1].Frame) != "t/a\n1" || all[1].Transport != "mqtt" || all[1].From != "broker.example.com" || all[1].Reason != "" {
		t.Fatalf("%+v", all)
	}
	if len(all[0].Frame) != fleet.MaxRawFrame || all[0].Size != 2004 || all[0].Reason == "" {
		t.Errorf("a long one: %d of %d bytes, %q", len(all[0].Frame), all[0].Size, all[0].Reason)
	}
}

// TestRecorderIsBounded: what it keeps of one device, of all, and of whom when
// there is no room.
func TestRecorderIsBounded(t *testing.T) {
	r := ingest.NewRecorder()
	message := func(at int) *fleet.RawMessage {
		return &fleet.RawMessage{At: fleet.Time(at), Frame: make([]byte, fleet.MaxRawFrame)}
	}
	for i := range 100 {
		r.Hear(1, message(i))
	}
	since, all := r.Listen(1, 1000)
	if since != 0 || len(all) != 32 || all[0].At != 99 || all[31].At != 68 {
		t.Fatalf("since %d: %d messages", since, len(all))
	}
	const fleetSize = 20_000
	for d := fleet.DeviceID(2); d < fleetSize; d++ {
		if r.Wants(d) {
			for i := range 32 {
				r.Hear(d, message(i))
			}
		}
	}
	kept, bytes := 0, 0
	for d := fleet.DeviceID(1); d < fleetSize; d++ {
		if !r.Wants(d) {
			continue
		}
		kept++
	}
	if kept < 100 || kept > 4096 {
		t.Errorf("%d of %d devices are recorded", kept, fleetSize)
	}
	if r.Wants(fleetSize) {
		t.Error("there is room for ever more")
	}
	if since, all := r.Listen(fleetSize, 2000); since != 2000 || len(all) != 0 || !r.Wants(fleetSize) {
		t.Errorf("somebody asked, and: since %d, %d messages, wanted %v", since, len(all), r.Wants(fleetSize))
	}
	for i := range 32 {
		r.Hear(fleetSize, message(3000+i))
	}
	if _, all := r.Listen(fleetSize, 4000); len(all) != 32 {
		t.Errorf("%d messages of a device that was asked for", len(all))
	}
	if _, all := r.Listen(1, 4000); len(all) != 32 {
		t.Errorf("the first one that was asked for has %d left", len(all))
	}
	for d := fleet.DeviceID(1); d <= fleetSize; d++ {
		if r.Wants(d) {
			_, all := r.Listen(d, 5000)
			for i := range all {
				bytes += all[i].Bytes()
			}
		}
	}
	if bytes > 16<<20 {
		t.Errorf("%d bytes are kept", bytes)
	}
	r.Forget(1)
	if since, all := r.Listen(1, 6000); since != 6000 || len(all) != 0 {
		t.Errorf("forgotten, and: since %d, %d messages", since, len(all))
	}
}
