package ingest_test

import (
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// plainCodec reads a time in ms from the payload and the identity from the
// topic's second level, made for these tests.
type plainCodec struct{}

func (plainCodec) DecodeMessage(s *ingest.Session, topic string, payload []byte) error {
	s.UniqueID = strings.Split(topic, "/")[1]
	ms, err := strconv.ParseInt(string(payload), 10, 64)
	if err != nil {
		return wordError("time")
	}
	s.Add(fleet.FileReplay).Fix = fleet.Time(ms)
	return nil
}

func TestIntakeTakesBatches(t *testing.T) {
	s, b, set := start(t, ingest.Limits{})
	in := s.Intake(ingest.Topic{Name: "plain", ID: fleet.FileReplay, Filter: "vigia/+/position", Codec: plainCodec{}})
	owner := &ingest.Identity{Device: 9}
	batch := []ingest.Message{
		{Topic: "vigia/d1/position", Payload: []byte("1")},
		{Topic: "vigia/d2/position", Payload: []byte("soon")},
		{Topic: "vigia/nobody/position", Payload: []byte("3"), From: netip.MustParseAddrPort("192.0.2.1:7")},
		{Topic: "vigia/d1/photo", Payload: []byte("4")},
		{Topic: "vigia/d1/position", Payload: []byte("5"), Owner: owner, Trust: fleet.TrustCredentials},
	}
	if err := in.Take(t.Context(), batch...); err != nil {
		t.Fatal(err)
	}
	if got := b.fixes(); !slices.Equal(got, []string{"1@1", "9@5"}) {
		t.Errorf("stored %v", got)
	}
	if got := b.reports[1].Trust; got != fleet.TrustCredentials {
		t.Errorf("trust %d, want that of credentials", got)
	}
	if len(b.told()) != 1 || b.told()[0].UniqueID != "nobody" || b.told()[0].Addr != "192.0.2.1:7" {
		t.Errorf("told of %+v", b.told())
	}
	disk := errors.New("disk full")
	b.fail(disk)
	if err := in.Take(t.Context(), batch[0]); !errors.Is(err, disk) {
		t.Errorf("got %v, want the Sink's error", err)
	}
	wantCounts(t, set, "frames", map[string]string{
		`frames_total{proto="plain",result="accepted"}`:                        "2",
		`frames_total{proto="plain",result="rejected",reason="time"}`:          "1",
		`frames_total{proto="plain",result="rejected",reason="unknownDevice"}`: "1",
		`frames_total{proto="plain",result="rejected",reason="notStored"}`:     "1",
		`frames_total{proto="mqtt",result="rejected",reason="topic"}`:          "1",
	})
}

// brokenBook fails to look one identity up.
type brokenBook struct{ *book }

func (b brokenBook) Lookup(uid string) (ingest.Identity, error) {
	if uid == "d7" {
		return ingest.Identity{}, errors.New("registry away")
	}
	return b.book.Lookup(uid)
}

// TestIntakeCountsEachOfAFailedBatch: every publication ends in one counter,
// also those behind the one that failed, and every report.
func TestIntakeCountsEachOfAFailedBatch(t *testing.T) {
	set := metrics.NewSet()
	b := brokenBook{&book{}}
	in := ingest.NewIntake(ingest.Options{Sink: b, Registry: b, Metrics: set},
		ingest.Topic{Name: "plain", ID: fleet.FileReplay, Filter: "vigia/+/position", Codec: plainCodec{}})
	err := in.Take(t.Context(),
		ingest.Message{Topic: "vigia/d1/position", Payload: []byte("1")},
		ingest.Message{Topic: "vigia/nobody/position", Payload: []byte("2")},
		ingest.Message{Topic: "vigia/d7/position", Payload: []byte("3")},
		ingest.Message{Topic: "vigia/d1/position", Payload: []byte("4")},
		ingest.Message{Topic: "elsewhere", Payload: []byte("5")},
	)
	if err == nil || len(b.fixes()) != 0 {
		t.Fatalf("error %v, stored %v", err, b.fixes())
	}
	wantCounts(t, set, "", map[string]string{
		`frames_total{proto="plain",result="rejected",reason="notStored"}`:  "4",
		`frames_total{proto="mqtt",result="rejected",reason="notStored"}`:   "1",
		`reports_total{proto="plain",verdict="dropped",reason="notStored"}`: "3",
	})
}

func TestMatchTopic(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"a/b", "a/b", true}, {"a/b", "a/c", false}, {"a/b", "a", false}, {"a", "a/b", false},
		{"a/+", "a/b", true}, {"a/+", "a/b/c", false}, {"a/+", "a", false}, {"+/b", "a/b", true},
		{"a/#", "a", true}, {"a/#", "a/b/c", true}, {"#", "a/b", true}, {"#", "$SYS/x", false},
		{"a/+/c", "a//c", true}, {"$SYS/#", "$SYS/x", true}, {"a/b/#", "a", false},
	} {
		if got := ingest.MatchTopic(c.filter, c.topic); got != c.want {
			t.Errorf("%q reads %q: %v, want %v", c.filter, c.topic, got, c.want)
		}
	}
}
