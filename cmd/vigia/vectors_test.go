package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// The least share that must pass in each protocol.
const (
	leastRows    = 0.95
	leastReplies = 0.90
)

// vectorNow is when the recorded outputs were made.
const vectorNow fleet.Time = 1795262400000 // 2026-11-21T12:00:00Z

// vector is a message of a real tracker and what a mature server makes of it.
// The folder's README says what each field means, which rows count and what
// equal means.
type vector struct {
	captured
	Wire struct {
		Length   *bool `json:"length_ok"`
		Checksum *bool `json:"checksum_ok"`
	} `json:"wire"`
	Expect struct {
		Kind string `json:"kind"`
	} `json:"expect"`
	Suspect      json.RawMessage  `json:"suspect"`
	OutError     json.RawMessage  `json:"out_error"`
	OutUsesNow   bool             `json:"out_uses_now"`
	Out          []vectorPosition `json:"out"`
	Reply        []string         `json:"reply"`
	ReplyUDP     []string         `json:"reply_udp"`
	ReplyUsesNow bool             `json:"reply_uses_now"`
	ReplySuspect json.RawMessage  `json:"reply_suspect"`
}

type vectorPosition struct {
	Outdated bool        `json:"outdated"`
	Time     *fleet.Time `json:"fixTime"`
	Valid    bool        `json:"valid"`
	Lat      *float64    `json:"lat"`
	Lon      *float64    `json:"lon"`
	Altitude float64     `json:"altitude"`
	Speed    float64     `json:"speed_kmh"`
	Course   float64     `json:"course"`
}

// broken reports whether a strict server is right to refuse the row.
func (v *vector) broken() bool {
	no := func(b *bool) bool { return b != nil && !*b }
	return no(v.Wire.Length) || no(v.Wire.Checksum)
}

func (v *vector) counts() bool {
	return v.Expect.Kind != "context" && v.Suspect == nil && v.OutError == nil && !v.OutUsesNow && !v.broken()
}

func (v *vector) replyCounts() bool {
	return v.counts() && v.Reply != nil && !v.ReplyUsesNow && v.ReplySuspect == nil
}

// compare says how the reports differ from the recorded positions; "" if not.
func (v *vector) compare(got []reportJSON) string {
	got = slices.DeleteFunc(slices.Clone(got), func(r reportJSON) bool { return r.Lat == nil || r.Lon == nil })
	var want []vectorPosition
	for _, p := range v.Out {
		if !p.Outdated && p.Lat != nil && p.Lon != nil {
			want = append(want, p)
		}
	}
	if len(got) != len(want) {
		return fmt.Sprintf("%d reports with a place, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		var faults []string
		far := func(name string, got, want, by float64) {
			if !(math.Abs(got-want) <= by) {
				faults = append(faults, fmt.Sprintf("%s %v, want %v", name, got, want))
			}
		}
		if w.Time != nil && (g.Time == nil || *g.Time != *w.Time) {
			faults = append(faults, fmt.Sprintf("time %v, want %v", g.Time, w.Time))
		}
		if *g.Valid != w.Valid {
			faults = append(faults, fmt.Sprintf("valid %v, want %v", *g.Valid, w.Valid))
		}
		far("lat", *g.Lat, *w.Lat, 1.1e-5)
		far("lon", *g.Lon, *w.Lon, 1.1e-5)
		far("speed", value(g.Speed), w.Speed, 0.5)
		far("altitude", value(g.Altitude), w.Altitude, 0.6)
		turn := math.Mod(math.Abs(value(g.Course)-w.Course), 360)
		far("course", value(g.Course), value(g.Course)+min(turn, 360-turn), 0.6)
		if len(faults) > 0 {
			return fmt.Sprintf("report %d: %s", i+1, strings.Join(faults, "; "))
		}
	}
	return ""
}

func value(v *float32) float64 {
	if v == nil {
		return 0
	}
	return float64(*v)
}

// compareReply says how the reply differs from the recorded one.
func (v *vector) compareReply(got string) string {
	want := v.Reply
	if v.Transport == string(ingest.UDP) && v.ReplyUDP != nil {
		want = v.ReplyUDP
	}
	all := strings.Join(want, "")
	if v.HTTP != nil { // in the status alone
		all, got = status(all), status(got)
	}
	if got != all {
		return fmt.Sprintf("reply %q, want %q", got, all)
	}
	return ""
}

func status(response string) string {
	b, _ := hex.DecodeString(response)
	if f := strings.Fields(string(b)); len(f) > 1 {
		return f[1]
	}
	return ""
}

// score counts rows and replies, and names misses.
type score struct {
	rows, rowsPassed, replies, repliesPassed int
	misses                                   []string
}

func (s *score) add(v *vector, got *decoded) {
	if v.counts() {
		s.rows++
		if why := v.compare(got.Reports); why == "" {
			s.rowsPassed++
		} else {
			s.misses = append(s.misses, strings.TrimSpace(v.ID+": "+why+" "+got.Error))
		}
	}
	if v.replyCounts() {
		s.replies++
		if why := v.compareReply(got.Reply); why == "" {
			s.repliesPassed++
		} else {
			s.misses = append(s.misses, v.ID+": "+why)
		}
	}
}

func (s *score) report(t *testing.T, protocol string) {
	t.Helper()
	t.Logf("%s: %d of %d rows, %d of %d replies", protocol, s.rowsPassed, s.rows, s.repliesPassed, s.replies)
	for _, m := range s.misses {
		t.Log("  miss", m)
	}
	if s.rows == 0 {
		t.Error("no row counts")
	}
	if float64(s.rowsPassed) < leastRows*float64(s.rows) {
		t.Errorf("fewer than %v of the rows pass", leastRows)
	}
	if float64(s.repliesPassed) < leastReplies*float64(s.replies) {
		t.Errorf("fewer than %v of the replies pass", leastReplies)
	}
}

// readVectors reads a file of rows and their lines as they are.
func readVectors(t *testing.T, path string) (rows []vector, lines []byte) {
	t.Helper()
	lines, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(lines) {
		var v vector
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, v)
	}
	return rows, lines
}

// TestVectors decodes what real trackers sent and compares the outcome with
// that of a mature server.
func TestVectors(t *testing.T) {
	for i := range protocols {
		p := &protocols[i]
		if p.id == fleet.VigiaJSON { // our own; nobody else has recorded it
			continue
		}
		t.Run(p.id.String(), func(t *testing.T) {
			rows, lines := readVectors(t, shared(t, "vectors/dev/"+p.id.String()+".jsonl"))
			var out, notes bytes.Buffer
			if err := decodeLines(p, vectorNow, bytes.NewReader(lines), &out, &notes); err != nil {
				t.Fatal(err, notes.String())
			}
			var s score
			answers := bufio.NewScanner(&out)
			answers.Buffer(nil, maxLine)
			for i := range rows {
				var got decoded
				if !answers.Scan() {
					t.Fatalf("%d answers to %d rows", i, len(rows))
				}
				if err := json.Unmarshal(answers.Bytes(), &got); err != nil {
					t.Fatal(err)
				}
				s.add(&rows[i], &got)
			}
			s.report(t, p.id.String())
		})
	}
}

// TestVectorFrames splits streams into frames as the recorded splitters did.
func TestVectorFrames(t *testing.T) {
	for i := range protocols {
		p := &protocols[i]
		if p.codec == nil {
			continue
		}
		t.Run(p.id.String(), func(t *testing.T) {
			lines, err := os.ReadFile(shared(t, "vectors/dev/"+p.id.String()+".frames.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			for line := range bytes.Lines(lines) {
				var v struct {
					ID, Input string
					Expect    struct{ Frame string }
				}
				if err := json.Unmarshal(line, &v); err != nil {
					t.Fatal(err)
				}
				in, err := hex.DecodeString(v.Input)
				if err != nil {
					t.Fatal(err)
				}
				_, frame, err := p.codec().Split(in, false)
				if got := hex.EncodeToString(frame); got != v.Expect.Frame || err != nil {
					t.Errorf("%s: frame %s (%v), want %s", v.ID, got, err, v.Expect.Frame)
				}
			}
		})
	}
}

// UnmarshalJSON reads the object, numbers as floats.
func (a *attrsJSON) UnmarshalJSON(b []byte) error {
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		x := fleet.Attr{Key: key}
		switch v := m[key].(type) {
		case bool:
			x.Value = fleet.Bool(v)
		case float64:
			x.Value = fleet.Float(v)
		case string:
			x.Value = fleet.Text(v)
		}
		*a = append(*a, x)
	}
	return nil
}
