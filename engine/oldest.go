package engine

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// saved is a snapshot that this process wrote, and the change that its World
// had seen.
type saved struct {
	seq    fleet.Seq
	change fleet.ChangeID
}

// noteSaved remembers a snapshot, and forgets those that are no longer kept.
func (e *Engine) noteSaved(seq fleet.Seq, change fleet.ChangeID, oldest fleet.Seq) {
	e.savedMu.Lock()
	defer e.savedMu.Unlock()
	e.saved = append(e.saved, saved{seq, change})
	e.saved = slices.DeleteFunc(e.saved, func(s saved) bool { return s.seq < oldest })
	e.oldestSaved = oldest
}

// OldestChange is the last change that the oldest snapshot kept has seen:
// versions that only earlier Worlds needed may be forgotten. It is 0 while a
// snapshot of an earlier run is still kept.
func (e *Engine) OldestChange() fleet.ChangeID {
	e.savedMu.Lock()
	defer e.savedMu.Unlock()
	if len(e.saved) == 0 || e.saved[0].seq != e.oldestSaved {
		return 0
	}
	return e.saved[0].change
}
