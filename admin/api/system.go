package api

import (
	"cmp"
	"net/http"
	"runtime"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type system struct {
	Version    string     `json:"version" example:"0.1.0"`
	Go         string     `json:"go" example:"go1.26.0"`
	Started    fleet.Time `json:"started,omitzero"`
	Now        fleet.Time `json:"now"`
	Disk       disk       `json:"disk"`
	Stores     []store    `json:"stores" nullable:"false" doc:"The databases and the journal, by name"`
	JournalSeq uint64     `json:"journalSeq" doc:"The newest journal entry"`
	FactsSeq   uint64     `json:"factsSeq" doc:"Up to where events and deliveries are complete"`
	Backlog    uint64     `json:"backlog" doc:"Journal entries between the two"`
	Outbox     uint64     `json:"outbox" doc:"Messages that are not final"`
	Watchers   int        `json:"watchers" doc:"Open streams"`
	Listeners  []listener `json:"listeners" nullable:"false"`
}

type disk struct {
	Free  uint64 `json:"free" doc:"Bytes"`
	Total uint64 `json:"total" doc:"Bytes"`
}

type store struct {
	Name  string `json:"name" example:"facts.db"`
	Bytes uint64 `json:"bytes"`
}

type listener struct {
	Name string `json:"name" example:"gt06"`
	Addr string `json:"addr" example:"[::]:5023"`
	Open int    `json:"open" doc:"Connections"`
}

func (a *API) system() {
	op := operation{
		tag: "System", object: auth.System, action: auth.Read, id: "getSystem", method: http.MethodGet, path: "/system",
		summary: "Read how the server is",
		doc:     "A company's admin sees it as long as the installation has one company.",
	}
	register(a, op, func(*call, *struct{}) (*one[system], error) {
		r := a.o.System()
		out := system{
			Version: cmp.Or(a.o.Version, "dev"), Go: runtime.Version(), Started: r.Started, Now: a.o.Now(),
			Disk:       disk{Free: r.DiskFree, Total: r.DiskTotal},
			JournalSeq: uint64(r.JournalSeq), FactsSeq: uint64(r.FactsSeq), Backlog: r.Backlog,
			Outbox: r.Outbox, Watchers: r.Watchers, Listeners: make([]listener, 0, len(r.Listeners)),
		}
		out.Stores = make([]store, 0, len(r.Stores))
		for _, s := range r.Stores {
			out.Stores = append(out.Stores, store(s))
		}
		for _, l := range r.Listeners {
			out.Listeners = append(out.Listeners, listener(l))
		}
		return &one[system]{out}, nil
	})
}
