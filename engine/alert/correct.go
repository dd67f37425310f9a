package alert

import "github.com/vigia-track/vigia/engine/fleet"

// FlightTime is longer than one attempt to deliver takes: what is under way
// when its event is retracted has ended by then.
const FlightTime = 40 * fleet.Second

// correctionLife is how long a correction is worth sending.
const correctionLife = fleet.Day

// Correct tells those who were told of an event that it did not happen. rows
// are all deliveries of the retracted event as they stood before its
// retraction; for those that are sent, and those that may be on their way just
// now, there is a delivery to the same recipient on the same channel; ok is
// false if there are none. One on its way is due later, when it is known how it
// ended, and whoever sends it must hold it back if the first never went out.
// The same event gives the same correction at any time. rules give quiet
// hours; nil: none.
func Correct(in Input, ev *fleet.Event, rows []fleet.Delivery, rules *Rules) (c fleet.Event, to []fleet.Delivery, ok bool) {
	c = fleet.Event{
		Kind: fleet.Correction, Device: ev.Device, Owner: ev.Owner, Company: ev.Company, Fence: ev.Fence, Judge: ev.Judge,
		Alarms: ev.Alarms, Rule: ev.Rule, Time: ev.Time, Received: in.At, Place: ev.Place, Seq: in.Seq, About: ev.ID,
	}
	if ev.First != 0 {
		c.Time = ev.First // as its ID has it
	}
	fleet.NameEvent(&c, ev.ID[:])
	for i := range rows {
		row := &rows[i]
		if row.Key.Event != ev.ID || !row.State.Told() && (row.State.Final() || row.Due > in.At+FlightTime && len(row.Attempts) == 0) {
			continue
		}
		d := fleet.Delivery{
			Key:          fleet.DeliveryKey{Event: c.ID, Recipient: row.Key.Recipient, Channel: row.Key.Channel},
			Notification: row.Notification, Also: row.Also, Company: row.Company, Owner: row.Owner, Device: row.Device,
			State: fleet.Queued, Due: in.At, Created: in.At, Expires: in.At + correctionLife,
		}
		if !row.State.Told() {
			d.Due += FlightTime
		}
		if r := rules.by(row.Notification); r != nil {
			if until, quiet := r.quiet(d.Due); quiet {
				d.Due, d.Expires = until, until+correctionLife
			}
		}
		to = append(to, d)
	}
	return c, to, len(to) > 0
}
