package main

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/seal"
)

// connections runs the customers' own brokers: one client for each connection
// that is enabled. One goroutine holds what runs against what is stored; each
// client has one of its own beside those of mqttsub.
type connections struct {
	*store.Book[fleet.Connection]
	connectionNeeds
	wake chan struct{} // one slot: something was changed

	mu      sync.Mutex // guards what follows
	running map[fleet.RecordID]*connectionRun
	again   map[fleet.RecordID]bool // to be started anew
}

// connectionNeeds is what connections work with.
type connectionNeeds struct {
	admin    *store.Admin
	apply    func(context.Context, fleet.ChangeSet) (*fleet.ChangeSet, error)
	registry *registry
	sink     ingest.Sink
	key      *seal.Key
	guard    func(private bool) outbound.Guard
	log      *slog.Logger
	metrics  *metrics.Set
}

// How long a discovery listens: at most discoverWithin, and no longer than
// discoverQuiet after the last device that was new to it.
const (
	discoverWithin = 60 * time.Second
	discoverQuiet  = 5 * time.Second
	connectionTick = 500 * time.Millisecond
	// reconcileEvery finds out what nobody told of: connections that went with
	// their customer.
	reconcileEvery = 10 * time.Second
)

func newConnections(needs connectionNeeds) *connections {
	return &connections{
		Book: needs.admin.Connections(), connectionNeeds: needs, wake: make(chan struct{}, 1),
		running: map[fleet.RecordID]*connectionRun{}, again: map[fleet.RecordID]bool{},
	}
}

// Put stores, and has the client follow.
func (m *connections) Put(actor fleet.Actor, v fleet.Connection) (fleet.Connection, error) {
	defer m.poke()
	return m.Book.Put(actor, v)
}

// Delete removes, and has the client end. Its devices stay.
func (m *connections) Delete(actor fleet.Actor, id fleet.RecordID, version uint64) error {
	defer m.poke()
	return m.Book.Delete(actor, id, version)
}

// Status is how a connection stands; false if it does not run.
func (m *connections) Status(id fleet.RecordID) (fleet.ConnectionStatus, bool) {
	m.mu.Lock()
	r := m.running[id]
	m.mu.Unlock()
	if r == nil {
		return fleet.ConnectionStatus{}, false
	}
	return r.status(fleet.At(time.Now())), true
}

// Resync starts a connection anew.
func (m *connections) Resync(id fleet.RecordID) {
	m.mu.Lock()
	if m.running[id] != nil {
		m.again[id] = true
	}
	m.mu.Unlock()
	m.poke()
}

func (m *connections) poke() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// run follows what is stored until ctx ends, and then ends every client.
func (m *connections) run(ctx context.Context) error {
	tick := time.NewTicker(reconcileEvery)
	defer tick.Stop()
	for {
		wanted, err := m.wanted()
		if err != nil {
			m.log.Error("connections cannot be read; the next round tries again", "err", err)
		} else {
			m.follow(wanted)
		}
		select {
		case <-ctx.Done():
			m.follow(nil)
			return nil
		case <-m.wake:
		case <-tick.C:
		}
	}
}

// wanted are the connections that are enabled.
func (m *connections) wanted() (map[fleet.RecordID]fleet.Connection, error) {
	all := map[fleet.RecordID]fleet.Connection{}
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	for {
		p, err := m.List(q)
		if err != nil {
			return nil, err
		}
		for _, c := range p.Items {
			if c.Enabled {
				all[c.ID] = c
			}
		}
		if q.After = p.Next; q.After == "" {
			return all, nil
		}
	}
}

// follow ends the clients that are not wanted, or not as they are, and starts
// those that are missing.
func (m *connections) follow(wanted map[fleet.RecordID]fleet.Connection) {
	m.mu.Lock()
	var ending []*connectionRun
	for id, r := range m.running {
		if c, ok := wanted[id]; !ok || c.Version != r.c.Version || m.again[id] {
			ending = append(ending, r)
			delete(m.running, id)
		}
	}
	clear(m.again)
	missing := maps.Clone(wanted)
	for id := range m.running {
		delete(missing, id)
	}
	m.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	var ended sync.WaitGroup
	for _, r := range ending {
		ended.Go(func() { r.close(ctx) })
	}
	ended.Wait()
	for _, id := range slices.Sorted(maps.Keys(missing)) {
		r := m.start(missing[id])
		m.mu.Lock()
		m.running[id] = r
		m.mu.Unlock()
	}
}
