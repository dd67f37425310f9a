package mqttsub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/vigia-track/vigia/ingest"
)

// Options say which broker to subscribe at. URL, ClientID and Intake are
// required.
type Options struct {
	URL      string // tcp://host:1883 or ssl://host:8883
	ClientID string // must stay the same over restarts, and be nobody else's
	Username string
	Password string
	TLS      *tls.Config // nil: the system's roots
	Topics   []string    // filters to subscribe to; nil: all that the Intake reads
	Intake   *ingest.Intake
	Log      *slog.Logger // nil: nothing is logged
	Dialer   *net.Dialer  // how to connect, so that a guard may look at the resolved address; nil: anywhere

	Queue     int           // publications waiting for the worker; 1,024
	Waiting   int           // bytes of publications waiting or being stored; 32 MiB
	Batch     int           // publications in one Accept; 256
	KeepAlive time.Duration // 30 s
	// Packet bounds a packet from the broker, in bytes; 4 MiB. A longer one ends
	// the connection, each time the broker sends it again.
	Packet int
}

// Validate reports the first option that cannot be.
func (o *Options) Validate() error {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "":
		return fmt.Errorf("mqttsub: %q is no broker's URL; write tcp://broker.example.com:1883", o.URL)
	case u.Scheme != "tcp" && u.Scheme != "mqtt" && u.Scheme != "ssl" && u.Scheme != "tls" && u.Scheme != "mqtts":
		return fmt.Errorf("mqttsub: %s: scheme %q; use tcp or ssl", u.Redacted(), u.Scheme)
	case o.ClientID == "":
		return fmt.Errorf("mqttsub: %s: a client ID is needed, so that the broker keeps what we missed", u.Redacted())
	case o.Intake == nil:
		return errors.New("mqttsub: no Intake")
	}
	return nil
}

// ErrTopic says that the broker does not let our user subscribe to a filter.
var ErrTopic = errors.New("the broker refuses a topic to our user")

// State is how a subscription stands, for health and the administration.
type State struct {
	Connected  bool
	Subscribed bool // all filters were granted
	Since      time.Time
	Cause      error  // the same, to be told apart; nil if all is well
	Error      string // why it is not connected, subscribed or storing; "" if all is well
	Received   uint64 // publications
	Stored     uint64 // publications done with and acked
	Waiting    int    // publications in the queue
}

// Subscriber keeps one subscription alive.
type Subscriber struct {
	o      Options
	via    string // the broker, without credentials
	log    *slog.Logger
	client mqtt.Client
	queue  chan mqtt.Message
	room   *room              // for what is in the queue and the batch
	lost   chan error         // told when a connection ended
	quit   chan struct{}      // closed by Close
	worked chan struct{}      // closed by the worker
	ctx    context.Context    // for Accepts: from Start until Close's deadline
	force  context.CancelFunc // ends ctx
	wg     sync.WaitGroup     // worker and run
	once   sync.Once          // closes quit

	attempt context.Context // of the connection that run makes or has; set before paho dials

	mu    sync.Mutex // guards state
	state State
}

// Start connects, and goes on trying, in the background until Close.
func Start(o Options) (*Subscriber, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Topics == nil {
		o.Topics = o.Intake.Filters()
	}
	preset(&o.Queue, 1024)
	preset(&o.Waiting, 32<<20)
	preset(&o.Batch, 256)
	preset(&o.KeepAlive, 30*time.Second)
	preset(&o.Packet, 4<<20)
	u, _ := url.Parse(o.URL) // Validate did
	via := u.Scheme + "://" + u.Host
	s := &Subscriber{
		o: o, via: via, log: o.Log.With("part", "ingest", "broker", via),
		queue: make(chan mqtt.Message, o.Queue), room: newRoom(o.Waiting), lost: make(chan error, 1), quit: make(chan struct{}), worked: make(chan struct{}),
		state: State{Since: time.Now(), Error: "connecting"},
	}
	s.ctx, s.force = context.WithCancel(context.Background())
	s.client = mqtt.NewClient(s.clientOptions())
	s.wg.Go(s.work)
	s.wg.Go(s.run)
	return s, nil
}

func preset[T int | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

func (s *Subscriber) clientOptions() *mqtt.ClientOptions {
	c := mqtt.NewClientOptions().AddBroker(s.o.URL).SetProtocolVersion(4)
	c.SetClientID(s.o.ClientID).SetUsername(s.o.Username).SetPassword(s.o.Password)
	if s.o.TLS != nil {
		c.SetTLSConfig(s.o.TLS)
	}
	c.SetCleanSession(false).SetAutoAckDisabled(true).SetOrderMatters(true)
	c.SetKeepAlive(s.o.KeepAlive).SetPingTimeout(10 * time.Second).SetConnectTimeout(20 * time.Second)
	c.SetWriteTimeout(10 * time.Second)
	c.SetConnectRetry(false).SetAutoReconnect(false) // paho's pauses do not end when we do
	c.SetCustomOpenConnectionFn(s.dial)
	c.SetDefaultPublishHandler(s.enqueue)
	c.SetConnectionLostHandler(func(_ mqtt.Client, err error) { s.lost <- err }) // run takes each before it connects again
	return c
}

// down notes that there is no connection.
func (s *Subscriber) down(err error) {
	s.change(func(st *State) {
		if st.Connected {
			st.Since = time.Now()
		}
		st.Connected, st.Subscribed, st.Error, st.Cause = false, false, err.Error(), err
	})
	s.log.Warn("outside broker is away, trying again", "err", err)
}

// Pauses between attempts to connect, and after which a subscription that was
// refused is asked for again.
const (
	firstDial  = 100 * time.Millisecond
	lastDial   = time.Minute
	againAfter = time.Minute
)

// run keeps connected and subscribed until Close.
func (s *Subscriber) run() {
	for pause := firstDial; ; pause = min(2*pause, lastDial) {
		began := time.Now()
		err := s.connection()
		if s.closing() {
			return
		}
		s.down(err)
		if time.Since(began) > lastDial {
			pause = firstDial
		}
		select {
		case <-s.quit:
			return
		case <-time.After(pause):
		}
	}
}

// connection makes one connection and stays until it is lost, or Close.
func (s *Subscriber) connection() error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	s.attempt = ctx
	tok := s.client.Connect()
	select {
	case <-tok.Done():
	case <-s.quit:
		cancel()
		<-tok.Done()
		return nil
	}
	if err := tok.Error(); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	s.change(func(st *State) { st.Connected, st.Since, st.Error, st.Cause = true, time.Now(), "", nil })
	again := time.NewTimer(0)
	defer again.Stop()
	for {
		select {
		case <-s.quit:
			<-s.worked
			s.client.Disconnect(250) // ms for what paho still has to write
			return nil
		case err := <-s.lost:
			return fmt.Errorf("connection lost: %w", err)
		case <-again.C: // after each connect, for the broker may have forgotten the session
			if err := s.subscribe(); err != nil {
				s.change(func(st *State) { st.Error, st.Cause = err.Error(), err })
				s.log.Warn("cannot subscribe at outside broker, trying again", "err", err)
				again.Reset(againAfter)
			}
		}
	}
}

func (s *Subscriber) subscribe() error {
	filters := map[string]byte{}
	for _, f := range s.o.Topics {
		filters[f] = 1
	}
	tok := s.client.SubscribeMultiple(filters, nil).(*mqtt.SubscribeToken)
	select {
	case <-tok.Done():
	case <-s.quit:
		return nil
	}
	if err := tok.Error(); err != nil {
		return fmt.Errorf("subscribe: %w", err)
	}
	for filter, granted := range tok.Result() {
		if granted > 2 {
			return fmt.Errorf("subscribe: %w: %s", ErrTopic, filter)
		}
	}
	s.change(func(st *State) { st.Subscribed = st.Connected })
	s.log.Info("subscribed at outside broker", "topics", s.o.Topics)
	return nil
}

func (s *Subscriber) closing() bool {
	select {
	case <-s.quit:
		return true
	default:
		return false
	}
}

func (s *Subscriber) change(edit func(*State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(&s.state)
}

// State is how the subscription stands now.
func (s *Subscriber) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.state
	st.Waiting = len(s.queue)
	return st
}

// Close stops taking publications, lets the worker finish what it is storing,
// by force once ctx ends, and disconnects. What waits in the queue is not
// acked, so the broker sends it again. Close may be called again.
func (s *Subscriber) Close(ctx context.Context) error {
	s.once.Do(func() { close(s.quit) })
	stop := context.AfterFunc(ctx, s.force)
	defer stop()
	s.wg.Wait()
	s.force()
	return nil
}
