package journal

import "github.com/VictoriaMetrics/metrics"

// meters are the journal's figures.
type meters struct {
	set      *metrics.Set
	names    []string
	entries  *metrics.Counter
	bytes    *metrics.Counter
	failures *metrics.Counter
	full     *metrics.Counter
	sync     *metrics.Histogram
}

func newMeters(set *metrics.Set, j *Journal) meters {
	m := meters{set: set}
	counter := func(name string) *metrics.Counter {
		m.names = append(m.names, name)
		return set.GetOrCreateCounter(name)
	}
	gauge := func(name string, f func() float64) {
		m.names = append(m.names, name)
		set.GetOrCreateGauge(name, f)
	}
	m.entries = counter("vigia_journal_entries_total")
	m.bytes = counter("vigia_journal_written_bytes_total")
	m.failures = counter("vigia_journal_failures_total")
	m.full = counter("vigia_journal_refused_disk_full_total")
	m.names = append(m.names, "vigia_journal_sync_seconds")
	m.sync = set.GetOrCreateHistogram("vigia_journal_sync_seconds")
	gauge("vigia_journal_last_seq", func() float64 { return float64(j.Last()) })
	gauge("vigia_journal_disk_bytes", func() float64 { return float64(j.DiskBytes()) })
	gauge("vigia_journal_segments", func() float64 { return float64(len(j.Segments())) })
	return m
}

// close takes the figures out of the set, whose callbacks would hold the journal.
func (m *meters) close() {
	for _, name := range m.names {
		m.set.UnregisterMetric(name)
	}
	m.names = nil
}
