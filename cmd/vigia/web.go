package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/track"
)

// web is the admin's server on its listener.
type web struct {
	server *admin.Server
	addr   net.Addr
	done   chan struct{} // closed when Serve has returned
}

// openWeb serves pages, API and stream.
func (n *node) openWeb(next bool, vapidKey string) error {
	proxies, err := parseProxies(n.config.HTTP.TrustedProxies)
	if err != nil {
		return err
	}
	guests, err := n.channels.key.Derive("guests of share links")
	if err != nil {
		return err
	}
	server, err := admin.New(admin.Options{
		GuestKey: guests,
		Records:  n.admin, Books: n.books(), Connections: n.connections, Channels: companyChannels{n.channels, n}, Secrets: n.channels.key, Post: n.post(), People: n.admin, Applier: n, Facts: n.facts, Tracks: erasingTracks{n.history, n}, Hub: n.hub,
		Strangers: n.registry, Messages: n.registry.heard, System: n.system, Backups: &backups{n: n}, Why: n.why, Route: n.route, Clocks: deviceClocks{n}, Commands: deviceCommands{n.desk, n.admin.Commands()}, Health: n.health, Metrics: []*metrics.Set{n.metrics},
		SMSUsed: n.smsUsed, Now: n.now,
		GateNames: func(bits uint32) []string {
			return strings.FieldsFunc(track.Gates(bits).String(), func(r rune) bool { return r == ',' })
		},
		VAPIDKey: vapidKey,
		Geocoder: newGeocoder(outbound.Guard{AllowLoopback: n.config.Outbound.AllowPrivate, AllowPrivate: n.config.Outbound.AllowPrivate}), Maps: n.path("maps"),
		Bulk: n.admin, BulkDir: n.path("bulk"), Retention: &api.Retention{Tracks: n.config.Keep.TracksDays, Events: n.config.Keep.EventsDays},
		TrustedProxies: proxies, PublicURL: n.config.PublicURL, Version: version, Log: n.part("admin"),
	})
	if err != nil {
		return err
	}
	w := &web{server: server, done: make(chan struct{})}
	var l net.Listener
	w.addr, err = listenNext(n.config.HTTP.Listen, next, func(addr string) (net.Addr, error) {
		if l, err = net.Listen("tcp", addr); err != nil {
			return nil, err
		}
		return l.Addr(), nil
	})
	if err != nil {
		return fmt.Errorf("http.listen: %w", err)
	}
	if n.certs != nil {
		l = tls.NewListener(l, secureConfig(n.certs))
	}
	n.web = w
	go func() {
		defer close(w.done)
		if err := server.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			n.fail(fmt.Errorf("web server: %w", err))
		}
	}()
	return nil
}

// stop ends the streams and waits for requests that run.
func (w *web) stop(ctx context.Context) error {
	err := w.server.Shutdown(ctx)
	<-w.done
	return err
}

// url is where a browser on this machine reaches the server.
func (n *node) url() string {
	if n.config.PublicURL != "" {
		return strings.TrimSuffix(n.config.PublicURL, "/")
	}
	scheme := "http"
	if n.config.secure() {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(n.web.addr.String())
	if err != nil {
		return scheme + "://" + n.web.addr.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

func parseProxies(list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p.Masked())
			continue
		}
		a, err := netip.ParseAddr(s)
		if err != nil {
			return nil, fmt.Errorf("http.trusted_proxies: %w", err)
		}
		out = append(out, netip.PrefixFrom(a, a.BitLen()))
	}
	return out, nil
}

// system is what GET /system shows.
func (n *node) system() admin.SystemReport {
	free, total := n.disk()
	r := admin.SystemReport{
		Started: n.started, DiskFree: free, DiskTotal: total, Stores: storeSizes(n.config.Data),
		JournalSeq: n.journal.Last(), FactsSeq: n.engine.Complete(), Watchers: n.hub.Watchers(),
	}
	r.Backlog = uint64(r.JournalSeq - min(r.FactsSeq, r.JournalSeq))
	var err error
	if r.Outbox, err = n.facts.Waiting(); err != nil {
		n.part("system").Error("messages that wait cannot be counted", "err", err)
	}
	if d := n.doors.Load(); d != nil {
		r.Listeners = d.report()
	}
	return r
}

// disk is free and total bytes of the data directory's file system.
func (n *node) disk() (free, total uint64) { return diskOf(n.config.Data) }

func diskOf(dir string) (free, total uint64) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, 0
	}
	return st.Bavail * uint64(st.Bsize), st.Blocks * uint64(st.Bsize)
}

func freeBytes(dir string) uint64 {
	free, _ := diskOf(dir)
	return free
}

// health is what /readyz shows.
func (n *node) health() []admin.Check {
	check := func(name string, ok bool, reason string) admin.Check {
		if ok {
			reason = ""
		}
		return admin.Check{Name: name, OK: ok, Reason: reason}
	}
	reason := ""
	if err := n.engine.Err(); err != nil {
		reason = err.Error() + "; restart the server once the cause is mended"
	} else if err := n.engine.Health(); err != nil {
		reason = err.Error()
	}
	free, _ := n.disk()
	keepFree, _ := parseBytes(n.config.Keep.MinFree)
	backlog := n.engine.Backlog()
	doors := n.doors.Load()
	checks := []admin.Check{
		check("engine", reason == "", reason),
		check("listeners", doors != nil, "no door is open yet"),
		check("disk", free > keepFree, fmt.Sprintf(
			"%d MB are free in %s, keep.min_free asks for %d MB: trackers are not acked until there is room",
			free/1e6, n.config.Data, keepFree/1e6)),
		check("backlog", backlog < time.Minute, fmt.Sprintf("facts lag %s behind the journal; the disk may be too slow", backlog.Round(time.Second))),
	}
	if doors != nil {
		for i, s := range doors.outside {
			st := s.State()
			c := check("mqtt.outside["+strconv.Itoa(i)+"]", st.Subscribed && st.Error == "", cmp.Or(st.Error, "not subscribed yet"))
			c.Minor = true // our own trackers must not be turned away because somebody else's broker is down
			checks = append(checks, c)
		}
	}
	if n.certs != nil {
		checks = append(checks, n.certs.health(time.Now())...)
	}
	return checks
}
