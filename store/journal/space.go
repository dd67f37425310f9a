package journal

import "github.com/vigia-track/vigia/engine/fleet"

// checkBytes is how much may be written between two looks at the free space.
const checkBytes = 16 << 20

// space is the guard that stops writing before the disk is full, so that the
// rest of the product can still commit, say so and be repaired.
type space struct {
	min  int64 // bytes to stay free; < 0: no guard
	free func() (uint64, error)

	written int64      // since the last look
	looked  fleet.Time // newest entry's time at the last look
	full    bool
}

// check allows size bytes more, or is an error that wraps ErrDiskFull. It asks
// the system once a second of the entries' time, once in checkBytes, and each
// time while the disk is full.
func (s *space) check(size int64, now fleet.Time) error {
	if s.min < 0 {
		return nil
	}
	s.written += size
	if !s.full && s.written < checkBytes && now-s.looked < fleet.Second && s.looked != 0 {
		return nil
	}
	free, err := s.free()
	if err != nil {
		return err
	}
	s.written, s.looked = 0, max(s.looked, now, 1)
	s.full = free < uint64(s.min)+uint64(size)
	if s.full {
		return unavailable("the disk has %d MiB free, and %d MiB are to stay free", free>>20, s.min>>20)
	}
	return nil
}
