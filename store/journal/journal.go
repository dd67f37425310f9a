package journal

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The customary sizes.
const (
	DefaultSegmentBytes = 64 << 20
	DefaultSegmentAge   = 10 * fleet.Minute
	DefaultMinFree      = 256 << 20
)

// Options say where the journal lives and how it behaves. Only Dir is needed.
type Options struct {
	Dir          string
	Semantics    uint32     // number of the engine's semantics, kept in each segment
	SegmentBytes int64      // a segment is closed once it is this long; 0: DefaultSegmentBytes
	SegmentAge   fleet.Time // or this old by its entries' times; 0: DefaultSegmentAge
	MinFree      int64      // bytes that must stay free on the disk; 0: DefaultMinFree, < 0: no guard
	ForHistory   bool       // Trim spares segments until Sorted says that history has them
	ReadOnly     bool       // no file is made, cut or removed, and nothing can be appended
	Log          *slog.Logger
	Metrics      *metrics.Set
	// Free is asked for the free bytes of Dir's file system; nil: the system.
	Free func() (uint64, error)

	disk disk // nil: the system's
}

// Journal is an append-only log of entries in segment files. One goroutine
// appends; any number may read meanwhile. Make one with Open.
type Journal struct {
	opts  Options
	disk  disk
	log   *slog.Logger
	meter meters
	space space

	// turn is the right to change files. Append, Trim and Close hold it; it
	// stands in for a lock that would be held over I/O.
	turn chan struct{}
	// Below: owned by who holds turn.
	active  file  // of the newest segment; nil until the first Append
	size    int64 // of active, zeros behind the data included
	buf     []byte
	offsets []uint32
	failed  error // sticky

	wake   chan struct{} // one slot: a segment closed
	isDone atomic.Bool   // Close was called

	mu       sync.Mutex // guards what follows, and the segments' changing fields
	segments []*segment // oldest first
	first    fleet.Seq  // of the manifest
	upto     fleet.Seq  // a snapshot holds entries up to this
	sorted   fleet.Seq  // history holds entries up to this
	holds    int        // nothing is trimmed while there are any
}

// Open recovers the journal in Options.Dir, which is made if need be. What was
// written after the last whole group and never acknowledged is cut; any other
// damage is a *DamageError. The caller holds the data directory's lock.
func Open(opts Options) (*Journal, error) {
	opts.setDefaults()
	j := &Journal{
		opts: opts, disk: opts.disk, log: opts.Log.With("part", "journal"),
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1),
	}
	j.space = space{min: opts.MinFree, free: opts.Free}
	if opts.ReadOnly {
		j.failed = fleet.Errorf(fleet.Unavailable, "journal: opened for reading only")
	} else if err := os.MkdirAll(opts.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	if err := j.recover(); err != nil {
		return nil, err
	}
	j.meter = newMeters(opts.Metrics, j)
	return j, nil
}

func (o *Options) setDefaults() {
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = DefaultSegmentBytes
	}
	if o.SegmentAge <= 0 {
		o.SegmentAge = DefaultSegmentAge
	}
	if o.MinFree == 0 {
		o.MinFree = DefaultMinFree
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = metrics.NewSet()
	}
	if o.disk == nil {
		o.disk = osDisk{}
	}
	if o.Free == nil {
		d, dir := o.disk, o.Dir
		o.Free = func() (uint64, error) { return d.free(dir) }
	}
}

// Last is the newest durable Seq, 0 in an empty journal.
func (j *Journal) Last() fleet.Seq {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lastLocked()
}

func (j *Journal) lastLocked() fleet.Seq {
	if len(j.segments) == 0 {
		return j.first - 1
	}
	return j.segments[len(j.segments)-1].last
}

// First is the oldest Seq that Scan can still give; Last()+1 if there is none.
func (j *Journal) First() fleet.Seq {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.first
}

// Close releases the files. What Append returned for is durable already.
// Readers must have ended.
func (j *Journal) Close() error {
	j.turn <- struct{}{}
	defer func() { <-j.turn }()
	if j.isDone.Swap(true) {
		return nil
	}
	j.meter.close()
	if j.active == nil {
		return nil
	}
	err := j.active.Close()
	j.active = nil
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// fail makes an error final: the state of the disk is unknown until the
// journal is opened anew, and a descriptor whose sync failed must never be
// synced again, because the kernel has called its lost pages clean.
func (j *Journal) fail(err error) error {
	j.failed = fmt.Errorf("journal: stopped, restart to recover from what is on disk: %w", err)
	j.meter.failures.Inc()
	if j.active != nil {
		j.failed = errors.Join(j.failed, j.active.Close())
		j.active = nil
	}
	return j.failed
}
