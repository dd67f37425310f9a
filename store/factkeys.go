package store

import (
	"bytes"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// The tables of facts.db. Events and deliveries stand in a bucket per UTC day
// of the event's identity, with their indexes beside them in the same bucket,
// so that a day goes as a whole (DESIGN.md).
var (
	eventsTable     = boltfile.NewTable("events")
	deliveriesTable = boltfile.NewTable("deliveries")
	memoriesTable   = boltfile.NewTable("memories")
	attentionsTable = boltfile.NewTable("attentions")
)

const (
	dueBucket = "due"

	attentionsByWhom = "attentions/whom" // where a page of the queue is read
	attentionsByOpen = "attentions/open" // what folds

	rowBucket     = "row" // in a day: key -> sealed value
	deviceBucket  = "device"
	fenceBucket   = "fence"
	ownerBucket   = "owner"
	companyBucket = "company"
)

// day is a UTC day, counted from 1970-01-01.
type day uint32

func dayOf(id fleet.EventID) day {
	var b [8]byte
	copy(b[2:], id[:6])
	return dayAt(fleet.Time(binary.BigEndian.Uint64(b[:])))
}

func dayAt(t fleet.Time) day { return day(min(max(t, 0)/fleet.Day, lastDay)) }

const lastDay = 1<<32 - 64 // room to reckon; no identity's time comes near it

func (d day) key() []byte { return binary.BigEndian.AppendUint32(nil, uint32(d)) }

func parseDay(table boltfile.Table, k []byte) (day, error) {
	if len(k) != 4 {
		return 0, &boltfile.DamageError{Table: table.Name(), Key: k, Reason: "the name of a day is not of 4 bytes"}
	}
	return day(binary.BigEndian.Uint32(k)), nil
}

func be64(v uint64) []byte { return binary.BigEndian.AppendUint64(nil, v) }

func be64Of(b []byte) uint64 { return binary.BigEndian.Uint64(b) }

// ref is the key of an index row: who, then the row's own key.
func ref(id uint64, key []byte) []byte { return append(be64(id), key...) }

// deliveryKey is event, recipient, channel.
func deliveryKey(k fleet.DeliveryKey) []byte {
	b := make([]byte, 0, 16+8+8)
	b = append(b, k.Event[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(k.Recipient))
	return append(b, k.Channel...)
}

const minDeliveryKey = 16 + 8 + 1

func eventOf(key []byte) (id fleet.EventID) {
	copy(id[:], key)
	return id
}

// dueKey is channel, zero, when, delivery: each channel is a queue of its own.
func dueKey(due fleet.Time, delivery []byte) []byte {
	return append(binary.BigEndian.AppendUint64(duePrefix(delivery[minDeliveryKey-1:]), uint64(max(due, 0))), delivery...)
}

// deliveryOfDue is the delivery's key within a due key.
func deliveryOfDue(k []byte) ([]byte, error) {
	prefix := bytes.IndexByte(k, 0) + 1
	if prefix == 0 || len(k) < prefix+8+minDeliveryKey {
		return nil, &boltfile.DamageError{Table: dueBucket, Key: k, Reason: "the key is too short"}
	}
	return k[prefix+8:], nil
}

func duePrefix(channel []byte) []byte { return append(bytes.Clone(channel), 0) }

func memoryKey(device fleet.DeviceID, rule fleet.NotificationID) []byte {
	return ref(uint64(device), be64(uint64(rule)))
}

// days is the buckets of one table's days, opened once a transaction.
type days struct {
	table boltfile.Table
	top   *bbolt.Bucket
	open  map[day]map[string]*bbolt.Bucket
}

func openDays(tx *bbolt.Tx, table boltfile.Table) *days {
	return &days{table: table, top: tx.Bucket([]byte(table.Name())), open: map[day]map[string]*bbolt.Bucket{}}
}

// bucket is a bucket of a day, nil if it is not there.
func (ds *days) bucket(d day, name string) *bbolt.Bucket {
	if b := ds.open[d][name]; b != nil {
		return b
	}
	parent := ds.top.Bucket(d.key())
	if parent == nil {
		return nil
	}
	return ds.keep(d, name, parent.Bucket([]byte(name)))
}

// make is a bucket of a day, created if need be.
func (ds *days) make(d day, name string) (*bbolt.Bucket, error) {
	if b := ds.bucket(d, name); b != nil {
		return b, nil
	}
	parent, err := ds.top.CreateBucketIfNotExists(d.key())
	if err != nil {
		return nil, err
	}
	b, err := parent.CreateBucketIfNotExists([]byte(name))
	if err != nil {
		return nil, err
	}
	if name == rowBucket || name == companyBucket || name == pendingBucket {
		b.FillPercent = 0.9 // keys come almost in order
	}
	return ds.keep(d, name, b), nil
}

func (ds *days) keep(d day, name string, b *bbolt.Bucket) *bbolt.Bucket {
	if b == nil {
		return nil
	}
	if ds.open[d] == nil {
		ds.open[d] = map[string]*bbolt.Bucket{}
	}
	ds.open[d][name] = b
	return b
}
