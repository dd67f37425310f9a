package history

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

var (
	errClosed   = errors.New("history: closed")
	errReadOnly = errors.New("history: opened for reading only")
)

// Options say how the history behaves. The zero Options are good.
type Options struct {
	OpenFiles int  // day files kept open while idle; 0: 16
	ReadOnly  bool // nothing is written: no sorting, sweeping or erasing
	Log       *slog.Logger
	Metrics   *metrics.Set
}

// History keeps positions by device and day. Make one with Open, and let Run
// sort. All methods may be called at once by any number of goroutines.
type History struct {
	dir     string
	journal *journal.Journal
	log     *slog.Logger
	meter   meters
	days    days

	// turn is the right to write day files and state. The sorter, Erase and
	// Sweep hold it; it stands in for a lock that would be held over I/O.
	turn chan struct{}

	state atomic.Pointer[state] // replaced by who holds turn

	mu     sync.Mutex               // guards open
	open   map[fleet.Seq]*openIndex // by the segment's first Seq; made by readers
	closed atomic.Bool

	beforeMark func() error // tests: a crash between blocks and mark
}

// Open takes up the history whose files stand in dir. The journal, opened with
// ForHistory, must outlive it.
func Open(dir string, j *journal.Journal, o Options) (*History, error) {
	if o.OpenFiles <= 0 {
		o.OpenFiles = 16
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = metrics.NewSet()
	}
	if !o.ReadOnly {
		if err := os.MkdirAll(dir, 0o750); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
	}
	s, err := readState(dir)
	if err != nil {
		return nil, err
	}
	if last := j.Last(); s.sorted > last {
		return nil, fmt.Errorf("history: entries up to %d are sorted, but the journal ends with %d: "+
			"journal files are missing; put them back, or restore a backup as a whole", s.sorted, last)
	}
	if first := j.First(); s.sorted+1 < first {
		if s.sorted > 0 {
			o.Log.Warn("journal begins behind what history has sorted", "sorted", uint64(s.sorted), "first", uint64(first))
		}
		s.sorted = first - 1
	}
	h := &History{
		dir: dir, journal: j, log: o.Log.With("part", "history"), turn: make(chan struct{}, 1),
		days: days{dir: dir, most: o.OpenFiles, readOnly: o.ReadOnly, open: map[fleet.Time]*dayFile{}},
		open: map[fleet.Seq]*openIndex{},
	}
	h.state.Store(s)
	h.meter = newMeters(o.Metrics, h)
	return h, j.Sorted(s.sorted)
}

// Close releases the files. Run and all readers have ended.
func (h *History) Close() error {
	if h.closed.Swap(true) {
		return nil
	}
	h.meter.close()
	h.mu.Lock()
	indexes := h.open
	h.open = nil
	h.mu.Unlock()
	for _, x := range indexes {
		x.close()
	}
	return h.days.close()
}

// retryAfter is how long the sorter waits after a failure: a full disk may be
// mended meanwhile.
const retryAfter = 30 * time.Second

// Run sorts each closed segment of the journal until ctx ends. A segment that
// cannot be sorted stays in the journal and is tried again.
func (h *History) Run(ctx context.Context) error {
	for {
		var again <-chan time.Time
		if err := h.SortClosed(ctx); err != nil && ctx.Err() == nil {
			h.meter.failures.Inc()
			h.log.Error("history not sorted, will try again", "err", err, "after", retryAfter.String())
			t := time.NewTimer(retryAfter)
			defer t.Stop()
			again = t.C
		}
		select {
		case <-ctx.Done():
			return nil
		case <-h.journal.Closed():
		case <-again:
		}
	}
}

// SortClosed sorts all segments that are closed by now.
func (h *History) SortClosed(ctx context.Context) error {
	for _, seg := range h.journal.Segments() {
		if !seg.Closed || seg.Last <= h.state.Load().sorted {
			continue
		}
		if err := h.take(ctx); err != nil {
			return err
		}
		err := h.sortSegment(ctx, seg)
		<-h.turn
		if err != nil {
			return err
		}
	}
	return nil
}

// SortedUpto is the Seq up to which day files hold every position.
func (h *History) SortedUpto() fleet.Seq { return h.state.Load().sorted }

func (h *History) path(day fleet.Time) string { return filepath.Join(h.dir, fileName(day)) }

// take waits for the turn.
func (h *History) take(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case h.turn <- struct{}{}:
	}
	if h.closed.Load() {
		<-h.turn
		return errClosed
	}
	if h.days.readOnly {
		<-h.turn
		return errReadOnly
	}
	return nil
}
