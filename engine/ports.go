package engine

import (
	"context"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Journal keeps reports, ticks and changes in the order in which they hold.
// One goroutine appends.
type Journal interface {
	// Append writes the entries and syncs; they are durable when it returns.
	// first is the Seq of entries[0]. After an error of kind fleet.Unavailable
	// (the disk is full) nothing was written, and a later Append may succeed.
	// After any other nothing more may be appended: the disk's state is
	// unknown until the journal is opened anew.
	Append(entries []fleet.Entry) (first fleet.Seq, err error)
	// Scan calls each for every entry after a Seq, in order. The entry's
	// memory is each's only until it returns, but for its Attrs.
	Scan(after fleet.Seq, each func(fleet.Seq, *fleet.Entry) error) error
	// Last is the newest Seq, 0 in an empty journal.
	Last() fleet.Seq
	// Trim allows entries up to a Seq to be forgotten: a snapshot holds them.
	// Segments go once history has them too. It may run beside Append.
	Trim(upto fleet.Seq) error
}

// Committer makes a batch of facts permanent, all or none; events and
// deliveries that are there already stay as they are.
type Committer interface {
	Commit(ctx context.Context, facts *fleet.Facts) error
	// Complete is the Seq up to which facts are complete.
	Complete() (fleet.Seq, error)
}

// Changes keeps change sets beside the records they changed.
type Changes interface {
	// Commit checks the set (validity, versions, uniqueness, delete guards)
	// and stores it with its audit row in one transaction. It returns the set
	// as stored: IDs, versions, judge versions and time filled in.
	Commit(ctx context.Context, set fleet.ChangeSet, now fleet.Time) (*fleet.ChangeSet, error)
	// Load is the set as Commit returned it.
	Load(id fleet.ChangeID) (*fleet.ChangeSet, error)
	// Newest is the highest committed ID, 0 for none.
	Newest() (fleet.ChangeID, error)
	// World is every record as it stood after a change, as one change set.
	World(upto fleet.ChangeID) (*fleet.ChangeSet, error)
}

// Snapshots keeps the states of all devices as of one Seq: written to a
// temporary file, synced, renamed.
type Snapshots interface {
	// Save writes a snapshot of parts, in order, and drops all but a few of
	// those before.
	Save(seq fleet.Seq, parts [][]byte) error
	// Newest is the latest whole snapshot; seq 0 and no parts if there is none.
	Newest() (seq fleet.Seq, parts [][]byte, err error)
	// Oldest is the Seq of the oldest snapshot that is kept, 0 for none: the
	// journal must reach back to it, in case the newer ones are damaged.
	Oldest() (fleet.Seq, error)
}

// Memories gives alert's memories back at start.
type Memories interface {
	EachMemory(func(fleet.Memory) error) error
}

// History gives back what is stored of a device, for the second run over its
// late reports, and keeps the states that such a run begins with.
type History interface {
	// Positions calls each for the device's accepted fixes with
	// from <= Fix < to, oldest first, until it returns false: whatever the
	// journal has made durable when the call begins, those of one time in the
	// order of their arrival. Fixes that are equal in all but their arrival come
	// once. The position is each's only until it returns, but for its Attrs.
	Positions(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error
	// Checkpoints calls each for the device's checkpoints with Day <= upto,
	// newest first, until it returns false; not those of more than 30 days
	// before upto. The State is each's only until it returns.
	Checkpoints(ctx context.Context, device fleet.DeviceID, upto fleet.Time, each func(Checkpoint) bool) error
	// SaveCheckpoints makes checkpoints durable, each in place of the one that
	// is there for its device and day. They come in no order, up to a few for
	// each device, and are erased and dropped with the day's fixes.
	SaveCheckpoints(ctx context.Context, points []Checkpoint) error
}

// Checkpoint is what History keeps.
type Checkpoint = fleet.Checkpoint

// Record gives back a device's events as they were committed.
type Record interface {
	// DeviceEvents lists the device's events with Time >= from and Seq <= upto,
	// by Time, retracted ones too. An amended event goes by its present Time.
	DeviceEvents(ctx context.Context, device fleet.DeviceID, from fleet.Time, upto fleet.Seq) ([]fleet.Event, error)
	// Event is the event with an ID, or an error of kind fleet.NotFound.
	Event(id fleet.EventID) (fleet.Event, error)
	// Deliveries is a page of deliveries.
	Deliveries(q fleet.DeliveryQuery) (fleet.Page[fleet.Delivery], error)
}
