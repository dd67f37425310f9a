package history

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"sort"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// A day's file lists in its segments bucket, under each segment's first Seq,
// which chunks that segment made, and under totalKey how many segments there
// are. bbolt proves none of its pages but two, and a changed page can hide a
// key; with the list a hidden chunk is damage instead of a gap.

const suffixSize = keySize - 8 // device and part: a chunk's key without its segment

var totalKey = bytes.Repeat([]byte{0xff}, 8)

// contents is a segment's entry: the key suffixes of its chunks, in order.
type contents struct {
	last   fleet.Seq
	chunks [lanes][]byte
}

// value is the entry as it is stored.
func (c *contents) value(key []byte) []byte {
	b := binary.BigEndian.AppendUint64([]byte{schema, 0, 0, 0, 0}, uint64(c.last))
	for _, list := range c.chunks {
		b = binary.AppendUvarint(b, uint64(len(list)/suffixSize))
		b = append(b, list...)
	}
	sealValue(key, b)
	return b
}

// parseContents reads an entry; the lists point into the value.
func parseContents(key, value []byte) (c contents, why string) {
	p, why := openValue(key, value)
	if why != "" {
		return c, why
	}
	if len(key) != 8 || len(p) < 8 {
		return c, "the list of a segment's chunks is too short"
	}
	c.last = fleet.Seq(binary.BigEndian.Uint64(p))
	p = p[8:]
	for l := range c.chunks {
		n, rest, err := readCount(p)
		if err != nil || n > len(rest)/suffixSize {
			return c, "the list of a segment's chunks is too short"
		}
		c.chunks[l], p = rest[:n*suffixSize], rest[n*suffixSize:]
	}
	return c, ""
}

// of calls f for the key suffixes of the chunks that may hold a device: the one
// before those that begin with it, and those.
func (c *contents) of(l lane, device fleet.DeviceID, f func(suffix []byte) error) error {
	list := c.chunks[l]
	first := func(i int) fleet.DeviceID {
		return fleet.DeviceID(binary.BigEndian.Uint64(list[i*suffixSize:]))
	}
	n := len(list) / suffixSize
	i := sort.Search(n, func(i int) bool { return first(i) >= device })
	for i = max(i-1, 0); i < n && first(i) <= device; i++ {
		if err := f(list[i*suffixSize:][:suffixSize]); err != nil {
			return err
		}
	}
	return nil
}

// eachContents calls f for every segment of a file and proves that none is hidden.
func eachContents(tx *bbolt.Tx, path string, f func(key []byte, c *contents) error) error {
	b := tx.Bucket(bucketSegments)
	if b == nil {
		return &DamageError{File: path, Reason: "a bucket is missing"}
	}
	seen, total := uint64(0), uint64(0)
	cur := b.Cursor()
	for k, v := cur.First(); k != nil; k, v = cur.Next() {
		if bytes.Equal(k, totalKey) {
			n, why := parseTotal(v)
			if why != "" {
				return damaged(path, k, why)
			}
			total = n
			continue
		}
		c, why := parseContents(k, v)
		if why != "" {
			return damaged(path, k, why)
		}
		seen++
		if err := f(k, &c); err != nil {
			return err
		}
	}
	if seen != total {
		return &DamageError{File: path, Reason: fmt.Sprintf("%d segments are listed, %d were added", seen, total)}
	}
	return nil
}

func parseTotal(v []byte) (n uint64, why string) {
	p, why := openValue(totalKey, v)
	if why == "" && len(p) != 8 {
		why = "the number of segments is too short"
	}
	if why != "" {
		return 0, why
	}
	return binary.BigEndian.Uint64(p), ""
}

func damaged(path string, key []byte, why string) *DamageError {
	return &DamageError{File: path, Key: hex.EncodeToString(key), Reason: why}
}

// noteSegment lists what a segment put into a lane, in the same transaction.
func noteSegment(tx *bbolt.Tx, path string, seg journal.SegmentInfo, l lane, suffixes []byte) error {
	b := tx.Bucket(bucketSegments)
	key := binary.BigEndian.AppendUint64(nil, uint64(seg.First))
	c, why := contents{}, ""
	if old := b.Get(key); old != nil {
		if c, why = parseContents(key, old); why != "" {
			return damaged(path, key, why)
		}
	} else {
		total := uint64(0)
		if v := b.Get(totalKey); v != nil {
			if total, why = parseTotal(v); why != "" {
				return damaged(path, totalKey, why)
			}
		}
		v := binary.BigEndian.AppendUint64([]byte{schema, 0, 0, 0, 0}, total+1)
		sealValue(totalKey, v)
		if err := b.Put(totalKey, v); err != nil {
			return err
		}
	}
	c.last = seg.Last
	c.chunks[l] = suffixes
	return b.Put(key, c.value(key))
}
