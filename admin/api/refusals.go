package api

import (
	"net/http"
	"sync"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// The bounds of refused attempts in the audit: nobody fills it by knocking.
const (
	refusalsMost  = 30 // of a person within refusalsSpan
	refusalsSpan  = fleet.Hour
	refusalsKnown = 10_000 // people whose attempts are counted; then the count begins anew
)

// refusals counts attempts by person.
type refusals struct {
	mu    sync.Mutex // guards begun and by
	begun fleet.Time
	by    map[fleet.UserID]int
}

// take reports whether one more of a person's attempts is to be noted.
func (r *refusals) take(who fleet.UserID, now fleet.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil || now-r.begun >= refusalsSpan || len(r.by) >= refusalsKnown {
		r.begun, r.by = now, map[fleet.UserID]int{}
	}
	r.by[who]++
	return r.by[who] <= refusalsMost
}

// noteRefusal writes an attempt to change something that the table does not
// allow into the audit of the person's company.
func (a *API) noteRefusal(r *http.Request, op *operation, p *Problem) {
	caller := auth.CallerOf(r.Context())
	if caller.Who == nil || op.method == http.MethodGet || p.Status != http.StatusForbidden || !a.refused.take(caller.Who.User.ID, a.o.Now()) {
		return
	}
	c := &call{api: a, caller: caller}
	u := &caller.Who.User
	if err := a.o.People.Note(c.actor(), op.id+" refused", fleet.UserRecord, uint64(u.ID)); err != nil {
		a.o.Log.Error("a refused attempt could not be noted", "operation", op.id, "user", u.ID, "err", err)
	}
}
