package track

import (
	"time"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// World is what the administered world means for a device: the compiled fences
// of its owners and its labels. Devices with the same owners and labels share
// one. It never changes; an edit makes a new one.
type World struct {
	Company fleet.CompanyID
	Owners  []Owner         // nearest first: the customer, its ancestors, the company
	Labels  []fleet.LabelID // sorted
	Filter  Filter
	Rules   *Rules // of all the owners; nil: none
	Profile Profile

	// Since is the time of the edit that made this world what it is: it judges
	// no older fixes. 0 = since the beginning of time.
	Since fleet.Time

	// Edits are the times of the edits that led to this world, oldest first,
	// the last one Since, as far back as anybody remembers; nil: Since alone.
	// A device that took none of them over in between learns from it which
	// of its fixes were judged by a world that held no more.
	Edits []fleet.Time

	sealed uint64 // the digest; 0: Seal was not called
}

// Seal works out what each step asks of the world. It is for whoever made the
// world, before others have it; afterwards only Since and Edits may change.
// One that is not sealed means the same, and every step takes longer.
func (w *World) Seal() {
	w.sealed = 0
	w.sealed = w.digest()
}

// firstAfter is the earliest known edit behind a time, 0 for none.
func (w *World) firstAfter(t fleet.Time) fleet.Time {
	for _, e := range w.Edits {
		if e > t {
			return e
		}
	}
	if w.Since > t {
		return w.Since
	}
	return 0
}

// Past is a world and the time from which it held, for a device whose late
// reports are judged by the world of their own time.
type Past struct {
	Since fleet.Time
	World *World
}

// Owner is one of a device's owners and its fences.
type Owner struct {
	ID     fleet.OwnerID
	Fences *fence.Set // nil: none

	// Zone is the clock that the owner's schedules go by; nil: UTC.
	Zone *time.Location
}

// Filter says which checks a fix must pass before fences see it.
type Filter struct {
	Motion bool // checks that compare fixes: teleport, frozen
}

// Input is a report or a tick, and its place in the journal.
type Input struct {
	Seq    fleet.Seq
	Report *fleet.Report // nil for a tick
	Tick   fleet.Tick

	// Ahead is a glance at the fences about the report's place, made by
	// [State.Glance]; nil: Step looks for itself. No event depends on it.
	Ahead *fence.Glance
}

// owner is the device's own owner.
func (w *World) owner() fleet.OwnerID {
	if len(w.Owners) == 0 {
		return 0
	}
	return w.Owners[0].ID
}

// fence finds a fence of one of the owners, nil if there is none.
func (w *World) fence(id fleet.FenceID) *fence.Fence {
	for i := range w.Owners {
		if f := w.Owners[i].Fences.Get(id); f != nil {
			return f
		}
	}
	return nil
}

// digest stands for all that decides which fences apply to a device and how
// they judge. Worlds that mean the same have the same.
func (w *World) digest() uint64 {
	if w.sealed != 0 {
		return w.sealed
	}
	h := blend(seed, uint64(w.Company))
	for i := range w.Owners {
		h = blend(h, uint64(w.Owners[i].ID))
		h = blend(h, w.Owners[i].Fences.Version())
	}
	h = blend(h, uint64(len(w.Owners)))
	for _, l := range w.Labels {
		h = blend(h, uint64(l))
	}
	if w.watches() {
		h = w.watchDigest(h)
	}
	return h
}
