package journal

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A record is CRC (4), then kind<<24|length (4), then the payload. The CRC
// covers the second word and the payload and goes on from the CRC of the record
// before, so that no record can be moved, dropped or doubled unseen.
const (
	frameSize = 8
	// MaxRecord is the longest payload in bytes.
	MaxRecord = 1 << 20
	// maxGroup bounds a group, so that offsets in a segment fit 32 bits.
	maxGroup = 256 << 20
)

// markerKind ends a group. Its CRC goes on from the header's, not from the
// record's before, so that it can be found and trusted behind damage; the
// payload ties it to its group.
const (
	markerKind    = 0x7f
	markerPayload = 24
	markerSize    = frameSize + markerPayload
	markerWord    = markerKind<<24 | markerPayload
	markerEnd     = 0xA55AC33C // the last word; its bytes are not zero, which shows where data ends
)

// marker is the payload of a group's last record.
type marker struct {
	last  fleet.Seq // of the group
	start uint32    // offset of the group's first record
	count uint32    // of entries in the group
	chain uint32    // CRC of the group's last entry
}

// sealRecord fills in the frame of a record whose payload stands behind room
// for the frame, and returns its CRC.
func sealRecord(rec []byte, kind uint8, chain uint32) uint32 {
	binary.LittleEndian.PutUint32(rec[4:], uint32(kind)<<24|uint32(len(rec)-frameSize))
	crc := crc32.Update(chain, castagnoli, rec[4:])
	binary.LittleEndian.PutUint32(rec, crc)
	return crc
}

// appendMarker ends a group and returns the CRC from which the chain goes on.
func appendMarker(b []byte, m marker, segmentStart uint32) ([]byte, uint32) {
	le := binary.LittleEndian
	at := len(b)
	b = append(b, make([]byte, frameSize)...)
	b = le.AppendUint64(b, uint64(m.last))
	b = le.AppendUint32(b, m.start)
	b = le.AppendUint32(b, m.count)
	b = le.AppendUint32(b, m.chain)
	b = le.AppendUint32(b, markerEnd)
	return b, sealRecord(b[at:], markerKind, segmentStart)
}

// parseMarker reads a whole marker record whose CRC stands by itself.
func parseMarker(b []byte, segmentStart uint32) (m marker, crc uint32, ok bool) {
	le := binary.LittleEndian
	if len(b) < markerSize || le.Uint32(b[4:]) != markerWord {
		return m, 0, false
	}
	crc = crc32.Update(segmentStart, castagnoli, b[4:markerSize])
	p := b[frameSize:markerSize]
	if le.Uint32(b) != crc || le.Uint32(p[20:]) != markerEnd {
		return m, 0, false
	}
	return marker{
		last: fleet.Seq(le.Uint64(p)), start: le.Uint32(p[8:]), count: le.Uint32(p[12:]), chain: le.Uint32(p[16:]),
	}, crc, true
}

// walk goes through a segment record by record. It is fed bytes and keeps what
// must hold between them.
type walk struct {
	start      uint32 // the header's CRC
	chain      uint32 // CRC of the newest record
	off        int64  // of the next record
	seq        fleet.Seq
	groupStart int64
	groupCount uint32

	// The end of the newest whole group.
	goodOff   int64
	goodSeq   fleet.Seq
	goodChain uint32
}

func newWalk(h *header, crc uint32) walk {
	return walk{
		start: crc, chain: crc, off: headerSize, seq: h.first - 1, groupStart: headerSize,
		goodOff: headerSize, goodSeq: h.first - 1, goodChain: crc,
	}
}

// step is what next found.
type step uint8

const (
	stepEntry  step = iota // an entry: kind and payload hold
	stepMarker             // a group is whole
	stepMore               // the record goes on behind b
	stepZero               // no record: the length is zero
	stepBad                // the bytes are not as written
	stepEnd                // of a reader: the limit
)

// next reads the record at the beginning of b. size is how many bytes it has,
// or with stepMore how many are needed.
func (w *walk) next(b []byte) (s step, kind uint8, payload []byte, size int) {
	if len(b) < frameSize {
		return stepMore, 0, nil, frameSize
	}
	word := binary.LittleEndian.Uint32(b[4:])
	if word == 0 {
		return stepZero, 0, nil, 0
	}
	kind, size = uint8(word>>24), frameSize+int(word&0xffffff)
	if size > frameSize+MaxRecord || !knownKind(kind) {
		return stepBad, 0, nil, 0
	}
	if len(b) < size {
		return stepMore, 0, nil, size
	}
	if kind == markerKind {
		m, crc, ok := parseMarker(b[:size], w.start)
		if !ok || m.chain != w.chain || m.last != w.seq || m.count != w.groupCount || int64(m.start) != w.groupStart {
			return stepBad, 0, nil, 0
		}
		w.off += int64(size)
		w.chain, w.groupStart, w.groupCount = crc, w.off, 0
		w.goodOff, w.goodSeq, w.goodChain = w.off, w.seq, crc
		return stepMarker, kind, nil, size
	}
	crc := crc32.Update(w.chain, castagnoli, b[4:size])
	if binary.LittleEndian.Uint32(b) != crc {
		return stepBad, 0, nil, 0
	}
	w.chain = crc
	w.off += int64(size)
	w.seq++
	w.groupCount++
	return stepEntry, kind, b[frameSize:size], size
}

func knownKind(kind uint8) bool {
	switch fleet.EntryKind(kind) {
	case fleet.ReportEntry, fleet.TickEntry, fleet.ChangeEntry, markerKind:
		return true
	}
	return false
}
