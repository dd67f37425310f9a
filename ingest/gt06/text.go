package gt06

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// text reads 0x15, a tracker's answer to a command (§5.5): length, server flag
// of four bytes, text, language.
func (c *Codec) text(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 5 {
		return nil, short(p, 5)
	}
	mark := binary.BigEndian.Uint32(b[1:])
	b = b[5:]
	if n := int(p.content[0]) - 4; n >= 0 && n < len(b) {
		b = b[:n]
	}
	c.answered(s, b, mark)
	return c.ack(p), nil
}

// commandEcho reads 0x80 and 0x81, with which some trackers answer commands in
// the server's own form. It is not answered: the answer would be a command.
func (c *Codec) commandEcho(s *ingest.Session, p packet) ([]byte, error) {
	_, err := c.text(s, p)
	return nil, err
}

// commandText reads 0x21, the later form: server flag, encoding (1 ASCII, 2
// UTF-16), text. It wants no answer.
func (c *Codec) commandText(s *ingest.Session, p packet) ([]byte, error) {
	b := p.content
	if len(b) < 5 {
		return nil, short(p, 5)
	}
	mark := binary.BigEndian.Uint32(b)
	if b[4] == 2 {
		b = utf16Text(b[5:])
	} else {
		b = b[5:]
	}
	c.answered(s, b, mark)
	return nil, nil
}

// answered adds a report with the text of an answer. The server flag is the
// command's own, which the tracker returns as it came.
func (c *Codec) answered(s *ingest.Session, b []byte, mark uint32) {
	text := printable(b)
	r := s.Add(fleet.GT06)
	c.add(r, fleet.AttrAnswer, fleet.Text(text))
	if v, ok := between(text, "ICCID:", ">"); ok {
		c.add(r, fleet.AttrICCID, fleet.Text(v))
	}
	c.finish(r)
	s.Mark(mark)
}

// passThrough reads 0x9B: bytes of a device on the tracker's serial port, kept
// as they are. It wants no answer.
func (c *Codec) passThrough(s *ingest.Session, p packet) ([]byte, error) {
	if len(p.content) < 1 {
		return nil, short(p, 1)
	}
	r := s.Add(fleet.GT06)
	text := string(p.content[1:])
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			text = hex.EncodeToString(p.content[1:])
			break
		}
	}
	c.add(r, "io155", fleet.Text(text))
	return nil, nil
}

// printable is b as text without what no eye should see.
func printable(b []byte) string {
	s := strings.TrimRight(string(b), "\x00")
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "?")
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

// utf16Text turns UTF-16 (big endian) into UTF-8.
func utf16Text(b []byte) []byte {
	var out []byte
	for ; len(b) >= 2; b = b[2:] {
		out = utf8.AppendRune(out, rune(b[0])<<8|rune(b[1]))
	}
	return out
}

// between is what stands in s behind before, up to after or the end.
func between(s, before, after string) (string, bool) {
	_, rest, ok := strings.Cut(s, before)
	if !ok {
		return "", false
	}
	v, _, _ := strings.Cut(rest, after)
	return strings.TrimSpace(v), v != ""
}
