package ingest

import (
	"fmt"
	"strings"
	"sync"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Counters counts what becomes of one protocol's frames and reports: each ends
// in exactly one of them. The names on /metrics:
//
//	vigia_ingest_frames_total{proto,result="accepted"}
//	vigia_ingest_frames_total{proto,result="rejected",reason}
//	vigia_ingest_reports_total{proto,verdict}       verdicts of fleet.Verdict
//	vigia_ingest_reports_total{proto,verdict="dropped",reason}
//	vigia_ingest_skipped_bytes_total{proto}         between frames, TCP
//	vigia_ingest_replies_withheld_total{proto}      UDP: longer than the request
//	vigia_ingest_replies_failed_total{proto}        UDP: the socket refused
//	vigia_ingest_connections{proto}                 open now
//	vigia_ingest_connections_closed_total{proto,reason}
//	vigia_ingest_connections_refused_total{proto,reason}
type Counters struct {
	proto    string
	set      *metrics.Set
	accepted *metrics.Counter
	verdicts [maxVerdict]*metrics.Counter
	open     *metrics.Counter
	skipped  *metrics.Counter // bytes

	mu    sync.Mutex // guards words
	words map[string]bool
}

const (
	maxVerdict = 16
	// maxWords bounds the reasons that a codec's errors may bring, so that no
	// sender can fill the metrics.
	maxWords = 32
)

// NewCounters makes the counters of a protocol in a set; two of one name share
// their numbers.
func NewCounters(set *metrics.Set, proto string) *Counters {
	c := &Counters{proto: proto, set: set, words: map[string]bool{}}
	c.accepted = c.counter("vigia_ingest_frames_total", `result="accepted"`)
	for v := range c.verdicts {
		if name := fleet.Verdict(v).String(); name != "unknown" {
			c.verdicts[v] = c.counter("vigia_ingest_reports_total", fmt.Sprintf("verdict=%q", name))
		}
	}
	c.open = c.counter("vigia_ingest_connections", "")
	c.skipped = c.counter("vigia_ingest_skipped_bytes_total", "")
	return c
}

// Accepted notes frames whose reports are on disk, and their verdicts.
func (c *Counters) Accepted(frames int, reports []fleet.Report) {
	c.accepted.Add(frames)
	var n [maxVerdict]int
	for i := range reports {
		n[min(int(reports[i].Verdict), maxVerdict-1)]++
	}
	for v, k := range n {
		if k > 0 && c.verdicts[v] != nil {
			c.verdicts[v].Add(k)
		}
	}
}

// Rejected notes frames that came to nothing, and the reports that had been
// decoded from them.
func (c *Counters) Rejected(reason string, frames, reports int) {
	word := c.word(reason)
	if frames > 0 {
		c.counter("vigia_ingest_frames_total", fmt.Sprintf("result=\"rejected\",reason=%q", word)).Add(frames)
	}
	if reports > 0 {
		c.counter("vigia_ingest_reports_total", fmt.Sprintf("verdict=\"dropped\",reason=%q", word)).Add(reports)
	}
}

// note counts something rare.
func (c *Counters) note(name string) { c.counter(name, "").Inc() }

func (c *Counters) opened() { c.open.Inc() }

func (c *Counters) closed(reason string) {
	c.open.Dec()
	c.counter("vigia_ingest_connections_closed_total", fmt.Sprintf("reason=%q", c.word(reason))).Inc()
}

func (c *Counters) refused(reason string) {
	c.counter("vigia_ingest_connections_refused_total", fmt.Sprintf("reason=%q", reason)).Inc()
}

func (c *Counters) counter(name, labels string) *metrics.Counter {
	return c.set.GetOrCreateCounter(fmt.Sprintf("%s{%s}", name,
		strings.TrimSuffix(fmt.Sprintf("proto=%q,%s", c.proto, labels), ",")))
}

// word makes a reason fit for a metric's label.
func (c *Counters) word(reason string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.words[reason] {
		return reason
	}
	if len(c.words) >= maxWords || !plain(reason) {
		return "other"
	}
	c.words[strings.Clone(reason)] = true
	return reason
}

func plain(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != "" && len(s) <= 32
}
