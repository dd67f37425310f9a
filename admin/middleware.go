package admin

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/admin/ui"
	"github.com/vigia-track/vigia/engine/fleet"
)

// contentPolicy allows what the embedded pages need and nothing else: no inline
// script or style, no other host, no frames.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"

// guard gives every request an ID, answers panics with a problem, and sets the
// headers that every response has.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := s.peer(r)
		caller.Request = fmt.Sprintf("%s-%d", s.boot, s.requests.Add(1))
		r = r.WithContext(auth.WithCaller(r.Context(), caller))
		h := w.Header()
		h.Set("X-Request-Id", caller.Request)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if caller.HTTPS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			s.panics.Inc()
			s.o.Log.Error("request panicked", "request", caller.Request, "method", r.Method, "path", r.URL.Path,
				"panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			api.WriteProblem(w, r, &fleet.Error{Kind: fleet.Internal})
		}()
		next.ServeHTTP(w, r)
	})
}

// identify finds in whose name a request comes. A wrong secret is remembered
// in the caller and counted against the address; each route decides whether it
// needs a name at all.
func (s *Server) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := auth.CallerOf(r.Context())
		secret, cookie := auth.Secret(r, c.HTTPS)
		if secret == "" {
			next.ServeHTTP(w, r)
			return
		}
		now := s.o.Now()
		lang := api.LangOf(r)
		switch wait := s.throttle.Wait(c.Addr, now); {
		case !c.Secure:
			c.Err = api.Insecure(lang, c)
		case wait > 0:
			c.Err = api.TooMany(lang, wait)
		default:
			who, err := s.who(secret, now)
			if company := r.Header.Get(auth.VisitHeader); err == nil && company != "" {
				who, err = s.visit(who, company)
			}
			if c.Err = err; err == nil {
				who.Cookie = cookie
				c.Who = &who
			} else if fleet.KindOf(err) == fleet.Unauthorised && !auth.IsBarred(err) {
				s.throttle.Fail(c.Addr, now)
			}
		}
		next.ServeHTTP(w, r)
	})
}

// who a secret belongs to: a share link's guest, a person or a program.
func (s *Server) who(secret string, now fleet.Time) (auth.Principal, error) {
	if link, ok := s.guests.Find(secret, now); ok {
		who, err := s.api.Guest(link, now)
		who.Token.Hash = auth.Hash(secret)
		return who, err
	}
	return auth.Identify(accounts{s.o.Records, s.o.People, s.api}, secret, now)
}

// visit is a caller at work for another company.
func (s *Server) visit(who auth.Principal, company string) (auth.Principal, error) {
	id, err := fleet.ParseID[companyKey](company)
	if err != nil {
		id = 0
	}
	return auth.Visit(accounts{s.o.Records, s.o.People, s.api}, who, fleet.CompanyID(id))
}

type companyKey struct{}

// accounts joins what auth needs from two ports.
type accounts struct {
	records Records
	people  People
	api     *api.API
}

// Guest is what a share link's guests are now.
func (a accounts) Guest(link fleet.RecordID, now fleet.Time) (auth.Principal, error) {
	return a.api.Guest(link, now)
}

// Tie is how a user is tied to another company.
func (a accounts) Tie(user fleet.UserID, company fleet.CompanyID) (fleet.AssociationMode, fleet.ModuleSet, error) {
	ties, err := a.records.AssociationsOf(fleet.UserRecord, uint64(user))
	if err != nil {
		return "", 0, err
	}
	for i := range ties {
		if ties[i].Company == company {
			co, err := a.records.Company(company)
			return ties[i].Mode, co.Offers(), err
		}
	}
	return "", 0, fleet.Errorf(fleet.NotFound, "no such tie")
}

// Exists reports whether there is such a company.
func (a accounts) Exists(company fleet.CompanyID) error {
	_, err := a.records.Company(company)
	return err
}

// Account reads a user with what decides about its access.
func (a accounts) Account(id fleet.UserID) (fleet.Account, error) { return a.records.Account(id) }

// TokenByHash reads a token.
func (a accounts) TokenByHash(hash []byte) (fleet.Token, error) { return a.people.TokenByHash(hash) }

// sameOrigin refuses writes that a browser sends from another site's page.
// Programs with a bearer token send no Sec-Fetch-Site and pass.
func (s *Server) sameOrigin(next http.Handler) http.Handler {
	protect := http.NewCrossOriginProtection()
	protect.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		api.WriteProblem(w, r, api.CrossOrigin(api.LangOf(r)))
	}))
	if s.o.PublicURL != "" {
		if err := protect.AddTrustedOrigin(origin(s.o.PublicURL)); err != nil {
			s.o.Log.Warn("public URL is no origin; browsers' writes through a proxy that changes Host will be refused", "url", s.o.PublicURL, "err", err)
		}
	}
	return protect.Handler(next)
}

// problems answers what no route serves: the addresses of pages with the page,
// all else with a problem instead of plain text.
func problems(mux *http.ServeMux, page http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		if ui.IsPage(r) {
			page.ServeHTTP(w, r)
			return
		}
		probe := &statusProbe{header: http.Header{}, status: http.StatusOK}
		h.ServeHTTP(probe, r)
		if loc := probe.header.Get("Location"); loc != "" {
			w.Header().Set("Location", loc)
			w.WriteHeader(probe.status)
			return
		}
		if allow := probe.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		api.WriteProblem(w, r, api.NoRoute(api.LangOf(r), probe.status))
	})
}

// statusProbe takes a response and keeps only its head.
type statusProbe struct {
	header http.Header
	status int
}

// Header is what the handler sets.
func (p *statusProbe) Header() http.Header { return p.header }

// WriteHeader notes the status.
func (p *statusProbe) WriteHeader(status int) { p.status = status }

// Write drops the body.
func (p *statusProbe) Write(b []byte) (int, error) { return len(b), nil }
