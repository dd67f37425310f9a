package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Hold keeps every segment that there is, and those to come, from being
// trimmed until release is called. A backup holds the journal first and copies
// it last, so that it has whatever the files copied before it rest on.
func (j *Journal) Hold() (release func()) {
	j.mu.Lock()
	j.holds++
	j.mu.Unlock()
	done := false
	return func() {
		j.mu.Lock()
		defer j.mu.Unlock()
		if !done {
			done = true
			j.holds--
		}
	}
}

// Backup copies the journal, as far as it is durable now, into a new folder. It
// may run while entries are appended.
func (j *Journal) Backup(dir string) error {
	release := j.Hold()
	defer release()
	j.mu.Lock()
	m := manifest{first: j.first}
	spans := make([]span, len(j.segments))
	for i, seg := range j.segments {
		spans[i] = span{seg: seg, last: seg.last, end: seg.end}
		m.newest = seg.header.first
	}
	j.mu.Unlock()
	if err := os.Mkdir(dir, 0o750); err != nil {
		return fmt.Errorf("journal: backup: %w", err)
	}
	if len(spans) == 0 {
		return nil
	}
	for i, s := range spans {
		room := int64(0)
		if i == len(spans)-1 {
			room = sector // as an active segment has it; see tail.go
		}
		if err := copyTo(filepath.Join(dir, filepath.Base(s.seg.path)), s.seg.path, s.end, room); err != nil {
			return fmt.Errorf("journal: backup of %s: %w", s.seg.path, err)
		}
	}
	if err := writeManifest(osDisk{}, dir, m); err != nil {
		return fmt.Errorf("journal: backup: %w", err)
	}
	return nil
}

// copyTo copies the first size bytes of a file, with zeros behind, and syncs
// the copy.
func copyTo(to, from string, size, room int64) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	if _, err := io.CopyN(dst, src, size); err != nil {
		return err
	}
	if err := dst.Truncate(size + room); err != nil {
		return err
	}
	return dst.Sync()
}
