package alert_test

import (
	"fmt"
	"testing"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// many is n notifications of one owner: about one fence, one device, or an
// alarm kind each, and one about everything.
func many(n int) (out []*fleet.Notification) {
	for i := range n {
		one := rule()
		one.ID = fleet.NotificationID(i + 1)
		one.Kinds = []fleet.EventKind{fleet.Enter, fleet.Exit}
		switch i % 3 {
		case 0:
			one.AllFences, one.Fences = false, []fleet.FenceID{fleet.FenceID(i)}
		case 1:
			one.AllDevices, one.Devices = false, []fleet.DeviceID{fleet.DeviceID(i)}
		case 2:
			one.Kinds = []fleet.EventKind{fleet.Dwell}
		}
		out = append(out, one)
	}
	everything := rule()
	everything.Kinds = []fleet.EventKind{fleet.Enter, fleet.Exit}
	everything.ID = fleet.NotificationID(n + 1)
	return append(out, everything)
}

// go test -run '^$' -bench Decide ./engine/alert
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		rules := compile(many(n)...)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			book, out := &alert.Book{}, alert.Result{}
			ev := entered()
			ev.Device, ev.Fence = 1, 3
			for i := 0; b.Loop(); i++ {
				ev.Kind = fleet.Enter + fleet.EventKind(i%2)
				ev.ID[0], ev.ID[1], ev.ID[2] = byte(i), byte(i>>8), byte(i>>16)
				out.Deliveries, out.Memories = out.Deliveries[:0], out.Memories[:0]
				book.Decide(alert.Input{Seq: fleet.Seq(i + 1), At: ev.Received}, ev, rules, &out)
				book.Flush(1, &out)
			}
			b.ReportMetric(float64(len(out.Deliveries)), "deliveries")
		})
	}
}

// go test -run '^$' -bench Compile ./engine/alert
func BenchmarkCompile(b *testing.B) {
	rules := many(10_000)
	b.ReportAllocs()
	for b.Loop() {
		compile(rules...)
	}
}
