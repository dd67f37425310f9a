package gt06

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/vigia-track/vigia/ingest"
)

// MaxFrame is the longest frame that is taken, in bytes. Only files and voice
// (0x8D) come near it.
const MaxFrame = 8 << 10

// Reasons for which a frame is refused.
var (
	ErrFrame    = errors.New("malformed frame")
	ErrChecksum = ingest.ErrChecksum
)

var stop = []byte{0x0d, 0x0a}

// Split finds one frame, start bytes to stop bytes. Where the length field
// cannot be right it falls back to the next stop bytes, so that a bad frame
// costs itself and at most what its length byte claims; what does not begin
// like a frame is skipped.
func (c *Codec) Split(data []byte, atEOF bool) (advance int, frame []byte, err error) {
	for {
		n, frame := next(data[advance:], atEOF, c.simple)
		if advance += n; frame != nil || n == 0 || advance == len(data) {
			return advance, frame, nil
		}
	}
}

// next finds a frame at the start of data, or says how much of it is none.
func next(data []byte, atEOF, simple bool) (advance int, frame []byte) {
	skip := startOf(data)
	data = data[skip:]
	if len(data) < 5 {
		if atEOF {
			return skip + len(data), nil
		}
		return skip, nil
	}
	want, ok := claimed(data)
	if ok && want <= len(data) && data[want-2] == 0x0d && data[want-1] == 0x0a {
		return skip + want, data[:want]
	}
	if n := zhongxunSize(data, simple); n > len(data) && !atEOF {
		return skip, nil
	} else if n > 0 && n <= len(data) && data[n-2] == 0x0d && data[n-1] == 0x0a {
		return skip + n, data[:n]
	}
	if ok && want > len(data) && !atEOF {
		return skip, nil
	}
	if i := bytes.Index(data[3:min(len(data), MaxFrame)], stop); i >= 0 {
		if j := whole(data, i+5); j > 0 {
			return skip + j, nil
		}
		return skip + i + 5, data[:i+5]
	}
	switch {
	case atEOF:
		return skip + len(data), nil
	case len(data) >= MaxFrame || !ok:
		return skip + 2, nil // no frame begins here: look behind the two bytes
	}
	return skip, nil
}

// startOf is the offset of the first possible start bytes.
func startOf(data []byte) int {
	if len(data) >= 2 && data[0] == data[1] && (data[0] == 0x78 || data[0] == 0x79) {
		return 0
	}
	for i, x := range data {
		if x != 0x78 && x != 0x79 {
			continue
		}
		if i+1 == len(data) || data[i+1] == x {
			return i
		}
	}
	return len(data)
}

// whole is the offset of the first frame behind the start of data and before
// end whose length field agrees with its stop bytes; 0 if there is none.
func whole(data []byte, end int) int {
	for j := 1; j+5 < end; j++ {
		if data[j] != data[j+1] || data[j] != 0x78 && data[j] != 0x79 {
			continue
		}
		if n, ok := claimed(data[j:]); ok && j+n <= len(data) && data[j+n-2] == 0x0d && data[j+n-1] == 0x0a {
			return j
		}
	}
	return 0
}

// claimed is the whole size of the frame that data begins with by its length
// field; false if it is impossible.
func claimed(data []byte) (int, bool) {
	n, least := int(data[2])+5, 6
	if data[0] == 0x79 {
		n, least = int(binary.BigEndian.Uint16(data[2:]))+6, 7
	}
	return n, n >= least && n <= MaxFrame
}

// packet is a frame taken apart.
type packet struct {
	long    bool // 0x7979: two length bytes
	number  byte // the protocol number
	content []byte
	serial  uint16
}

// unpack checks the frame's length and checksum (§4).
func unpack(f []byte) (p packet, err error) {
	head := 3
	if len(f) >= 2 && f[0] == 0x79 {
		p.long, head = true, 4
	}
	if len(f) < head+7 {
		return p, fmt.Errorf("gt06: frame of %d bytes, want at least %d: %w", len(f), head+7, ErrFrame)
	}
	if f[1] != f[0] || f[0] != 0x78 && !p.long {
		return p, fmt.Errorf("gt06: frame begins with %x, want 7878 or 7979: %w", f[:2], ErrFrame)
	}
	if n, _ := claimed(f); n != len(f) {
		return p, fmt.Errorf("gt06: length field promises a frame of %d bytes, got %d: %w", n, len(f), ErrFrame)
	}
	end := len(f) - 4
	got, want := binary.BigEndian.Uint16(f[end:]), Checksum(f[2:end])
	if got != want {
		return p, fmt.Errorf("gt06: checksum %04x found, %04x expected: %w", got, want, ErrChecksum)
	}
	p.number, p.content, p.serial = f[head], f[head+1:end-2], binary.BigEndian.Uint16(f[end-2:])
	return p, nil
}
