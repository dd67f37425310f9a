package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// ListenHTTP opens a port for one or more protocols over HTTP. With several,
// the first whose Claims accepts a request gets it.
func (s *Server) ListenHTTP(ctx context.Context, addr string, protocols ...Protocol) (net.Addr, error) {
	names := make([]string, len(protocols))
	for i, p := range protocols {
		names[i] = p.Name
	}
	name := strings.Join(names, "+")
	port, err := bind(ctx, addr, name)
	if err != nil {
		return nil, err
	}
	web, err := s.serveHTTP(name, protocols)
	if err != nil {
		return nil, errors.Join(err, port.Close())
	}
	count := NewCounters(s.in.Metrics, name)
	return s.acceptOn(port, name, protocols[0].TLS, count, func(c net.Conn, _ netip.AddrPort) {
		count.opened()
		web.take(&lentConn{Conn: c, ready: s.ready})
		count.closed(closedByPeer)
	})
}

// webServer is a net/http server that is handed its connections.
type webServer struct {
	in    *intake
	lanes []*lane
	ctx   context.Context // for Accepts; outlives requests whose sender went away
	conns handedListener
	busy  chan struct{} // one element a request being served
	large chan struct{} // one element a large body being read
}

const (
	smallBody   = 4 << 10 // bytes
	largeBodies = 256
)

// serveHTTP starts the HTTP server behind a port.
func (s *Server) serveHTTP(name string, protocols []Protocol) (*webServer, error) {
	w := &webServer{in: s.in, ctx: s.ctx, busy: make(chan struct{}, s.in.Limits.Requests), large: make(chan struct{}, largeBodies)}
	w.conns = handedListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	for _, p := range protocols {
		if p.HTTP == nil {
			panic("bug: protocol " + p.Name + " has no HTTP codec")
		}
		w.lanes = append(w.lanes, s.in.lane(p))
	}
	limit := &s.in.Limits
	srv := &http.Server{
		Handler:           w,
		ReadHeaderTimeout: limit.Identify,
		ReadTimeout:       limit.Frame,
		WriteTimeout:      2*limit.Frame + limit.Write, // from the header's end; Accept may have to wait
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    limit.Header,
		ErrorLog:          slog.NewLogLogger(s.in.Log.Handler(), slog.LevelDebug),
	}
	err := s.addPart(part{
		name: name,
		drain: func(ctx context.Context) error {
			if err := srv.Shutdown(ctx); err != nil {
				return errors.Join(err, srv.Close())
			}
			return nil
		},
	}, func() { _ = srv.Serve(&w.conns) }) // ends with ErrServerClosed
	return w, err
}

// ServeHTTP answers one request.
func (w *webServer) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := w.body(rw, r)
	req := &Request{Method: r.Method, URL: r.URL, Header: r.Header, Body: body}
	ln := w.claim(req)
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		ln.count.Rejected(ReasonOversize, 1, 0)
		http.Error(rw, fmt.Sprintf("body of more than %d bytes", w.in.Limits.Body), http.StatusRequestEntityTooLarge)
		return
	}
	if err == nil {
		select {
		case w.busy <- struct{}{}:
			defer func() { <-w.busy }()
		default:
			err = errBusy
		}
	}
	switch {
	case errors.Is(err, errBusy):
		ln.count.Rejected(ReasonQueueFull, 1, 0)
		retry(rw, "too many requests at once")
	case err != nil:
		ln.count.Rejected(ReasonMalformed, 1, 0)
		http.Error(rw, "the body did not arrive", http.StatusBadRequest)
	default:
		from, _ := netip.ParseAddrPort(r.RemoteAddr) // the zero value if it is none
		w.answer(rw, ln, req, from)
	}
}

var errBusy = errors.New("ingest: too many requests at once")

// body reads a request's body. A small one, as trackers send, costs its
// connection little however slowly it comes; of the others only so many may be
// on their way at once.
func (w *webServer) body(rw http.ResponseWriter, r *http.Request) ([]byte, error) {
	all := http.MaxBytesReader(rw, r.Body, w.in.Limits.Body)
	first, err := io.ReadAll(io.LimitReader(all, smallBody+1))
	if err != nil || len(first) <= smallBody {
		return first, err
	}
	select {
	case w.large <- struct{}{}:
		defer func() { <-w.large }()
	default:
		return first, errBusy
	}
	rest, err := io.ReadAll(all)
	return append(first, rest...), err
}

func (w *webServer) claim(r *Request) *lane {
	for _, ln := range w.lanes {
		if ln.Claims == nil || ln.Claims(r) {
			return ln
		}
	}
	return w.lanes[len(w.lanes)-1]
}

// answer decodes, hands over and only then replies.
func (w *webServer) answer(rw http.ResponseWriter, ln *lane, r *Request, from netip.AddrPort) {
	b := takeBatch()
	defer b.release()
	c := caller{lane: ln, from: from, s: Session{Transport: HTTP, Now: w.in.Now(), Reports: b.reports}}
	res, err := w.decode(&c, r)
	defer func() { b.keep(c.s.Reports) }()
	if err != nil {
		w.in.drop(&c, 0, reasonOf(err))
		if res.Status == 0 {
			res.Status, res.Body = http.StatusBadRequest, []byte(err.Error()+"\n")
		}
		respond(rw, res)
		return
	}
	switch why := w.in.finish(w.ctx, &c, w.raw(r)); why {
	case "":
		respond(rw, res)
	case ReasonUnknown:
		http.Error(rw, "nobody has adopted this device", http.StatusForbidden)
	case ReasonNoIdentity:
		http.Error(rw, "the request does not say which device it is from", http.StatusBadRequest)
	default:
		retry(rw, "not stored; send it again")
	}
}

func (w *webServer) decode(c *caller, r *Request) (res Response, err error) {
	defer w.in.survive(c, &err)
	return c.HTTP.DecodeRequest(&c.s, r)
}

// raw is what a Stranger's frame shows of a request.
func (w *webServer) raw(r *Request) []byte {
	return fmt.Appendf(nil, "%s %s\n\n%s", r.Method, r.URL.RequestURI(), r.Body)
}

func respond(rw http.ResponseWriter, res Response) {
	if res.ContentType != "" {
		rw.Header().Set("Content-Type", res.ContentType)
	}
	if res.Status == 0 {
		res.Status = http.StatusOK
	}
	rw.WriteHeader(res.Status)
	_, _ = rw.Write(res.Body) // the sender went away; it will send again
}

func retry(rw http.ResponseWriter, why string) {
	rw.Header().Set("Retry-After", "5")
	http.Error(rw, why, http.StatusServiceUnavailable)
}
