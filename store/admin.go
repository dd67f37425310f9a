package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Admin is admin.db: companies, customers, devices, fences, notifications with
// their versions and change sets, people, settings, and the audit. Its methods
// may be called from any goroutine.
type Admin struct {
	db  *adminFile
	now func() time.Time
	log *slog.Logger

	chain struct { // how far the audit was verified while the file was open
		sync.Mutex
		number uint64
		hash   []byte
		broken uint64
	}
}

// AdminOptions are what Admin needs to know.
type AdminOptions struct {
	ReadOnly bool             // for checks
	Now      func() time.Time // of audit rows and new people; nil = time.Now
	Log      *slog.Logger
}

// The buckets of admin.db beside the tables and their indexes.
const (
	changesBucket  = "changes"  // change ID -> the set as committed
	versionsBucket = "versions" // record, ID, change ID -> the record, or a tombstone
	gravesBucket   = "graves"   // record, ID -> the record as it was when deleted
	auditBucket    = "audit"    // number -> row
	settingsBucket = "settings" // name -> bytes
)

var adminFormat = boltfile.Format{
	Name: "admin",
	Migrations: []func(*bbolt.Tx) error{
		func(tx *bbolt.Tx) error {
			for _, t := range adminTables() {
				if err := makeBuckets(tx, append(t.names(), t.Name())...); err != nil {
					return err
				}
			}
			return makeBuckets(tx, changesBucket, versionsBucket, gravesBucket, auditBucket, settingsBucket)
		},
		func(tx *bbolt.Tx) error { return makeBuckets(tx, plainBuckets()...) },
		func(tx *bbolt.Tx) error { // rules came later
			return makeBuckets(tx, append(rules.names(), rules.Name(), noticeByRule)...)
		},
		addCredentials,
		func(tx *bbolt.Tx) error { return makeBuckets(tx, customerByPlan, customerByTag, customerInternal) },
		addLabels,
		addUsage,
		func(tx *bbolt.Tx) error { return makeBuckets(tx, deviceByType, noticeByPlan) },
		addJobs,
		addPlaces,
		addAnswers,
		addErasures,
	},
}

// anyTable is a table whatever it holds.
type anyTable interface {
	Name() string
	names() []string // of the indexes
	check(tx *bbolt.Tx, f *finder)
}

func (t *table[T]) names() []string { return t.indexes }

func adminTables() []anyTable {
	return []anyTable{&companies, &customers, &devices, &fences, &rules, &notices, &users, &tokens, &subscriptions, &setupLinks, &credentials, &jobs}
}

// OpenAdmin opens the file at path, creating or migrating it.
func OpenAdmin(path string, o AdminOptions) (*Admin, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	db, err := boltfile.Open(path, adminFormat, boltfile.Options{ReadOnly: o.ReadOnly})
	if err != nil {
		return nil, err
	}
	a := &Admin{db: &adminFile{DB: db}, now: o.Now, log: o.Log}
	if err := a.db.fill(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return a, nil
}

// Close closes the file. Closing twice is fine.
func (a *Admin) Close() error { return a.db.Close() }

// CopyTo writes the file as it stands to another place while it is in use.
func (a *Admin) CopyTo(path string) error { return a.db.CopyTo(path) }

// newID is an ID that no row of the table has or had.
func newID[T any](tx *bbolt.Tx, t *table[T], now fleet.Time) (uint64, error) {
	for {
		var b [4]byte
		if _, err := rand.Read(b[:]); err != nil {
			return 0, err
		}
		id := uint64(fleet.MakeID[T](now, binary.BigEndian.Uint32(b[:])))
		if id != 0 && t.bucket(tx).Get(be64(id)) == nil && !buried(tx, t.record, id) {
			return id, nil
		}
	}
}

// newPlainID is an ID that no plain record of the kind has, nor had lately.
func newPlainID(tx *bbolt.Tx, kind fleet.RecordKind, now fleet.Time) (fleet.RecordID, error) {
	for {
		var b [4]byte
		if _, err := rand.Read(b[:]); err != nil {
			return 0, err
		}
		id := fleet.RecordID(fleet.MakeID[struct{}](now, binary.BigEndian.Uint32(b[:])))
		if id != 0 && tx.Bucket([]byte(plainBucket)).Get(plainKey(kind, uint64(id))) == nil {
			return id, nil
		}
	}
}

// digest is what stands for a long text in a key.
func digest(b []byte) []byte {
	sum := sha256.Sum256(b)
	return sum[:]
}

// one reads a row by its ID in a transaction of its own.
func one[T any](a *Admin, t *table[T], id uint64) (v T, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		p, err := t.byID(tx, id)
		if err == nil {
			v = *p
		}
		return err
	})
	return v, err
}

// Digest is a sum over all that the file holds, equal for equal contents.
func (a *Admin) Digest() (string, error) { return a.db.Digest() }
