package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/seal"
)

// channels are the providers that companies have of their own. Settings stand
// in the store with their secrets sealed; a sender is made at its first use.
type channels struct {
	admin *store.Admin
	key   *seal.Key
	build func(fleet.Channel, *fleet.ChannelSettings, *slog.Logger) (notify.Sender, error)
	ready func(fleet.Channel) bool // whether the installation has the channel
	log   *slog.Logger
	wg    sync.WaitGroup // senders that end

	writing sync.Mutex // one change at a time
	mu      sync.Mutex // guards what follows
	senders map[companyChannel]*held
	closed  bool
}

type companyChannel struct {
	company fleet.CompanyID
	channel fleet.Channel
}

func (k companyChannel) setting() string {
	return "channel." + string(k.channel) + "." + k.company.String()
}

// context binds a secret to its place.
func (k companyChannel) context(field string) string {
	return "vigia channel " + string(k.channel) + " of company " + k.company.String() + ": " + field
}

// held is a sender in use. It closes once nobody sends through it.
type held struct {
	sender notify.Sender
	busy   sync.WaitGroup // messages under way

	mu   sync.Mutex // guards shut
	shut bool
}

// Send keeps the sender open until it returns.
func (h *held) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	if !h.enter() {
		return notify.Receipt{}, errors.New("the channel's settings have just changed")
	}
	defer h.busy.Done()
	return h.sender.Send(ctx, m)
}

func (h *held) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.shut {
		h.busy.Add(1)
	}
	return !h.shut
}

// choose is a company's own sender, nil if it has none.
func (c *channels) choose(ch fleet.Channel, company fleet.CompanyID) notify.Sender {
	h := c.at(companyChannel{company, ch})
	if h == nil {
		return nil
	}
	return h
}

// at is the sender in use, made if it is the first time.
func (c *channels) at(k companyChannel) *held {
	c.mu.Lock()
	h, known := c.senders[k]
	c.mu.Unlock()
	if known {
		return h
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	h, known = c.senders[k]
	closed := c.closed
	c.mu.Unlock()
	if known || closed {
		return h
	}
	s, err := c.read(k)
	var sender notify.Sender
	switch {
	case err == nil:
		sender, err = c.build(k.channel, &s, c.log.With("company", k.company.String()))
	case fleet.KindOf(err) == fleet.NotFound:
		c.swap(k, nil)
		return nil
	}
	if err != nil { // not the installation's provider instead: that would be in another's name
		c.log.Error("a company's channel cannot be used", "company", k.company.String(), "channel", string(k.channel), "err", err)
		sender = broken{err}
	}
	return c.swap(k, sender)
}

// broken fails every message until the settings are put right.
type broken struct{ err error }

func (b broken) Send(context.Context, notify.Message) (notify.Receipt, error) {
	return notify.Receipt{}, notify.Down(b.err)
}

// swap puts a sender to use, nil for none. The one before ends once its last
// message has.
func (c *channels) swap(k companyChannel, s notify.Sender) *held {
	var h *held
	if s != nil {
		h = &held{sender: s}
	}
	c.mu.Lock()
	before := c.senders[k]
	c.senders[k] = h
	c.mu.Unlock()
	if before != nil {
		c.wg.Go(func() { c.end(before) })
	}
	return h
}

func (c *channels) end(h *held) {
	h.mu.Lock()
	h.shut = true
	h.mu.Unlock()
	h.busy.Wait()
	if closer, ok := h.sender.(io.Closer); ok {
		if err := closer.Close(); err != nil {
			c.log.Warn("a sender does not close", "err", err)
		}
	}
}

// Close ends all senders. Nobody sends any more.
func (c *channels) Close() error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.mu.Lock()
	all := c.senders
	c.senders, c.closed = map[companyChannel]*held{}, true
	c.mu.Unlock()
	for _, h := range all {
		if h != nil {
			c.wg.Go(func() { c.end(h) })
		}
	}
	c.wg.Wait()
	return nil
}

// Channel is a company's own settings with its secrets; without them where
// they do not open, so that they can be entered again.
func (c *channels) Channel(company fleet.CompanyID, ch fleet.Channel) (fleet.ChannelSettings, error) {
	s, err := c.read(companyChannel{company, ch})
	if errors.Is(err, seal.ErrKey) {
		s.Password, s.Headers, err = "", nil, nil
	}
	return s, err
}

// read is the settings with their secrets opened.
func (c *channels) read(k companyChannel) (s fleet.ChannelSettings, err error) {
	raw, err := c.admin.Setting(k.setting())
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, fmt.Errorf("setting %s: %w", k.setting(), err)
	}
	return s, secrets(&s, func(field, sealed string) (string, error) { return c.key.Open(k.context(field), sealed) })
}

// secrets replaces each secret by what do makes of it.
func secrets(s *fleet.ChannelSettings, do func(field, value string) (string, error)) (err error) {
	if s.Password != "" {
		if s.Password, err = do("password", s.Password); err != nil {
			return err
		}
	}
	s.Headers = maps.Clone(s.Headers)
	for name, value := range s.Headers {
		if s.Headers[name], err = do("header "+name, value); err != nil {
			return err
		}
	}
	return nil
}

// Ready reports whether the installation has the channel.
func (c *channels) Ready(ch fleet.Channel) bool { return c.ready(ch) }

// PutChannel checks, stores and puts to use.
func (c *channels) PutChannel(actor fleet.Actor, company fleet.CompanyID, ch fleet.Channel, s fleet.ChannelSettings) (fleet.ChannelSettings, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	k := companyChannel{company, ch}
	before, err := c.version(k)
	if err != nil {
		return s, err
	}
	if s.Version != before {
		return s, fleet.Errorf(fleet.Conflict, "the channel has version %d by now", before)
	}
	sender, err := c.build(ch, &s, c.log.With("company", company.String()))
	if err != nil {
		return s, &fleet.Error{Kind: fleet.Invalid, Message: "these settings cannot be used: " + strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	s.Version++
	stored := s
	if err := secrets(&stored, func(field, value string) (string, error) { return c.key.Seal(k.context(field), value), nil }); err != nil {
		return s, err
	}
	raw, err := json.Marshal(stored)
	if err == nil {
		err = c.admin.PutSetting(actor, k.setting(), raw)
	}
	if err != nil {
		c.end(&held{sender: sender})
		return s, err
	}
	c.swap(k, sender)
	return s, nil
}

// version is that of the stored settings, 0 for none. It needs no secret, so
// that settings whose key is lost can be entered again.
func (c *channels) version(k companyChannel) (uint64, error) {
	raw, err := c.admin.Setting(k.setting())
	if err != nil {
		if fleet.KindOf(err) == fleet.NotFound {
			err = nil
		}
		return 0, err
	}
	var s fleet.ChannelSettings
	if err := json.Unmarshal(raw, &s); err != nil {
		return 0, fmt.Errorf("setting %s: %w", k.setting(), err)
	}
	return s.Version, nil
}

// DropChannel goes back to the installation's own.
func (c *channels) DropChannel(actor fleet.Actor, company fleet.CompanyID, ch fleet.Channel) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	k := companyChannel{company, ch}
	v, err := c.version(k)
	if err != nil || v == 0 {
		return err
	}
	if err := c.admin.PutSetting(actor, k.setting(), nil); err != nil {
		return err
	}
	c.swap(k, nil)
	return nil
}

// hostOf is the host that settings lead to.
func hostOf(s *fleet.ChannelSettings) string {
	if u, err := url.Parse(s.URL); err == nil && u.Host != "" {
		return u.Hostname()
	}
	return s.Host
}

// allows reports whether a company names the host as one of its own network.
func allows(s *fleet.ChannelSettings) bool {
	return slices.ContainsFunc(s.AllowPrivate, func(h string) bool { return strings.EqualFold(h, hostOf(s)) })
}

// testTimeout bounds how long a person waits for a test message.
const testTimeout = 30 * time.Second

// TestChannel sends a message to an address now, through the sender that
// alerts take.
func (n *node) testChannel(ctx context.Context, who *fleet.User, ch fleet.Channel, to, subject, text string) (out fleet.ChannelTest, err error) {
	sender := n.channels.choose(ch, who.Company)
	if sender == nil {
		sender = n.senders[ch]
	}
	if sender == nil {
		out.Error = fmt.Sprintf("%s is not configured", ch)
		return out, nil
	}
	ctx, cancel := context.WithTimeout(ctx, testTimeout)
	defer cancel()
	m := notify.Message{Key: letterKey(ch), To: to, Name: who.Name, Lang: who.Lang, Subject: subject, Text: text}
	if ch == fleet.Push {
		browsers, err := n.admin.Subscriptions(who.ID)
		if err != nil {
			return out, err
		}
		if len(browsers) == 0 {
			out.Error = "you have no browser that takes push messages"
			return out, nil
		}
		m.Browser = browsers[len(browsers)-1]
	}
	begin := time.Now()
	r, err := sender.Send(ctx, m)
	out = fleet.ChannelTest{OK: err == nil, Provider: r.Provider, Answer: r.Answer, ID: r.ID, Parts: r.Parts, Took: fleet.Time(time.Since(begin).Milliseconds())}
	if err != nil {
		out.Error = err.Error()
	}
	return out, nil
}

// companyChannels is what the administration sees of them.
type companyChannels struct {
	*channels
	n *node
}

// TestChannel sends a test message.
func (c companyChannels) TestChannel(ctx context.Context, who *fleet.User, ch fleet.Channel, to, subject, text string) (fleet.ChannelTest, error) {
	return c.n.testChannel(ctx, who, ch, to, subject, text)
}
