package journal

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The segment header; DESIGN.md has the table.
const (
	formatVersion = 1
	headerSize    = 48
	segmentSuffix = ".seg"
	tempSuffix    = ".tmp"
)

var magic = [8]byte{'V', 'I', 'G', 'I', 'A', 'J', 'N', 'L'}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// header opens each segment and ties it to the one before.
type header struct {
	semantics uint32
	first     fleet.Seq
	chain     uint32 // the last CRC of the segment before; 0 in the very first
	born      fleet.Time
	salt      uint32 // random, so that no sender can foretell a CRC
}

// put writes the header and returns its CRC, with which the segment's chain begins.
func (h *header) put(b *[headerSize]byte) (crc uint32) {
	le := binary.LittleEndian
	copy(b[0:], magic[:])
	le.PutUint16(b[8:], formatVersion)
	le.PutUint16(b[10:], 0)
	le.PutUint32(b[12:], h.semantics)
	le.PutUint64(b[16:], uint64(h.first))
	le.PutUint64(b[24:], uint64(h.born))
	le.PutUint32(b[32:], h.chain)
	le.PutUint32(b[36:], h.salt)
	le.PutUint32(b[40:], 0)
	crc = crc32.Checksum(b[:44], castagnoli)
	le.PutUint32(b[44:], crc)
	return crc
}

// parseHeader reads a header; why is "" for a good one.
func parseHeader(b []byte) (h header, crc uint32, why string) {
	le := binary.LittleEndian
	switch {
	case len(b) < headerSize:
		return h, 0, "the file ends inside its header"
	case [8]byte(b[:8]) != magic:
		return h, 0, "this is no journal segment"
	}
	crc = crc32.Checksum(b[:44], castagnoli)
	if le.Uint32(b[44:]) != crc {
		return h, 0, "the header's checksum is wrong"
	}
	if v := le.Uint16(b[8:]); v != formatVersion {
		return h, 0, fmt.Sprintf("the format is version %d, this program reads version %d", v, formatVersion)
	}
	h = header{
		semantics: le.Uint32(b[12:]), first: fleet.Seq(le.Uint64(b[16:])), born: fleet.Time(le.Uint64(b[24:])),
		chain: le.Uint32(b[32:]), salt: le.Uint32(b[36:]),
	}
	if h.first == 0 {
		return h, 0, "the first sequence number is 0"
	}
	return h, crc, ""
}

// segment is one file of the log. Its fields are guarded by Journal.mu, but
// for path, header and start, which never change.
type segment struct {
	path   string
	header header
	start  uint32     // the header's CRC: the seed of the chain
	last   fleet.Seq  // the newest durable entry; header.first-1 while there is none
	end    int64      // bytes up to and with the last durable marker
	chain  uint32     // CRC of that marker, or start
	closed bool       // nothing will be added
	pins   int        // readers that need the file
	born   fleet.Time // of the first entry with a time; the appender's
}

func segmentName(first fleet.Seq) string { return fmt.Sprintf("%020d%s", uint64(first), segmentSuffix) }

// parseSegmentName reads a name of segmentName's form.
func parseSegmentName(name string) (fleet.Seq, bool) {
	digits, ok := strings.CutSuffix(name, segmentSuffix)
	if !ok || len(digits) != 20 {
		return 0, false
	}
	v, err := strconv.ParseUint(digits, 10, 64)
	return fleet.Seq(v), err == nil && v > 0
}

func segmentPath(dir string, first fleet.Seq) string {
	return filepath.Join(dir, segmentName(first))
}
