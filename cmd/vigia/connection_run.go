package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/mqttsub"

	"github.com/vigia-track/vigia/admin/api"
)

// The bounds of what a connection remembers.
const (
	maxHeard        = 20_000 // identities
	maxHeardPayload = 1 << 10
	maxSample       = 500 // bytes
	maxRefusals     = 20
)

// connectionRun is one connection at work.
type connectionRun struct {
	m      *connections
	c      fleet.Connection // as it was started
	intake *ingest.Intake
	sub    *mqttsub.Subscriber // nil: it cannot even be tried, failed says why
	quit   chan struct{}
	ctx    context.Context // of changes; ends with quit
	cancel context.CancelFunc
	wg     sync.WaitGroup

	mu       sync.Mutex // guards what follows
	state    string
	since    fleet.Time
	latest   time.Time                 // of the last identity that was new
	heard    map[string]*heardDevice   // by identity
	waiting  int                       // of them, not settled
	mine     map[string]bool           // identities of the devices that are the connection's
	ours     map[fleet.CustomerID]bool // whose devices may speak through it
	subs     map[string]fleet.CustomerID
	news     int
	updated  int
	refused  int
	refusals []fleet.ConnectionRefusal
	sample   *fleet.ConnectionSample
	rate     [12]struct {
		slot int64 // five seconds since 1970
		n    int
	}
	failed error // of the last change
}

// heardDevice is an identity that published.
type heardDevice struct {
	sub     string // its sub-tree
	settled bool   // it is a device, or was refused
	topic   string // the latest publication, while it is not settled
	payload []byte
}

// start makes the client of a connection. What keeps it from trying at all is
// shown as its state.
func (m *connections) start(c fleet.Connection) *connectionRun {
	now := fleet.At(time.Now())
	r := &connectionRun{
		m: m, c: c, quit: make(chan struct{}), state: fleet.ConnectionConnecting, since: now,
		heard: map[string]*heardDevice{}, mine: map[string]bool{},
		ours: map[fleet.CustomerID]bool{fleet.CustomerID(c.Owner): true}, subs: map[string]fleet.CustomerID{},
	}
	for _, s := range c.SubAccounts {
		r.subs[s.Name], r.ours[s.Customer] = s.Customer, true
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.intake = ingest.NewIntake(ingest.Options{Sink: m.sink, Registry: connectionRegistry{r}, Tap: m.registry.heard, Log: m.log, Metrics: m.metrics}, r.topics()...)
	o := mqttsub.Options{
		URL: c.URL, ClientID: c.ClientID, Username: c.User, Topics: c.Topics, Intake: r.intake,
		Log: m.log.With("connection", c.ID.String()), Dialer: m.guard(c.Private).Dialer(20 * time.Second),
	}
	var err error
	if c.Sealed != "" {
		o.Password, err = m.key.Open(api.ConnectionContext(c.Company), c.Sealed)
	}
	if err == nil && c.TLS() && c.CA != "" {
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM([]byte(c.CA)) // none: nothing is trusted, and the state says so
		o.TLS = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	if err == nil {
		r.sub, err = mqttsub.Start(o)
	}
	if err != nil {
		r.failed = err
		m.log.Error("a connection cannot be started", "connection", c.ID.String(), "err", err)
		return r
	}
	r.wg.Go(r.work)
	return r
}

// close ends the client; what it was storing by force once ctx ends.
func (r *connectionRun) close(ctx context.Context) {
	r.cancel()
	close(r.quit)
	r.wg.Wait()
	if r.sub != nil {
		if err := r.sub.Close(ctx); err != nil {
			r.m.log.Warn("a connection does not close", "connection", r.c.ID.String(), "err", err)
		}
	}
}

// work takes the connection through its states.
func (r *connectionRun) work() {
	tick := time.NewTicker(connectionTick)
	defer tick.Stop()
	for {
		select {
		case <-r.quit:
			return
		case <-tick.C:
			r.step(time.Now())
		}
	}
}

// step does what is due.
func (r *connectionRun) step(now time.Time) {
	st := r.sub.State()
	if !st.Connected || !st.Subscribed {
		return
	}
	r.mu.Lock()
	state, since, latest, waiting := r.state, r.since.Std(), r.latest, r.waiting
	r.mu.Unlock()
	switch state {
	case fleet.ConnectionConnecting:
		r.enter(fleet.ConnectionDiscovering, now)
	case fleet.ConnectionDiscovering:
		if quiet := now.Sub(since) >= discoverQuiet && now.Sub(latest) >= discoverQuiet; quiet || now.Sub(since) >= discoverWithin {
			r.enter(fleet.ConnectionSynchronising, now)
			if r.synchronise() {
				r.finished(now)
			}
		}
	case fleet.ConnectionSynchronising: // what it could not finish
		if r.synchronise() {
			r.finished(now)
		}
	case fleet.ConnectionMonitoring:
		if waiting > 0 {
			r.synchronise()
		}
	}
}

func (r *connectionRun) enter(state string, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state, r.since = state, fleet.At(now)
}

// finished notes when the synchronisation ended.
func (r *connectionRun) finished(now time.Time) {
	_, err := r.m.Amend(fleet.Actor{}, r.c.ID, func(c *fleet.Connection) error {
		c.Synced = fleet.At(time.Now())
		return nil
	})
	if err != nil && fleet.KindOf(err) != fleet.NotFound {
		r.m.log.Warn("the end of a synchronisation cannot be noted", "connection", r.c.ID.String(), "err", err)
	}
	r.enter(fleet.ConnectionMonitoring, now)
}

// hear notes a publication and how it was read. It is called by the client's
// worker.
func (r *connectionRun) hear(now fleet.Time, topic, sub, uid string, payload []byte, positions int, err error) {
	sample := &fleet.ConnectionSample{
		At: now, Topic: clip(topic), Payload: clip(string(payload[:min(len(payload), maxSample)])), UniqueID: uid, SubAccount: sub, Positions: positions,
	}
	if err != nil {
		sample.Error = clip(err.Error())
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sample = sample
	slot := int64(now / (5 * fleet.Second))
	if b := &r.rate[slot%int64(len(r.rate))]; b.slot == slot {
		b.n++
	} else {
		b.slot, b.n = slot, 1
	}
	if uid == "" || err != nil || positions == 0 {
		return
	}
	h := r.heard[uid]
	if h == nil {
		if len(r.heard) >= maxHeard {
			return
		}
		h = &heardDevice{sub: sub}
		r.heard[uid] = h
		r.waiting++
		r.latest = now.Std()
	}
	if !h.settled && len(payload) <= maxHeardPayload {
		h.topic, h.payload = topic, append(h.payload[:0], payload...)
	}
}

// status is how the connection stands.
func (r *connectionRun) status(now fleet.Time) fleet.ConnectionStatus {
	var st mqttsub.State
	if r.sub != nil {
		st = r.sub.State()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := fleet.ConnectionStatus{
		State: r.state, Since: r.since, Found: len(r.heard), New: r.news, Updated: r.updated, Refused: r.refused,
		Refusals: append([]fleet.ConnectionRefusal(nil), r.refusals...), Done: len(r.heard) - r.waiting, Received: st.Received, Sample: r.sample,
	}
	for uid := range r.mine {
		if r.heard[uid] == nil {
			out.Missing++
		}
	}
	for _, b := range r.rate {
		if b.slot > int64(now/(5*fleet.Second))-int64(len(r.rate)) {
			out.Rate += b.n
		}
	}
	if r.sample != nil {
		out.LastMessage = r.sample.At
	}
	cause := st.Cause
	switch {
	case r.sub == nil:
		out.State, cause = fleet.ConnectionFailed, r.failed
	case st.Connected && st.Subscribed:
		if cause == nil {
			cause = r.failed
		}
	default:
		out.State, out.Since = fleet.ConnectionConnecting, fleet.At(st.Since)
		if cause != nil {
			out.State = fleet.ConnectionFailed
		}
	}
	if cause != nil {
		out.LastError, out.ErrorDetail = connectionError(cause), clip(cause.Error())
	}
	return out
}
