package teltonika

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// The codec numbers.
const (
	codec7  = 0x07
	codec8  = 0x08
	codec8E = 0x8E
	codec12 = 0x0C
	codec13 = 0x0D
	codec14 = 0x0E
	codec15 = 0x0F
	codec16 = 0x10
)

var errShort = errors.New("teltonika: record ends before its fields do")

// Codec is one connection's decoder.
type Codec struct {
	reply []byte
	attrs []fleet.Attr // of the record under way
}

// New makes a decoder for one connection or datagram.
func New() ingest.Codec { return &Codec{} }

// Refuse is the answer to the login of an unknown device.
func (*Codec) Refuse() []byte { return []byte{0} }

// Decode reads one frame as Split gave it, or one datagram.
func (c *Codec) Decode(s *ingest.Session, frame []byte) ([]byte, error) {
	if s.Transport == ingest.UDP {
		return c.datagram(s, frame)
	}
	if len(frame) == 1 && frame[0] == ping {
		return nil, nil
	}
	if len(frame) >= 2 && binary.BigEndian.Uint16(frame) != 0 {
		return c.login(s, frame)
	}
	if len(frame) < overhead+3 {
		return nil, fmt.Errorf("teltonika: packet of %d bytes, want at least %d", len(frame), overhead+3)
	}
	n := binary.BigEndian.Uint32(frame[4:])
	if int64(n) != int64(len(frame)-overhead) {
		return nil, fmt.Errorf("teltonika: packet claims %d bytes, has %d", n, len(frame)-overhead)
	}
	body := frame[8 : len(frame)-4]
	if want, got := crc16(body), binary.BigEndian.Uint32(frame[len(frame)-4:]); got != uint32(want) {
		return nil, fmt.Errorf("teltonika: checksum is %08x, the bytes give %08x: %w", got, want, ingest.ErrChecksum)
	}
	count, err := c.packet(s, body)
	if err != nil || count < 0 {
		return nil, err
	}
	c.reply = binary.BigEndian.AppendUint32(c.reply[:0], uint32(count))
	return c.reply, nil
}

func (c *Codec) login(s *ingest.Session, frame []byte) ([]byte, error) {
	if n := int(binary.BigEndian.Uint16(frame)); n != len(frame)-2 {
		return nil, fmt.Errorf("teltonika: login claims %d bytes, has %d", n, len(frame)-2)
	}
	imei := string(frame[2:])
	if err := fleet.ValidUniqueID(imei); err != nil {
		return nil, fmt.Errorf("teltonika: login: %w", err)
	}
	s.UniqueID = imei
	c.reply = append(c.reply[:0], 1)
	return c.reply, nil
}

// datagram reads one UDP packet (page Codec, "UDP Codec 8 protocol").
func (c *Codec) datagram(s *ingest.Session, b []byte) ([]byte, error) {
	const header = 2 + 2 + 1 + 1 + 2
	if len(b) < header {
		return nil, fmt.Errorf("teltonika: datagram of %d bytes, want at least %d", len(b), header)
	}
	if n := int(binary.BigEndian.Uint16(b)); n != len(b)-2 {
		return nil, fmt.Errorf("teltonika: datagram claims %d bytes, has %d", n, len(b)-2)
	}
	packetID, avlID := [2]byte{b[2], b[3]}, b[5]
	n := int(binary.BigEndian.Uint16(b[6:]))
	if n > maxIMEI || len(b) < header+n+3 {
		return nil, fmt.Errorf("teltonika: datagram with an identity of %d bytes in %d", n, len(b))
	}
	imei := string(b[header : header+n])
	if err := fleet.ValidUniqueID(imei); err != nil {
		return nil, fmt.Errorf("teltonika: datagram: %w", err)
	}
	s.UniqueID = imei
	count, err := c.packet(s, b[header+n:])
	if err != nil || count < 0 {
		return nil, err
	}
	// The packet ID comes back as it was sent, as the vendor's example shows.
	c.reply = append(c.reply[:0], 0, 5, packetID[0], packetID[1], 1, avlID, byte(count))
	return c.reply, nil
}

// packet reads codec, count, records and count again. It returns the number to
// acknowledge, or -1 where the protocol has no receipt. On an error it leaves
// no report behind: what is not counted will be sent again as a whole.
func (c *Codec) packet(s *ingest.Session, b []byte) (count int, err error) {
	before := len(s.Reports)
	defer func() {
		if err != nil {
			s.Reports, c.attrs = s.Reports[:before], c.attrs[:0]
		}
	}()
	codec, count, last := b[0], int(b[1]), int(b[len(b)-1])
	if count != last {
		return 0, fmt.Errorf("teltonika: packet begins with %d records and ends with %d", count, last)
	}
	r := reader{b: b[2 : len(b)-1]}
	switch codec {
	case codec12, codec13, codec14, codec15:
		return -1, c.answers(s, codec, count, &r)
	case codec7, codec8, codec8E, codec16:
	default:
		return 0, fmt.Errorf("teltonika: codec %02x is not one of 07, 08, 8E, 10, 0C, 0D, 0E, 0F", codec)
	}
	for i := range count {
		if codec == codec7 {
			c.record7(s, &r)
		} else {
			c.record(s, codec, &r)
		}
		if r.short {
			return 0, fmt.Errorf("%w (record %d of %d)", errShort, i+1, count)
		}
	}
	if len(r.b) > 0 {
		return 0, fmt.Errorf("teltonika: %d bytes are left after %d records", len(r.b), count)
	}
	return count, nil
}

// answers reads what a device says to commands: type 1, length 4, text. Codec
// 13 puts a time in front of the text, codec 14 the IMEI, and codec 15, which
// passes on what a serial port says, both.
func (c *Codec) answers(s *ingest.Session, codec byte, count int, r *reader) error {
	for i := range count {
		kind, n := r.u8(), int64(r.u32())
		if n > int64(len(r.b)) {
			return fmt.Errorf("%w (answer %d of %d)", errShort, i+1, count)
		}
		body := reader{b: r.take(int(n))}
		report := fleet.Report{Protocol: fleet.Teltonika, Received: s.Now}
		if codec == codec13 || codec == codec15 {
			if t := fleet.Time(body.u32()) * fleet.Second; t >= firstYear {
				report.DeviceTime = t
			}
		}
		if codec == codec14 || codec == codec15 {
			body.take(8)
		}
		if r.short || body.short {
			return fmt.Errorf("%w (answer %d of %d)", errShort, i+1, count)
		}
		c.add("answerType", fleet.Int(int64(kind)))
		c.add(fleet.AttrAnswer, fleet.Text(printable(body.b)))
		report.Attrs = c.takeAttrs()
		s.Reports = append(s.Reports, report)
	}
	return nil
}

// firstYear is 2000-01-01: an answer's time before it is uptime, not a date.
const firstYear = fleet.Time(946684800000)

// printable is text as it is, without its line end, and other bytes in hex.
func printable(b []byte) string {
	for len(b) > 0 && (b[len(b)-1] == '\r' || b[len(b)-1] == '\n' || b[len(b)-1] == 0) {
		b = b[:len(b)-1]
	}
	text := utf8.Valid(b)
	for _, ch := range b {
		text = text && ch >= ' '
	}
	if text {
		return string(b)
	}
	return fmt.Sprintf("%x", b)
}

// reader takes big-endian numbers off a slice. Past the end it gives zeros and
// notes that it was short.
type reader struct {
	b     []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.b, r.short = nil, true
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) uint(n int) (v uint64) {
	for _, ch := range r.take(n) {
		v = v<<8 | uint64(ch)
	}
	return v
}

func (r *reader) u8() uint8   { return uint8(r.uint(1)) }
func (r *reader) u16() uint16 { return uint16(r.uint(2)) }
func (r *reader) u32() uint32 { return uint32(r.uint(4)) }
func (r *reader) u64() uint64 { return r.uint(8) }

// add notes an attribute of the record under way.
func (c *Codec) add(key string, v fleet.Value) {
	c.attrs = append(c.attrs, fleet.Attr{Key: key, Value: v})
}

// keepAttrs is how much room for attributes a connection keeps between records.
const keepAttrs = 64

// takeAttrs is what was added since the last take, sorted, in memory of its own.
func (c *Codec) takeAttrs() fleet.Attrs {
	out := slices.Clone(fleet.SortAttrs(fleet.Attrs(c.attrs)))
	if clear(c.attrs); cap(c.attrs) > keepAttrs {
		c.attrs = nil
	}
	c.attrs = c.attrs[:0]
	return out
}
