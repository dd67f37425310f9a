package why

import (
	"slices"
	"strconv"
	"time"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// notices says of each notification of the device's owners, as they stood when
// the event was found, whether it applied, and what became of its messages.
func (a *asker) notices(e *fleet.Event) ([]fleet.ExplainedNotice, error) {
	out := []fleet.ExplainedNotice{}
	var sent []fleet.Delivery
	q := fleet.DeliveryQuery{Scope: a.Deliveries, Event: e.ID, Limit: 1000}
	for {
		page, err := a.Facts.Deliveries(q)
		if err != nil {
			return nil, err
		}
		sent = append(sent, page.Items...)
		if q.After = page.Next; q.After == "" || len(sent) > 10_000 {
			break
		}
	}
	v := a.at(e.Received)
	rules := slices.Clone(v.rules)
	for i := range sent { // whatever sent a message counts, changed or gone since
		if n := a.rule(sent[i].Notification); n != nil && !slices.ContainsFunc(rules, func(o *fleet.Notification) bool { return o.ID == n.ID }) {
			rules = append(rules, n)
		}
	}
	for _, n := range rules {
		if !a.Notifications.SeesOwner(n.Company, n.Owner) || len(out) == maxNotices {
			continue
		}
		x, also := fleet.ExplainedNotice{Notification: n.ID, Name: n.Description, Reason: unmoved(n, e, v.zones[n.Owner])}, false
		for i := range sent {
			d := &sent[i]
			if d.Notification == n.ID {
				x.Deliveries = append(x.Deliveries, a.delivery(d))
			}
			also = also || slices.Contains(d.Also, n.ID)
		}
		if len(x.Deliveries) > 0 || also { // what was sent counts, whatever it looks like now
			x.Reason = ""
		}
		x.Applies = x.Reason == ""
		switch {
		case !x.Applies:
			x.Say = a.say("notice." + x.Reason)
		case len(x.Deliveries) == 0 && also:
			x.Say = a.say("notice.also")
		case len(x.Deliveries) == 0 && a.silent():
			x.Say = a.say("notice.applies")
		case len(x.Deliveries) == 0:
			x.Say = a.say("notice.empty")
		default:
			x.Say = a.say("notice.applies")
		}
		out = append(out, x)
	}
	return out, nil
}

// rule is a notification as it stood at any time, nil if nobody remembers it.
func (a *asker) rule(id fleet.NotificationID) *fleet.Notification {
	for i := range a.views {
		for _, n := range a.views[i].rules {
			if n.ID == id {
				return n
			}
		}
	}
	return nil
}

// silent reports whether the asker may see no deliveries at all.
func (a *asker) silent() bool { return !a.Deliveries.Installation && a.Deliveries.Company == 0 }

// unmoved is why a notification is not about an event, "" if it is: what
// alert.Decide asks, by the clock of the notification's owner.
func unmoved(n *fleet.Notification, e *fleet.Event, zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	switch {
	case n.Paused:
		return "paused"
	case !slices.Contains(n.Kinds, e.Kind):
		return "kinds"
	case !n.AllDevices && !slices.Contains(n.Devices, e.Device):
		return "devices"
	case e.Kind == fleet.Alarm && n.Alarms != 0 && n.Alarms&e.Alarms == 0:
		return "alarms"
	case e.Kind != fleet.Alarm && e.Flags&fleet.Inferred != 0 && !n.Inferred:
		return "inferred"
	case e.Rule != 0 && len(n.Rules) > 0 && !slices.Contains(n.Rules, e.Rule):
		return "rules"
	case e.Fence != 0 && !n.AllFences && !slices.Contains(n.Fences, e.Fence):
		return "fences"
	case !n.Schedule.Holds(e.Time, zone):
		return "schedule"
	}
	return ""
}

func (a *asker) delivery(d *fleet.Delivery) fleet.ExplainedDelivery {
	out := fleet.ExplainedDelivery{
		Recipient: d.Key.Recipient, Channel: d.Key.Channel, State: d.State.String(), Reason: d.Reason,
	}
	for _, t := range d.Attempts {
		out.Attempts = append(out.Attempts, fleet.ExplainedAttempt(t))
	}
	if !d.State.Final() {
		out.Due = d.Due
	}
	if u, err := a.People.UserAny(d.Key.Recipient); err == nil {
		out.Name = u.Name
	} else if out.Name = d.Key.Recipient.String(); fleet.IsAddressee(d.Key.Recipient) {
		out.Name = string(d.Key.Channel)
		for _, t := range d.Attempts {
			out.Name = t.To
		}
	}
	key := "delivery." + d.State.String()
	var last fleet.Attempt
	if n := len(d.Attempts); n > 0 {
		last = d.Attempts[n-1]
	}
	if d.State == fleet.Suppressed {
		switch d.Reason {
		case alert.ReasonTooOld:
			key = "delivery.tooOld"
		case alert.ReasonRepeat:
			key = "delivery.repeat"
		case alert.ReasonQuiet:
			key = "delivery.quiet"
		case fleet.ReasonRetracted:
			key = "delivery.retracted"
		}
	}
	out.Say = a.say(key, "name", out.Name, "channel", a.say("channel."+string(d.Key.Channel)), "reason", d.Reason,
		"tries", strconv.Itoa(len(d.Attempts)), "time", a.clock(last.At), "due", a.clock(d.Due), "to", last.To)
	if d.Late {
		out.Say += a.say("delivery.late")
	}
	if d.Repeats > 0 {
		out.Say += a.say("delivery.repeats", "n", strconv.Itoa(int(d.Repeats)))
	}
	if d.Untrue && d.State.Told() {
		out.Say += a.say("delivery.untrue")
	}
	if last.Answer != "" {
		out.Say += a.say("delivery.said", "provider", last.Provider, "answer", last.Answer)
	}
	if last.Error != "" && last.Error != d.Reason {
		out.Say += a.say("delivery.error", "error", last.Error)
	}
	return out
}
