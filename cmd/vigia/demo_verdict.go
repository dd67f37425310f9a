package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// drainWithin is how long the demo waits for its last messages.
const drainWithin = 30 * time.Second

// judgeDemo prints the totals and decides: every protocol delivered, and each
// event is at each recipient exactly once on each channel.
func (n *node) judgeDemo(f *demoFleet, to *demoSinks, out io.Writer) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	for deadline := time.Now().Add(drainWithin); ; time.Sleep(50 * time.Millisecond) {
		open, err := n.deliveries(fleet.Queued, fleet.Retrying)
		if err != nil {
			return err
		}
		if n.engine.Backlog() == 0 && len(open) == 0 {
			break
		}
		if time.Now().After(deadline) {
			fault("%d messages were still under way after %s", len(open), drainWithin)
			break
		}
	}
	fmt.Fprintln(out, "\nFixes acknowledged")
	for _, p := range demoProtocols {
		s := f.stats[p]
		fmt.Fprintf(out, "  %-14s %7d   reconnects %d\n", p, s.Acked.Load(), s.Reconnects.Load())
		if s.Acked.Load() == 0 {
			text := "no error was seen"
			if e := s.LastError.Load(); e != nil {
				text = *e
			}
			fault("%s delivered nothing: %s", p, text)
		}
	}
	events, err := n.events()
	if err != nil {
		return err
	}
	all, err := n.deliveries()
	if err != nil {
		return err
	}
	faults = append(faults, judgeMessages(events, all, to, out)...)
	if len(faults) > 0 {
		return fmt.Errorf("the demo found faults:\n%w", errors.Join(faults...))
	}
	fmt.Fprintln(out, "\nVerdict: good. Every protocol delivered; each event reached each recipient exactly once on every channel.")
	return nil
}

// judgeMessages holds what the sinks got against the events.
func judgeMessages(events map[fleet.EventID]fleet.Event, all []fleet.Delivery, to *demoSinks, out io.Writer) (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	got := map[fleet.Channel]map[string]int{fleet.Email: to.mail.ByKey(), fleet.SMS: to.sms.ByKey(), fleet.Push: to.push.ByKey()}
	type count struct{ enter, exit, alarm, rules int }
	counts := map[fleet.Channel]*count{fleet.Email: {}, fleet.SMS: {}, fleet.Push: {}}
	told := map[fleet.EventID]int{}
	for i := range all {
		d := &all[i]
		e, ok := events[d.Key.Event]
		if !ok {
			fault("delivery %s is about an event that is not in the record", d.Key)
			continue
		}
		key := d.Key.String()
		if n := got[d.Key.Channel][key]; n != 1 {
			fault("%s: %d messages for one event and recipient, want 1 (state %s %s)", key, n, d.State, d.Reason)
		}
		delete(got[d.Key.Channel], key)
		told[d.Key.Event]++
		switch c := counts[d.Key.Channel]; e.Kind {
		case fleet.Enter:
			c.enter++
		case fleet.Exit:
			c.exit++
		case fleet.Alarm:
			c.alarm++
		default:
			c.rules++
		}
	}
	for _, ch := range fleet.Channels() {
		for key, n := range got[ch] {
			fault("%s: %d messages that no delivery stands for (%s)", key, n, ch)
		}
	}
	for id, e := range events {
		if want := len(fleet.Channels()); told[id] != want {
			fault("event %s (%s) led to %d deliveries, want %d", id, e.Kind, told[id], want)
		}
	}
	fmt.Fprintf(out, "\nEvents %d\n\nMessages       enter    exit   alarm   rules\n", len(events))
	for _, ch := range fleet.Channels() {
		c := counts[ch]
		fmt.Fprintf(out, "  %-10s %7d %7d %7d %7d\n", ch, c.enter, c.exit, c.alarm, c.rules)
		if c.enter == 0 || c.exit == 0 {
			fault("%s carried %d enter and %d exit events, want at least one of each", ch, c.enter, c.exit)
		}
	}
	return faults
}

// events reads the whole record.
func (n *node) events() (map[fleet.EventID]fleet.Event, error) {
	out := map[fleet.EventID]fleet.Event{}
	q := fleet.EventQuery{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	for {
		page, err := n.facts.Events(q)
		if err != nil {
			return nil, err
		}
		for _, e := range page.Items {
			out[e.ID] = e
		}
		if q.After = page.Next; q.After == "" {
			return out, nil
		}
	}
}

// deliveries reads all that are in one of the states; no state means any.
func (n *node) deliveries(states ...fleet.DeliveryState) (out []fleet.Delivery, err error) {
	q := fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, States: states, Limit: 1000}
	for {
		page, err := n.facts.Deliveries(q)
		if err != nil {
			return nil, err
		}
		out = append(out, page.Items...)
		if q.After = page.Next; q.After == "" {
			return out, nil
		}
	}
}
