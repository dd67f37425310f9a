package journal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// growBytes is by how much a file grows that a large group has outgrown.
const growBytes = 1 << 20

// judge decides about the newest segment behind its last good group: b is what
// stands from offset from up to the last byte that is not zero, and entries
// hold up to offset good. It is "" if b is a group on its way to the disk when
// the power went, which may be cut, because it was never acknowledged; else it
// says why it is damage.
//
// A group goes out in one write to space that reads as zeros, and the next one
// only once it is synced. So an unfinished group lacks whole sectors, inside or
// at its end, and nothing follows it. Any other difference came later, to bytes
// that may have been acknowledged.
func judge(b []byte, from, good int64, start uint32) string {
	m, ok := lastMarker(b, start)
	switch {
	case ok && int64(m.start) != from:
		return fmt.Sprintf("a later group, with entry %d, is whole", m.last)
	case hole(b, from):
		return ""
	case ok:
		return fmt.Sprintf("the group of entry %d is there as a whole, but not as it was written", m.last)
	case good > from && good+markerSize == from+int64(len(b)):
		return "the last group is there as a whole, but its end is not as it was written"
	}
	return ""
}

// lastMarker finds the last marker in b whose CRC holds.
func lastMarker(b []byte, start uint32) (m marker, ok bool) {
	var word [4]byte
	binary.LittleEndian.PutUint32(word[:], markerWord)
	for end := len(b); ; {
		i := bytes.LastIndex(b[:end], word[:])
		if i < 0 {
			return marker{}, false
		}
		if i >= 4 {
			if m, _, ok := parseMarker(b[i-4:], start); ok {
				return m, true
			}
		}
		end = i + len(word) - 1
	}
}

// hole reports whether a sector's part in b, which stands at offset from, is
// all zero.
func hole(b []byte, from int64) bool {
	for len(b) > 0 {
		n := min(int(sector-from%sector), len(b))
		if allZero(b[:n]) {
			return true
		}
		b, from = b[n:], from+int64(n)
	}
	return false
}

var zeros [sector]byte

func allZero(b []byte) bool {
	for len(b) > 0 {
		n := min(len(b), sector)
		if !bytes.Equal(b[:n], zeros[:n]) {
			return false
		}
		b = b[n:]
	}
	return true
}

// remains reads what stands behind from up to the last byte that is not zero.
func remains(f file, from, size int64) ([]byte, error) {
	end := from // behind the last byte that is not zero
	buf := make([]byte, chunk)
	for at := from; at < size; {
		n, err := f.ReadAt(buf[:min(chunk, size-at)], at)
		if i := lastNonZero(buf[:n]); i >= 0 {
			end = at + int64(i) + 1
		}
		at += int64(n)
		if err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return nil, err
		}
	}
	if end-from > maxGroup+sector {
		return nil, fmt.Errorf("%d bytes behind the last whole group, more than any group has", end-from)
	}
	out := make([]byte, end-from)
	if len(out) == 0 {
		return nil, nil
	}
	if _, err := f.ReadAt(out, from); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return out, nil
}

func lastNonZero(b []byte) int {
	if allZero(b) {
		return -1
	}
	i := len(b) - 1
	for b[i] == 0 {
		i--
	}
	return i
}
