package ingest

import (
	"context"
	"fmt"
	"net/netip"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Topic is one language of MQTT publications.
type Topic struct {
	Name   string // as in metrics: "owntracks"
	ID     fleet.Protocol
	Filter string // which topics it reads; may hold the wildcards + and #
	Codec  MessageCodec
}

// Message is one publication that a broker received.
type Message struct {
	Topic   string
	Payload []byte
	From    netip.AddrPort // the sender, for strangers; may be zero

	// Owner is the device that the broker authenticated; whatever identity the
	// payload claims, the reports are its. nil: the payload or topic tells.
	Owner *Identity
	// Trust is what the broker's check of the sender is worth.
	Trust fleet.Trust
}

// Intake takes publications in, for the rooms that speak MQTT. Any number of
// goroutines may use one.
type Intake struct {
	in     *intake
	topics []topicLane
	other  *Counters // of publications that no topic reads
}

type topicLane struct {
	Topic
	lane *lane
}

// NewIntake makes an intake that reads the given topics; of several filters
// that match, the first is used.
func NewIntake(o Options, topics ...Topic) *Intake { return newIntakeOf(newIntake(o), topics) }

// Intake is NewIntake with the server's own Sink, Registry and counters.
func (s *Server) Intake(topics ...Topic) *Intake { return newIntakeOf(s.in, topics) }

func newIntakeOf(in *intake, topics []Topic) *Intake {
	m := &Intake{in: in, other: NewCounters(in.Metrics, "mqtt")}
	for _, t := range topics {
		m.topics = append(m.topics, topicLane{t, in.lane(Protocol{Name: t.Name, ID: t.ID})})
	}
	return m
}

// Filters are the topics' filters, to subscribe to.
func (m *Intake) Filters() []string {
	out := make([]string, len(m.topics))
	for i, t := range m.topics {
		out[i] = t.Filter
	}
	return out
}

// Lookup asks the Registry who an identity is, and tells it of a stranger.
func (m *Intake) Lookup(uid string, from netip.AddrPort) (Identity, error) {
	if uid == "" || len(uid) > fleet.MaxUniqueID {
		return Identity{}, ErrUnknownDevice
	}
	id, err := m.in.Registry.Lookup(uid)
	if err != nil {
		m.in.strangers.tell(uid, fleet.VigiaJSON, from, nil, m.in.Now())
	}
	return id, err
}

// Refused counts publications that a broker did not let through.
func (m *Intake) Refused(reason string, n int) { m.other.Rejected(reason, n, 0) }

// Take decodes publications and hands all their reports over at once. On nil
// each is done with: stored, or counted as rejected for good; either way it is
// acked. On an error none may be acked: the Sink or the Registry failed, and
// the publications must come again.
func (m *Intake) Take(ctx context.Context, messages ...Message) error {
	b := takeBatch()
	defer b.release()
	type part struct {
		*lane
		from, to int
	}
	var few [8]part
	parts := few[:0]
	reports := b.reports
	defer func() { b.keep(reports) }()
	var failed error
	for i := range messages {
		c, codec := m.caller(&messages[i])
		if c == nil {
			continue
		}
		had := len(reports)
		c.s.Reports = reports
		if err := m.decode(c, codec, &messages[i], had); err != nil {
			failed = err
		}
		if reports = c.s.Reports; c.known {
			parts = append(parts, part{c.lane, had, len(reports)})
		}
	}
	if failed == nil {
		failed = m.in.accept(ctx, reports)
	}
	for _, p := range parts {
		if failed != nil {
			p.count.Rejected(ReasonNotStored, 1, p.to-p.from)
		} else {
			p.count.Accepted(1, reports[p.from:p.to])
		}
	}
	if failed != nil {
		return fmt.Errorf("ingest: store %d publications: %w", len(messages), failed)
	}
	return nil
}

// caller is nil for a publication that no topic reads; it is counted.
func (m *Intake) caller(msg *Message) (*caller, MessageCodec) {
	for i := range m.topics {
		if t := &m.topics[i]; MatchTopic(t.Filter, msg.Topic) {
			return &caller{lane: t.lane, from: msg.From, s: Session{Transport: MQTT, Now: m.in.Now()}}, t.Codec
		}
	}
	m.other.Rejected("topic", 1, 0)
	return nil, nil
}

// decode adds one publication's reports, named; c.known says whether they are
// to be stored. Its error is the Registry's own failure.
func (m *Intake) decode(c *caller, codec MessageCodec, msg *Message, had int) error {
	if msg.Owner != nil {
		c.s.Model = msg.Owner.Model
	}
	if err := codec.DecodeMessage(&c.s, msg.Topic, msg.Payload); err != nil {
		m.in.drop(c, had, reasonOf(err))
		return nil
	}
	if msg.Owner != nil {
		c.id, c.known = *msg.Owner, true
	} else if err := m.in.identify(c); err != nil {
		m.in.drop(c, had, ReasonNotStored)
		return err
	}
	switch {
	case c.known:
		name(c.s.Reports[had:], c.id.Device, msg.Trust)
	case c.s.UniqueID == "":
		m.in.drop(c, had, ReasonNoIdentity)
	default:
		m.in.drop(c, had, ReasonUnknown)
		m.in.strangers.tell(c.uid, c.ID, c.from, msg.Payload, c.s.Now)
	}
	return nil
}

// MatchTopic says whether a filter reads a topic (MQTT 4.7). Topics that begin
// with $ are only read by filters that do.
func MatchTopic(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") != strings.HasPrefix(filter, "$") {
		return false
	}
	for {
		f, moreF, inF := strings.Cut(filter, "/")
		if f == "#" {
			return true
		}
		t, moreT, inT := strings.Cut(topic, "/")
		if f != "+" && f != t {
			return false
		}
		if !inF || !inT {
			return inF == inT || (!inT && moreF == "#")
		}
		filter, topic = moreF, moreT
	}
}
