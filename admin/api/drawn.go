package api

import (
	"sync"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// drawn counts, by company, the changes of what is drawn on maps: open maps
// are told to read it anew. It begins at nothing with the process.
type drawn struct {
	mu    sync.Mutex // guards the fields below
	of    map[fleet.CompanyID]uint64
	every uint64 // changes that may concern any company
	all   uint64 // all changes
}

func (d *drawn) note(company fleet.CompanyID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.all++
	if company == 0 {
		d.every++
		return
	}
	if d.of == nil {
		d.of = make(map[fleet.CompanyID]uint64)
	}
	d.of[company]++
}

// Drawn is a number that changes when fences or markers that a scope may show
// were drawn, changed or removed.
func (a *API) Drawn(scope fleet.Scope) uint64 {
	d := &a.drawn
	d.mu.Lock()
	defer d.mu.Unlock()
	if scope.Installation {
		return d.all
	}
	return d.every + d.of[scope.Company]
}

// draws reports whether an operation changes what is drawn on maps; with a
// customer or a company its fences go.
func (op *operation) draws() bool {
	switch op.object {
	case auth.Fence, auth.Marker:
		return op.action != auth.Read
	case auth.Customer, auth.Company:
		return op.action == auth.Delete
	}
	return false
}
