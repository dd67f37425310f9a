package admin

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/admin/stream"
	"github.com/vigia-track/vigia/admin/ui"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// Options is what the server works with. Records, People, Applier, Facts,
// Tracks and Hub are required.
type Options struct {
	Records     Records
	Books       Books
	Channels    Channels // nil: companies have no providers of their own
	Post        Post     // nil: no mail can be sent
	Secrets     Secrets  // nil: share links cannot be copied again
	GuestKey    []byte   // signs what guests of share links show; nil: after a restart they open their link again
	People      People
	Applier     Applier
	Facts       Facts
	Tracks      Tracks
	Hub         *live.Hub
	Connections Connections                                                    // nil: no connection runs
	Commands    Commands                                                       // nil: devices cannot be told anything
	Clocks      Clocks                                                         // nil: no clock is watched
	Strangers   Strangers                                                      // nil: none are known
	Messages    Messages                                                       // nil: what devices send is not recorded
	Backups     api.Backups                                                    // nil: none are made by asking
	System      func() SystemReport                                            // nil: an empty report
	Why         func(context.Context, WhyQuestion) (*fleet.Explanation, error) // nil: nothing is explained
	Route       func(context.Context, RouteQuestion) (*fleet.Route, error)     // nil: no routes are reported
	Health      func() []Check                                                 // readiness; nil: always ready
	Metrics     []*metrics.Set                                                 // shown at /metrics beside the server's own
	SMSUsed     func(*fleet.Customer) (parts int, err error)                   // SMS parts of its month; nil: unknown
	GateNames   func(uint32) []string                                          // names the bits of an event's trace
	VAPIDKey    string                                                         // public key for push, "" = push is off
	Bulk        Bulk                                                           // nil: nothing is exported or imported
	BulkDir     string                                                         // where their files are, with Bulk
	Retention   *api.Retention                                                 // nil: unknown
	Geocoder    api.Geocoder                                                   // nil: only the embedded list of towns
	Maps        string                                                         // directory of local street maps (.pmtiles); "": none

	TrustedProxies []netip.Prefix  // whose X-Forwarded-… headers are believed
	Tiles          func() []string // origins of map tiles that pages may load; nil: those of the companies' maps
	PublicURL      string          // where browsers reach it, "" = as they did
	Version        string
	Table          auth.Table // nil: auth.Permissions()
	Log            *slog.Logger
	Now            func() fleet.Time // nil: the clock
}

// The limits of every connection. Streams and long downloads extend their own.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 120 * time.Second
	idleTimeout   = 120 * time.Second
	headerBytes   = 32 << 10
)

// Server answers HTTP. New makes one; Serve runs it.
type Server struct {
	o        Options
	api      *api.API
	table    auth.Table
	tickets  *auth.Tickets
	throttle *auth.Throttle
	guests   *auth.Guests
	stream   *stream.Handler
	handler  http.Handler
	http     *http.Server
	boot     string // begins every request's ID
	requests atomic.Uint64
	set      *metrics.Set
	panics   *metrics.Counter
}

// New makes a server that is not listening yet. Jobs that the last run left
// go on at once; Shutdown ends them.
func New(o Options) (*Server, error) {
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	if o.Now == nil {
		o.Now = func() fleet.Time { return fleet.At(time.Now()) }
	}
	if o.Table == nil {
		o.Table = auth.Permissions()
	}
	s := &Server{
		o: o, table: o.Table, tickets: &auth.Tickets{}, throttle: &auth.Throttle{}, guests: auth.NewGuests(o.GuestKey),
		boot: rand.Text()[:8], set: metrics.NewSet(),
	}
	s.panics = s.set.NewCounter("vigia_http_panics_total")

	mux := http.NewServeMux()
	a, err := api.New(mux, api.Options{
		Records: o.Records, People: o.People, Applier: o.Applier, Facts: o.Facts, Tracks: o.Tracks, Hub: o.Hub, Books: o.Books, Channels: o.Channels, Connections: o.Connections, Post: o.Post,
		Strangers: o.Strangers, Messages: o.Messages, System: o.System, Backups: o.Backups, Why: o.Why, Route: o.Route, Clocks: o.Clocks, Commands: o.Commands, SMSUsed: o.SMSUsed, GateNames: o.GateNames, Table: o.Table, Tickets: s.tickets,
		Guests: s.guests, Secrets: o.Secrets, Throttle: s.throttle, VAPIDKey: o.VAPIDKey, Version: o.Version, PublicURL: o.PublicURL, Log: o.Log, Now: o.Now,
		Bulk: o.Bulk, BulkDir: o.BulkDir, Retention: o.Retention, Geocoder: o.Geocoder, MapFiles: mapFiles(o.Maps),
	})
	if err != nil {
		return nil, err
	}
	s.api = a
	s.stream = stream.New(stream.Options{
		Hub: o.Hub, Hears: a.HearsCommand, Accounts: accounts{o.Records, o.People, a}, Tree: o.Records, Table: o.Table, Tickets: s.tickets,
		Drawn: a.Drawn, GateNames: o.GateNames, PublicURL: o.PublicURL, Version: o.Version, Metrics: s.set, Log: o.Log, Now: o.Now,
	})
	mux.Handle("GET "+api.Prefix+"/stream", s.stream)
	s.health(mux)
	if o.Tiles == nil {
		o.Tiles = a.MapOrigins
	}
	if o.Maps != "" {
		mux.Handle("GET /maps/{name}", serveMaps(o.Maps))
	}
	page := ui.Routes(mux, o.Tiles)
	s.handler = s.guard(s.identify(s.sameOrigin(a.Idempotent(problems(mux, page)))))
	s.http = &http.Server{
		Handler: s.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: headerBytes,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

// Handler answers one request, for tests and for a listener of one's own.
func (s *Server) Handler() http.Handler { return s.handler }

// API is the REST interface, for its OpenAPI document.
func (s *Server) API() *api.API { return s.api }

// Serve answers on a listener until Shutdown or a failure of the listener.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Shutdown stops listening, ends the streams, and returns once the requests
// that run are answered, or ctx is done.
func (s *Server) Shutdown(ctx context.Context) error {
	s.stream.Close()
	s.api.StopJobs()
	err := s.http.Shutdown(ctx)
	if err != nil {
		s.http.Close()
	}
	return err
}

// origin is the scheme and host of an address.
func origin(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}
