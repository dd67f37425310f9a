package notify

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	maxWords    = 500             // bytes of a provider's answer or of an error that are kept
	localPause  = 5 * time.Second // shortest until the next try after trouble of our own
	recordPause = 5 * time.Second // longest between tries to record
)

// attempt tries one delivery once and says what is to be recorded; false if
// the try was called off because the dispatcher stops. The row then stays as
// it is and goes out again with the same key.
func (l *lane) attempt(work context.Context, row *fleet.Delivery) (fleet.Outcome, bool) {
	m, v, err := l.compose(row)
	if err != nil || v != nil {
		if l.ch != fleet.Push {
			l.dests.at(l.dest(row)).abandoned()
		}
		if v != nil {
			if v.state == fleet.Queued && len(row.Attempts) > 0 {
				v.state = fleet.Retrying
			}
			return fleet.Outcome{Key: row.Key, State: v.state, Due: v.due, Reason: v.reason}, true
		}
		return l.ours(row, fmt.Errorf("its text cannot be made: %w", err)), true
	}
	if l.ch == fleet.Push {
		return l.fan(work, row, m)
	}
	t := l.try(work, l.senderOf(row), m, l.dests.at(l.dest(row)))
	l.d.budgets.spend(l.ch, row, &t.attempt)
	if t.off {
		return fleet.Outcome{}, false
	}
	return l.judge(row, t), true
}

// ours puts a delivery off for trouble of our own, without an attempt: the
// longer it has been waiting, the longer. Reason shows why. What is past its
// time, and has been put off before, ends as a dead letter.
func (l *lane) ours(row *fleet.Delivery, err error) fleet.Outcome {
	age := l.d.o.Now().Sub(row.Created.Std())
	if age >= l.d.o.Retry.MaxAge && row.Due > row.Created {
		return fleet.Outcome{Key: row.Key, State: fleet.Failed, Reason: cut("gave up after " + l.d.o.Retry.MaxAge.String() + ": " + err.Error())}
	}
	out := l.later(row, max(localPause, min(age/6, l.d.o.Retry.Cap)))
	out.Reason = cut(err.Error())
	l.log.Error("delivery waits: the fault is ours", "delivery", row.Key.String(), "err", err, "until", out.Due.String())
	return out
}

// later puts a delivery off without an attempt: the fault is ours.
func (l *lane) later(row *fleet.Delivery, pause time.Duration) fleet.Outcome {
	state := fleet.Queued
	if len(row.Attempts) > 0 {
		state = fleet.Retrying
	}
	return fleet.Outcome{Key: row.Key, State: state, Due: fleet.At(l.d.o.Now().Add(pause))}
}

// a tryout is what came of handing one message to one destination.
type tryout struct {
	attempt fleet.Attempt
	err     error
	off     bool // called off by us: nothing is known
}

// try hands a message to the sender with the channel's timeout and tells the
// destination's breaker.
func (l *lane) try(work context.Context, sender Sender, m Message, b *breaker) tryout {
	ctx, cancel := context.WithTimeout(work, l.limits.Timeout)
	defer cancel()
	begin := l.d.o.Now()
	if sender == nil { // it was taken away meanwhile
		b.abandoned()
		return tryout{attempt: fleet.Attempt{At: fleet.At(begin), To: m.To, Parts: 1, Error: errNoSender.Error()}, err: errNoSender}
	}
	receipt, err := sender.Send(ctx, m)
	end := l.d.o.Now()
	took := max(0, end.Sub(begin))
	switch {
	case err != nil && work.Err() != nil:
		b.abandoned()
		return tryout{off: true}
	case err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) && !IsPermanent(err):
		err = Down(fmt.Errorf("no answer within %v: %w", l.limits.Timeout, err))
	}
	l.meter.attempt(took, err)
	if IsDown(err) {
		wish := retryAfter(err)
		l.trouble(cut(err.Error()))
		if b.failed(end, wish) {
			l.log.Warn("provider is down; messages wait in the outbox", "provider", receipt.Provider, "err", err)
		}
	} else {
		if b.isOpen() {
			l.log.Info("provider answers again", "provider", receipt.Provider)
		}
		b.answered()
		l.trouble("")
	}
	a := fleet.Attempt{
		At: fleet.At(begin), Took: fleet.Time(took.Milliseconds()), OK: err == nil, To: m.To,
		Provider: cut(receipt.Provider), Answer: cut(receipt.Answer), ID: cut(receipt.ID), Parts: max(1, receipt.Parts),
	}
	if err != nil {
		a.Error = cut(err.Error())
	}
	return tryout{attempt: a, err: err}
}

// judge decides what an attempt means for its delivery.
func (l *lane) judge(row *fleet.Delivery, t tryout) fleet.Outcome {
	out := fleet.Outcome{Key: row.Key, Attempt: &t.attempt}
	switch {
	case t.err == nil:
		out.State = fleet.Sent
	case IsPermanent(t.err):
		out.State, out.Reason = fleet.Failed, t.attempt.Error
	default:
		l.again(row, &out, t.err)
	}
	return out
}

// again schedules the next try, or ends the delivery as a dead letter.
func (l *lane) again(row *fleet.Delivery, out *fleet.Outcome, err error) {
	now := l.d.o.Now()
	n, age := len(row.Attempts)+1, now.Sub(row.Created.Std())
	if why := l.d.o.Retry.exhausted(n, age); why != "" {
		out.State, out.Reason = fleet.Failed, cut(why+"; the last try: "+err.Error())
		return
	}
	wish := retryAfter(err)
	out.State = fleet.Retrying
	out.Due = fleet.At(now.Add(max(wish, l.d.o.Retry.Pause(row.Key, n, age))))
	if row.Expires != 0 && wish == 0 && out.Due > row.Expires && fleet.At(now) < row.Expires {
		out.Due = row.Expires // a last try while it is fresh
	}
}

// record makes outcomes durable, however long it takes, until ctx ends. It
// returns when the first of them is to be tried again, 0 for never.
func (l *lane) record(ctx context.Context, outs []fleet.Outcome) (due fleet.Time) {
	for pause := leastPause; ; pause = min(2*pause, recordPause) {
		err := l.d.o.Recorder.Record(ctx, outs)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			l.log.Error("outcomes not recorded before the stop; these messages go out again with the same keys",
				"deliveries", len(outs), "err", err)
			return 0
		}
		l.log.Error("outcomes cannot be recorded; trying again", "deliveries", len(outs), "err", err)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	l.d.o.Receipts.sent(outs)
	for i := range outs {
		l.meter.outcome(outs[i].State)
		if outs[i].State == fleet.Failed {
			l.log.Warn("delivery failed for good", "delivery", outs[i].Key.String(), "reason", outs[i].Reason)
		}
		if d := outs[i].Due; !outs[i].State.Final() && (due == 0 || d < due) {
			due = d
		}
	}
	return due
}

func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*RetryAfterError](err); ok {
		return max(0, e.After)
	}
	return 0
}

// cut bounds words that come from outside.
func cut(s string) string {
	for len(s) > maxWords {
		_, n := utf8.DecodeLastRuneInString(s[:maxWords+1])
		s = s[:maxWords+1-max(n, 1)]
	}
	return s
}
