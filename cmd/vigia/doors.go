package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/broker"
	"github.com/vigia-track/vigia/ingest/mqttsub"
)

// doors is where trackers knock: the listeners and the broker behind them.
type doors struct {
	server  *ingest.Server
	broker  *broker.Broker
	outside []*mqttsub.Subscriber // brokers that are not ours
	open    map[string]string     // address by name: gt06, teltonika, teltonika-udp, ..., mqtt, shared
}

// doorOptions is what doors open on.
type doorOptions struct {
	Config   Config
	Sink     ingest.Sink
	Registry ingest.Registry
	Orders   ingest.Orders // nil: devices are told nothing
	Tap      ingest.Tap    // nil: nobody listens
	Log      *slog.Logger
	Metrics  *metrics.Set
	// Next makes a busy port move on to the next free one, which the demo
	// wants; a server says that the port is taken.
	Next bool
	// Certificates is shown at the doors that speak TLS; nil: there are none.
	Certificates certificates
}

// openDoors opens every listener that the settings name. After an error none
// is left open.
func openDoors(ctx context.Context, o doorOptions) (_ *doors, err error) {
	c := o.Config.Ingest
	d := &doors{open: map[string]string{}}
	defer func() {
		if err != nil {
			_ = d.close(ctx)
		}
	}()
	d.server = ingest.NewServer(ingest.Options{
		Sink: o.Sink, Registry: o.Registry, Orders: o.Orders, Tap: o.Tap, Log: o.Log, Metrics: o.Metrics,
		Limits: ingest.Limits{Connections: c.MaxConnections, PerAddress: c.MaxPerAddress, Idle: time.Duration(c.Idle)},
	})
	intake := d.server.Intake(topics()...)
	if d.broker, err = broker.New(broker.Options{
		Intake: intake, Log: o.Log, AllowNoSecret: o.Config.MQTT.AllowNoSecret,
		Limits: broker.Limits{Idle: time.Duration(c.Idle)},
	}); err != nil {
		return nil, err
	}
	listen := func(name, setting, addr string, on func(addr string) (net.Addr, error)) {
		if err != nil || addr == "" {
			return
		}
		var at net.Addr
		if at, err = listenNext(addr, o.Next, on); err != nil {
			err = fmt.Errorf("%s: %w", setting, err)
			return
		}
		d.open[name] = at.String()
	}
	own := map[fleet.Protocol]string{
		fleet.GT06: c.GT06, fleet.Teltonika: c.Teltonika, fleet.H02: c.H02,
		fleet.OsmAnd: c.OsmAnd, fleet.OwnTracks: c.OwnTracks,
	}
	shared := ingest.Shared{MQTT: d.broker}
	var secure *tls.Config
	overTLS := map[fleet.Protocol]string{}
	if o.Certificates != nil {
		secure = secureConfig(o.Certificates)
		overTLS = map[fleet.Protocol]string{fleet.Teltonika: c.TeltonikaTLS, fleet.OsmAnd: c.OsmAndTLS, fleet.OwnTracks: c.OwnTracksTLS}
		if c.SharedTLS {
			shared.TLS = secure
		}
	}
	for i := range protocols {
		p := protocols[i].listener()
		name := p.Name
		if slices.Contains(protocols[i].transports, ingest.TCP) {
			listen(name, "ingest."+name, own[p.ID], func(addr string) (net.Addr, error) { return d.server.ListenTCP(ctx, addr, p) })
			shared.Streams = append(shared.Streams, p)
		}
		if slices.Contains(protocols[i].transports, ingest.UDP) {
			listen(name+"-udp", "ingest."+name, own[p.ID], func(addr string) (net.Addr, error) { return d.server.ListenUDP(ctx, addr, p) })
		}
		if slices.Contains(protocols[i].transports, ingest.HTTP) {
			listen(name, "ingest."+name, own[p.ID], func(addr string) (net.Addr, error) { return d.server.ListenHTTP(ctx, addr, p) })
			shared.HTTP = append(shared.HTTP, p)
		}
		p.TLS = secure
		listen(name+"-tls", "ingest."+name+"_tls", overTLS[p.ID], func(addr string) (net.Addr, error) {
			if p.HTTP != nil {
				return d.server.ListenHTTP(ctx, addr, p)
			}
			return d.server.ListenTCP(ctx, addr, p)
		})
	}
	listen("mqtt", "mqtt.listen", o.Config.MQTT.Listen, func(addr string) (net.Addr, error) {
		return d.server.ListenConns(ctx, addr, "mqtt", nil, d.broker)
	})
	if secure != nil {
		listen("mqtts", "mqtt.listen_tls", o.Config.MQTT.ListenTLS, func(addr string) (net.Addr, error) {
			return d.server.ListenConns(ctx, addr, "mqtt", secure, d.broker)
		})
	}
	listen("shared", "ingest.shared", c.Shared, func(addr string) (net.Addr, error) { return d.server.ListenShared(ctx, addr, shared) })
	if err != nil {
		return nil, err
	}
	return d, d.subscribe(o, intake)
}

// report lists the doors by name, with the connections that each has; over UDP
// there are none.
func (d *doors) report() (out []admin.ListenerReport) {
	at := d.server.ConnectionsAt()
	for _, name := range slices.Sorted(maps.Keys(d.open)) {
		l := admin.ListenerReport{Name: name, Addr: d.open[name]}
		if a, err := netip.ParseAddrPort(l.Addr); err == nil && !strings.HasSuffix(name, "-udp") {
			l.Open = at[a.Port()]
		}
		out = append(out, l)
	}
	return out
}

// subscribe listens at the brokers outside that the settings name.
func (d *doors) subscribe(o doorOptions, intake *ingest.Intake) error {
	for i, b := range o.Config.MQTT.Outside {
		s, err := mqttsub.Start(mqttsub.Options{
			URL: b.URL, ClientID: cmp.Or(b.ClientID, "vigia"), Username: b.Username, Password: b.Password,
			Topics: b.Topics, Intake: intake, Log: o.Log,
		})
		if err != nil {
			return fmt.Errorf("mqtt.outside[%d]: %w", i, err)
		}
		d.outside = append(d.outside, s)
	}
	return nil
}

// close stops listening, lets sessions finish what they read, ends the broker.
func (d *doors) close(ctx context.Context) error {
	var errs []error
	for _, s := range d.outside {
		errs = append(errs, s.Close(ctx))
	}
	if d.server != nil {
		errs = append(errs, d.server.Close(ctx))
	}
	if d.broker != nil {
		errs = append(errs, d.broker.Close())
	}
	return errors.Join(errs...)
}

// listener is the protocol as ingest is told of it.
func (p *protocol) listener() ingest.Protocol {
	l := ingest.Protocol{Name: p.id.String(), ID: p.id, New: p.codec, Detect: p.detect, Split: p.split}
	if p.http != nil {
		l.HTTP = p.http()
	}
	if p.id == fleet.OsmAnd { // on the shared port it is asked before OwnTracks
		l.Claims = func(r *ingest.Request) bool { return !bytes.Contains(r.Body, []byte(`"_type"`)) }
	}
	return l
}

// topics are the publications that we read, from our broker and from others.
func topics() []ingest.Topic {
	return []ingest.Topic{
		topic(fleet.VigiaJSON, "vigia/+/position"),
		topic(fleet.OwnTracks, "owntracks/+/+"),
	}
}

func topic(id fleet.Protocol, filter string) ingest.Topic {
	for i := range protocols {
		if p := &protocols[i]; p.id == id {
			return ingest.Topic{Name: id.String(), ID: id, Filter: filter, Codec: p.message()}
		}
	}
	panic("bug: no protocol reads " + filter)
}

// listenNext listens on addr. If its port is taken and next is set, it tries
// the ports behind it; else the error says what to do.
func listenNext(addr string, next bool, on func(addr string) (net.Addr, error)) (net.Addr, error) {
	const tries = 50
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	for i := 0; ; i++ {
		at, err := on(addr)
		if errors.Is(err, syscall.EACCES) {
			return nil, fmt.Errorf("port %s may be opened by privileged programs only; give this one CAP_NET_BIND_SERVICE, as the unit of docs/install.md does: %w", port, err)
		}
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
			return at, err
		}
		n, convErr := strconv.Atoi(port)
		if !next || i == tries || convErr != nil {
			return nil, fmt.Errorf("port %s is taken by another program; stop that, or choose another port: %w", port, err)
		}
		addr = net.JoinHostPort(host, strconv.Itoa(n+i+1))
	}
}
