package engine

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	// Semantics numbers the meaning of journal and states together. A rise
	// says that states of before cannot be read or would be judged otherwise.
	// Journal and snapshot files carry it.
	Semantics = 1

	headerFormat = 1
	headerSize   = 1 + 8 + 8
	partSize     = 4 << 20 // a part ends with the first state beyond
)

// A header is the first part of a snapshot. Its bytes are in DESIGN.md.
type header struct {
	change fleet.ChangeID // the world that the states live in
	count  uint64         // states in the parts that follow
}

func (h header) encode() []byte {
	b := []byte{headerFormat}
	b = binary.BigEndian.AppendUint64(b, uint64(h.change))
	return binary.BigEndian.AppendUint64(b, h.count)
}

func decodeHeader(b []byte) (h header, err error) {
	if len(b) != headerSize || b[0] != headerFormat {
		return h, fmt.Errorf("snapshot begins with %x, want format %d in %d bytes: "+
			"start the version of vigia that wrote it", b[:min(len(b), headerSize)], headerFormat, headerSize)
	}
	h.change = fleet.ChangeID(binary.BigEndian.Uint64(b[1:]))
	h.count = binary.BigEndian.Uint64(b[9:])
	return h, nil
}

// A barrier gathers the states of all shards as of the end of one group.
type barrier struct {
	header
	seq   fleet.Seq
	mu    sync.Mutex // guards parts, count and err
	parts [][]byte
	err   error
	left  atomic.Int32
	done  chan struct{} // closed by the last shard
}

// snapshot asks the shards for their states as of the end of a durable group
// and keeps them in the background. While one is under way it does nothing.
func (e *Engine) snapshot(g *group) {
	if !e.saving.CompareAndSwap(false, true) {
		e.o.Log.Warn("snapshot skipped: the one before is still being written")
		return
	}
	b := &barrier{header: header{change: e.seq.change}, seq: g.last(), done: make(chan struct{})}
	b.left.Store(int32(len(e.shards)))
	g.barrier = b
	e.snapshots.Go(func() { e.save(b) })
}

// lastSnapshot routes a group that holds nothing but the wish for a snapshot.
// The sequencer has ended.
func (e *Engine) lastSnapshot() {
	e.snapshots.Wait()
	g := e.newGroup()
	g.first = e.o.Journal.Last() + 1
	e.snapshot(g)
	e.route(g)
}

// deliver adds a shard's states; called by the shard.
func (b *barrier) deliver(s *shard) {
	parts, count, err := s.encode()
	b.mu.Lock()
	b.parts = append(b.parts, parts...)
	b.count += count
	if err != nil {
		b.err = err
	}
	b.mu.Unlock()
	if b.left.Add(-1) == 0 {
		close(b.done)
	}
}

// encode appends all states of the shard, in parts.
func (s *shard) encode() (parts [][]byte, count uint64, err error) {
	part := make([]byte, 0, min(partSize+partSize/8, 128*len(s.index)))
	for _, page := range s.pages {
		for i := range page {
			if page[i].state.Device == 0 {
				continue
			}
			if part, err = page[i].state.AppendBinary(part); err != nil {
				return nil, 0, fmt.Errorf("device %s: %w", page[i].state.Device, err)
			}
			if count++; len(part) >= partSize {
				parts, part = append(parts, part), make([]byte, 0, partSize+partSize/8)
			}
		}
	}
	if len(part) > 0 {
		parts = append(parts, part)
	}
	return parts, count, nil
}

// save waits for the states, then for the facts up to them, and keeps both. A
// snapshot that fails costs the next start some time and nothing else.
func (e *Engine) save(b *barrier) {
	defer e.saving.Store(false)
	select {
	case <-b.done:
	case <-e.failed:
		return
	}
	start := time.Now()
	err := b.err
	if err == nil {
		err = e.flush(context.Background())
	}
	if err == nil && e.o.History != nil {
		err = e.points.save(context.Background(), e.o.History)
	}
	if err == nil {
		err = e.o.Snapshots.Save(b.seq, append([][]byte{b.encode()}, b.parts...))
	}
	if err != nil {
		e.m.snapshotErrors.Inc()
		e.o.Log.Error("snapshot failed; the journal grows until one succeeds", "seq", uint64(b.seq), "err", err)
		return
	}
	e.m.snapshots.UpdateDuration(start)
	oldest, err := e.o.Snapshots.Oldest()
	if err == nil {
		e.noteSaved(b.seq, b.header.change, oldest)
		err = e.o.Journal.Trim(oldest)
	}
	if err != nil {
		e.o.Log.Error("journal was not trimmed", "seq", uint64(oldest), "err", err)
	}
}

// restore puts the states of a snapshot's parts into the shards. States of
// devices that the world does not know are dropped.
func (e *Engine) restore(h header, parts [][]byte) error {
	count := uint64(0)
	for n, part := range parts {
		for whole := len(part); len(part) > 0; count++ {
			state, rest, err := track.DecodeState(part)
			if err != nil {
				return fmt.Errorf("snapshot part %d at byte %d: %w", n+1, whole-len(part), err)
			}
			if len(rest) >= len(part) {
				return fmt.Errorf("snapshot part %d at byte %d: a state of no length", n+1, whole-len(part))
			}
			part = rest
			s := e.shards[shardOf(state.Device, len(e.shards))]
			if i, ok := s.index[state.Device]; ok {
				s.slot(i).state = state
				s.mayWait(i)
				s.restoredLate(i)
			}
		}
	}
	if count != h.count {
		return fmt.Errorf("snapshot holds %d states, its header says %d", count, h.count)
	}
	return nil
}
