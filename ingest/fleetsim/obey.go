package fleetsim

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/vigia-track/vigia/ingest/gt06"
	"github.com/vigia-track/vigia/ingest/h02"
	"github.com/vigia-track/vigia/ingest/teltonika"
)

// obey is what the device says to a command: Obey's words, else those that
// trackers of its protocol are known for.
func (d *Device) obey(command string) string {
	if d.Obey != nil {
		return d.Obey(command)
	}
	word, _, _ := strings.Cut(command, ",")
	switch {
	case d.Protocol == "gt06" && (word == "DYD" || word == "HFYD"):
		return word + "=Success!"
	case d.Protocol == "teltonika" && strings.HasPrefix(command, "setdigout"):
		return "DOUT1:" + strings.TrimPrefix(command, "setdigout ") + " Timeout:INFINITY"
	}
	return strings.TrimSuffix(command, "#") + " OK"
}

// frame reads one short frame of the server (0x78 0x78, length, ...).
func (g *gt06TCP) frame() ([]byte, error) {
	if _, err := io.ReadFull(g.conn, g.in[:3]); err != nil {
		return nil, err
	}
	n := 3 + int(g.in[2]) + 2
	if g.in[0] != 0x78 || g.in[1] != 0x78 || n < gt06Answer || n > len(g.in) {
		return nil, fmt.Errorf("the server sent %x, which is no frame", g.in[:3])
	}
	_, err := io.ReadFull(g.conn, g.in[3:n])
	return g.in[:n], err
}

// obeyed answers a frame that is a command; false for any other.
func (g *gt06TCP) obeyed(frame []byte) (bool, error) {
	text, mark, ok := gt06.ReadCommand(frame)
	if !ok {
		return false, nil
	}
	g.said++ // from the other end of the numbers, so that no location has the same
	_, err := g.conn.Write(gt06.AppendAnswer(nil, g.device.obey(text), mark, ^g.said))
	return true, err
}

// count reads the server's receipt, and answers the commands before it.
func (t *teltonikaTCP) count() ([]byte, error) {
	for {
		if _, err := io.ReadFull(t.conn, t.in[:4]); err != nil {
			return nil, err
		}
		if !bytes.Equal(t.in[:4], make([]byte, 4)) {
			return t.in[:4], nil
		}
		// 00000000, length, codec 0C, 1, type, size 4, text, 1, CRC 4
		if _, err := io.ReadFull(t.conn, t.in[:4]); err != nil {
			return nil, err
		}
		n := int(binary.BigEndian.Uint32(t.in[:4])) + 4
		if n < 12 || n > len(t.in) {
			return nil, errors.New("the server sent a command of an impossible length")
		}
		if _, err := io.ReadFull(t.conn, t.in[:n]); err != nil {
			return nil, err
		}
		text := string(t.in[7 : n-5])
		if _, err := t.conn.Write(teltonika.AppendAnswer(nil, t.device.obey(text))); err != nil {
			return nil, err
		}
	}
}

// obeyed confirms a message of the server that is a command (V4).
func (h *h02TCP) obeyed(message []byte, f *Fix) (bool, error) {
	fields := strings.Split(strings.Trim(string(message), "*#\r\n"), ",")
	if len(fields) < 3 || fields[2] == "V4" || fields[2] == "HTBT" {
		return false, nil
	}
	at := ""
	if len(fields) > 3 {
		at = fields[3]
	}
	_, err := h.conn.Write(h02.AppendV4(nil, h.device.UniqueID, fields[2], at, h02Fix(f)))
	return true, err
}
