package engine

import (
	"log/slog"
	"sync/atomic"
)

// A gate is one of the ways to the disk: open, or shut with a reason. It logs
// when that changes, not each time that somebody stands before it.
type gate struct{ why atomic.Pointer[error] }

func (g *gate) shut(log *slog.Logger, what string, err error) {
	if g.why.Swap(&err) == nil {
		log.Warn(what, "err", err)
	}
}

func (g *gate) open(log *slog.Logger, what string) {
	if g.why.Load() != nil && g.why.Swap(nil) != nil {
		log.Info(what)
	}
}

// Health is nil while the engine takes reports and commits facts; else it says
// what stands in the way: it does not run, or the disk has no room.
func (e *Engine) Health() error {
	if err := e.refusal(); err != nil {
		return err
	}
	for _, g := range []*gate{&e.acking, &e.recording} {
		if why := g.why.Load(); why != nil {
			return *why
		}
	}
	return nil
}
