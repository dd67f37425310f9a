package notify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// MaxBrowsers is how many browsers of a person get a push message: the newest.
const MaxBrowsers = 20

// fan tries a push delivery on all of a person's browsers that do not have it
// yet, at the same time, so that one dead push service delays no other. The
// delivery is sent once no browser is left to try and one has it.
func (l *lane) fan(work context.Context, row *fleet.Delivery, m Message) (fleet.Outcome, bool) {
	out := fleet.Outcome{Key: row.Key}
	all, err := l.d.o.Directory.Subscriptions(row.Key.Recipient)
	if err != nil {
		return l.ours(row, fmt.Errorf("subscriptions cannot be read: %w", err)), true
	}
	slices.SortStableFunc(all, func(a, b fleet.Subscription) int { return cmp.Compare(b.Created, a.Created) })
	all = all[:min(len(all), MaxBrowsers)]
	todo := slices.DeleteFunc(all, func(s fleet.Subscription) bool { return slices.Contains(row.Done, s.ID.String()) })
	if len(todo) == 0 {
		out.State = fleet.Sent
		if len(row.Done) == 0 {
			out.State, out.Reason = fleet.Failed, "the user has no browser that takes push messages"
		}
		return out, true
	}

	tries := make([]tryout, len(todo))
	var wg sync.WaitGroup
	for i, sub := range todo {
		b := l.dests.at(host(sub.Endpoint))
		if !b.allow(l.d.o.Now()) {
			tries[i].err = errShut
			continue
		}
		wg.Go(func() {
			m := m
			m.Browser = sub
			tries[i] = l.try(work, l.senderOf(row), m, b)
		})
	}
	wg.Wait()
	return l.sum(row, out, todo, tries)
}

// errShut is a browser not tried because its push service is down.
var errShut = errors.New("its push service is down")

// sum makes one outcome of the tries on several browsers.
func (l *lane) sum(row *fleet.Delivery, out fleet.Outcome, todo []fleet.Subscription, tries []tryout) (fleet.Outcome, bool) {
	total := fleet.Attempt{Parts: 1}
	var hosts, answers, faults []string
	var again, final error // the last of each
	var wish time.Duration
	tried := 0
	for i, t := range tries {
		if t.off {
			continue
		}
		name := host(todo[i].Endpoint)
		if !errors.Is(t.err, errShut) {
			tried++
			hosts = append(hosts, name)
			answers = append(answers, t.attempt.Answer)
			if total.At == 0 || t.attempt.At < total.At {
				total.At = t.attempt.At
			}
			total.Took = max(total.Took, t.attempt.Took)
		}
		switch {
		case t.err == nil:
			out.Done = append(out.Done, todo[i].ID.String())
			total.ID = t.attempt.ID
			continue
		case errors.Is(t.err, ErrGone):
			final = t.err
			if err := l.d.o.Directory.DropSubscription(todo[i].ID); err != nil && fleet.KindOf(err) != fleet.NotFound {
				l.log.Warn("dead subscription stays for now", "subscription", todo[i].ID.String(), "err", err)
			}
		case IsPermanent(t.err):
			final = t.err
		default:
			again = t.err
			wish = max(wish, retryAfter(t.err))
		}
		faults = append(faults, name+": "+t.err.Error())
	}
	if tried == 0 && again == nil && len(out.Done) == 0 && final == nil {
		return fleet.Outcome{}, false // all called off
	}
	if tried == 0 {
		return l.later(row, firstOpen+l.d.o.Retry.Pause(row.Key, 4, 0)), true
	}
	slices.Sort(hosts)
	total.OK = len(out.Done) > 0
	total.To = plural(tried, "browser")
	total.Provider = cut(strings.Join(slices.Compact(hosts), ", "))
	total.Answer = cut(strings.Join(answers, "; "))
	total.Error = cut(strings.Join(faults, "; "))
	out.Attempt = &total

	have := len(row.Done) + len(out.Done)
	off := slices.ContainsFunc(tries, func(t tryout) bool { return t.off })
	switch {
	case off && again == nil:
		again = errors.New("called off by a stop")
		fallthrough
	case again != nil:
		l.again(row, &out, &RetryAfterError{Err: again, After: wish})
		if out.State == fleet.Failed && have > 0 {
			out.State, out.Reason = fleet.Sent, cut(reached(have)+out.Reason)
		}
	case have > 0:
		out.State = fleet.Sent
	case errors.Is(final, ErrGone):
		out.State, out.Reason = fleet.Failed, "no browser takes push messages any more: all subscriptions are gone"
	default:
		out.State, out.Reason = fleet.Failed, total.Error
	}
	return out, true
}
