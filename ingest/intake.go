package ingest

import (
	"context"
	"errors"
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
	From    netip.AddrPort // the sender, to tell of strangers
	Via     string         // through whom it came, where From is not known

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
	if errors.Is(err, ErrUnknownDevice) {
		m.in.tell(&caller{lane: &lane{Protocol: Protocol{ID: fleet.VigiaJSON}}, from: from, uid: uid, s: Session{Now: m.in.Now()}}, nil)
	}
	return id, err
}

// Refused counts publications that a broker did not let through.
func (m *Intake) Refused(reason string, n int) { m.other.Rejected(reason, n, 0) }

// Take decodes publications and hands all their reports over at once. On nil
// each is done with: stored, or counted as rejected for good; either way it is
// acked. On an error none may be acked: the Sink or the Registry failed, all
// count as not stored, and the publications must come again.
func (m *Intake) Take(ctx context.Context, messages ...Message) error {
	b := takeBatch()
	defer b.release()
	reports := b.reports
	defer func() { b.keep(reports) }()
	var few [8]outcome
	outcomes := few[:0]
	var failed error
	for i := range messages {
		var out outcome
		out, reports, failed = m.decode(&messages[i], reports)
		outcomes = append(outcomes, out)
		if failed != nil {
			m.skip(messages[i+1:])
			break
		}
	}
	if failed == nil {
		failed = m.in.accept(ctx, reports)
	}
	for i := range outcomes {
		switch out := &outcomes[i]; {
		case failed != nil:
			out.count.Rejected(ReasonNotStored, 1, out.to-out.from+out.dropped)
		case out.reason == "":
			out.count.Accepted(1, reports[out.from:out.to])
		default:
			out.count.Rejected(out.reason, 1, out.dropped)
			if c := out.stranger; c != nil {
				m.in.tell(c, messages[i].Payload)
			}
		}
	}
	if failed != nil {
		return fmt.Errorf("ingest: store %d publications: %w", len(messages), failed)
	}
	return nil
}

// skip counts publications that were not even decoded; they come again.
func (m *Intake) skip(messages []Message) {
	for i := range messages {
		count := m.other
		if t := m.topic(messages[i].Topic); t != nil {
			count = t.lane.count
		}
		count.Rejected(ReasonNotStored, 1, 0)
	}
}

// outcome is what is to be counted for one publication.
type outcome struct {
	count    *Counters
	reason   string  // "" for one whose reports are to be stored
	from, to int     // its reports
	dropped  int     // reports that were decoded in vain
	stranger *caller // whom the Registry must hear of
}

// decode adds one publication's reports, named. Its error is the Registry's
// own failure.
func (m *Intake) decode(msg *Message, reports []fleet.Report) (outcome, []fleet.Report, error) {
	t := m.topic(msg.Topic)
	if t == nil {
		return outcome{count: m.other, reason: "topic"}, reports, nil
	}
	had := len(reports)
	c := &caller{lane: t.lane, from: msg.From, via: msg.Via, s: Session{Transport: MQTT, Now: m.in.Now(), Reports: reports}}
	if msg.Owner != nil {
		c.s.Model = msg.Owner.Model
	}
	out := outcome{count: t.lane.count, from: had, to: had}
	err := m.message(c, t.Codec, msg)
	reports = c.s.Reports
	if msg.Owner != nil {
		c.id, c.known = *msg.Owner, true
	}
	if err != nil {
		if c.known {
			m.hear(c, msg, had, reasonOf(err))
		}
		out.reason, out.dropped = reasonOf(err), len(reports)-had
		return out, reports[:had], nil
	}
	if msg.Owner == nil {
		err = m.in.identify(c)
	}
	if err != nil {
		out.dropped = len(reports) - had
		return out, reports[:had], err
	}
	switch {
	case c.known:
		m.hear(c, msg, had, "")
		name(reports[had:], c.id.Device, msg.Trust)
		out.to = len(reports)
		return out, reports, nil
	case c.s.UniqueID == "":
		out.reason = ReasonNoIdentity
	default:
		out.reason, out.stranger = ReasonUnknown, c
	}
	out.dropped = len(reports) - had
	return out, reports[:had], nil
}

// hear tells the Tap of a publication: its topic, a line break, its payload.
func (m *Intake) hear(c *caller, msg *Message, had int, reason string) {
	if m.in.Tap != nil {
		m.in.hear(c, append(append([]byte(msg.Topic), '\n'), msg.Payload...), nil, had, reason)
	}
}

func (m *Intake) message(c *caller, codec MessageCodec, msg *Message) (err error) {
	defer m.in.survive(c, &err)
	return codec.DecodeMessage(&c.s, msg.Topic, msg.Payload)
}

// topic is nil for a publication that no topic reads.
func (m *Intake) topic(name string) *topicLane {
	for i := range m.topics {
		if t := &m.topics[i]; MatchTopic(t.Filter, name) {
			return t
		}
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
