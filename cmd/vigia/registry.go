package main

import (
	"maps"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// registry answers from memory whose identity a tracker sent, and keeps the
// latest strangers for adoption. It follows the administration: who applies a
// change tells it (see applier).
type registry struct {
	mu      sync.RWMutex
	byName  map[string]ingest.Identity  // devices that may speak
	names   map[fleet.DeviceID]string   // what each is known by
	unknown map[string]*strangerHistory // by identity
}

var _ ingest.Registry = (*registry)(nil)

const (
	maxStrangers      = 1000 // identities remembered
	framesPerStranger = 20
)

// strangerHistory is an unknown identity and its latest frames, oldest first.
type strangerHistory struct {
	first  fleet.Time
	frames []ingest.Stranger
}

func newRegistry() *registry {
	return &registry{
		byName:  map[string]ingest.Identity{},
		names:   map[fleet.DeviceID]string{},
		unknown: map[string]*strangerHistory{},
	}
}

// Lookup is ErrUnknownDevice for an identity nobody has adopted.
func (r *registry) Lookup(uniqueID string) (ingest.Identity, error) {
	r.mu.RLock()
	id, ok := r.byName[uniqueID]
	r.mu.RUnlock()
	if !ok {
		return ingest.Identity{}, ingest.ErrUnknownDevice
	}
	return id, nil
}

// Unknown remembers one of a stranger's frames.
func (r *registry) Unknown(s ingest.Stranger) {
	if fleet.ValidUniqueID(s.UniqueID) != nil {
		return // nothing that could be adopted
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.unknown[s.UniqueID]
	if h == nil {
		if len(r.unknown) >= maxStrangers {
			r.dropOldestLocked()
		}
		h = &strangerHistory{first: s.At}
		r.unknown[s.UniqueID] = h
	}
	if len(h.frames) >= framesPerStranger {
		h.frames = append(h.frames[:0], h.frames[1:]...)
	}
	h.frames = append(h.frames, s)
}

func (r *registry) dropOldestLocked() {
	oldest := slices.MinFunc(slices.Collect(maps.Keys(r.unknown)), func(a, b string) int {
		return int(r.last(a) - r.last(b))
	})
	delete(r.unknown, oldest)
}

func (r *registry) last(name string) fleet.Time {
	f := r.unknown[name].frames
	return f[len(f)-1].At
}

// put takes new and changed devices over, and forgets removed ones.
func (r *registry) put(devices []fleet.Device, removed []fleet.DeviceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range removed {
		delete(r.byName, r.names[id])
		delete(r.names, id)
	}
	for i := range devices {
		d := &devices[i]
		if old, ok := r.names[d.ID]; ok {
			delete(r.byName, old)
			delete(r.names, d.ID)
		}
		if d.Disabled {
			continue
		}
		r.byName[d.UniqueID] = ingest.Identity{
			Device: d.ID, Model: d.Model, ClockOffset: d.ClockOffset, SecretHash: d.SecretHash,
		}
		r.names[d.ID] = d.UniqueID
		delete(r.unknown, d.UniqueID)
	}
}
