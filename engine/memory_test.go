package engine_test

import (
	"bytes"
	"context"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// memory keeps facts, changes and snapshots in maps. It stands in for the
// store where a test wants to see or to break what the engine asks of it.
type memory struct {
	mu         sync.Mutex // guards all below
	events     map[fleet.EventID]fleet.Event
	deliveries map[fleet.DeliveryKey]fleet.Delivery
	outcomes   []fleet.Outcome
	complete   fleet.Seq
	commits    int
	failCommit func(n int) error // the n-th commit's fate, from 1

	changes []*fleet.ChangeSet // by ID - 1

	snapSeq fleet.Seq
	snap    [][]byte
	saves   int
}

func newMemory() *memory {
	return &memory{events: map[fleet.EventID]fleet.Event{}, deliveries: map[fleet.DeliveryKey]fleet.Delivery{}}
}

// facts is the memory as a Committer.
type facts struct{ *memory }

func (m facts) Commit(_ context.Context, f *fleet.Facts) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commits++
	if m.failCommit != nil {
		if err := m.failCommit(m.commits); err != nil {
			return err
		}
	}
	for _, e := range f.Events {
		if _, there := m.events[e.ID]; !there {
			m.events[e.ID] = e
		}
	}
	for _, d := range f.Deliveries {
		if _, there := m.deliveries[d.Key]; !there {
			m.deliveries[d.Key] = d
		}
	}
	m.outcomes = append(m.outcomes, f.Outcomes...)
	m.complete = max(m.complete, f.Complete)
	return nil
}

func (m facts) Complete() (fleet.Seq, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.complete, nil
}

// edits is the memory as Changes. It fills in what the real store does, and
// checks nothing.
type edits struct{ *memory }

func (m edits) Commit(_ context.Context, set fleet.ChangeSet, now fleet.Time) (*fleet.ChangeSet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	set.ID = fleet.ChangeID(len(m.changes) + 1)
	if !set.Since {
		set.At = now
	}
	for i := range set.Fences {
		set.Fences[i].Judge++
		set.Fences[i].Version++
	}
	m.changes = append(m.changes, &set)
	return &set, nil
}

func (m edits) Load(id fleet.ChangeID) (*fleet.ChangeSet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if id == 0 || int(id) > len(m.changes) {
		return nil, fleet.Errorf(fleet.NotFound, "no change %d", id)
	}
	return m.changes[id-1], nil
}

func (m edits) Newest() (fleet.ChangeID, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return fleet.ChangeID(len(m.changes)), nil
}

func (m edits) World(upto fleet.ChangeID) (*fleet.ChangeSet, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := &fleet.ChangeSet{}
	for _, set := range m.changes[:upto] {
		w.Customers = append(w.Customers, set.Customers...)
		w.Devices = merge(w.Devices, set.Devices, set.RemovedDevices, func(d fleet.Device) fleet.DeviceID { return d.ID })
		w.Fences = merge(w.Fences, set.Fences, set.RemovedFences, func(f fleet.Fence) fleet.FenceID { return f.ID })
		w.Notifications = merge(w.Notifications, set.Notifications, set.RemovedNotifications,
			func(n fleet.Notification) fleet.NotificationID { return n.ID })
	}
	return w, nil
}

func merge[T any, I comparable](have, put []T, removed []I, id func(T) I) []T {
	have = slices.DeleteFunc(slices.Clone(have), func(h T) bool {
		return slices.Contains(removed, id(h)) || slices.ContainsFunc(put, func(p T) bool { return id(p) == id(h) })
	})
	return append(have, put...)
}

// snaps is the memory as Snapshots.
type snaps struct{ *memory }

func (m snaps) Save(seq fleet.Seq, parts [][]byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saves++
	m.snapSeq, m.snap = seq, nil
	for _, p := range parts {
		m.snap = append(m.snap, bytes.Clone(p))
	}
	return nil
}

func (m snaps) Newest() (fleet.Seq, [][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snapSeq, m.snap, nil
}

func (m snaps) Oldest() (fleet.Seq, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snapSeq, nil
}
