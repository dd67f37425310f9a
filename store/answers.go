package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Answers to writes with an Idempotency-Key, by a hash of whose key it is, and
// their order: when the request came and that hash, oldest first.
const (
	answersBucket   = "answers"
	answersAtBucket = "answers/at"
)

// The bounds of kept answers.
const (
	answerLife   = fleet.Hour
	answersMost  = 10000
	answersBytes = 32 << 20
	answersAged  = 100 // dropped in one transaction at most
)

var (
	answersTable    = boltfile.NewTable(answersBucket)
	answersCountKey = []byte("answers.count")
	answersBytesKey = []byte("answers.bytes")
)

func addAnswers(tx *bbolt.Tx) error { return makeBuckets(tx, answersBucket, answersAtBucket) }

// ClaimAnswer claims a name for a request (true), or gives what is known under
// the name. What is older than an hour is forgotten, and the oldest of more
// than 10,000 answers or 32 MB.
func (a *Admin) ClaimAnswer(name, request [32]byte, now fleet.Time) (old fleet.KeptAnswer, mine bool, err error) {
	err = a.db.Update(func(tx *bbolt.Tx) error {
		if err := ageAnswers(tx, now); err != nil {
			return err
		}
		if raw := tx.Bucket([]byte(answersBucket)).Get(name[:]); raw != nil {
			old, err = boltfile.Decode[fleet.KeptAnswer](answersTable, name[:], raw)
			return err
		}
		mine = true
		return putAnswer(tx, name[:], &fleet.KeptAnswer{Request: request[:], At: now})
	})
	return old, mine && err == nil, err
}

// KeepAnswer puts the answer under a name that was claimed; "" gives the name
// free again. A name that was forgotten meanwhile stays so.
func (a *Admin) KeepAnswer(name [32]byte, sealed string) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		raw := tx.Bucket([]byte(answersBucket)).Get(name[:])
		if raw == nil {
			return nil
		}
		v, err := boltfile.Decode[fleet.KeptAnswer](answersTable, name[:], raw)
		if err != nil {
			return err
		}
		if err := dropAnswer(tx, name[:], v.At); err != nil || sealed == "" {
			return err
		}
		v.Sealed = sealed
		return putAnswer(tx, name[:], &v)
	})
}

func ageAnswers(tx *bbolt.Tx, now fleet.Time) error {
	for range answersAged {
		k, _ := tx.Bucket([]byte(answersAtBucket)).Cursor().First()
		if k == nil {
			return nil
		}
		if len(k) != 40 {
			return &boltfile.DamageError{Table: answersAtBucket, Key: k, Reason: "the key is not of 40 bytes"}
		}
		n, err := boltfile.Counter(tx, answersCountKey)
		if err != nil {
			return err
		}
		size, err := boltfile.Counter(tx, answersBytesKey)
		if err != nil {
			return err
		}
		at := fleet.Time(be64Of(k))
		if at+answerLife > now && n < answersMost && size <= answersBytes {
			return nil
		}
		if err := dropAnswer(tx, append([]byte(nil), k[8:]...), at); err != nil {
			return err
		}
	}
	return nil
}

func putAnswer(tx *bbolt.Tx, name []byte, v *fleet.KeptAnswer) error {
	b := tx.Bucket([]byte(answersBucket))
	if err := boltfile.Put(b, answersTable, name, v); err != nil {
		return err
	}
	if err := tx.Bucket([]byte(answersAtBucket)).Put(append(be64(uint64(v.At)), name...), []byte{}); err != nil {
		return err
	}
	return countAnswers(tx, 1, len(b.Get(name)))
}

func dropAnswer(tx *bbolt.Tx, name []byte, at fleet.Time) error {
	b := tx.Bucket([]byte(answersBucket))
	raw, n := b.Get(name), 0
	size := len(raw)
	if raw != nil {
		n = 1
	}
	if err := b.Delete(name); err != nil {
		return err
	}
	if err := tx.Bucket([]byte(answersAtBucket)).Delete(append(be64(uint64(at)), name...)); err != nil {
		return err
	}
	return countAnswers(tx, -n, -size)
}

func countAnswers(tx *bbolt.Tx, n, size int) error {
	for _, c := range []struct {
		key []byte
		by  int
	}{{answersCountKey, n}, {answersBytesKey, size}} {
		have, err := boltfile.Counter(tx, c.key)
		if err == nil {
			err = boltfile.SetCounter(tx, c.key, uint64(max(0, int(have)+c.by)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkAnswers holds the answers, their order and their count against each other.
func checkAnswers(tx *bbolt.Tx, f *finder) {
	count, size := 0, 0
	order := tx.Bucket([]byte(answersAtBucket))
	b := tx.Bucket([]byte(answersBucket))
	eachValue(f, b, answersTable, func(k []byte, v *fleet.KeptAnswer) {
		if order.Get(append(be64(uint64(v.At)), k...)) == nil {
			f.add(at(answersAtBucket, k), "the order lacks this answer")
		}
		count, size = count+1, size+len(b.Get(k))
	})
	placed := countRows(tx, answersAtBucket)
	n, err := boltfile.Counter(tx, answersCountKey)
	bytes, err2 := boltfile.Counter(tx, answersBytesKey)
	if err != nil || err2 != nil || placed != count || int(n) != count || int(bytes) != size {
		f.add(at(answersBucket, nil), "%d answers of %d bytes, %d in order, counted %d of %d", count, size, placed, n, bytes)
	}
}
