package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/mail"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/notify/push"
	"github.com/vigia-track/vigia/engine/notify/sms"
	"github.com/vigia-track/vigia/engine/notify/sms/smpp"
	"github.com/vigia-track/vigia/store/seal"
)

// vapidSetting is where the push key is kept: browsers subscribe for it, so it
// is made once and stays.
const vapidSetting = "push.vapid"

// openNotifiers makes a sender for each channel that is configured. The demo
// has put its own there already.
func (n *node) openNotifiers() error {
	keys, err := n.vapid()
	if err != nil {
		return err
	}
	n.vapidKey = keys.PublicKey()
	n.receipts = notify.NewReceipts(n.engine, n.log)
	if err := n.receipts.Load(n.facts); err != nil {
		return fmt.Errorf("delivery log: %w", err)
	}
	if n.makeSenders == nil {
		n.makeSenders = func(keys *push.VAPID) (map[fleet.Channel]notify.Sender, error) {
			return n.config.senders(keys, n.receipts.Hear, n.log)
		}
	}
	if n.senders, err = n.makeSenders(keys); err != nil {
		return err
	}
	key, err := seal.Open(n.config.Data, os.Getenv("VIGIA_KEY"))
	if err != nil {
		return err
	}
	n.connections = newConnections(connectionNeeds{
		admin: n.admin, apply: n.Apply, registry: n.registry, sink: n.engine, key: key, log: n.part("connections"), metrics: n.metrics,
		guard: func(private bool) outbound.Guard {
			private = private && n.config.Outbound.AllowPrivate
			return outbound.Guard{AllowLoopback: private, AllowPrivate: private}
		},
	})
	n.channels = &channels{
		admin: n.admin, key: key, log: n.part("channels"), senders: map[companyChannel]*held{},
		ready: func(ch fleet.Channel) bool { return n.senders[ch] != nil },
		build: func(ch fleet.Channel, s *fleet.ChannelSettings, log *slog.Logger) (notify.Sender, error) {
			private := n.config.Outbound.AllowPrivate && allows(s)
			guard := outbound.Guard{AllowLoopback: private, AllowPrivate: private}
			return channelSender(ch, s, guard, keys, n.receipts.Hear, log)
		},
	}
	return nil
}

// vapid reads the push key, or makes it at the first start.
func (n *node) vapid() (*push.VAPID, error) {
	b, err := n.admin.Setting(vapidSetting)
	if err == nil {
		return push.ParseVAPID(b)
	}
	if fleet.KindOf(err) != fleet.NotFound {
		return nil, err
	}
	keys, err := push.GenerateVAPID()
	if err != nil {
		return nil, err
	}
	if b, err = keys.MarshalText(); err != nil {
		return nil, err
	}
	return keys, n.admin.PutSetting(fleet.Actor{}, vapidSetting, b)
}

// senders makes what the settings name. A channel without settings has no
// sender: its deliveries fail in sight, with a reason that says so.
func (c *Config) senders(keys *push.VAPID, report func(notify.Report) error, log *slog.Logger) (map[fleet.Channel]notify.Sender, error) {
	out := map[fleet.Channel]notify.Sender{}
	guard := outbound.Guard{AllowLoopback: c.Outbound.AllowPrivate, AllowPrivate: c.Outbound.AllowPrivate}
	if c.Mail.Host != "" {
		s, err := mail.New(mail.Options{
			Host: c.Mail.Host, Port: c.Mail.Port, TLS: mail.TLS(c.Mail.TLS),
			Username: c.Mail.Username, Password: c.Mail.Password, From: c.Mail.From,
		})
		if err != nil {
			return nil, fmt.Errorf("mail: %w", err)
		}
		out[fleet.Email] = s
	}
	common := sms.Common{MaxParts: c.SMS.MaxParts, Guard: guard}
	switch c.SMS.Kind {
	case "twilio":
		s, err := sms.NewTwilio(sms.TwilioOptions{
			Common: common, URL: c.SMS.URL, Account: c.SMS.Account, Token: c.SMS.Token, From: c.SMS.From,
		})
		if err != nil {
			return nil, fmt.Errorf("sms: %w", err)
		}
		out[fleet.SMS] = s
	case "template":
		s, err := sms.NewTemplate(sms.TemplateOptions{
			Common: common, URL: c.SMS.URL, Method: c.SMS.Method, Body: c.SMS.Body, Type: c.SMS.Type,
			Headers: c.SMS.Headers, From: c.SMS.From, Success: c.SMS.Success, IDFrom: c.SMS.IDFrom,
		})
		if err != nil {
			return nil, fmt.Errorf("sms: %w", err)
		}
		out[fleet.SMS] = s
	case "smpp":
		o := c.smpp()
		o.Guard, o.Report, o.Log = guard, report, log
		s, err := smpp.New(o)
		if err != nil {
			return nil, fmt.Errorf("sms: %w", err)
		}
		out[fleet.SMS] = s
	}
	if c.Push.Subject != "" {
		s, err := push.New(push.Options{Keys: keys, Subject: c.Push.Subject, Guard: guard})
		if err != nil {
			return nil, fmt.Errorf("push: %w", err)
		}
		out[fleet.Push] = s
	}
	return out, nil
}

// channelSender makes a company's own sender.
func channelSender(ch fleet.Channel, s *fleet.ChannelSettings, guard outbound.Guard, keys *push.VAPID, report func(notify.Report) error, log *slog.Logger) (notify.Sender, error) {
	common := sms.Common{MaxParts: s.MaxParts, Guard: guard}
	switch s.Kind {
	case "smtp":
		return mail.New(mail.Options{Host: s.Host, Port: s.Port, TLS: mail.TLS(s.TLS), Username: s.User, Password: s.Password, From: s.From, Guard: &guard})
	case "twilio":
		return sms.NewTwilio(sms.TwilioOptions{Common: common, URL: s.URL, Account: s.User, Token: s.Password, From: s.From})
	case "template":
		return sms.NewTemplate(sms.TemplateOptions{
			Common: common, URL: s.URL, Method: s.Method, Body: s.Body, Type: s.Type, Headers: s.Headers, From: s.From, Success: s.Success, IDFrom: s.IDFrom,
		})
	case "smpp":
		if s.TLS != "" && s.TLS != "tls" && s.TLS != "none" {
			return nil, fmt.Errorf("smpp knows tls and none, not %s", s.TLS)
		}
		return smpp.New(smpp.Options{
			Common: common, Host: s.Host, Port: s.Port, TLS: s.TLS == "tls", SystemID: s.User, Password: s.Password, SystemType: s.SystemType,
			From: s.From, SourceTON: s.SourceTON, SourceNPI: s.SourceNPI, DestTON: s.DestTON, DestNPI: s.DestNPI,
			Long: smpp.Long(s.Long), HexIDs: s.HexIDs, NoReceipts: s.NoReceipts, Window: s.Window, Report: report, Log: log,
		})
	case "webpush":
		return push.New(push.Options{Keys: keys, Subject: s.Subject, Guard: guard})
	}
	return nil, fmt.Errorf("%s has no kind %q", ch, s.Kind)
}

// smpp are the settings of a message centre.
func (c *Config) smpp() smpp.Options {
	number := func(v int) *int {
		if v < 0 {
			return nil
		}
		return &v
	}
	return smpp.Options{
		Common: sms.Common{MaxParts: c.SMS.MaxParts}, Host: c.SMS.Host, Port: c.SMS.Port, TLS: c.SMS.TLS,
		SystemID: c.SMS.Account, Password: c.SMS.Token, SystemType: c.SMS.SystemType, From: c.SMS.From,
		SourceTON: number(c.SMS.SourceTON), SourceNPI: number(c.SMS.SourceNPI), DestTON: number(c.SMS.DestTON), DestNPI: number(c.SMS.DestNPI),
		Long: smpp.Long(c.SMS.Long), HexIDs: c.SMS.HexIDs, NoReceipts: c.SMS.NoReceipts, Window: c.SMS.Window,
	}
}

// startDispatch sets the dispatcher to work on what is due. Its messages lead
// to links, the address of this installation; without one, to a public map.
func (n *node) startDispatch(links string) error {
	d, err := notify.New(notify.Options{
		Outbox: n.facts, Recorder: n.engine, Directory: n.admin.Directory(), Senders: n.senders, Receipts: n.receipts, Choose: n.channels.choose,
		PublicURL: links, Log: n.log, Metrics: n.metrics,
	})
	if err != nil {
		return err
	}
	n.dispatcher.Store(d)
	jobs, end := context.WithCancel(context.Background())
	n.endDispatch = func(ctx context.Context) error {
		end()
		select {
		case <-n.dispatched:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	n.dispatched = make(chan struct{})
	go func() {
		defer close(n.dispatched)
		if err := d.Run(jobs); err != nil {
			n.fail(fmt.Errorf("notify: %w", err))
		}
	}()
	n.jobs.Go(func() {
		for {
			select {
			case <-jobs.Done():
				return
			case <-n.engine.Wake():
				d.Wake()
			}
		}
	})
	return nil
}

// smsUsed is how many SMS parts a customer's notices have taken this month, by
// its clock.
func (n *node) smsUsed(c *fleet.Customer) (parts int, err error) {
	if d := n.dispatcher.Load(); d != nil {
		parts, _, err = d.Spent(c, time.Now())
	}
	return parts, err
}

// closeSenders ends the connections that senders keep.
func (n *node) closeSenders() error {
	var errs []error
	if n.channels != nil {
		errs = append(errs, n.channels.Close())
	}
	for _, s := range n.senders {
		if c, ok := s.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(errs...)
}
