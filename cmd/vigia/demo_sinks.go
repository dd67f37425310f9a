package main

import (
	"errors"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/mail"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/notify/push"
	"github.com/vigia-track/vigia/engine/notify/sinks"
	"github.com/vigia-track/vigia/engine/notify/sms"
)

// demoSinks take the demo's messages: real servers on loopback.
type demoSinks struct {
	mail *sinks.SMTP
	sms  *sinks.SMS
	push *sinks.Push
}

const (
	demoAccount = "demo"
	demoToken   = "demo-token" // of a gateway that lives as long as the demo, on loopback
)

func openSinks() (_ *demoSinks, err error) {
	s := &demoSinks{}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if s.mail, err = sinks.NewSMTP(sinks.SMTPOptions{Username: demoAccount, Password: demoToken}); err != nil {
		return nil, err
	}
	if s.sms, err = sinks.NewSMS(sinks.SMSOptions{Account: demoAccount, Token: demoToken}); err != nil {
		return nil, err
	}
	s.push, err = sinks.NewPush()
	return s, err
}

// senders are the notifiers of the product, pointed at the sinks.
func (s *demoSinks) senders(keys *push.VAPID) (map[fleet.Channel]notify.Sender, error) {
	here := outbound.Guard{AllowLoopback: true}
	m, err := mail.New(mail.Options{
		Host: s.mail.Host(), Port: s.mail.Port(), Username: demoAccount, Password: demoToken,
		From: "Vigia demo <alerts@demo.invalid>", Roots: s.mail.Roots(),
	})
	if err != nil {
		return nil, err
	}
	t, err := sms.NewTwilio(sms.TwilioOptions{
		Common: sms.Common{Guard: here}, URL: s.sms.URL(), Account: demoAccount, Token: demoToken, From: "+15005550006",
	})
	if err != nil {
		return nil, err
	}
	p, err := push.New(push.Options{Keys: keys, Subject: "mailto:operator@demo.invalid", Guard: here, Roots: s.push.Roots()})
	if err != nil {
		return nil, err
	}
	return map[fleet.Channel]notify.Sender{fleet.Email: m, fleet.SMS: t, fleet.Push: p}, nil
}

func (s *demoSinks) close() error {
	var errs []error
	if s.mail != nil {
		errs = append(errs, s.mail.Close())
	}
	if s.sms != nil {
		errs = append(errs, s.sms.Close())
	}
	if s.push != nil {
		errs = append(errs, s.push.Close())
	}
	return errors.Join(errs...)
}
