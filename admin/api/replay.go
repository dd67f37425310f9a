package api

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// The bounds of the answers that are remembered in memory.
const (
	replayLife  = fleet.Hour
	replayMost  = 10000
	replayBytes = 32 << 20 // of all bodies
	replayBody  = 1 << 20  // a larger answer is not kept
	keyMost     = 128      // longest Idempotency-Key
)

var idempotencyParam = &huma.Param{
	Name: "Idempotency-Key", In: "header", Description: "Any text that names this write; a repeated request gets the first one's answer",
	Schema:  &huma.Schema{Type: huma.TypeString, MaxLength: new(int(keyMost))},
	Example: "6f1d2c0e-order-42",
}

// replays are the answers to writes that carried an Idempotency-Key.
type replays struct {
	mu    sync.Mutex // guards the fields below
	done  map[[32]byte]*answer
	order [][32]byte // oldest first
	bytes int        // of all bodies in done
}

type answer struct {
	request [32]byte // hash of method, path and body
	at      fleet.Time
	ready   bool // false while the first request runs
	status  int
	header  http.Header
	body    []byte
}

// Idempotent makes writes that carry an Idempotency-Key happen once: a repeated
// request gets the first one's answer, after a restart too. One whose answer a
// crash lost is refused: whether it was done is not known, and twice it is not.
// Failures of ours and refusals that time may lift are not kept.
func (a *API) Idempotent(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Header.Get("Idempotency-Key")
		who := auth.CallerOf(r.Context()).Who
		if key == "" || who == nil || r.Method == http.MethodGet || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		lang := LangOf(r)
		if len(key) > keyMost {
			writeProblem(w, r, ProblemOf(lang, fleet.FieldError("Idempotency-Key", "has more than %d characters", keyMost)))
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxImport))
		if err != nil {
			writeProblem(w, r, newProblem(lang, codeTooLarge, ""))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		name := sum([]byte(who.Key()), []byte(key))
		request := sum([]byte(r.Method), []byte(r.URL.RequestURI()), body)

		now := a.o.Now()
		old, mine := a.replays.begin(name, request, now)
		if mine { // since the start; before it?
			kept, ours, err := a.claimed(name, request, now)
			if err != nil || !ours {
				a.replays.forget(name)
			}
			if err != nil {
				writeProblem(w, r, ProblemOf(lang, err))
				return
			}
			if !ours && kept.request == request && !kept.ready {
				writeProblem(w, r, newProblem(lang, codeConflict, detailPrefix+"idempotency-lost"))
				return
			}
			old, mine = kept, ours
		}
		switch {
		case mine:
			rec := &recorder{ResponseWriter: w, status: http.StatusInternalServerError} // stays so on a panic
			defer func() { a.keepAnswer(name, a.replays.end(name, rec)) }()
			next.ServeHTTP(rec, r)
		case old.request != request:
			writeProblem(w, r, newProblem(lang, codeConflict, detailPrefix+"idempotency-reuse"))
		case !old.ready:
			writeProblem(w, r, newProblem(lang, codeConflict, detailPrefix+"idempotency-running"))
		default:
			for k, v := range old.header {
				w.Header()[k] = v
			}
			w.Header().Set("Idempotency-Replayed", "true")
			w.WriteHeader(old.status)
			w.Write(old.body)
		}
	})
}

// begin claims a name, or gives what is known under it.
func (r *replays) begin(name, request [32]byte, now fleet.Time) (answer, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done == nil {
		r.done = make(map[[32]byte]*answer)
	}
	for len(r.order) > 0 {
		oldest := r.done[r.order[0]]
		if oldest != nil && oldest.at+replayLife > now && len(r.order) < replayMost && r.bytes <= replayBytes {
			break
		}
		r.dropLocked(r.order[0])
		r.order = r.order[1:]
	}
	if a := r.done[name]; a != nil {
		return *a, false
	}
	r.done[name] = &answer{request: request, at: now}
	r.order = append(r.order, name)
	return answer{}, true
}

// end keeps the answer, and gives it, unless the same request may fare better
// later.
func (r *replays) end(name [32]byte, rec *recorder) (kept answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a := r.done[name]
	if a == nil {
		return answer{}
	}
	transient := rec.status >= 500 || rec.status == http.StatusTooManyRequests || rec.status == http.StatusUnauthorized
	if transient || rec.body.Len() > replayBody {
		r.dropLocked(name)
		return answer{}
	}
	a.ready, a.status, a.body = true, rec.status, bytes.Clone(rec.body.Bytes())
	a.header = http.Header{}
	for _, k := range []string{"Content-Type", "Content-Language"} {
		if v := rec.Header().Get(k); v != "" {
			a.header.Set(k, v)
		}
	}
	r.bytes += len(a.body)
	return *a
}

func (r *replays) forget(name [32]byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropLocked(name)
}

func (r *replays) dropLocked(name [32]byte) {
	if a := r.done[name]; a != nil {
		r.bytes -= len(a.body)
		delete(r.done, name)
	}
}

type recorder struct {
	http.ResponseWriter
	status int // until WriteHeader: of a handler that panicked
	wrote  bool
	body   bytes.Buffer
}

// WriteHeader notes the status.
func (r *recorder) WriteHeader(status int) {
	r.status, r.wrote = status, true
	r.ResponseWriter.WriteHeader(status)
}

// Write notes the body, up to a little more than is kept.
func (r *recorder) Write(b []byte) (int, error) {
	if !r.wrote {
		r.WriteHeader(http.StatusOK)
	}
	if r.body.Len() <= replayBody {
		r.body.Write(b)
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func sum(parts ...[]byte) [32]byte {
	h := sha256.New()
	for _, p := range parts {
		d := sha256.Sum256(p)
		h.Write(d[:])
	}
	return [32]byte(h.Sum(nil))
}
