package main

import (
	"cmp"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// registry answers from memory whose identity a tracker sent, and keeps the
// latest strangers for adoption. It follows the administration: who applies a
// change tells it (see applier).
type registry struct {
	heard *ingest.Recorder // what devices sent lately

	mu        sync.RWMutex
	byName    map[string]ingest.Identity          // devices that may speak
	names     map[fleet.DeviceID]string           // what each is known by
	customers map[fleet.DeviceID]fleet.CustomerID // whose each is
	unknown   map[string]*admin.Stranger          // by identity
}

var (
	_ ingest.Registry = (*registry)(nil)
	_ admin.Strangers = (*registry)(nil)
)

const (
	maxStrangers      = 1000 // identities remembered
	framesPerStranger = 20
)

func newRegistry() *registry {
	return &registry{
		heard:     ingest.NewRecorder(),
		byName:    map[string]ingest.Identity{},
		names:     map[fleet.DeviceID]string{},
		customers: map[fleet.DeviceID]fleet.CustomerID{},
		unknown:   map[string]*admin.Stranger{},
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

// known is Lookup with the customer, 0 for a device in stock.
func (r *registry) known(uniqueID string) (id ingest.Identity, customer fleet.CustomerID, ok bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	id, ok = r.byName[uniqueID]
	return id, r.customers[id.Device], ok
}

// Unknown remembers one of a stranger's frames.
func (r *registry) Unknown(s ingest.Stranger) {
	if fleet.ValidUniqueID(s.UniqueID) != nil {
		return // nothing that could be adopted
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.unknown[s.UniqueID]
	if u == nil {
		if len(r.unknown) >= maxStrangers {
			r.dropOldestLocked()
		}
		u = &admin.Stranger{UniqueID: s.UniqueID, First: s.At}
		r.unknown[s.UniqueID] = u
	}
	if len(u.Frames) >= framesPerStranger {
		u.Frames = append(u.Frames[:0], u.Frames[1:]...)
	}
	u.Frames = append(u.Frames, slices.Clone(s.Frame))
	u.Protocol, u.Addr, u.Last = s.Protocol, s.Addr, s.At
	u.Count++
}

func (r *registry) dropOldestLocked() {
	oldest := ""
	for name, u := range r.unknown {
		if oldest == "" || u.Last < r.unknown[oldest].Last {
			oldest = name
		}
	}
	delete(r.unknown, oldest)
}

// Strangers lists who is not known, latest first.
func (r *registry) Strangers() []admin.Stranger {
	r.mu.RLock()
	defer r.mu.RUnlock()
	out := make([]admin.Stranger, 0, len(r.unknown))
	for _, u := range r.unknown {
		c := *u
		c.Frames = slices.Clone(u.Frames)
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b admin.Stranger) int { return cmp.Compare(b.Last, a.Last) })
	return out
}

// Forget drops a stranger.
func (r *registry) Forget(uniqueID string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.unknown, uniqueID)
}

// put takes new and changed devices over, and forgets removed ones.
func (r *registry) put(devices []fleet.Device, removed []fleet.DeviceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range removed {
		r.dropLocked(id)
	}
	for i := range devices { // all before any is there anew: they may have swapped names
		r.dropLocked(devices[i].ID)
	}
	for i := range devices {
		d := &devices[i]
		if d.Disabled {
			continue
		}
		r.byName[d.UniqueID] = ingest.Identity{
			Device: d.ID, Model: d.Model, ClockOffset: d.ClockOffset, SecretHash: d.SecretHash,
		}
		r.names[d.ID] = d.UniqueID
		r.customers[d.ID] = d.Customer
		delete(r.unknown, d.UniqueID)
	}
}

// dropLocked forgets a device and what it is known by.
func (r *registry) dropLocked(id fleet.DeviceID) {
	if name, ok := r.names[id]; ok {
		delete(r.byName, name)
		delete(r.names, id)
		delete(r.customers, id)
	}
}
