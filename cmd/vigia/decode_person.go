package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"text/tabwriter"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// decodeForPerson prints what the bytes of --hex mean, a table for each
// message in them. It fails if none could be read.
func decodeForPerson(p *protocol, c DecodeCmd, now fleet.Time, out io.Writer) error {
	clean := strings.NewReplacer(" ", "", "\n", "", "\t", "", ":", "", "-", "", "0x", "", ",", "").Replace(c.Hex)
	b, err := hex.DecodeString(clean)
	if err != nil {
		return fmt.Errorf("--hex: %w; it takes pairs of hexadecimal digits", err)
	}
	if len(b) == 0 {
		return errors.New("--hex: no bytes")
	}
	row := captured{Setup: struct {
		Model string `json:"modelOverride"`
	}{c.Model}}
	if c.UDP {
		row.Transport = string(ingest.UDP)
	}
	if b, err = c.surround(p, &row, b); err != nil {
		return err
	}
	d := newDecodeSession(p, now)
	d.session.Model = c.Model
	var failed error
	for i, s := range d.steps(&row, b) {
		if i > 0 {
			fmt.Fprintln(out)
		}
		if err := printStep(out, p, &s); err != nil {
			return err
		}
		if s.err != nil {
			failed = errors.New("not every message could be read")
		}
	}
	return failed
}

// surround adds to the bytes of --hex what was around them: an MQTT topic, or
// an HTTP request, which the bytes may hold in whole. It returns the payload.
func (c *DecodeCmd) surround(p *protocol, row *captured, b []byte) ([]byte, error) {
	switch {
	case c.Topic != "":
		row.MQTT = &capturedMQTT{Topic: c.Topic}
	case p.message != nil && p.http == nil:
		return nil, errors.New("--hex: an MQTT payload needs its topic too: --topic vigia/truck-12/position")
	case p.http != nil && c.URL != "":
		row.HTTP = &capturedHTTP{Method: http.MethodPost, URL: c.URL}
	case p.http != nil:
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(b)))
		if err != nil {
			return b, nil // a body alone, which may say by itself who it is from
		}
		row.HTTP = &capturedHTTP{Method: r.Method, URL: r.RequestURI}
		for name, values := range r.Header {
			for _, v := range values {
				row.HTTP.Headers = append(row.HTTP.Headers, [2]string{name, v})
			}
		}
		_, body, _ := bytes.Cut(b, []byte("\r\n\r\n"))
		return body, nil
	}
	return b, nil
}

// printStep prints one message as a table.
func printStep(out io.Writer, p *protocol, s *step) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "message\t%s, %d bytes\n", p.id, len(s.bytes))
	fmt.Fprintf(w, "bytes\t%s\n", hexLine(s.bytes))
	if s.device != "" {
		fmt.Fprintf(w, "device\t%s\n", s.device)
	}
	for i := range s.reports {
		if len(s.reports) > 1 {
			fmt.Fprintf(w, "report\t%d of %d\n", i+1, len(s.reports))
		}
		printReport(w, &s.reports[i])
	}
	if len(s.reports) == 0 && s.err == nil {
		fmt.Fprintf(w, "reports\tnone: it carries no position and no reading\n")
	}
	switch {
	case len(s.reply) > 0 && printableBytes(s.reply):
		fmt.Fprintf(w, "reply\t%q\n", s.reply)
	case len(s.reply) > 0:
		fmt.Fprintf(w, "reply\t%s\n", hexLine(s.reply))
	case s.err == nil:
		fmt.Fprintf(w, "reply\tnone is due\n")
	}
	if s.err != nil {
		fmt.Fprintf(w, "error\t%v\n", s.err)
		if hint := hintFor(s.err); hint != "" {
			fmt.Fprintf(w, "hint\t%s\n", hint)
		}
	}
	return w.Flush()
}

func printReport(w io.Writer, r *fleet.Report) {
	if r.Fix != 0 {
		fmt.Fprintf(w, "fix time\t%s\n", r.Fix)
	}
	if r.DeviceTime != 0 {
		fmt.Fprintf(w, "device time\t%s\n", r.DeviceTime)
	}
	if r.Is(fleet.HasPlace) {
		valid := "a valid fix"
		if !r.Is(fleet.FixValid) {
			valid = "no valid fix, says the device"
		}
		fmt.Fprintf(w, "place\t%.7f, %.7f  (%s)\n", r.Place.LatDegrees(), r.Place.LonDegrees(), valid)
	}
	if r.Is(fleet.HasSpeed) {
		fmt.Fprintf(w, "speed\t%.4g km/h\n", r.Speed)
	}
	if r.Is(fleet.HasCourse) {
		fmt.Fprintf(w, "course\t%.4g°\n", r.Course)
	}
	if r.Is(fleet.HasAltitude) {
		fmt.Fprintf(w, "altitude\t%.6g m\n", r.Altitude)
	}
	for _, a := range allAttrs(r) {
		fmt.Fprintf(w, "%s\t%v\n", a.Key, plain(a.Value))
	}
}

// hintFor says what to try for a common mistake.
func hintFor(err error) string {
	switch s := err.Error(); {
	case strings.Contains(s, "checksum"):
		return "a byte was changed or lost on the way here; copy the message again, whole"
	case strings.Contains(s, "length"), strings.Contains(s, "want at least"), strings.Contains(s, "no whole message"):
		return "the message may be cut off, or be of another protocol: try another --protocol"
	case strings.Contains(s, "does not come over"):
		return "give it in a file with a transport that the protocol has"
	}
	return ""
}

func printableBytes(b []byte) bool {
	for _, x := range b {
		if (x < ' ' || x > '~') && x != '\r' && x != '\n' {
			return false
		}
	}
	return true
}

// hexLine is b in hexadecimal, cut where no eye would follow.
func hexLine(b []byte) string {
	const most = 120
	if len(b) > most {
		return fmt.Sprintf("%x… (%d more)", b[:most], len(b)-most)
	}
	return hex.EncodeToString(b)
}
