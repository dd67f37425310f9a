package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// SnapshotOptions are what Snapshots needs to know.
type SnapshotOptions struct {
	Semantics uint32 // the engine's; written into the file, and compared on reading
	Log       *slog.Logger
}

// Snapshots keeps the states of all devices in files named snapshot-SEQ, the
// last two of them. It is used by one goroutine at a time; the lock makes a
// mistake about that harmless.
type Snapshots struct {
	dir       string
	semantics uint32
	log       *slog.Logger
	mu        sync.Mutex // one Save or Newest at a time
}

// snapshotsKept is how many snapshots stay: the newest, and one to fall back to.
const snapshotsKept = 2

const snapshotPrefix = "snapshot-"

// OpenSnapshots keeps snapshots in a directory that exists. What a crash left
// of an unfinished one is removed.
func OpenSnapshots(dir string, o SnapshotOptions) (*Snapshots, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	left, err := filepath.Glob(filepath.Join(dir, snapshotPrefix+"*.tmp"))
	if err != nil {
		return nil, err
	}
	for _, tmp := range left {
		if err := os.Remove(tmp); err != nil {
			return nil, err
		}
	}
	return &Snapshots{dir: dir, semantics: o.Semantics, log: o.Log}, nil
}

// Save writes a snapshot of parts, in order, and drops all but the last two.
// When it returns nil the snapshot survives a power cut.
func (s *Snapshots) Save(seq fleet.Seq, parts [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := s.path(seq)
	if err := writeSnapshot(path, s.semantics, seq, parts); err != nil {
		return fmt.Errorf("save snapshot %d: %w", seq, err)
	}
	seqs, err := s.list()
	if err != nil {
		return err
	}
	for _, old := range seqs[:max(0, len(seqs)-snapshotsKept)] {
		if err := os.Remove(s.path(old)); err != nil {
			return fmt.Errorf("drop old snapshot: %w", err)
		}
	}
	return nil
}

// Newest is the latest whole snapshot; seq 0 and no parts if there is none.
// Damaged ones are logged and passed over, and stay for examination until
// later ones push them out.
func (s *Snapshots) Newest() (fleet.Seq, [][]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seqs, err := s.list()
	if err != nil {
		return 0, nil, err
	}
	for _, seq := range slices.Backward(seqs) {
		semantics, parts, err := readSnapshot(s.path(seq), seq)
		if damage, ok := errors.AsType[*SnapshotDamage](err); ok {
			s.log.Warn("snapshot damaged, trying the one before", "file", damage.Path, "err", damage)
			continue
		}
		if err != nil {
			return 0, nil, err
		}
		if semantics != s.semantics {
			s.log.Warn("snapshot has other semantics, trying the one before",
				"file", s.path(seq), "semantics", semantics, "want", s.semantics)
			continue
		}
		return seq, parts, nil
	}
	return 0, nil, nil
}

// Oldest is the Seq of the oldest snapshot kept, 0 for none. The journal may be
// trimmed up to here and no further, so that falling back to it works.
func (s *Snapshots) Oldest() (fleet.Seq, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seqs, err := s.list()
	if err != nil || len(seqs) == 0 {
		return 0, err
	}
	return seqs[0], nil
}

func (s *Snapshots) path(seq fleet.Seq) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s%020d", snapshotPrefix, seq))
}

// list is the sequences of the snapshot files, ascending.
func (s *Snapshots) list() ([]fleet.Seq, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, err
	}
	var seqs []fleet.Seq
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), snapshotPrefix)
		if n, err := strconv.ParseUint(digits, 10, 64); ok && err == nil && len(digits) == 20 {
			seqs = append(seqs, fleet.Seq(n))
		}
	}
	slices.Sort(seqs)
	return seqs, nil
}

// CopyTo copies the snapshots into another directory, each synced. One that a
// Save dropped meanwhile is left out.
func (s *Snapshots) CopyTo(dir string) error {
	s.mu.Lock()
	seqs, err := s.list()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	for _, seq := range seqs {
		err := boltfile.CopyFile(s.path(seq), filepath.Join(dir, filepath.Base(s.path(seq))))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("copy snapshot %d: %w", seq, err)
		}
	}
	return boltfile.SyncDir(dir)
}
