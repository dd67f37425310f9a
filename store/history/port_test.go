package history_test

import (
	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/store/history"
)

var (
	_ admin.Tracks   = (*history.History)(nil)
	_ engine.History = (*history.History)(nil)
)
