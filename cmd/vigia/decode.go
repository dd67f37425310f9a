package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// DecodeCmd shows what captured bytes mean.
type DecodeCmd struct {
	Protocol string `required:"" short:"p" placeholder:"P" help:"Protocol of the bytes: gt06, teltonika, h02, osmand, owntracks or mqtt."`
	Hex      string `placeholder:"7878…" help:"Bytes to decode and print for a person, instead of a file. Spaces, colons and 0x do not matter."`
	Model    string `help:"With --hex: the device's model, as an operator would set it."`
	UDP      bool   `help:"With --hex: the bytes are a datagram."`
	Topic    string `placeholder:"T" help:"With --hex: the MQTT topic, as in vigia/truck-12/position."`
	URL      string `placeholder:"U" help:"With --hex: where the bytes were posted to, as in /?id=truck-12. Not needed if they are a whole HTTP request."`
	File     string `arg:"" optional:"" placeholder:"FILE" help:"File of JSON lines; without it, or with -, stdin."`
}

// Help teaches by example.
func (DecodeCmd) Help() string {
	return `One message:

  vigia decode --protocol gt06 --hex 78780d01012345678901234500018cdd0d0a

Many, as JSON lines in and out:

  {"id":"1","group":"a","encoding":"hex","message":"78780d0101…"}
  {"id":"1","reports":[…],"reply":"7878…"}

encoding is hex or text (one character, one byte); bytes_hex, where present, is
the exact bytes. The lines of one group are one connection, in order. For HTTP,
"http":{"method","url","headers"} stands beside the message, which is the body;
for MQTT, "mqtt":{"topic"}.`
}

// Run decodes between the file and the process's own streams.
func (c DecodeCmd) Run() error {
	p, err := protocolNamed(c.Protocol)
	if err != nil {
		return err
	}
	now := fleet.At(time.Now())
	if c.Hex != "" {
		return decodeForPerson(p, c, now, os.Stdout)
	}
	in := io.Reader(os.Stdin)
	if c.File != "" && c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	return decodeLines(p, now, in, os.Stdout, os.Stderr)
}

// maxLine bounds one line of input, in bytes.
const maxLine = 4 << 20

// captured is a line of input: one message and where it came from.
type captured struct {
	ID        string        `json:"id"`
	Group     string        `json:"group"`
	Encoding  string        `json:"encoding"`
	Message   string        `json:"message"`
	BytesHex  *string       `json:"bytes_hex"`
	Transport string        `json:"transport"`
	HTTP      *capturedHTTP `json:"http"`
	MQTT      *capturedMQTT `json:"mqtt"`
	Setup     struct {
		Model string `json:"modelOverride"`
	} `json:"setup"`
}

type capturedHTTP struct {
	Method  string  `json:"method"`
	URL     string  `json:"url"`
	Headers headers `json:"headers"`
}

// headers are pairs of name and value, written as such or as an object.
type headers [][2]string

// UnmarshalJSON reads either form.
func (h *headers) UnmarshalJSON(b []byte) error {
	if len(b) == 0 || b[0] != '{' {
		return json.Unmarshal(b, (*[][2]string)(h))
	}
	var m map[string]string
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		*h = append(*h, [2]string{name, m[name]})
	}
	return nil
}

type capturedMQTT struct {
	Topic    string `json:"topic"`
	ClientID string `json:"client_id"`
}

// decoded is a line of output.
type decoded struct {
	ID      string       `json:"id"`
	Reports []reportJSON `json:"reports"`
	Reply   string       `json:"reply,omitempty"` // hex
	Error   string       `json:"error,omitempty"`
}

// decodeLines decodes JSON lines: the rows of a group are one session. Lines
// that are no JSON are named on notes and make the result an error; what a
// codec refuses is told in its row.
func decodeLines(p *protocol, now fleet.Time, in io.Reader, out, notes io.Writer) error {
	w := bufio.NewWriter(out)
	to := json.NewEncoder(w)
	to.SetEscapeHTML(false)
	sessions := map[string]*decodeSession{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	n, bad := 0, 0
	for lines.Scan() {
		n++
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var row captured
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			bad++
			fmt.Fprintf(notes, "line %d: %v\n", n, err)
			continue
		}
		d := sessions[row.Group]
		if d == nil {
			d = newDecodeSession(p, now)
			sessions[row.Group] = d
		}
		if err := to.Encode(d.row(&row)); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("line %d: %w (a line may have %d bytes)", n+1, err, maxLine)
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d lines could not be read", bad, n)
	}
	return nil
}

// bytes is the message as it came over the network.
func (row *captured) bytes() ([]byte, error) {
	switch {
	case row.BytesHex != nil:
		return hex.DecodeString(*row.BytesHex)
	case row.Encoding == "hex":
		return hex.DecodeString(row.Message)
	case row.Encoding == "text":
		b := make([]byte, 0, len(row.Message))
		for _, r := range row.Message {
			if r > 0xff {
				return nil, fmt.Errorf("character %q is no byte; give bytes_hex", r)
			}
			b = append(b, byte(r))
		}
		return b, nil
	}
	return nil, fmt.Errorf("encoding %q is neither hex nor text", row.Encoding)
}

// transport is how the row says it came, by default as most messages of the
// protocol do.
func (row *captured) transport(p *protocol) ingest.Transport {
	switch {
	case row.HTTP != nil:
		return ingest.HTTP
	case row.MQTT != nil:
		return ingest.MQTT
	case row.Transport != "":
		return ingest.Transport(row.Transport)
	}
	return p.transports[0]
}
