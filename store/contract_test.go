package store_test

import (
	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/store"
)

// What other rooms ask of this one.
var (
	_ engine.Committer = (*store.Facts)(nil)
	_ engine.Memories  = (*store.Facts)(nil)
	_ engine.Changes   = (*store.Admin)(nil)
	_ engine.Snapshots = (*store.Snapshots)(nil)
)
