package admin

import (
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"slices"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Check is one condition of readiness.
type Check struct {
	Name   string `json:"name"`             // recovered, listeners, journal, disk, store …
	OK     bool   `json:"ok"`               //
	Reason string `json:"reason,omitempty"` // what is wrong and what to do; empty when OK
	Minor  bool   `json:"minor,omitempty"`  // shown, but the server is ready all the same
}

// readiness is the body of /readyz.
type readiness struct {
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks"`
}

// health adds what machines ask: alive, ready, metrics, profiles.
func (s *Server) health(mux *http.ServeMux) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		out := readiness{Checks: []Check{}}
		if s.o.Health != nil {
			out.Checks = append(out.Checks, s.o.Health()...)
		}
		out.Ready = !slices.ContainsFunc(out.Checks, func(c Check) bool { return !c.OK && !c.Minor })
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		if !out.Ready {
			w.Header().Set("Retry-After", "5")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		json.NewEncoder(w).Encode(out)
	})
	mux.Handle("GET /metrics", s.insiders(false, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		for _, set := range s.o.Metrics {
			set.WritePrometheus(w)
		}
		s.set.WritePrometheus(w)
		metrics.WriteProcessMetrics(w)
	})))
	for path, h := range map[string]http.HandlerFunc{
		"/": pprof.Index, "/cmdline": pprof.Cmdline, "/profile": pprof.Profile, "/symbol": pprof.Symbol, "/trace": pprof.Trace,
	} {
		mux.Handle("GET /debug/pprof"+path, s.insiders(true, h))
	}
}

// insiders lets through who may read the system: for metrics a caller on this
// machine, or one whose role may; for profiles both at once.
func (s *Server) insiders(both bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lang, c := api.LangOf(r), auth.CallerOf(r.Context())
		here := local(r)
		if here && !both {
			next.ServeHTTP(w, r)
			return
		}
		if p := api.SignIn(lang, c); p != nil {
			api.WriteProblem(w, r, p)
			return
		}
		reach := s.table.For(c.Who, auth.System, auth.Read)
		if !auth.Allows(c.Who.Token.Scopes, auth.System, auth.Read) {
			reach = auth.Nothing
		}
		scope, err := reach.Scope(&c.Who.User, s.o.Records)
		if err != nil {
			api.WriteProblem(w, r, err)
			return
		}
		if !scope.Installation || both && !here {
			api.WriteProblem(w, r, &fleet.Error{Kind: fleet.Forbidden, Message: "detail.forbidden"})
			return
		}
		next.ServeHTTP(w, r)
	})
}
