package ingest

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net"
	"net/netip"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ListenUDP opens a port for one protocol's datagrams. A sender is answered
// once its reports are on disk, and never with more bytes than it sent, so
// that a forged address cannot be flooded. Datagrams that find their worker's
// queue full are dropped and counted.
func (s *Server) ListenUDP(ctx context.Context, addr string, p Protocol) (net.Addr, error) {
	if p.New == nil {
		panic("bug: protocol " + p.Name + " has no datagram codec")
	}
	pc, err := new(net.ListenConfig).ListenPacket(ctx, "udp", addr)
	if err != nil {
		return nil, fmt.Errorf("ingest: open the %s port at %s: %w", p.Name, addr, err)
	}
	u := &udpPort{s: s, lane: s.in.lane(p), conn: pc.(*net.UDPConn), seed: maphash.MakeSeed()}
	_ = u.conn.SetReadBuffer(4 << 20) // the kernel may allow less
	for range udpWorkers {
		u.queues = append(u.queues, make(chan datagram, s.in.Limits.Datagrams))
	}
	// The socket is closed by the last worker, so that what was read is answered.
	err = s.addPart(part{
		name: p.Name + "/udp", addr: pc.LocalAddr(),
		close: func() error { return u.conn.SetReadDeadline(time.Now()) },
	}, u.run)
	return pc.LocalAddr(), err
}

const (
	udpWorkers  = 2
	udpSource   = 5 * fleet.Minute // how long a silent sender is remembered
	maxDatagram = 2 << 10          // bytes; trackers keep below the path's MTU
	udpBatch    = 64               // datagrams in one Accept
)

// udpPort reads datagrams in one goroutine and has workers take them; all of
// one sender's go to one worker, in order.
type udpPort struct {
	*lane
	s      *Server
	conn   *net.UDPConn
	seed   maphash.Seed
	queues []chan datagram // closed by run
}

type datagram struct {
	from netip.AddrPort
	data []byte
}

// run reads until the server stops, then waits for the workers.
func (u *udpPort) run() {
	done := make(chan struct{})
	for _, q := range u.queues {
		w := &udpWorker{udpPort: u, wakes: make(chan netip.AddrPort, udpBatch), sources: map[netip.AddrPort]*udpCaller{}}
		go func() { w.run(q); done <- struct{}{} }()
	}
	u.read()
	for _, q := range u.queues {
		close(q)
	}
	for range u.queues {
		<-done
	}
	_ = u.conn.Close() // all is sent
}

func (u *udpPort) read() {
	buf := make([]byte, maxDatagram+1)
	wait := newPause()
	for {
		n, from, err := u.conn.ReadFromUDPAddrPort(buf)
		if err != nil {
			select {
			case <-u.s.ready:
				return
			default:
			}
			if errors.Is(err, net.ErrClosed) || !wait.wait(u.s.ready) {
				return
			}
			continue
		}
		wait.reset()
		if n > maxDatagram {
			u.count.Rejected(ReasonOversize, 1, 0)
			continue
		}
		from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
		q := u.queues[maphash.Comparable(u.seed, from)%uint64(len(u.queues))]
		select {
		case q <- datagram{from: from, data: append([]byte(nil), buf[:n]...)}:
		default:
			u.count.Rejected(ReasonQueueFull, 1, 0)
		}
	}
}

// udpWorker takes the datagrams of some senders.
type udpWorker struct {
	*udpPort
	wakes   chan netip.AddrPort // whose orders to look at
	sources map[netip.AddrPort]*udpCaller
	spoke   []netip.AddrPort // whose datagrams are in the batch
	reports []fleet.Report
	marks   []Mark
	replies []datagram
	frames  int
	swept   fleet.Time
}

// run takes what is there, up to udpBatch, into one Accept; until q is closed.
func (w *udpWorker) run(q <-chan datagram) {
	for {
		var d datagram
		open := true
		select {
		case d, open = <-q:
		case from := <-w.wakes:
			w.tend(from)
			continue
		}
		if !open {
			return
		}
		now := w.s.in.Now()
		w.take(d, now)
		for more := 1; more < udpBatch; more++ {
			select {
			case d, ok := <-q:
				if ok {
					w.take(d, now)
					continue
				}
			default:
			}
			break
		}
		w.handOver()
	}
}

// take decodes one datagram; its reply waits for handOver.
func (w *udpWorker) take(d datagram, now fleet.Time) {
	c := w.source(d.from, now)
	w.spoke = append(w.spoke, d.from)
	c.s.Now, c.s.Reports, c.s.Marks = now, w.reports, w.marks
	in := w.s.in
	var reply []byte
	for rest := d.data; len(rest) > 0; {
		n, frame := len(rest), rest
		if w.Split {
			var err error
			if n, frame, err = w.split(&c.caller, rest); err != nil || n <= 0 || n > len(rest) {
				w.count.Rejected(ReasonMalformed, 1, 0)
				break
			}
		}
		rest = rest[n:]
		if frame == nil {
			continue
		}
		r, good, stop := in.take(&c.caller, frame)
		reply = append(reply, r...)
		if good {
			w.frames++
		}
		if stop != "" {
			w.drop(d.from)
			break
		}
	}
	w.reports, w.marks, c.s.Reports, c.s.Marks = c.s.Reports, c.s.Marks, nil, nil
	switch {
	case len(reply) > len(d.data):
		w.count.note("vigia_ingest_replies_withheld_total")
	case len(reply) > 0:
		w.replies = append(w.replies, datagram{from: d.from, data: reply})
	}
}

// split is the codec's Split of a datagram.
func (w *udpWorker) split(c *caller, data []byte) (n int, frame []byte, err error) {
	defer w.s.in.survive(c, &err)
	return c.codec.Split(data, true)
}

// source is a sender's session. One that was silent for long begins anew: its
// address may be another device's by now. When there are too many, those that
// have been silent go first, then any.
func (w *udpWorker) source(from netip.AddrPort, now fleet.Time) *udpCaller {
	if c := w.sources[from]; c != nil {
		if now-c.s.Now <= udpSource {
			return c
		}
		w.drop(from)
	}
	if limit := max(1, w.s.in.Limits.UDPSources/udpWorkers); len(w.sources) >= limit {
		if now-w.swept >= fleet.Second {
			w.swept = now
			for a, c := range w.sources {
				if now-c.s.Now > udpSource {
					w.drop(a)
				}
			}
		}
		for a := range w.sources {
			if len(w.sources) < limit {
				break
			}
			w.drop(a)
		}
	}
	c := &udpCaller{caller: caller{lane: w.lane, codec: w.New(), from: from, s: Session{Transport: UDP}}}
	c.waker = udpWaker{w.wakes, from}
	w.sources[from] = c
	return c
}

// handOver makes the batch durable and answers; on an error nobody is.
func (w *udpWorker) handOver() {
	if err := w.s.in.accept(w.s.ctx, w.reports); err != nil {
		w.count.Rejected(ReasonNotStored, w.frames, len(w.reports))
	} else {
		w.count.Accepted(w.frames, w.reports)
		w.s.in.tellAnswers(w.reports, w.marks)
		for _, r := range w.replies {
			if _, err := w.conn.WriteToUDPAddrPort(r.data, r.from); err != nil {
				w.count.note("vigia_ingest_replies_failed_total")
			}
		}
	}
	for _, from := range w.spoke {
		w.tend(from)
	}
	clear(w.reports)
	clear(w.replies)
	w.reports, w.marks, w.replies, w.spoke, w.frames = w.reports[:0], w.marks[:0], w.replies[:0], w.spoke[:0], 0
}
