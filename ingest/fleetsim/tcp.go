package fleetsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"time"

	"github.com/vigia-track/vigia/ingest/teltonika"
)

// connection is a socket with a deadline for each exchange.
type connection struct {
	conn net.Conn
	buf  []byte // what is sent
	in   [512]byte
}

func dialSocket(ctx context.Context, network, addr string) (connection, error) {
	d := net.Dialer{Timeout: ackWait}
	conn, err := d.DialContext(ctx, network, addr)
	return connection{conn: conn}, err
}

func (c *connection) close() { _ = c.conn.Close() }

// exchange writes and waits for want bytes of answer.
func (c *connection) exchange(out []byte, want int) ([]byte, error) {
	if err := c.conn.SetDeadline(time.Now().Add(ackWait)); err != nil {
		return nil, err
	}
	if _, err := c.conn.Write(out); err != nil {
		return nil, err
	}
	if want > len(c.in) {
		return nil, errors.New("bug: an answer larger than the buffer")
	}
	_, err := io.ReadFull(c.conn, c.in[:want])
	return c.in[:want], err
}

func teltonikaFixes(fixes []Fix) []teltonika.Fix {
	out := make([]teltonika.Fix, len(fixes))
	for i, f := range fixes {
		out[i] = teltonika.Fix{
			Time: f.Time, Place: f.Place, Altitude: int16(f.Altitude), Course: uint16(math.Mod(math.Round(f.Course), 360)),
			Satellites: uint8(f.Satellites), Speed: uint16(math.Round(f.Speed)), Ignition: f.Ignition,
		}
	}
	return out
}

type teltonikaTCP struct {
	connection
	device *Device
}

func dialTeltonika(ctx context.Context, d *Device) (speaker, error) {
	c, err := dialSocket(ctx, "tcp", d.Addr)
	if err != nil {
		return nil, err
	}
	answer, err := c.exchange(teltonika.AppendLogin(nil, d.UniqueID), 1)
	if err == nil && answer[0] != 1 {
		err = errors.New("the server refused the login")
	}
	if err != nil {
		c.close()
		return nil, err
	}
	return &teltonikaTCP{c, d}, nil
}

func (t *teltonikaTCP) send(_ context.Context, fixes []Fix) error {
	t.buf = teltonika.AppendData(t.buf[:0], teltonikaFixes(fixes))
	if _, err := t.exchange(t.buf, 0); err != nil {
		return err
	}
	answer, err := t.count()
	if err == nil && !bytes.Equal(answer, []byte{0, 0, 0, byte(len(fixes))}) {
		err = fmt.Errorf("the server counted %x of %d records", answer, len(fixes))
	}
	return err
}

type teltonikaUDP struct {
	connection
	imei string
	id   uint16
}

func dialTeltonikaUDP(ctx context.Context, d *Device) (speaker, error) {
	c, err := dialSocket(ctx, "udp", d.Addr)
	if err != nil {
		return nil, err
	}
	return &teltonikaUDP{connection: c, imei: d.UniqueID}, nil
}

func (t *teltonikaUDP) send(_ context.Context, fixes []Fix) error {
	const most = 20 // records that a datagram holds without being split
	for len(fixes) > 0 {
		part := fixes[:min(len(fixes), most)]
		fixes = fixes[len(part):]
		t.id++
		t.buf = teltonika.AppendDatagram(t.buf[:0], t.id, byte(t.id), t.imei, teltonikaFixes(part))
		answer, err := t.exchange(t.buf, 7)
		if err != nil {
			return err
		}
		if answer[5] != byte(t.id) || answer[6] != byte(len(part)) {
			return fmt.Errorf("the server answered %x to packet %d of %d records", answer, t.id, len(part))
		}
	}
	return nil
}
