package fleetsim

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Device is one simulated tracker.
type Device struct {
	UniqueID string
	Protocol string // a name of Protocols
	Addr     string // host:port of that protocol's door
	Secret   string // password, for MQTT
	Memory   int    // fixes kept while it is offline; 0: 1,000
	Source   func(t fleet.Time) Fix
	Obey     func(command string) (answer string) // what it says to a command, over gt06 and teltonika; nil: yes
}

// speaker is a connection in one protocol.
type speaker interface {
	// send hands the fixes over and returns once the server acknowledged them.
	send(ctx context.Context, fixes []Fix) error
	close()
}

// dialers are the protocols that devices speak.
var dialers = map[string]func(ctx context.Context, d *Device) (speaker, error){
	"gt06":          dialGT06,
	"teltonika":     dialTeltonika,
	"teltonika-udp": dialTeltonikaUDP,
	"h02":           dialH02,
	"osmand":        dialOsmAnd,
	"owntracks":     dialOwnTracks,
	"mqtt":          dialMQTT,
}

// Protocols are the names that Device.Protocol may have.
func Protocols() []string {
	return []string{"gt06", "teltonika", "teltonika-udp", "h02", "osmand", "owntracks", "mqtt"}
}

// Stats counts what a fleet did. Its fields may be read at any time.
type Stats struct {
	Sent       atomic.Int64 // fixes handed over, resent ones too
	Acked      atomic.Int64 // fixes acknowledged
	Reconnects atomic.Int64
	Dropped    atomic.Int64 // fixes lost because a device's memory was full
	LastError  atomic.Pointer[string]
}

const (
	memory    = 1000             // fixes that a device keeps while it is offline
	batch     = 50               // fixes that it sends at once after that
	ackWait   = 10 * time.Second // before it calls the connection dead
	firstWait = 200 * time.Millisecond
	lastWait  = 10 * time.Second
)

// Run drives the device until ctx ends: a fix each interval, what is not
// acknowledged is kept and sent again.
func (d *Device) Run(ctx context.Context, interval time.Duration, stats *Stats) {
	dial, ok := dialers[d.Protocol]
	if !ok {
		panic("bug: no simulated device speaks " + d.Protocol)
	}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	var (
		link    speaker
		waiting []Fix
		wait    = firstWait
		retryAt time.Time
	)
	defer func() {
		if link != nil {
			link.close()
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			if waiting = append(waiting, d.Source(fleet.At(now))); len(waiting) > cmp.Or(d.Memory, memory) {
				waiting = append(waiting[:0], waiting[1:]...)
				stats.Dropped.Add(1)
			}
			if now.Before(retryAt) {
				continue
			}
		}
		var err error
		if link == nil {
			link, err = dial(ctx, d)
		}
		for err == nil && len(waiting) > 0 {
			part := waiting[:min(len(waiting), batch)]
			stats.Sent.Add(int64(len(part)))
			if err = link.send(ctx, part); err == nil {
				stats.Acked.Add(int64(len(part)))
				waiting = append(waiting[:0], waiting[len(part):]...)
				wait = firstWait
			}
		}
		if err != nil && ctx.Err() == nil {
			text := fmt.Sprintf("%s %s: %v", d.Protocol, d.UniqueID, err)
			stats.LastError.Store(&text)
			stats.Reconnects.Add(1)
			if link != nil {
				link.close()
				link = nil
			}
			retryAt = time.Now().Add(wait/2 + rand.N(wait/2))
			wait = min(2*wait, lastWait)
		}
	}
}

// Send connects, hands the fixes over, and hangs up. No error means that the
// server acknowledged them.
func (d *Device) Send(ctx context.Context, fixes ...Fix) error {
	dial, ok := dialers[d.Protocol]
	if !ok {
		return fmt.Errorf("no simulated device speaks %s", d.Protocol)
	}
	link, err := dial(ctx, d)
	if err != nil {
		return err
	}
	defer link.close()
	return link.send(ctx, fixes)
}
