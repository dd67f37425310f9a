package ingest

import (
	"net/http"
	"net/url"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Transport is how bytes reach us.
type Transport string

// The transports.
const (
	TCP  Transport = "tcp"
	UDP  Transport = "udp"
	HTTP Transport = "http"
	MQTT Transport = "mqtt"
)

// Session is what a codec may know and must fill in while it decodes: one a
// connection, one a datagram's sender, one an HTTP request.
type Session struct {
	Transport Transport
	Now       fleet.Time // when the bytes at hand arrived; set before each Decode

	// UniqueID is the identity that the device gave last, "" before it gave
	// one. The codec sets it; whoever calls Decode looks it up.
	UniqueID string
	// Model is the device's model as an operator set it, "" if unknown. Set by
	// the caller once the device is known; some protocols need it to choose a
	// dialect.
	Model string

	// Reports grows by what Decode finds, in message order. The caller takes
	// them and sets the slice to length 0.
	Reports []fleet.Report
	// Marks say which order the answer in a report is to, where the device says
	// so. They go with Reports.
	Marks []Mark
}

// Mark is what a device says that its answer is an answer to.
type Mark struct {
	Report int    // its place among Session.Reports
	Of     uint32 // fleet.Order.Mark, if the device keeps to its protocol
}

// Mark says which order the answer in the newest report is to; 0 says nothing.
func (s *Session) Mark(of uint32) {
	if of != 0 {
		s.Marks = append(s.Marks, Mark{len(s.Reports) - 1, of})
	}
}

// Add appends an empty report of the given protocol, received now, and returns
// it for filling in. The pointer holds until the next Add.
func (s *Session) Add(p fleet.Protocol) *fleet.Report {
	s.Reports = append(s.Reports, fleet.Report{Protocol: p, Received: s.Now})
	return &s.Reports[len(s.Reports)-1]
}

// A Codec turns one connection's bytes into reports. It holds no socket, clock
// or log; it may keep what the protocol itself makes stateful, so each
// connection gets its own.
type Codec interface {
	// Split finds one frame (bufio.SplitFunc). It refuses one that grows past
	// the protocol's limit, and skips junk between frames. It never trusts a
	// claimed length with memory.
	Split(data []byte, atEOF bool) (advance int, frame []byte, err error)
	// Decode adds a frame's reports to the session and sets UniqueID where the
	// frame names the device. The reply goes to the device once the reports
	// are on disk; nil means none is due. An error condemns the frame, not the
	// connection, unless it is ErrHangUp; a reply beside it goes out all the
	// same, as some protocols refuse a frame in words. The error's reason in the
	// metrics is that of a Fault in its chain. The reply may alias memory that the
	// next Decode overwrites. Decode never panics, whatever the bytes.
	Decode(s *Session, frame []byte) (reply []byte, err error)
}

// A Refuser has something to say to a device that we do not know.
type Refuser interface {
	// Refuse is the reply to a login of an unknown device.
	Refuse() []byte
}

// Request is an HTTP request of a tracker, its body read and bounded.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
}

// Response answers a Request.
type Response struct {
	Status      int
	ContentType string
	Body        []byte
}

// An HTTPCodec turns requests into reports. It keeps no state.
type HTTPCodec interface {
	// DecodeRequest adds the request's reports to the session and sets
	// UniqueID. The response goes out once the reports are on disk.
	DecodeRequest(s *Session, r *Request) (Response, error)
}

// A MessageCodec turns MQTT publications into reports. It keeps no state.
type MessageCodec interface {
	// DecodeMessage adds the payload's reports to the session and sets
	// UniqueID from the topic or the payload.
	DecodeMessage(s *Session, topic string, payload []byte) error
}
