package track

import (
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
}

// Owner is one of a device's owners and its fences.
type Owner struct {
	ID     fleet.OwnerID
	Fences *fence.Set
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
}

// State is what is remembered of one device between inputs.
type State struct {
	Device fleet.DeviceID
}

// Step is the whole meaning of an input. It changes the state and returns what
// happened, in the order in which it happened; nil for nothing, without
// allocating.
func Step(s *State, in Input, w *World) []fleet.Event { return nil }

// Normalise judges a report by itself against the time it was received: clock,
// ranges, rounding. It sets the verdict and may correct the times.
func Normalise(r *fleet.Report, clockOffset int64) {}

// Position is the device's last trusted fix for the live map; ok is false
// before the first.
func (s *State) Position() (p fleet.Position, ok bool) { return p, false }

// AppendBinary appends the state's encoding, which begins with its own length.
func (s *State) AppendBinary(b []byte) ([]byte, error) { return b, nil }

// DecodeState reads what AppendBinary wrote and returns the rest.
func DecodeState(b []byte) (s State, rest []byte, err error) { return s, b, nil }
