package teltonika

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	ping     = 0xFF
	maxIMEI  = 32        // of a login; an IMEI has 15 digits
	maxData  = 64 << 10  // of a data packet; devices stay below 1,280 bytes, cameras below 16 KiB
	overhead = 4 + 4 + 4 // preamble, length, CRC
)

// errFrame is a stream that cannot be told apart into frames any more.
var errFrame = errors.New("teltonika: lost the frame boundary")

// Split finds a login, a data packet or a ping.
func (*Codec) Split(data []byte, atEOF bool) (advance int, frame []byte, err error) {
	if len(data) == 0 {
		return 0, nil, nil
	}
	if data[0] == ping {
		return 1, data[:1], nil
	}
	if len(data) < 2 {
		return short(data, atEOF)
	}
	if n := int(binary.BigEndian.Uint16(data)); n != 0 {
		if n > maxIMEI {
			return 0, nil, fmt.Errorf("%w: a login of %d bytes, at most %d are allowed", errFrame, n, maxIMEI)
		}
		return cut(data, 2+n, atEOF)
	}
	if len(data) < 8 {
		return short(data, atEOF)
	}
	if p := binary.BigEndian.Uint32(data); p != 0 {
		return 0, nil, fmt.Errorf("%w: preamble %08x, want 00000000", errFrame, p)
	}
	n := binary.BigEndian.Uint32(data[4:])
	if n > maxData {
		return 0, nil, fmt.Errorf("%w: a packet of %d bytes, at most %d are allowed", errFrame, n, maxData)
	}
	return cut(data, overhead+int(n), atEOF)
}

func cut(data []byte, n int, atEOF bool) (int, []byte, error) {
	if len(data) < n {
		return short(data, atEOF)
	}
	return n, data[:n], nil
}

// short waits for more bytes, or at the end gives what there is, so that the
// rest is reported rather than dropped.
func short(data []byte, atEOF bool) (int, []byte, error) {
	if atEOF {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// crc16 is CRC-16/IBM (polynomial A001, reflected, start 0).
func crc16(b []byte) uint16 {
	var crc uint16
	for _, c := range b {
		crc = crc>>8 ^ crcTable[byte(crc)^c]
	}
	return crc
}

var crcTable = func() (t [256]uint16) {
	for i := range t {
		v := uint16(i)
		for range 8 {
			if v&1 != 0 {
				v = v>>1 ^ 0xA001
			} else {
				v >>= 1
			}
		}
		t[i] = v
	}
	return t
}()
