package journal_test

import (
	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/store/journal"
)

var _ engine.Journal = (*journal.Journal)(nil)
