package store

import (
	"cmp"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	// MaxStrangers is how many unknown senders are remembered: the latest.
	MaxStrangers = 1000
	// MaxStrangerFrames is how many frames of each: the latest.
	MaxStrangerFrames = 20
	// MaxStrangerFrame is how much of a frame, in bytes.
	MaxStrangerFrame = 1 << 10
)

// Stranger is a sender whose identity no device has, with what it sent last.
type Stranger struct {
	UniqueID string
	Protocol fleet.Protocol
	Addr     string
	First    fleet.Time
	Last     fleet.Time
	Count    uint64 // frames in all
	Frames   []StrangerFrame
}

// StrangerFrame is one thing a stranger sent.
type StrangerFrame struct {
	At    fleet.Time
	Bytes []byte
}

// Strangers remembers unknown senders for adoption, in memory: at most 20 MiB
// of them, none after a restart. The zero Strangers is ready. Its methods may
// be called from any goroutine.
type Strangers struct {
	mu  sync.Mutex // guards all
	all map[string]*Stranger
}

// Note remembers a frame of a stranger. When there are too many the one that
// was silent longest is forgotten.
func (s *Strangers) Note(uniqueID string, p fleet.Protocol, addr string, frame []byte, at fleet.Time) {
	frame = slices.Clone(frame[:min(len(frame), MaxStrangerFrame)])
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.all[uniqueID]
	if v == nil {
		if s.all == nil {
			s.all = map[string]*Stranger{}
		}
		if len(s.all) >= MaxStrangers {
			s.forgetOldestLocked()
		}
		v = &Stranger{UniqueID: uniqueID, First: at}
		s.all[uniqueID] = v
	}
	v.Protocol, v.Addr, v.Last, v.Count = p, addr, at, v.Count+1
	if len(v.Frames) == MaxStrangerFrames {
		v.Frames = slices.Delete(v.Frames, 0, 1)
	}
	v.Frames = append(v.Frames, StrangerFrame{At: at, Bytes: frame})
}

func (s *Strangers) forgetOldestLocked() {
	var oldest *Stranger
	for _, v := range s.all {
		if oldest == nil || v.Last < oldest.Last || v.Last == oldest.Last && v.UniqueID < oldest.UniqueID {
			oldest = v
		}
	}
	delete(s.all, oldest.UniqueID)
}

// List is all strangers, the latest first.
func (s *Strangers) List() []Stranger {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Stranger, 0, len(s.all))
	for _, v := range s.all {
		c := *v
		c.Frames = slices.Clone(v.Frames)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Stranger) int {
		if a.Last != b.Last {
			return cmp.Compare(b.Last, a.Last)
		}
		return cmp.Compare(a.UniqueID, b.UniqueID)
	})
	return out
}

// Forget drops a stranger: it was adopted, or is not wanted.
func (s *Strangers) Forget(uniqueID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, uniqueID)
}
