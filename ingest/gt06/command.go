package gt06

import (
	"encoding/binary"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// Command words an order in the server's message 0x80 (§6.1): length, server
// flag, text, language. Cutting and restoring the supply and asking for the
// place are those of §6.3 with the factory's password; the interval is the
// TIMER of the maker's manuals, which the document itself does not have.
func (c *Codec) Command(_ *ingest.Session, o *fleet.Order) ([]byte, error) {
	text := ""
	switch o.Kind {
	case fleet.PositionNow:
		text = "DWXX,000000#"
	case fleet.EngineStop:
		text = "DYD,000000#"
	case fleet.EngineResume:
		text = "HFYD,000000#"
	case fleet.SetInterval:
		text = fmt.Sprintf("TIMER,%d#", o.Seconds)
	case fleet.CustomText:
		text = o.Text
	}
	if text == "" || len(text) > fleet.MaxCommandText {
		return nil, ingest.ErrNoCommand
	}
	c.sent++
	return AppendCommand(nil, text, o.Mark(), c.sent), nil
}

// AppendCommand appends a server's command. The tracker gives mark back with
// its answer.
func AppendCommand(b []byte, text string, mark uint32, serial uint16) []byte {
	from := len(b)
	b = append(b, 0x78, 0x78, byte(1+1+4+len(text)+2+2+2), msgCommand, byte(4+len(text)))
	b = binary.BigEndian.AppendUint32(b, mark)
	b = append(append(b, text...), 0, 2) // in English
	return end(b, from, serial)
}

// AppendAnswer appends a tracker's answer (0x15) to a command.
func AppendAnswer(b []byte, text string, mark uint32, serial uint16) []byte {
	from := len(b)
	text = text[:min(len(text), fleet.MaxCommandText)]
	b = append(b, 0x78, 0x78, byte(1+1+4+len(text)+2+2+2), 0x15, byte(4+len(text)))
	b = binary.BigEndian.AppendUint32(b, mark)
	b = append(append(b, text...), 0, 2)
	return end(b, from, serial)
}

// ReadCommand is the text and mark of a server's command; false for any other frame.
func ReadCommand(frame []byte) (text string, mark uint32, ok bool) {
	p, err := unpack(frame)
	if err != nil || p.number != msgCommand || len(p.content) < 7 {
		return "", 0, false
	}
	n := int(p.content[0])
	if n < 4 || n+1 > len(p.content) {
		return "", 0, false
	}
	return string(p.content[5 : 1+n]), binary.BigEndian.Uint32(p.content[1:]), true
}
