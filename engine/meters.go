package engine

import (
	"fmt"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	verdicts     = int(fleet.RejectedTime) + 1
	stepOutcomes = int(track.Refused) + 1
)

// meters are what the engine counts. Every report handed to Accept ends in one
// of the verdicts, or in none if it was refused.
type meters struct {
	reports        [verdicts]*metrics.Counter
	steps          [stepOutcomes]*metrics.Counter
	strangers      *metrics.Counter
	attrsDropped   *metrics.Counter
	events         [fleet.Alarm + 1]*metrics.Counter
	deliveries     *metrics.Counter
	syncs          *metrics.Histogram
	groups         *metrics.Histogram
	commits        *metrics.Histogram
	rows           *metrics.Histogram
	snapshots      *metrics.Histogram
	snapshotErrors *metrics.Counter
	rerunFixes     *metrics.Counter
	reruns         *metrics.Histogram
	rerunErrors    *metrics.Counter
	late           *metrics.Counter
	amended        *metrics.Counter
	retracted      *metrics.Counter
}

func newMeters(e *Engine) *meters {
	set := e.o.Metrics
	m := &meters{
		strangers:      set.NewCounter("vigia_engine_removed_device_reports_total"),
		attrsDropped:   set.NewCounter("vigia_reports_attrs_dropped_total"),
		deliveries:     set.NewCounter("vigia_engine_deliveries_total"),
		syncs:          set.NewHistogram("vigia_engine_append_seconds"),
		groups:         set.NewHistogram("vigia_engine_group_entries"),
		commits:        set.NewHistogram("vigia_facts_commit_seconds"),
		rows:           set.NewHistogram("vigia_facts_commit_rows"),
		snapshots:      set.NewHistogram("vigia_snapshot_save_seconds"),
		snapshotErrors: set.NewCounter("vigia_snapshot_errors_total"),
		rerunFixes:     set.NewCounter("vigia_reconcile_fixes_total"),
		reruns:         set.NewHistogram("vigia_reconcile_seconds"),
		rerunErrors:    set.NewCounter("vigia_reconcile_errors_total"),
		late:           set.NewCounter("vigia_reconcile_events_total{what=\"late\"}"),
		amended:        set.NewCounter("vigia_reconcile_events_total{what=\"amended\"}"),
		retracted:      set.NewCounter("vigia_reconcile_events_total{what=\"retracted\"}"),
	}
	for v := range m.reports {
		m.reports[v] = set.NewCounter(fmt.Sprintf("vigia_reports_total{verdict=%q}", fleet.Verdict(v)))
	}
	for o := track.Evaluated; int(o) < stepOutcomes; o++ {
		m.steps[o] = set.NewCounter(fmt.Sprintf("vigia_steps_total{outcome=%q}", o))
	}
	for k := fleet.Enter; k <= fleet.Alarm; k++ {
		m.events[k] = set.NewCounter(fmt.Sprintf("vigia_events_total{kind=%q}", k))
	}
	set.NewGauge("vigia_engine_waiting_batches", func() float64 { return float64(len(e.in)) })
	set.NewGauge("vigia_engine_entries_in_flight", func() float64 { return float64(e.inFlight.Load()) })
	set.NewGauge("vigia_reconcile_devices_dirty", func() float64 { return float64(e.Dirty().Devices) })
	set.NewGauge("vigia_reconcile_oldest_seconds", func() float64 { return e.Dirty().Oldest.Seconds() })
	set.NewGauge("vigia_engine_backlog_seconds", func() float64 { return e.Backlog().Seconds() })
	return m
}

func (m *meters) accepted(counts *[verdicts]int) {
	for v, n := range counts {
		if n > 0 {
			m.reports[v].Add(n)
		}
	}
}

// stepped counts what became of reports, and begins the count anew.
func (m *meters) stepped(counts *[stepOutcomes]int) {
	for o, n := range counts {
		if n > 0 && m.steps[o] != nil {
			m.steps[o].Add(n)
			counts[o] = 0
		}
	}
}

func (m *meters) appended(entries int, took time.Duration) {
	m.syncs.Update(took.Seconds())
	m.groups.Update(float64(entries))
}

// reconciled counts what a second run changed of the record.
func (m *meters) reconciled(d *track.Difference, began time.Time) {
	m.reruns.UpdateDuration(began)
	m.late.Add(len(d.New))
	m.amended.Add(len(d.Amended))
	m.retracted.Add(len(d.Retracted))
}

func (m *meters) commit(f *fleet.Facts, took time.Duration) {
	m.commits.Update(took.Seconds())
	m.rows.Update(float64(len(f.Events) + len(f.Deliveries) + len(f.Outcomes)))
	m.deliveries.Add(len(f.Deliveries))
	for i := range f.Events {
		if k := f.Events[i].Kind; int(k) < len(m.events) && m.events[k] != nil {
			m.events[k].Inc()
		}
	}
}
