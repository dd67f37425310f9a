package enginetest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// NewHistory is an engine.History in memory, over the whole of a journal. It
// reads all of it for each question.
func NewHistory(j engine.Journal) *History {
	return &History{journal: j, points: map[pointKey]engine.Checkpoint{}}
}

// History is what NewHistory makes.
type History struct {
	journal engine.Journal

	mu     sync.Mutex // guards points
	points map[pointKey]engine.Checkpoint
}

type pointKey struct {
	device fleet.DeviceID
	day    fleet.Time
}

// Positions is engine.History's. Copies come as often as they were sent.
func (h *History) Positions(_ context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error {
	var all []fleet.Position
	err := h.journal.Scan(0, func(_ fleet.Seq, e *fleet.Entry) error {
		if r := &e.Report; e.Kind == fleet.ReportEntry && r.Device == device && r.Verdict == fleet.Accepted &&
			r.Is(fleet.HasPlace) && from <= r.Fix && r.Fix < to {
			all = append(all, r.Position())
		}
		return nil
	})
	slices.SortStableFunc(all, func(a, b fleet.Position) int { return cmp.Compare(a.Fix, b.Fix) })
	for i := range all {
		if err == nil && !each(&all[i]) {
			break
		}
	}
	return err
}

// Checkpoints is engine.History's.
func (h *History) Checkpoints(_ context.Context, device fleet.DeviceID, upto fleet.Time, each func(engine.Checkpoint) bool) error {
	h.mu.Lock()
	var found []engine.Checkpoint
	for k, p := range h.points {
		if k.device == device && k.day <= upto {
			found = append(found, p)
		}
	}
	h.mu.Unlock()
	slices.SortFunc(found, func(a, b engine.Checkpoint) int { return cmp.Compare(b.Day, a.Day) })
	for _, p := range found {
		if !each(p) {
			break
		}
	}
	return nil
}

// SaveCheckpoints is engine.History's.
func (h *History) SaveCheckpoints(_ context.Context, points []engine.Checkpoint) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range points {
		p.State = bytes.Clone(p.State)
		h.points[pointKey{p.Device, p.Day}] = p
	}
	return nil
}
