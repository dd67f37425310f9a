package alert

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Why a delivery was suppressed: its Reason.
const (
	ReasonTooOld = "too old"     // older than the notification allows, and no longer how things stand
	ReasonRepeat = "repeat"      // within the cooldown of a notice like it
	ReasonQuiet  = "quiet hours" // and no longer how things stood at their end

	ReasonTest        = "test mode" // of the device, as a person set it
	ReasonMaintenance = "maintenance"
)

// verdict is what one rule makes of an event.
type verdict struct {
	r       *rule
	state   fleet.DeliveryState // 0: nothing
	due     fleet.Time
	expires fleet.Time
	reason  string
	late    bool
	repeats uint32
}

// about is what a delivery takes over of its event.
type about struct {
	event   fleet.EventID
	company fleet.CompanyID
	owner   fleet.OwnerID
	device  fleet.DeviceID
	at      fleet.Time
}

// Decide works out who hears of an event: one delivery for each recipient and
// channel, however many notifications ask for it. The first in order gives the
// delivery its Notification, others that would send it too are its Also; one
// that sends comes before one that does not. Events of a device come in the
// order in which they were found. The device's Rules are those of its owners
// at in.Seq.
func (b *Book) Decide(in Input, ev *fleet.Event, rules *Rules, out *Result) {
	if rules.Empty() || ev.Flags&fleet.Retracted != 0 {
		return
	}
	var found [16]*rule
	var room [16]verdict
	verdicts := room[:0]
	from := len(out.Deliveries)
	for _, r := range rules.concern(ev, found[:0]) {
		if in.Muted == "" && r.n.Raise && r.hears(ev) && !slices.Contains(out.Raised, ev.ID) {
			out.Raised = append(out.Raised, ev.ID) // the store raises an event once
		}
		if v := b.judge(in, ev, r, out); v.state != 0 {
			verdicts = append(verdicts, v)
		}
	}
	if len(verdicts) > 1 {
		slices.SortStableFunc(verdicts, sooner)
	}
	what := about{ev.ID, ev.Company, ev.Owner, ev.Device, in.At}
	for i := range verdicts {
		out.Deliveries = verdicts[i].deliver(&what, out.Deliveries, from)
	}
}

// sooner puts what is sent before what is not, and what is sent first first.
func sooner(a, b verdict) int {
	if a.state != b.state {
		return int(a.state) - int(b.state) // Queued comes first
	}
	return int(min(max(a.due-b.due, -1), 1))
}

// judge decides for one rule, and remembers.
func (b *Book) judge(in Input, ev *fleet.Event, r *rule, out *Result) verdict {
	m := b.peek(r.n.ID)
	if m != nil && in.Seq <= m.floor {
		return verdict{}
	}
	s, side, paired := sideOf(ev.Kind, ev.Fence)
	if !r.hears(ev) {
		if paired && m != nil {
			m.unheard(in, ev, s, side)
		}
		return verdict{}
	}
	if m != nil && m.knows(ev.ID) {
		return verdict{}
	}
	if in.Muted != "" {
		if paired && m != nil {
			m.unheard(in, ev, s, side)
		}
		return verdict{r: r, state: fleet.Suppressed, reason: in.Muted}
	}
	v := verdict{r: r, state: fleet.Queued, due: max(in.At, ev.Received), expires: ev.Time + r.maxAge()}
	age := v.due - ev.Time
	old := age > r.maxAge()
	if ev.Kind == fleet.Alarm {
		v.expires = 0
	} else if old {
		if paired {
			b.wait(in, ev, r, tooOld, 0, out)
			return verdict{}
		}
		return verdict{r: r, state: fleet.Suppressed, reason: ReasonTooOld}
	}
	on := topic{ev.Kind, ev.Alarms, ev.Fence, ev.Rule}
	cooldown := r.cooldown(ev)
	if cooldown > 0 && m != nil {
		if i, known := m.topicAt(on); known && m.notices[i].covers(ev, in, old, cooldown) {
			if paired {
				b.wait(in, ev, r, repeated, m.notices[i].at+cooldown, out)
				return verdict{}
			}
			m.notices[i].folded++
			m.touch(in.Seq)
			return verdict{r: r, state: fleet.Suppressed, reason: ReasonRepeat}
		}
	}
	if ev.Kind != fleet.Alarm || ev.Alarms&fleet.CriticalAlarms == 0 {
		if until, ok := r.quiet(v.due); ok {
			if paired {
				b.wait(in, ev, r, quiet, until, out)
				return verdict{}
			}
			v.due = until
			if v.expires != 0 {
				v.expires = until + r.maxAge()
			}
		}
	}
	if cooldown > 0 || paired {
		m = b.of(r.n.ID)
		m.touch(in.Seq)
	}
	if cooldown > 0 {
		v.repeats = m.note(notice{topic: on, event: ev.ID, time: ev.Time, at: v.due})
	}
	if paired {
		if i, known := m.toldAt(s); !known || m.told[i].time <= ev.Time {
			m.tell(told{s, side, ev.ID, ev.Time})
		}
	}
	return v
}

// covers reports whether an event folds into a notice: their times are closer
// than the cooldown, or both came old, one soon after the other.
func (n *notice) covers(ev *fleet.Event, in Input, old bool, cooldown fleet.Time) bool {
	apart := func(a, b fleet.Time) bool { return max(a, b)-min(a, b) >= cooldown }
	return !apart(n.time, ev.Time) || old && n.at-n.time > cooldown && !apart(n.at, in.At)
}

// unheard takes in that the other side of what recipients were told came to
// hold, of which they are not told.
func (m *memory) unheard(in Input, ev *fleet.Event, s subject, side bool) {
	i, known := m.toldAt(s)
	if known && m.told[i].side != side && m.told[i].time <= ev.Time && !m.waitsOn(s) {
		m.untell(s)
		m.touch(in.Seq)
	}
}

// wait keeps an event for Settle. Recipients who were never told of its subject
// count as told of the other side.
func (b *Book) wait(in Input, ev *fleet.Event, r *rule, why cause, until fleet.Time, out *Result) {
	m := b.of(r.n.ID)
	m.touch(in.Seq)
	b.Stir(in.At)
	m.stirred = in.At
	w := wait{
		event: ev.ID, kind: ev.Kind, fence: ev.Fence, company: ev.Company, owner: ev.Owner,
		time: ev.Time, at: in.At, until: until, why: why,
	}
	s, side := w.subject(), w.side()
	i, known := m.toldAt(s)
	if !known || m.told[i].event == (fleet.EventID{}) && m.told[i].time > ev.Time {
		m.tell(told{subject: s, side: !side, time: ev.Time})
	}
	if len(m.waits) >= maxWaits {
		b.crowd(in, ev.Device, r, m, out)
	}
	at, _ := slices.BinarySearchFunc(m.waits, &w, func(a wait, b *wait) int { return a.compare(b) })
	m.waits = slices.Insert(m.waits, at, w)
}

// crowd makes room for an event that waits: the oldest that a newer one of its
// kind makes idle goes, in sight.
func (b *Book) crowd(in Input, device fleet.DeviceID, r *rule, m *memory, out *Result) {
	gone := 0
	for i := range m.waits {
		w := &m.waits[i]
		if slices.ContainsFunc(m.waits[i+1:], func(o wait) bool { return o.kind == w.kind && o.fence == w.fence }) {
			gone = i
			break
		}
	}
	w := m.waits[gone]
	m.waits = slices.Delete(m.waits, gone, gone+1)
	out.Deliveries = w.suppress(in, device, r, out.Deliveries)
}

func (w *wait) about(in Input, device fleet.DeviceID) about {
	return about{w.event, w.company, w.owner, device, in.At}
}

// suppress makes the rows that say why nobody was told.
func (w *wait) suppress(in Input, device fleet.DeviceID, r *rule, dst []fleet.Delivery) []fleet.Delivery {
	v := verdict{r: r, state: fleet.Suppressed, reason: ReasonTooOld}
	switch w.why {
	case repeated:
		v.reason = ReasonRepeat
	case quiet:
		v.reason = ReasonQuiet
	}
	what := w.about(in, device)
	return v.deliver(&what, dst, len(dst))
}

// deliver appends a verdict's deliveries, but for those that are in dst after
// from: one that is sent anyway learns that this rule wants it too.
func (v *verdict) deliver(what *about, dst []fleet.Delivery, from int) []fleet.Delivery {
	n := v.r.n
	for _, who := range n.Recipients {
		for _, ch := range n.Channels {
			dst = v.to(what, who, ch, dst, from)
		}
	}
	for _, ch := range n.Channels {
		for _, address := range n.Addresses(ch) {
			dst = v.to(what, fleet.Addressee(ch, address), ch, dst, from)
		}
	}
	return dst
}

// to appends the delivery to one recipient on one channel.
func (v *verdict) to(what *about, who fleet.UserID, ch fleet.Channel, dst []fleet.Delivery, from int) []fleet.Delivery {
	n := v.r.n
	key := fleet.DeliveryKey{Event: what.event, Recipient: who, Channel: ch}
	i := slices.IndexFunc(dst[from:], func(d fleet.Delivery) bool { return d.Key == key })
	if i >= 0 {
		if d := &dst[from+i]; v.state == fleet.Queued && d.State == v.state && d.Notification != n.ID && !slices.Contains(d.Also, n.ID) {
			d.Also = append(d.Also, n.ID)
		}
		return dst
	}
	return append(dst, fleet.Delivery{
		Key: key, Notification: n.ID, Company: what.company, Owner: what.owner, Device: what.device,
		State: v.state, Due: v.due, Expires: v.expires, Created: what.at, Reason: v.reason,
		Late: v.late, Repeats: v.repeats,
	})
}
