package mqttwire

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Errors of a stream that cannot be read on.
var (
	ErrTooLong   = errors.New("mqtt: packet above the limit")
	ErrMalformed = errors.New("mqtt: remaining length of more than four bytes")
)

// Reader reads a stream of MQTT and gives bytes of whole packets only. It is
// not for several goroutines at once.
type Reader struct {
	from  io.Reader
	limit func(first byte) (int, error)

	buf         []byte
	r, whole, w int // buf[r:whole] are whole packets, buf[whole:w] is a beginning
	filled      bool
	begun       time.Time // when the packet at whole began
	seen        int
	broken      error // what is wrong after buf[:whole]
}

const (
	rest = 512     // bytes of the buffer of a silent stream
	busy = 4 << 10 // and of one with many small packets
)

// NewReader reads from a stream. limit is asked at the beginning of each
// packet, with its type byte: how many bytes it may have, or why it must not
// be read.
func NewReader(from io.Reader, limit func(first byte) (int, error)) *Reader {
	return &Reader{from: from, limit: limit, buf: make([]byte, rest)}
}

// Seen is how many whole packets have arrived.
func (r *Reader) Seen() int { return r.seen }

// Begun is when the packet began to arrive that is not whole yet; ok is false
// between packets.
func (r *Reader) Begun() (at time.Time, ok bool) { return r.begun, r.w > r.whole }

// Read gives bytes of packets that are whole.
func (r *Reader) Read(p []byte) (int, error) {
	for r.r == r.whole {
		if r.broken != nil {
			return 0, r.broken
		}
		if err := r.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.buf[r.r:r.whole])
	r.r += n
	return n, nil
}

// fill reads once and moves whole past the packets that are complete. The
// buffer grows only as bytes arrive: size has refused what is above the limit.
func (r *Reader) fill() error {
	r.w = copy(r.buf, r.buf[r.whole:r.w])
	r.r, r.whole = 0, 0
	switch {
	case r.w == len(r.buf), r.filled && len(r.buf) < busy:
		r.buf = append(r.buf, make([]byte, len(r.buf))...)
	case r.w == 0 && len(r.buf) > busy:
		r.buf = make([]byte, rest)
	}
	n, err := r.from.Read(r.buf[r.w:])
	r.filled = r.w+n == len(r.buf)
	if n == 0 && err != nil {
		return err
	}
	if r.w == 0 {
		r.begun = time.Now()
	}
	r.w += n
	for r.whole < r.w {
		size, err := r.size(r.buf[r.whole:r.w])
		if err != nil {
			r.broken = err
			break
		}
		if size == 0 || size > r.w-r.whole {
			break
		}
		r.whole += size
		r.seen++
		r.begun = time.Now()
	}
	return nil
}

// size is that of the packet that begins b, 0 if it cannot be told yet.
func (r *Reader) size(b []byte) (int, error) {
	limit, err := r.limit(b[0])
	if err != nil {
		return 0, err
	}
	length := 0
	for i := 1; i < len(b); i++ {
		if i > 4 {
			return 0, ErrMalformed
		}
		length |= int(b[i]&0x7f) << (7 * (i - 1))
		if i+1+length > limit {
			return 0, fmt.Errorf("%w: at least %d bytes of %d", ErrTooLong, i+1+length, limit)
		}
		if b[i] < 0x80 {
			return i + 1 + length, nil
		}
	}
	return 0, nil
}
