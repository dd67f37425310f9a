package h02_test

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/h02"
)

var fix = h02.Fix{
	Time: 1_700_000_000_000, Place: fleet.Place{Lat: -33_4488833, Lon: 151_2092000},
	Knots: 30, Course: 211, Valid: true, Ignition: true, Alarms: fleet.SOS,
}

func decode(t testing.TB, stream []byte) (s *ingest.Session, replies []string, errs []error) {
	t.Helper()
	c := h02.New()
	s = &ingest.Session{Transport: ingest.TCP, Now: fix.Time + 5000}
	sc := bufio.NewScanner(bytes.NewReader(stream))
	sc.Split(c.Split)
	for sc.Scan() {
		reply, err := c.Decode(s, sc.Bytes())
		if err != nil {
			errs = append(errs, err)
		}
		if reply != nil {
			replies = append(replies, string(reply))
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	return s, replies, errs
}

func TestEncodedFixDecodes(t *testing.T) {
	b := h02.AppendV1(nil, "4106012736", fix)
	b = h02.AppendBinary(append(b, "\r\n"...), "4106012736", fix)
	b = append(b, bytes.Repeat([]byte{0}, 13)...) // the long form's end
	b = h02.AppendHeartbeat(b, "4106012736")
	s, replies, errs := decode(t, b)
	if len(errs) > 0 || len(s.Reports) != 3 || s.UniqueID != "4106012736" {
		t.Fatalf("session %+v, errors %v", s, errs)
	}
	for _, r := range s.Reports[:2] {
		if r.Fix != fix.Time || r.Place != fix.Place || r.Course != 211 || r.Speed != float32(30*h02.KnotsToKMH) ||
			!r.Is(fleet.FixValid|fleet.IgnitionOn) || r.Alarms != fleet.SOS {
			t.Errorf("position came back as %+v", r)
		}
	}
	want := []string{"*HQ,4106012736,V4,V1,20231114221325#", "*HQ,4106012736,HTBT#"}
	if len(replies) != 2 || replies[0] != want[0] || replies[1] != want[1] {
		t.Errorf("replies %q, want %q", replies, want)
	}
}

func TestJunkAndBrokenMessagesAreSkipped(t *testing.T) {
	b := append([]byte("*HQ,41060127"), h02.AppendV1(nil, "4106012736", fix)...)
	b = append(b, "$$$*Q#garbage#"...)
	b = h02.AppendBinary(b, "4106012736", fix)
	s, _, _ := decode(t, b)
	if len(s.Reports) != 2 {
		t.Errorf("%d reports, want 2: %+v", len(s.Reports), s.Reports)
	}
}
