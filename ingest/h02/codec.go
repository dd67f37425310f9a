package h02

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// ErrFrame says that a message is not of the protocol's form.
var ErrFrame = errors.New("malformed message")

// KnotsToKMH turns knots into kilometres an hour.
const KnotsToKMH = 1.852

const maxFields = 96

// Codec decodes one connection, or one sender of datagrams.
type Codec struct {
	answer []byte
}

// New makes a codec for a connection.
func New() ingest.Codec { return &Codec{} }

// Decode reads one message. The reply holds until the next Decode.
func (c *Codec) Decode(s *ingest.Session, frame []byte) ([]byte, error) {
	switch {
	case len(frame) == 0:
		return nil, fmt.Errorf("h02: empty message: %w", ErrFrame)
	case frame[0] == '$':
		return nil, c.binary(s, frame)
	case frame[0] == '*' && frame[len(frame)-1] == '#':
		return c.text(s, frame[1:len(frame)-1])
	}
	return nil, fmt.Errorf("h02: message begins with %#02x and ends with %#02x, want * and # or $: %w",
		frame[0], frame[len(frame)-1], ErrFrame)
}

// split cuts a message at its commas into the room given.
func split(f [][]byte, b []byte) [][]byte {
	f = f[:0]
	for len(f) < maxFields-1 {
		i := bytes.IndexByte(b, ',')
		if i < 0 {
			break
		}
		f = append(f, bytes.Trim(b[:i], " "))
		b = b[i+1:]
	}
	return append(f, bytes.Trim(b, " "))
}

// text reads a text message without its * and #.
func (c *Codec) text(s *ingest.Session, b []byte) ([]byte, error) {
	var room [maxFields][]byte
	f := split(room[:], b)
	if len(f) < 2 || len(f[0]) != 2 {
		return nil, fmt.Errorf("h02: text without maker and number: %w", ErrFrame)
	}
	if err := identify(s, f[1]); err != nil {
		return nil, err
	}
	if len(f) < 3 {
		return nil, nil
	}
	maker, id, command := f[0], f[1], f[2]
	rest := f[3:]
	switch string(command) {
	case "HTBT":
		c.heartbeat(s, rest)
		return c.reply(maker, id, "HTBT"), nil
	case "SMS":
		answered(s, b, command)
		return nil, nil
	case "NBR":
		neighbours(s, rest)
		return c.timed(s, maker, id, "NBR"), nil
	case "LINK":
		link(s, rest)
		return nil, nil
	case "V3":
		cellsOfV3(s, rest)
		return nil, nil
	}
	if at := hemispheres(rest); at >= 0 {
		position(s, string(command), rest, at)
	} else if string(command) == "VP1" {
		cellsOfVP1(s, rest)
	} else {
		status(s, rest)
	}
	if string(command) == "V1" {
		return c.timed(s, maker, id, "V1"), nil
	}
	return nil, nil
}

// identify takes a terminal number over; an empty one leaves what is known.
func identify(s *ingest.Session, id []byte) error {
	if len(id) == 0 || string(id) == s.UniqueID {
		return nil
	}
	if len(id) > fleet.MaxUniqueID {
		return fmt.Errorf("h02: terminal number of %d bytes, want at most %d: %w", len(id), fleet.MaxUniqueID, ErrFrame)
	}
	for _, x := range id {
		if x <= ' ' || x > '~' {
			return fmt.Errorf("h02: terminal number %q has odd characters: %w", id, ErrFrame)
		}
	}
	s.UniqueID = string(id)
	return nil
}

// reply is a message of the server; none is due to who did not say its number.
func (c *Codec) reply(maker, id []byte, fields ...string) []byte {
	if len(id) == 0 {
		return nil
	}
	b := append(append(append(append(c.answer[:0], '*'), maker...), ','), id...)
	for _, f := range fields {
		b = append(append(b, ','), f...)
	}
	c.answer = append(b, '#')
	return c.answer
}

// timed is the answer that also sets the tracker's clock.
func (c *Codec) timed(s *ingest.Session, maker, id []byte, command string) []byte {
	return c.reply(maker, id, "V4", command, s.Now.Std().Format("20060102150405"))
}
