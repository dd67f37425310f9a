package ingest

import (
	"crypto/tls"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Protocol is one language of trackers, as a listener is told of it. The table
// of all protocols stands in cmd.
type Protocol struct {
	Name string // as in metrics and logs: "gt06"
	ID   fleet.Protocol

	// New makes one connection's codec. Required for TCP and UDP.
	New func() Codec
	// HTTP decodes requests. Required for HTTP.
	HTTP HTTPCodec

	// Detect says whether a connection's first bytes are of this protocol; nil
	// keeps it off the shared port. It is called with at least one byte.
	Detect func(first []byte) Match
	// Claims says whether a request on a port with several HTTP protocols is
	// for this one. The first to claim it gets it; nil claims every request.
	Claims func(*Request) bool

	// Idle is how long a known device may be silent; 0 means Limits.Idle.
	Idle time.Duration
	// Split has a datagram split into frames as a stream would be. Without it
	// Decode gets datagrams whole.
	Split bool
	// TLS, when not nil, is what this protocol's own port speaks.
	TLS *tls.Config
}

// Match is what first bytes say about a protocol.
type Match int8

// The matches.
const (
	No    Match = iota
	Maybe       // too few bytes to tell
	Yes
)
