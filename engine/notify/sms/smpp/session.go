package smpp

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/notify"
)

const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 10 * time.Second
	unbindWait   = 2 * time.Second
	interface34  = 0x34
	reporters    = 8  // receipts that are being recorded at a time
	reportQueue  = 64 // and those that wait for it
)

var (
	errClosed  = errors.New("the connection is closed")
	errUnbound = errors.New("the message centre has unbound us")
)

// session is one bound connection. Its goroutines: read, write, ask after the
// link, and record receipts. The first to fail ends all.
type session struct {
	o      *Options
	conn   net.Conn
	in     *bufio.Reader
	out    chan []byte   // to the writer; nil for the last one
	window chan struct{} // a slot for each message without an answer
	work   chan reported
	over   chan struct{} // closed by end
	once   sync.Once

	mu      sync.Mutex // guards what follows
	err     error
	seq     uint32
	pending map[uint32]chan pdu // each with one slot
}

// reported is a receipt to be recorded, and the sequence of its deliver_sm.
type reported struct {
	report notify.Report
	seq    uint32
}

// dial connects and binds (section 4.1.5).
func dial(ctx context.Context, o *Options) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout+o.Answer)
	defer cancel()
	address := net.JoinHostPort(o.Host, strconv.Itoa(o.Port))
	dialer := o.Guard.Dialer(dialTimeout)
	var conn net.Conn
	var err error
	if o.TLS {
		conn, err = (&tls.Dialer{NetDialer: dialer, Config: &tls.Config{
			RootCAs: o.Roots, ServerName: o.Host, MinVersion: tls.VersionTLS12,
		}}).DialContext(ctx, "tcp", address)
	} else {
		conn, err = dialer.DialContext(ctx, "tcp", address)
	}
	if err != nil {
		return nil, err
	}
	s := &session{
		o: o, conn: conn, in: bufio.NewReader(conn), out: make(chan []byte, o.Window+16),
		window: make(chan struct{}, o.Window), work: make(chan reported, reportQueue),
		over: make(chan struct{}), pending: map[uint32]chan pdu{}, seq: 1,
	}
	if err := s.bind(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return s, nil
}

// bind signs in before the goroutines start.
func (s *session) bind(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = s.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	b := text(text(text(nil, s.o.SystemID), s.o.Password), s.o.SystemType)
	b = text(append(b, interface34, 0, 0), "")
	request := pdu{command: bindTransceiver, seq: 1, body: b}
	if _, err := s.conn.Write(request.write()); err != nil {
		return fmt.Errorf("bind: %w", err)
	}
	for range 16 { // what else comes first is not for us
		p, err := read(s.in)
		switch {
		case err != nil:
			return fmt.Errorf("bind: no answer: %w", err)
		case p.command != bindTransceiver|response && p.command != genericNack:
		case p.status != statusOK:
			return fmt.Errorf("bind refused: %s (check sms.account, sms.token and sms.system_type)", statusWords(p.status))
		case p.command == bindTransceiver|response:
			if !stop() {
				return fmt.Errorf("bind: %w", context.Cause(ctx))
			}
			return s.conn.SetDeadline(time.Time{})
		}
	}
	return errors.New("bind: the answers are no bind_transceiver_resp")
}

// serve works until the connection fails or ctx ends; then it unbinds. It
// returns why it ended, when its last goroutine has.
func (s *session) serve(ctx context.Context) error {
	var wg sync.WaitGroup
	wg.Go(s.read)
	wg.Go(s.write)
	wg.Go(s.enquire)
	for range reporters {
		wg.Go(s.record)
	}
	select {
	case <-s.over:
	case <-ctx.Done():
		bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(unbindWait, s.o.Answer))
		_, _ = s.ask(bye, unbind, nil)
		cancel()
		s.end(errClosed)
	}
	wg.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// end closes the connection; the first reason counts.
func (s *session) end(err error) {
	s.once.Do(func() {
		s.mu.Lock()
		s.err = err
		s.mu.Unlock()
		close(s.over)
		_ = s.conn.Close()
	})
}

func (s *session) reason() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// write is the only one to write to the connection.
func (s *session) write() {
	for {
		select {
		case <-s.over:
			return
		case b := <-s.out:
			if b == nil {
				s.end(errUnbound)
				return
			}
			_ = s.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
			if _, err := s.conn.Write(b); err != nil {
				s.end(err)
				return
			}
		}
	}
}

// say hands a PDU to the writer.
func (s *session) say(p pdu) {
	select {
	case s.out <- p.write():
	case <-s.over:
	}
}

func (s *session) read() {
	for {
		p, err := read(s.in)
		if err != nil {
			s.end(fmt.Errorf("the connection ended: %w", err))
			return
		}
		switch {
		case p.command&response != 0:
			s.answered(p)
		case p.command == enquireLink:
			s.say(pdu{command: enquireLink | response, seq: p.seq})
		case p.command == deliverSM:
			s.delivered(p)
		case p.command == unbind:
			s.say(pdu{command: unbind | response, seq: p.seq})
			select {
			case s.out <- nil:
			case <-s.over:
			}
			return
		default:
			s.say(pdu{command: genericNack, status: statusBadCommand, seq: p.seq})
		}
	}
}

// answered gives an answer to whoever waits for it. One that nobody asked for,
// or asked for no longer, is dropped.
func (s *session) answered(p pdu) {
	s.mu.Lock()
	waiter := s.pending[p.seq]
	delete(s.pending, p.seq)
	s.mu.Unlock()
	if waiter == nil {
		s.o.Log.Warn("an answer to no question", "command", fmt.Sprintf("0x%08X", uint32(p.command)), "sequence", p.seq, "status", statusWords(p.status))
		return
	}
	waiter <- p
}

// delivered takes a message from the centre: receipts alone mean something to us.
func (s *session) delivered(p pdu) {
	yes := pdu{command: deliverSM | response, seq: p.seq, body: []byte{0}}
	r, ok := receipt(p.body)
	if !ok || s.o.Report == nil {
		s.o.Log.Debug("a message that is no final receipt", "octets", len(p.body))
		s.say(yes)
		return
	}
	select {
	case s.work <- reported{report: r, seq: p.seq}:
	default:
		yes.status = statusReceiverLater
		s.say(yes)
	}
}

// record makes receipts durable before they are answered.
func (s *session) record() {
	for {
		select {
		case <-s.over:
			return
		case w := <-s.work:
			w.report.Provider = s.o.Host
			yes := pdu{command: deliverSM | response, seq: w.seq, body: []byte{0}}
			if err := s.o.Report(w.report); err != nil {
				s.o.Log.Warn("a receipt could not be recorded; the message centre is asked to send it again", "err", err)
				yes.status = statusReceiverLater
			}
			s.say(yes)
		}
	}
}

// enquire asks after the link (section 4.11); no answer in time ends it.
func (s *session) enquire() {
	every := time.NewTicker(s.o.Enquire)
	defer every.Stop()
	for {
		select {
		case <-s.over:
			return
		case <-every.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), s.o.Answer)
		_, err := s.ask(ctx, enquireLink, nil)
		cancel()
		if err != nil {
			s.end(fmt.Errorf("the message centre does not answer enquire_link: %w", err))
			return
		}
	}
}

// ask sends a request and waits for its answer.
func (s *session) ask(ctx context.Context, c command, body []byte) (pdu, error) {
	waiter := make(chan pdu, 1)
	s.mu.Lock()
	s.seq++
	if s.seq > 0x7FFFFFFF {
		s.seq = 1
	}
	seq := s.seq
	s.pending[seq] = waiter
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.pending, seq)
		s.mu.Unlock()
	}()
	request := pdu{command: c, seq: seq, body: body}
	select {
	case s.out <- request.write():
	case <-s.over:
		return pdu{}, s.reason()
	case <-ctx.Done():
		return pdu{}, ctx.Err()
	}
	select {
	case p := <-waiter:
		if p.command != c|response && p.command != genericNack {
			err := fmt.Errorf("command 0x%08X answers 0x%08X", uint32(p.command), uint32(c))
			s.end(err)
			return pdu{}, err
		}
		if p.command == genericNack && p.status == statusOK {
			p.status = statusUnknownError
		}
		return p, nil
	case <-s.over:
		select {
		case p := <-waiter: // it came just before the end
			return p, nil
		default:
		}
		return pdu{}, s.reason()
	case <-ctx.Done():
		return pdu{}, ctx.Err()
	}
}

// submit sends one submit_sm, in its turn.
func (s *session) submit(ctx context.Context, body []byte) (pdu, error) {
	select {
	case s.window <- struct{}{}:
	case <-s.over:
		return pdu{}, s.reason()
	case <-ctx.Done():
		return pdu{}, ctx.Err()
	}
	defer func() { <-s.window }()
	return s.ask(ctx, submitSM, body)
}
