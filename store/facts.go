package store

import (
	"log/slog"
	"sync"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Facts is facts.db: events, deliveries, what alert remembers, and up to which
// journal entry all that is complete. Its methods may be called from any
// goroutine; writes queue for the file's one write transaction.
type Facts struct {
	db      *boltfile.DB
	log     *slog.Logger
	mergeAt int

	writing sync.Mutex // held by whoever writes events or deliveries; guards lazy
	lazy    lazy

	monitored func(fleet.OwnerID) bool
	seen      func([]fleet.Attention)
}

// FactsOptions are what Facts needs to know.
type FactsOptions struct {
	ReadOnly bool // for checks
	MmapSize int  // bytes to map ahead; 0 = 1 GiB
	MergeAt  int  // records that wait before their index entries are merged; 0 = 65,536
	Log      *slog.Logger

	// Monitored says whether what happens to an owner's devices goes to the
	// attention list; nil: always. Seen hears of entries of that list that
	// changed, each as it is on disk, after the transaction and in its order.
	// Neither may call back into Facts.
	Monitored func(fleet.OwnerID) bool
	Seen      func([]fleet.Attention)
}

var factsFormat = boltfile.Format{
	Name: "facts",
	Migrations: []func(*bbolt.Tx) error{
		func(tx *bbolt.Tx) error {
			return makeBuckets(tx, eventsTable.Name(), deliveriesTable.Name(), dueBucket, memoriesTable.Name())
		},
		func(*bbolt.Tx) error { return nil }, // days may hold pending entries from here on
		func(*bbolt.Tx) error { return nil }, // rows may be revised and days hold moved from here on
		func(tx *bbolt.Tx) error {
			return makeBuckets(tx, attentionsTable.Name(), attentionsByWhom, attentionsByOpen)
		},
		func(tx *bbolt.Tx) error { return makeBuckets(tx, talliesTable.Name()) }, // counted from here on
	},
}

func makeBuckets(tx *bbolt.Tx, names ...string) error {
	for _, name := range names {
		if _, err := tx.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// OpenFacts opens the file at path, creating or migrating it.
func OpenFacts(path string, o FactsOptions) (*Facts, error) {
	if o.MmapSize == 0 {
		o.MmapSize = 1 << 30
	}
	if o.MergeAt == 0 {
		o.MergeAt = mergeAt
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db, err := boltfile.Open(path, factsFormat, boltfile.Options{ReadOnly: o.ReadOnly, MmapSize: o.MmapSize})
	if err != nil {
		return nil, err
	}
	if o.Monitored == nil {
		o.Monitored = func(fleet.OwnerID) bool { return true }
	}
	if o.Seen == nil {
		o.Seen = func([]fleet.Attention) {}
	}
	return &Facts{db: db, log: o.Log, mergeAt: o.MergeAt, monitored: o.Monitored, seen: o.Seen}, nil
}

// Close closes the file. Closing twice is fine.
func (f *Facts) Close() error { return f.db.Close() }

// CopyTo writes the file as it stands to another place while it is in use.
func (f *Facts) CopyTo(path string) error { return f.db.CopyTo(path) }

var completeKey = []byte("complete")

// Complete is the Seq up to which facts are complete.
func (f *Facts) Complete() (seq fleet.Seq, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		v, err := boltfile.Counter(tx, completeKey)
		seq = fleet.Seq(v)
		return err
	})
	return seq, err
}

// Digest is a sum over all that the file holds, equal for equal contents. What
// follows from the rows, the indexes that are filled in bulk, is left out:
// Check holds them against the rows.
func (f *Facts) Digest() (string, error) {
	return f.db.Digest(deviceBucket, fenceBucket, ownerBucket, pendingBucket, talliesTable.Name())
}
