package store_test

import (
	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/store"
)

// What other rooms ask of this one.
var (
	_ engine.Committer = (*store.Facts)(nil)
	_ engine.Memories  = (*store.Facts)(nil)
	_ engine.Record    = (*store.Facts)(nil)
	_ engine.Changes   = (*store.Admin)(nil)
	_ engine.Snapshots = (*store.Snapshots)(nil)
	_ notify.Outbox    = (*store.Facts)(nil)
	_ notify.Directory = store.Directory{}
	_ admin.Facts      = (*store.Facts)(nil)
	_ admin.Records    = (*store.Admin)(nil)
	_ admin.People     = (*store.Admin)(nil)
)
