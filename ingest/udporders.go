package ingest

import (
	"net/netip"

	"github.com/vigia-track/vigia/engine/fleet"
)

// udpCaller is a sender of datagrams, findable under its device while it is
// remembered.
type udpCaller struct {
	caller
	at    fleet.DeviceID // under which online finds it; 0: not yet
	waker udpWaker
}

// udpWaker has the worker that knows the sender look. While its queue is full
// the device's next datagram does.
type udpWaker struct {
	wakes chan<- netip.AddrPort
	from  netip.AddrPort
}

func (k *udpWaker) wake() {
	select {
	case k.wakes <- k.from:
	default:
	}
}

// tend gives a sender's device its next order. The order goes to the address
// that the device's last datagram came from: who claims a device's identity by
// UDP is told what the device is told, as over TCP.
func (w *udpWorker) tend(from netip.AddrPort) {
	in := w.s.in
	c := w.sources[from]
	if c == nil || in.Orders == nil || !c.known {
		return
	}
	speaker, ok := c.codec.(Commander)
	if !ok {
		return
	}
	d := c.id.Device
	if c.at != d {
		in.online.move(c.at, d, &c.waker)
		c.at = d
	}
	for {
		now := in.Now()
		o, ok := in.Orders.Next(d, now)
		if !ok {
			return
		}
		c.s.Now = now
		out, err := speaker.Command(&c.s, &o)
		if err != nil {
			in.Orders.Sent(d, o.ID, now, ErrNoCommand)
			continue
		}
		_, err = w.conn.WriteToUDPAddrPort(out, from)
		in.Orders.Sent(d, o.ID, now, err)
		return
	}
}

// drop forgets a sender.
func (w *udpWorker) drop(from netip.AddrPort) {
	if c := w.sources[from]; c != nil {
		if c.at != 0 {
			w.s.in.online.move(c.at, 0, &c.waker)
		}
		delete(w.sources, from)
	}
}
