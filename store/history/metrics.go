package history

import "github.com/VictoriaMetrics/metrics"

// meters are the history's figures.
type meters struct {
	set      *metrics.Set
	names    []string
	fixes    *metrics.Counter
	dropped  *metrics.Counter
	bytes    *metrics.Counter
	failures *metrics.Counter
	segments *metrics.Counter
	took     *metrics.Histogram
}

func newMeters(set *metrics.Set, h *History) meters {
	m := meters{set: set}
	counter := func(name string) *metrics.Counter {
		m.names = append(m.names, name)
		return set.GetOrCreateCounter(name)
	}
	m.fixes = counter("vigia_history_fixes_total")
	m.dropped = counter("vigia_history_duplicates_total")
	m.bytes = counter("vigia_history_block_bytes_total")
	m.segments = counter("vigia_history_segments_sorted_total")
	m.failures = counter("vigia_history_sort_failures_total")
	const took, lag = "vigia_history_sort_seconds", "vigia_history_unsorted_entries"
	m.took = set.GetOrCreateHistogram(took)
	set.GetOrCreateGauge(lag, func() float64 { return float64(h.journal.Last() - h.SortedUpto()) })
	m.names = append(m.names, took, lag)
	return m
}

// close takes the figures out of the set, whose callbacks would hold the history.
func (m *meters) close() {
	for _, name := range m.names {
		m.set.UnregisterMetric(name)
	}
	m.names = nil
}
