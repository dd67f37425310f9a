package notify

import (
	"fmt"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
)

// meter counts what a lane does. Labels are channels and fixed words, never a
// customer, an address or a provider's text.
type meter struct {
	took     *metrics.Histogram
	sent     *metrics.Counter
	retried  *metrics.Counter
	refused  *metrics.Counter
	down     *metrics.Counter
	outcomes map[fleet.DeliveryState]*metrics.Counter
}

func newMeter(set *metrics.Set, l *lane) meter {
	name := func(metric, label, value string) string {
		if label == "" {
			return fmt.Sprintf(`%s{channel=%q}`, metric, string(l.ch))
		}
		return fmt.Sprintf(`%s{channel=%q,%s=%q}`, metric, string(l.ch), label, value)
	}
	attempts := func(result string) *metrics.Counter {
		return set.GetOrCreateCounter(name("vigia_notify_attempts_total", "result", result))
	}
	m := meter{
		took: set.GetOrCreateHistogram(name("vigia_notify_attempt_seconds", "", "")),
		sent: attempts("sent"), retried: attempts("later"), refused: attempts("refused"), down: attempts("down"),
		outcomes: make(map[fleet.DeliveryState]*metrics.Counter),
	}
	for s := fleet.Queued; s <= fleet.Delivered; s++ {
		m.outcomes[s] = set.GetOrCreateCounter(name("vigia_notify_outcomes_total", "state", s.String()))
	}
	gauge := func(metric string, value func(Status) float64) {
		set.GetOrCreateGauge(name(metric, "", ""), func() float64 { return value(l.status()) })
	}
	gauge("vigia_notify_waiting", func(s Status) float64 { return float64(s.Waiting) })
	gauge("vigia_notify_in_flight", func(s Status) float64 { return float64(s.InFlight) })
	gauge("vigia_notify_down", func(s Status) float64 {
		if s.Down {
			return 1
		}
		return 0
	})
	gauge("vigia_notify_oldest_seconds", func(s Status) float64 {
		if s.OldestDue == 0 {
			return 0
		}
		return max(0, l.d.o.Now().Sub(s.OldestDue.Std()).Seconds())
	})
	return m
}

func (m *meter) attempt(took time.Duration, err error) {
	m.took.Update(took.Seconds())
	switch {
	case err == nil:
		m.sent.Inc()
	case IsPermanent(err):
		m.refused.Inc()
	case IsDown(err):
		m.down.Inc()
	default:
		m.retried.Inc()
	}
}

func (m *meter) outcome(s fleet.DeliveryState) {
	if c := m.outcomes[s]; c != nil {
		c.Inc()
	}
}
