package text_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/text"
)

// go test -run '^$' -bench Write ./engine/notify/text
func BenchmarkWrite(b *testing.B) {
	f := facts(fleet.Portuguese, fleet.Exit)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n += len(text.Write(f).Brief)
	}
	b.ReportMetric(float64(n)/float64(b.N), "bytes/text")
}
