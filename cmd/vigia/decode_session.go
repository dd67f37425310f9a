package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// decodeSession is a connection as decode plays it: no socket, no registry,
// every identity is welcome.
type decodeSession struct {
	p       *protocol
	codec   ingest.Codec
	session ingest.Session
}

func newDecodeSession(p *protocol, now fleet.Time) *decodeSession {
	d := &decodeSession{p: p, session: ingest.Session{Now: now}}
	if p.codec != nil {
		d.codec = p.codec()
	}
	return d
}

// step is what one frame, request or publication came to.
type step struct {
	bytes   []byte
	device  string
	reports []fleet.Report
	reply   []byte
	err     error
}

// row decodes a captured message.
func (d *decodeSession) row(row *captured) decoded {
	out := decoded{ID: row.ID, Reports: []reportJSON{}}
	b, err := row.bytes()
	if err != nil {
		out.Error = err.Error()
		return out
	}
	d.session.Model = row.Setup.Model
	var errs []error
	for _, s := range d.steps(row, b) {
		for i := range s.reports {
			out.Reports = append(out.Reports, newReportJSON(s.device, &s.reports[i]))
		}
		out.Reply += hex.EncodeToString(s.reply)
		if s.err != nil {
			errs = append(errs, s.err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		out.Error = err.Error()
	}
	return out
}

// steps decodes a captured message, one step for each frame in it.
func (d *decodeSession) steps(row *captured, b []byte) []step {
	d.session.Transport = row.transport(d.p)
	switch t := d.session.Transport; {
	case t == ingest.HTTP && d.p.http != nil:
		return []step{d.request(row, b)}
	case t == ingest.MQTT && d.p.message != nil:
		return []step{d.publication(row, b)}
	case (t == ingest.TCP || t == ingest.UDP && d.p.split) && d.codec != nil:
		return d.stream(b)
	case t == ingest.UDP && d.codec != nil:
		return []step{d.frame(b)}
	default:
		return []step{{bytes: b, err: fmt.Errorf("%s does not come over %q", d.p.id, t)}}
	}
}

// stream decodes the frames of a stream that ends with b.
func (d *decodeSession) stream(b []byte) []step {
	b = d.p.whole(b)
	var out []step
	for rest := b; len(rest) > 0; {
		n, frame, err := d.codec.Split(rest, true)
		if err != nil {
			return append(out, step{bytes: rest, err: err})
		}
		if frame != nil {
			out = append(out, d.frame(frame))
		}
		if n <= 0 {
			break
		}
		rest = rest[min(n, len(rest)):]
	}
	if len(out) == 0 {
		out = append(out, step{bytes: b, err: fmt.Errorf("no whole message of %s in %d bytes", d.p.id, len(b))})
	}
	return out
}

// frame decodes one frame or datagram.
func (d *decodeSession) frame(b []byte) step {
	reply, err := d.codec.Decode(&d.session, b)
	return d.done(b, append([]byte(nil), reply...), err)
}

// request decodes an HTTP request. Its reply is shown as it would go out.
func (d *decodeSession) request(row *captured, b []byte) step {
	r := ingest.Request{Method: http.MethodPost, URL: &url.URL{Path: "/"}, Header: http.Header{}, Body: b}
	if row.HTTP != nil {
		u, err := url.Parse(row.HTTP.URL)
		if err != nil {
			return step{bytes: b, err: err}
		}
		r.Method, r.URL = row.HTTP.Method, u
		for _, h := range row.HTTP.Headers {
			r.Header.Add(h[0], h[1])
		}
	}
	answer, err := d.p.http().DecodeRequest(&d.session, &r)
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\n", answer.Status, http.StatusText(answer.Status))
	if answer.ContentType != "" {
		head += "content-type: " + answer.ContentType + "\r\n"
	}
	head += fmt.Sprintf("content-length: %d\r\n\r\n", len(answer.Body))
	return d.done(b, append([]byte(head), answer.Body...), err)
}

// publication decodes an MQTT publication. A topic that was not captured is
// made from the client's name, as our own schema has it.
func (d *decodeSession) publication(row *captured, b []byte) step {
	topic := ""
	if row.MQTT != nil {
		if topic = row.MQTT.Topic; topic == "" && row.MQTT.ClientID != "" {
			topic = "vigia/" + row.MQTT.ClientID + "/position"
		}
	}
	return d.done(b, nil, d.p.message().DecodeMessage(&d.session, topic, b))
}

// done takes the session's reports over.
func (d *decodeSession) done(b, reply []byte, err error) step {
	s := step{bytes: b, device: d.session.UniqueID, reports: d.session.Reports, reply: reply, err: err}
	d.session.Reports = nil
	return s
}
