package notify

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Options is what a Dispatcher works with. Outbox, Recorder and Directory are
// needed; the rest has defaults.
type Options struct {
	Outbox    Outbox
	Recorder  Recorder
	Directory Directory
	Senders   map[fleet.Channel]Sender // a channel without one fails its deliveries, in sight

	Choose   func(fleet.Channel, fleet.CompanyID) Sender // a company's own sender; nil, or its answer nil: that of Senders
	Receipts *Receipts                                   // hears what providers say afterwards; nil: nobody listens

	PublicURL string                   // where people reach the installation, for links; "" = unknown
	Limits    map[fleet.Channel]Limits // what is absent has DefaultLimits
	Caps      map[fleet.Channel]int    // messages to one person within an hour; what is absent has DefaultCap, < 0 is none
	Retry     Retry                    // the zero Retry is DefaultRetry
	Grace     time.Duration            // how long Run lets attempts end when it is stopped; 0 = 5 s

	Log     *slog.Logger     // nil: silent
	Metrics *metrics.Set     // nil: none
	Now     func() time.Time // nil: time.Now
}

// Limits is one channel's bulkhead.
type Limits struct {
	Concurrent int           // attempts at a time
	Timeout    time.Duration // of one attempt
}

// DefaultLimits are the limits of a channel that has none set.
func DefaultLimits(ch fleet.Channel) Limits {
	switch ch {
	case fleet.Email:
		return Limits{Concurrent: 8, Timeout: 30 * time.Second}
	case fleet.Push:
		return Limits{Concurrent: 32, Timeout: 15 * time.Second}
	}
	return Limits{Concurrent: 16, Timeout: 15 * time.Second}
}

// DefaultCap is how many messages of a channel one person gets within an hour:
// more than anybody reads. Critical alarms and corrections come on top.
func DefaultCap(ch fleet.Channel) int {
	if ch == fleet.SMS {
		return 60
	}
	return 300
}

func (o *Options) validate() error {
	var errs []error
	if o.Outbox == nil || o.Recorder == nil || o.Directory == nil {
		errs = append(errs, errors.New("notify: outbox, recorder and directory are needed"))
	}
	if o.PublicURL != "" {
		u, err := url.Parse(o.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			errs = append(errs, fmt.Errorf("notify: the public URL %q is none; write it as https://track.example.com", o.PublicURL))
		}
	}
	for ch, l := range o.Limits {
		if l.Concurrent < 1 || l.Timeout <= 0 {
			errs = append(errs, fmt.Errorf("notify: limits of %s: %d at a time, timeout %v; both must be above 0", ch, l.Concurrent, l.Timeout))
		}
	}
	return errors.Join(errs...)
}

func (o Options) withDefaults() Options {
	if o.Retry == (Retry{}) {
		o.Retry = DefaultRetry()
	}
	if o.Grace == 0 {
		o.Grace = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Metrics == nil {
		o.Metrics = metrics.NewSet()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	limits := make(map[fleet.Channel]Limits)
	for _, ch := range fleet.Channels() {
		limits[ch] = DefaultLimits(ch)
		if l, ok := o.Limits[ch]; ok {
			limits[ch] = l
		}
	}
	o.Limits = limits
	caps := make(map[fleet.Channel]int)
	for _, ch := range fleet.Channels() {
		caps[ch] = DefaultCap(ch)
		if n, ok := o.Caps[ch]; ok {
			caps[ch] = n
		}
	}
	o.Caps = caps
	return o
}
