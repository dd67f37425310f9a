package notify

import (
	"errors"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// errNoSender ends an attempt whose sender was taken away.
var errNoSender = errors.New("the channel's settings were removed just now")

// own is the company's own sender for a delivery, nil if it has none.
func (l *lane) own(row *fleet.Delivery) Sender {
	if l.d.o.Choose == nil || row.Company == 0 {
		return nil
	}
	return l.d.o.Choose(l.ch, row.Company)
}

// senderOf is who sends a delivery, nil for nobody.
func (l *lane) senderOf(row *fleet.Delivery) Sender {
	if s := l.own(row); s != nil {
		return s
	}
	return l.sender
}

// dest names the breaker of whoever sends a delivery: one company's dead
// provider delays no other company's messages.
func (l *lane) dest(row *fleet.Delivery) string {
	if l.own(row) != nil {
		return "company " + row.Company.String()
	}
	return ""
}

// admits reports whether the destination of a delivery takes a try now; each
// yes is owed one report.
func (l *lane) admits(row *fleet.Delivery, now time.Time) bool {
	return l.ch == fleet.Push || l.dests.at(l.dest(row)).allow(now)
}

// free is the first delivery that waits whose recipient has none in flight and
// whose destination takes a try, -1 for none. Order within a recipient gives
// way where one recipient's messages fill the window.
func (l *lane) free(now time.Time) int {
	shut := map[string]bool{}
	pick := func(busy bool) int {
		for i := range l.waiting {
			row := &l.waiting[i]
			if !busy && l.busy[row.Key.Recipient] > 0 {
				continue
			}
			dest := l.dest(row)
			if !shut[dest] && l.admits(row, now) {
				return i
			}
			shut[dest] = true
		}
		return -1
	}
	i := pick(false)
	if i < 0 && l.look {
		i = pick(true)
	}
	return i
}

// held puts off what waits for a company's own provider that is down, so that
// it does not fill the window and hide what others wait for.
func (l *lane) held(row *fleet.Delivery, now time.Time) (fleet.Outcome, bool) {
	dest := l.dest(row)
	if dest == "" || l.ch == fleet.Push {
		return fleet.Outcome{}, false
	}
	at := l.dests.at(dest).reopens()
	if !at.After(now) {
		return fleet.Outcome{}, false
	}
	return l.later(row, at.Sub(now)), true
}
