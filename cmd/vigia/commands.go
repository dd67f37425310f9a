package main

import (
	"errors"
	"slices"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/store"
)

// newDesk is where commands wait for their devices.
func (n *node) newDesk() *command.Desk {
	return command.New(command.Options{
		Book: n.admin.Commands(), Barred: n.barred, Log: n.part("command"), Changed: n.hub.Order,
		Wake: func(d fleet.DeviceID) {
			if doors := n.doors.Load(); doors != nil {
				doors.server.Wake(d)
			}
		},
		Slow: func(d fleet.DeviceID, now fleet.Time) bool {
			p, ok := n.hub.Latest(d)
			speed, known := p.SpeedNow(now)
			return ok && known && speed <= fleet.StopSpeed
		},
	})
}

// barred says why a command must not go out any more: its device is another's
// by now, or whoever wanted it may not.
func (n *node) barred(c *fleet.Command) string {
	d, err := n.admin.Device(c.Device)
	if err != nil || d.Disabled || d.Company != c.Company || d.Customer != c.Customer {
		return fleet.ReasonMoved
	}
	u, err := n.admin.User(c.User)
	if err != nil || u.Disabled || u.Company != c.Company {
		return fleet.ReasonNotAllowed
	}
	own, err := customerOf(n.admin, u.Customer)
	if err != nil {
		return fleet.ReasonNotAllowed
	}
	of, err := customerOf(n.admin, d.Customer)
	if err != nil || !u.MaySend(own, of) || u.Role == fleet.CustomerUser && !slices.Contains(u.Devices, d.ID) {
		return fleet.ReasonNotAllowed
	}
	return ""
}

// customerOf is a customer, nil for none.
func customerOf(a *store.Admin, id fleet.CustomerID) (*fleet.Customer, error) {
	if id == 0 {
		return nil, nil
	}
	c, err := a.Customer(id)
	return &c, err
}

// orders is the desk as sessions see it.
type orders struct{ *command.Desk }

// Sent tells the desk what became of an order.
func (o orders) Sent(d fleet.DeviceID, id fleet.RecordID, now fleet.Time, err error) {
	if errors.Is(err, ingest.ErrNoCommand) {
		o.Unsupported(d, id, now)
		return
	}
	o.Desk.Sent(d, id, now, err)
}

// deviceCommands is what the API works with: the desk, and the book behind it.
type deviceCommands struct {
	*command.Desk
	book *store.Commands
}

// Command is one of them.
func (c deviceCommands) Command(id fleet.RecordID) (fleet.Command, error) { return c.book.Get(id) }

// Commands is a page of them.
func (c deviceCommands) Commands(q fleet.CommandQuery) (fleet.Page[fleet.Command], error) {
	return c.book.List(q)
}

// Kinds are those that a protocol has; nil for one that hears nothing.
func (deviceCommands) Kinds(p fleet.Protocol) (kinds []fleet.CommandKind) {
	i := slices.IndexFunc(protocols, func(x protocol) bool { return x.id == p })
	if i < 0 || protocols[i].codec == nil {
		return nil
	}
	speaker, ok := protocols[i].codec().(ingest.Commander)
	if !ok {
		return nil
	}
	for _, k := range fleet.CommandKinds() {
		s := ingest.Session{Transport: ingest.TCP, UniqueID: "1234567890"}
		if _, err := speaker.Command(&s, &fleet.Order{Kind: k, Seconds: 60, Text: "STATUS"}); err == nil {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

var _ admin.Commands = deviceCommands{}
