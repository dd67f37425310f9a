package ingest

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime/debug"

	"github.com/vigia-track/vigia/engine/fleet"
)

// intake is what every way in shares: where reports go, who knows devices, and
// who is told of strangers.
type intake struct {
	Options
	strangers *strangers
	online    *online
}

func newIntake(o Options) *intake {
	o = o.withDefaults()
	return &intake{Options: o, strangers: newStrangers(), online: newOnline()}
}

// lane is a protocol and its counters.
type lane struct {
	Protocol
	count *Counters
}

func (in *intake) lane(p Protocol) *lane {
	if p.Idle <= 0 {
		p.Idle = in.Limits.Idle
	}
	return &lane{Protocol: p, count: NewCounters(in.Metrics, p.Name)}
}

// caller is one sender: a connection, or a source of datagrams.
type caller struct {
	*lane
	codec Codec
	from  netip.AddrPort
	via   string // the broker it came through, where from is not known
	shown string // from or via, as people see it; "" until somebody has
	s     Session

	uid     string // the identity that was looked up last
	id      Identity
	known   bool       // id holds
	recheck fleet.Time // when to look uid up again
	strange int        // frames without a known identity
}

// recheckAfter bounds how long a device that was disabled, or given another
// model, goes on as before.
const recheckAfter = 30 * fleet.Second

// identify follows the identity that the codec gave last. Its error is the
// Registry's own failure.
func (in *intake) identify(c *caller) error {
	if c.uid == c.s.UniqueID && c.s.Now < c.recheck {
		return nil
	}
	c.uid, c.recheck, c.known = c.s.UniqueID, c.s.Now+recheckAfter, false
	if c.uid == "" || len(c.uid) > fleet.MaxUniqueID {
		return nil
	}
	id, err := in.Registry.Lookup(c.uid)
	if errors.Is(err, ErrUnknownDevice) {
		return nil
	}
	if err != nil {
		c.recheck = 0
		return err
	}
	c.id, c.known, c.s.Model = id, true, id.Model
	return nil
}

// take decodes one frame. What it adds to the session's reports is named and
// may go to the Sink; good says that it did and that the frame counts as
// accepted once the Sink has them. Every other frame is counted here. reply is
// for the device, after the Sink; stop, when not "", is why the connection
// must end after that.
func (in *intake) take(c *caller, frame []byte) (reply []byte, good bool, stop string) {
	had, login := len(c.s.Reports), c.uid
	reply, err := in.decode(c, frame)
	if errors.Is(err, ErrHangUp) {
		stop = closedHangUp
	}
	if err := in.identify(c); err != nil {
		in.Log.Warn("registry failed, connection closed", "proto", c.Name, "device", c.uid, "err", err)
		in.drop(c, had, ReasonNotStored)
		return nil, false, closedRegistry
	}
	switch {
	case err != nil && !c.known:
		in.drop(c, had, reasonOf(err))
		return nil, false, in.another(c, stop)
	case err != nil:
		in.hear(c, frame, reply, had, reasonOf(err))
		in.drop(c, had, reasonOf(err))
		return reply, false, stop
	case c.known:
		in.hear(c, frame, reply, had, "")
		name(c.s.Reports[had:], c.id.Device, fleet.TrustClaimed)
		return reply, true, stop
	case c.uid == "":
		in.drop(c, had, ReasonNoIdentity)
		return nil, false, in.another(c, stop)
	}
	in.drop(c, had, ReasonUnknown)
	in.tell(c, frame)
	if r, ok := c.codec.(Refuser); ok && login != c.uid && c.s.Transport == TCP {
		return r.Refuse(), false, in.another(c, stop)
	}
	return nil, false, in.another(c, stop)
}

// decode is the codec's Decode. A codec that panics costs its sender the
// connection, not everybody the server.
func (in *intake) decode(c *caller, frame []byte) (reply []byte, err error) {
	defer in.survive(c, &err)
	return c.codec.Decode(&c.s, frame)
}

// survive turns a panic into an error that condemns the connection.
func (in *intake) survive(c *caller, err *error) {
	if bug := recover(); bug != nil {
		in.Log.Error("bug: a codec panicked, its frame was dropped", "proto", c.Name, "device", c.uid,
			"err", fmt.Sprint(bug), "stack", string(debug.Stack()))
		*err = errors.Join(errBug, ErrHangUp)
	}
}

var errBug = Fault("bug", "bug: the codec panicked")

// drop takes back the reports of one frame and counts it.
func (in *intake) drop(c *caller, had int, reason string) {
	c.count.Rejected(reason, 1, len(c.s.Reports)-had)
	c.s.Reports = c.s.Reports[:had]
	for n := len(c.s.Marks); n > 0 && c.s.Marks[n-1].Report >= had; n-- {
		c.s.Marks = c.s.Marks[:n-1]
	}
}

// another notes a frame of somebody unknown.
func (in *intake) another(c *caller, stop string) string {
	if c.strange++; stop == "" && c.strange >= in.Limits.Strangers {
		return closedStranger
	}
	return stop
}

// finish names the reports that one message left in c's session, and hands
// them over. It says why that did not work; all is counted then.
func (in *intake) finish(ctx context.Context, c *caller, raw []byte) (why string) {
	if err := in.identify(c); err != nil {
		in.Log.Warn("registry failed, message not taken", "proto", c.Name, "device", c.uid, "err", err)
		in.drop(c, 0, ReasonNotStored)
		return ReasonNotStored
	}
	switch {
	case c.uid == "":
		in.drop(c, 0, ReasonNoIdentity)
		return ReasonNoIdentity
	case !c.known:
		in.drop(c, 0, ReasonUnknown)
		in.tell(c, raw)
		return ReasonUnknown
	}
	in.hear(c, raw, nil, 0, "")
	name(c.s.Reports, c.id.Device, fleet.TrustClaimed)
	if err := in.accept(ctx, c.s.Reports); err != nil {
		in.drop(c, 0, ReasonNotStored)
		in.Log.Debug("reports not stored", "proto", c.Name, "device", c.uid, "err", err)
		return ReasonNotStored
	}
	c.count.Accepted(1, c.s.Reports)
	return ""
}

func name(reports []fleet.Report, d fleet.DeviceID, t fleet.Trust) {
	for i := range reports {
		reports[i].Device, reports[i].Trust = d, t
	}
}
