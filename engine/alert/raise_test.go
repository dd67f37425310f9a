package alert_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// An event goes to the attention list once if any notification that hears it
// says so, however its messages fare.
func TestRaise(t *testing.T) {
	plain, raising, deaf := rule(), rule(), rule()
	raising.ID, raising.Raise, raising.Cooldown = 6, true, fleet.Hour
	deaf.ID, deaf.Raise, deaf.Kinds = 7, true, []fleet.EventKind{fleet.Exit}
	for _, c := range []struct {
		rules []*fleet.Notification
		want  bool
	}{{[]*fleet.Notification{plain}, false}, {[]*fleet.Notification{plain, raising}, true}, {[]*fleet.Notification{plain, deaf}, false}} {
		var out alert.Result
		ev := entered()
		(&alert.Book{}).Decide(alert.Input{Seq: 1, At: ev.Received}, ev, compile(c.rules...), &out)
		if got := slices.Equal(out.Raised, []fleet.EventID{ev.ID}); got != c.want {
			t.Errorf("%d rules raised %v", len(c.rules), out.Raised)
		}
	}
}
