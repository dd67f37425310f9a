package teltonika

import (
	"encoding/binary"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// The types of a message of codec 12.
const (
	typeCommand = 5
	typeAnswer  = 6
)

// Command words an order in codec 12, which goes over TCP only (Teltonika wiki,
// "Codec 12"). The texts are the vendor's SMS commands: getgps, setdigout for
// the first output, which installers wire to the relay, and parameter 10050,
// the least time between two records while moving in the home network.
func (c *Codec) Command(s *ingest.Session, o *fleet.Order) ([]byte, error) {
	text := ""
	switch o.Kind {
	case fleet.PositionNow:
		text = "getgps"
	case fleet.EngineStop:
		text = "setdigout 1"
	case fleet.EngineResume:
		text = "setdigout 0"
	case fleet.SetInterval:
		text = fmt.Sprintf("setparam 10050:%d", o.Seconds)
	case fleet.CustomText:
		text = o.Text
	}
	if text == "" || len(text) > fleet.MaxCommandText || s.Transport != ingest.TCP {
		return nil, ingest.ErrNoCommand
	}
	return appendText(nil, typeCommand, text), nil
}

// AppendAnswer appends a device's answer to a command.
func AppendAnswer(b []byte, text string) []byte { return appendText(b, typeAnswer, text) }

func appendText(b []byte, kind byte, text string) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0, codec12, 1, kind)
	b = binary.BigEndian.AppendUint32(b, uint32(len(text)))
	b = append(append(b, text...), 1)
	body := b[start+8:]
	binary.BigEndian.PutUint32(b[start+4:], uint32(len(body)))
	return binary.BigEndian.AppendUint32(b, uint32(crc16(body)))
}
