package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type delivery struct {
	Event        fleet.EventID        `json:"event"`
	Recipient    fleet.UserID         `json:"recipient" doc:"A user; of a message to an address that belongs to none, what stands for it in the key"`
	Name         string               `json:"recipientName,omitempty" doc:"Of the user, or the address" example:"Ana Rojas"`
	Channel      fleet.Channel        `json:"channel" enum:"email,sms,push"`
	Key          string               `json:"key" doc:"The idempotency key that the provider got"`
	Notification fleet.NotificationID `json:"notification,omitzero"`
	Device       fleet.DeviceID       `json:"device"`
	State        string               `json:"state" enum:"queued,retrying,sent,failed,suppressed,delivered" doc:"Sent: a provider took it over; delivered: it says that it has arrived"`
	Reason       string               `json:"reason,omitempty" doc:"Of a failed or suppressed one"`
	Untrue       bool                 `json:"untrue,omitempty" doc:"A late message shows that the event did not happen: if this was sent, what it says is not so"`
	Late         bool                 `json:"late,omitempty" doc:"It tells how things stand since the event, which could not be told when it happened"`
	Repeats      uint32               `json:"repeats,omitempty" doc:"Like events since the notice before, which were held back"`
	Due          fleet.Time           `json:"due,omitzero" doc:"When it is tried next"`
	Created      fleet.Time           `json:"created"`
	Attempts     []attempt            `json:"attempts" nullable:"false" doc:"Every try with the provider's answer, oldest first"`
	Receipts     []deliveryReceipt    `json:"receipts,omitempty" doc:"What the provider said after it took the message over, one for each SMS part"`
}

type deliveryReceipt struct {
	ID       string     `json:"id" doc:"The part's, one of those in the attempt's id"`
	State    string     `json:"state" enum:"delivered,failed"`
	Received fleet.Time `json:"received" doc:"When it came"`
	Done     string     `json:"done,omitempty" doc:"When the message arrived or was given up, by the provider's clock and in its words" example:"2603201404"`
	Words    string     `json:"words" example:"id:7 sub:001 dlvrd:001 submit date:2603201403 done date:2603201404 stat:DELIVRD err:000"`
}

type attempt struct {
	At       fleet.Time `json:"at"`
	Took     int64      `json:"took" doc:"Milliseconds"`
	OK       bool       `json:"ok"`
	To       string     `json:"to" doc:"The address used" example:"+573001234567"`
	Provider string     `json:"provider" example:"smtp.example.com"`
	Answer   string     `json:"answer,omitempty" doc:"The provider's words" example:"250 2.0.0 Ok: queued"`
	ID       string     `json:"id,omitempty" doc:"The provider's name for the message"`
	Parts    int        `json:"parts,omitempty" doc:"SMS parts"`
	Error    string     `json:"error,omitempty"`
}

func showDelivery(d *fleet.Delivery) delivery {
	v := delivery{
		Event: d.Key.Event, Recipient: d.Key.Recipient, Channel: d.Key.Channel, Key: d.Key.String(),
		Notification: d.Notification, Device: d.Device, State: d.State.String(), Reason: d.Reason, Untrue: d.Untrue,
		Late: d.Late, Repeats: d.Repeats,
		Created: d.Created, Attempts: make([]attempt, 0, len(d.Attempts)),
	}
	if !d.State.Final() {
		v.Due = d.Due
	}
	for _, t := range d.Attempts {
		v.Attempts = append(v.Attempts, attempt{
			At: t.At, Took: int64(t.Took), OK: t.OK, To: t.To, Provider: t.Provider,
			Answer: t.Answer, ID: t.ID, Parts: t.Parts, Error: t.Error,
		})
	}
	for _, r := range d.Receipts {
		v.Receipts = append(v.Receipts, deliveryReceipt{ID: r.ID, State: r.State.String(), Received: r.Received, Done: r.Done, Words: r.Words})
	}
	return v
}

// nameDelivery shows a delivery with the name of who it goes to.
func (a *API) nameDelivery(d *fleet.Delivery) delivery {
	v := showDelivery(d)
	if fleet.IsAddressee(d.Key.Recipient) {
		for _, id := range append([]fleet.NotificationID{d.Notification}, d.Also...) {
			if n, err := a.o.Records.Notification(id); err == nil && v.Name == "" {
				v.Name = n.Address(d.Key.Channel, d.Key.Recipient)
			}
		}
		for _, t := range d.Attempts {
			v.Name = t.To
		}
	} else if u, err := a.o.Records.User(d.Key.Recipient); err == nil {
		v.Name = u.Name
	}
	return v
}

var deliveryStates = map[string]fleet.DeliveryState{
	"queued": fleet.Queued, "retrying": fleet.Retrying, "sent": fleet.Sent, "failed": fleet.Failed, "suppressed": fleet.Suppressed, "delivered": fleet.Delivered,
}

func (a *API) deliveries() {
	op := operation{tag: "Deliveries", object: auth.Delivery, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "listDeliveries", "/deliveries", "List messages and what became of them, newest first"
	register(a, op, func(c *call, in *struct {
		Event   string   `query:"event" doc:"Only about this event"`
		Device  string   `query:"device"`
		States  []string `query:"states" enum:"queued,retrying,sent,failed,suppressed,delivered" maxItems:"6"`
		Channel string   `query:"channel" enum:"email,sms,push"`
		After   string   `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit   int      `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}) (*one[page[delivery]], error) {
		q := fleet.DeliveryQuery{Scope: c.scope, After: in.After, Limit: in.Limit}
		if err := optional("event", in.Event, &q.Event); err != nil {
			return nil, err
		}
		if err := optional("device", in.Device, &q.Device); err != nil {
			return nil, err
		}
		for _, s := range in.States {
			q.States = append(q.States, deliveryStates[s])
		}
		q.Channel = fleet.Channel(in.Channel)
		p, err := a.o.Facts.Deliveries(q)
		return pageOf(p, a.nameDelivery), err
	})
}
