package gt06

import (
	"encoding/binary"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// Codec decodes one connection of a GT06 tracker. The zero value is not ready:
// use New.
type Codec struct {
	zone   fleet.Time // what the login says the tracker's clock is ahead of UTC
	simple bool       // the login was of the dialect without checksums
	now    fleet.Time // of the Decode under way
	model  string
	sent   uint16 // commands so far
	answer []byte // the last reply; overwritten by the next
}

// New makes a codec for a connection.
func New() ingest.Codec { return &Codec{answer: make([]byte, 0, 16)} }

// Decode reads one frame. The reply holds until the next Decode.
func (c *Codec) Decode(s *ingest.Session, frame []byte) ([]byte, error) {
	p, err := unpack(frame)
	if err != nil {
		if reply, ok := c.decodeSimple(s, frame); ok {
			return reply, nil
		}
		return nil, err
	}
	c.now, c.model = s.Now, s.Model
	switch p.number {
	case msgGPSLBS, msgGPSLBS2: // nearly all of the traffic
		return c.location(s, p)
	case msgLogin:
		return c.login(s, p)
	}
	h := handlers[p.number]
	if h == nil {
		h = (*Codec).unheard
	}
	return h(c, s, p)
}

// unheard reads a message that no document at hand names. Where it plainly
// begins with a GPS block the place is taken. A short frame is answered, so
// that the tracker goes on; long ones want no answer unless a document says so.
func (c *Codec) unheard(s *ingest.Session, p packet) ([]byte, error) {
	if b := p.content; len(b) >= gpsSize && b[6]>>4 == gpsSize-6 {
		t := readTime(b)
		lat, lon := binary.BigEndian.Uint32(b[7:]), binary.BigEndian.Uint32(b[11:])
		if t >= gpsEpoch && t <= c.now+fleet.Day && lat <= 90*unitsPerDegree && lon <= 180*unitsPerDegree {
			c.gps(s.Add(fleet.GT06), b, 0)
		}
	}
	if p.long {
		return nil, nil
	}
	return c.ack(p), nil
}

// login takes the identity over, and the zone of the tracker's clock where the
// long form tells it (§5.1; type and zone: VL03 v1.1.2 "Login Packet").
func (c *Codec) login(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < 8 {
		return nil, short(p, 8)
	}
	id, err := readIMEI(p.content)
	if err != nil {
		return nil, err
	}
	s.UniqueID, c.zone, c.simple = id, 0, false
	if len(p.content) >= 12 {
		c.zone = zoneOf(binary.BigEndian.Uint16(p.content[10:]))
	}
	return c.ack(p), nil
}

// readIMEI reads eight bytes of two decimal digits each: an IMEI of 15 digits
// behind a zero, or an identity of 16 digits.
func readIMEI(b []byte) (string, error) {
	var d [16]byte
	for i, x := range b[:8] {
		if x>>4 > 9 || x&15 > 9 {
			return "", fmt.Errorf("gt06: terminal ID %x is not decimal: %w", b[:8], ErrFrame)
		}
		d[2*i], d[2*i+1] = '0'+x>>4, '0'+x&15
	}
	if d[0] == '0' {
		return string(d[1:]), nil
	}
	return string(d[:]), nil
}

// ack is the reply that repeats protocol and serial number (§5.1.2).
func (c *Codec) ack(p packet) []byte {
	c.answer = append(c.answer[:0], 0x78, 0x78, 5, p.number, byte(p.serial>>8), byte(p.serial))
	return c.sealed()
}

// longAck is the same in a frame with two length bytes.
func (c *Codec) longAck(p packet) []byte {
	c.answer = append(c.answer[:0], 0x79, 0x79, 0, 5, p.number, byte(p.serial>>8), byte(p.serial))
	return c.sealed()
}

// sealed appends checksum and stop bytes to the answer.
func (c *Codec) sealed() []byte {
	c.answer = seal(c.answer, 0)
	return c.answer
}

// seal appends checksum and stop bytes to the frame that begins at offset from.
func seal(b []byte, from int) []byte {
	sum := Checksum(b[from+2:])
	return append(b, byte(sum>>8), byte(sum), 0x0d, 0x0a)
}

func short(p packet, want int) error {
	return fmt.Errorf("gt06: message %#02x with %d bytes of content, want at least %d: %w",
		p.number, len(p.content), want, ErrFrame)
}
