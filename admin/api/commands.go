package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Commands keeps commands to devices and has them go out. Command and Commands
// are unscoped but for the query's scope: their caller checks.
type Commands interface {
	Command(id fleet.RecordID) (fleet.Command, error)
	Commands(q fleet.CommandQuery) (fleet.Page[fleet.Command], error)
	// Send stores a command, with its audit row, and has it go out.
	Send(actor fleet.Actor, c fleet.Command) (fleet.Command, error)
	// Cancel takes back one that waits; Conflict for any other.
	Cancel(actor fleet.Actor, id fleet.RecordID) (fleet.Command, error)
	// Waiting is how many of a device are open.
	Waiting(d fleet.DeviceID) int
	// Kinds are those that a protocol has.
	Kinds(p fleet.Protocol) []fleet.CommandKind
}

// CommandView is a command as API and stream show it.
type CommandView struct {
	ID           fleet.RecordID   `json:"id"`
	Device       fleet.DeviceID   `json:"device"`
	DeviceName   string           `json:"deviceName,omitempty" example:"Truck 12"`
	Customer     fleet.CustomerID `json:"customer,omitzero" doc:"Whose the device was then; absent: in the company's stock"`
	CustomerName string           `json:"customerName,omitempty"`
	User         fleet.UserID     `json:"user" doc:"Who wants it"`
	UserName     string           `json:"userName" doc:"As the user was called then"`
	Kind         string           `json:"kind" enum:"position,engineStop,engineResume,interval,custom"`
	Seconds      int              `json:"seconds,omitempty" doc:"With kind interval: between two reports"`
	Text         string           `json:"text,omitempty" doc:"With kind custom: what the tracker is told"`
	AnySpeed     bool             `json:"anySpeed,omitempty" doc:"With kind engineStop: whatever the device's speed is"`
	State        string           `json:"state" enum:"queued,sent,answered,unanswered,failed,expired,cancelled" doc:"queued: waits for the device; sent: waits for the answer; the others are final. unanswered: whether the device obeyed is not known"`
	Created      fleet.Time       `json:"created"`
	Expires      fleet.Time       `json:"expires" doc:"It is not sent from then on"`
	Attempts     int              `json:"attempts" doc:"How often it was sent. Asking for the position and setting the interval are tried up to three times, the others once"`
	Sent         fleet.Time       `json:"sent,omitzero" doc:"When it was sent last"`
	Ended        fleet.Time       `json:"ended,omitzero" doc:"When it became final"`
	Answer       string           `json:"answer,omitempty" doc:"The tracker's own words" example:"DYD=Success!"`
	Reason       string           `json:"reason,omitempty" enum:"unsupported,moved,notAllowed,user" doc:"Of failed and cancelled ones: the protocol has no such command; the device changed hands or is disabled; who sent it may not any more; somebody took it back"`
	By           fleet.UserID     `json:"cancelledBy,omitzero"`
	Version      uint64           `json:"version"`
}

// ShowCommand is how API and stream show a command, without the names.
func ShowCommand(c *fleet.Command) CommandView {
	return CommandView{
		ID: c.ID, Device: c.Device, Customer: c.Customer, User: c.User, UserName: c.UserName, Kind: string(c.Want), Seconds: c.Seconds,
		Text: c.Text, AnySpeed: c.AnySpeed, State: string(c.State), Created: c.Created, Expires: c.Expires, Attempts: c.Attempts,
		Sent: c.Sent, Ended: c.Ended, Answer: c.Answer, Reason: c.Reason, By: c.By, Version: c.Version,
	}
}

// HearsCommand reports whether somebody may read a command, and so is told on
// the stream how it goes on.
func (a *API) HearsCommand(who *auth.Principal, v *fleet.Command) bool {
	c := &call{api: a, user: &who.User, caller: &auth.Caller{Who: who}}
	reach, scope, err := c.may(auth.Command, auth.Read)
	if err != nil || reach == auth.Nothing {
		return false
	}
	owner := fleet.OwnerID(v.Customer)
	if owner == 0 {
		owner = fleet.Owner(v.Company)
	}
	return scope.SeesDevice(v.Device, v.Company, owner) && c.maySend(&fleet.Device{Customer: v.Customer}) == nil
}

type commandInput struct {
	Device       fleet.DeviceID    `json:"device"`
	Kind         fleet.CommandKind `json:"kind" enum:"position,engineStop,engineResume,interval,custom"`
	Seconds      int               `json:"seconds,omitempty" minimum:"1" maximum:"86400" doc:"With kind interval"`
	Text         string            `json:"text,omitempty" maxLength:"200" doc:"With kind custom: printable ASCII, in the tracker's own language"`
	ExpiresAfter int64             `json:"expiresAfter,omitempty" minimum:"60000" maximum:"604800000" doc:"Milliseconds for which it may wait for its device; absent: a day, engineStop: an hour"`
	AnySpeed     bool              `json:"anySpeed,omitempty" doc:"With kind engineStop: confirms that the engine is to be stopped although the device moves faster than 20 km/h, or its speed is not known"`
}

type commandList struct {
	Device string   `query:"device" doc:"Only of this device"`
	Owner  string   `query:"owner" doc:"Only of devices that were this customer's then"`
	States []string `query:"states" enum:"queued,sent,answered,unanswered,failed,expired,cancelled" maxItems:"7" doc:"Absent: all"`
	Kinds  []string `query:"kinds" enum:"position,engineStop,engineResume,interval,custom" maxItems:"5" doc:"Absent: all"`
	After  string   `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int      `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

// commandAbility is what a device can be told.
type commandAbility struct {
	Device   fleet.DeviceID `json:"device"`
	Protocol string         `json:"protocol,omitempty" doc:"That its newest position came by; absent: it was not heard yet" example:"gt06"`
	Kinds    []string       `json:"kinds" nullable:"false" doc:"What its protocol has; all while the protocol is not known"`
	Password []string       `json:"password" nullable:"false" doc:"Of them: those that need your password again, by POST /devices/{id}/command-confirmation"`
	Waiting  int            `json:"waiting" doc:"How many of its commands are open; 16 at most"`
	Speed    *float64       `json:"speed,omitempty" doc:"km/h; absent: not known, or older than two minutes"`
}

// commands adds what devices are told. Whoever may is decided by the switches
// of customer and user beside the table.
func (a *API) commands() {
	op := operation{tag: "Commands", object: auth.Command}

	op.id, op.method, op.path, op.action = "listCommands", http.MethodGet, "/commands", auth.Read
	op.summary, op.doc = "List commands to devices", "Newest first. A page may be short, and still have a next one."
	register(a, op, func(c *call, in *commandList) (*one[page[CommandView]], error) {
		if err := c.maySend(nil); err != nil {
			return nil, err
		}
		q := fleet.CommandQuery{Scope: c.scope, After: in.After, Limit: in.Limit}
		for _, s := range in.States {
			q.States = append(q.States, fleet.CommandState(s))
		}
		for _, k := range in.Kinds {
			q.Kinds = append(q.Kinds, fleet.CommandKind(k))
		}
		if err := optional("owner", in.Owner, &q.Customer); err != nil {
			return nil, err
		}
		if err := optional("device", in.Device, &q.Device); err != nil {
			return nil, err
		}
		if q.Device != 0 {
			d, err := c.device(in.Device)
			if err == nil {
				err = c.maySend(&d)
			}
			if err != nil && fleet.KindOf(err) != fleet.NotFound {
				return nil, err
			}
		}
		p, err := a.o.Commands.Commands(q)
		if err != nil {
			return nil, err
		}
		names := namer{a: a}
		out := page[CommandView]{Items: []CommandView{}, Next: p.Next}
		for i := range p.Items {
			if v := names.show(&p.Items[i]); names.on(p.Items[i].Customer) {
				out.Items = append(out.Items, v)
			}
		}
		return &one[page[CommandView]]{out}, nil
	})

	op.id, op.path, op.summary, op.doc = "getCommand", "/commands/{id}", "Read a command", ""
	register(a, op, func(c *call, in *ByID) (*one[CommandView], error) {
		v, err := c.command(in.ID)
		if err != nil {
			return nil, err
		}
		return &one[CommandView]{(&namer{a: a}).show(&v)}, nil
	})

	op.id, op.path, op.summary = "getCommandKinds", "/devices/{id}/command-kinds", "Read which commands a device understands"
	op.doc = "By the protocol that it was seen to speak. 403 where the customer's devices may not be sent commands, or you may not send them."
	register(a, op, func(c *call, in *ByID) (*one[commandAbility], error) {
		d, err := c.device(in.ID)
		if err == nil {
			err = c.maySend(&d)
		}
		if err != nil {
			return nil, err
		}
		out := commandAbility{Device: d.ID, Kinds: []string{}, Password: []string{}, Waiting: a.o.Commands.Waiting(d.ID)}
		kinds, p, seen := a.commandKinds(d.ID)
		if seen {
			out.Protocol = p.Protocol.String()
		}
		if speed, known := p.SpeedNow(a.o.Now()); seen && known {
			out.Speed = &speed
		}
		for _, k := range kinds {
			out.Kinds = append(out.Kinds, string(k))
			if k.Grave() {
				out.Password = append(out.Password, string(k))
			}
		}
		return &one[commandAbility]{out}, nil
	})
	a.commanding(op)
}

// commandKinds are what a device understands, with its newest position.
func (a *API) commandKinds(d fleet.DeviceID) (kinds []fleet.CommandKind, p fleet.Position, seen bool) {
	p, seen = a.o.Hub.Latest(d)
	if !seen {
		return fleet.CommandKinds(), p, false
	}
	return a.o.Commands.Kinds(p.Protocol), p, true
}

// command is one that the caller sees and may have sent.
func (c *call) command(id string) (v fleet.Command, err error) {
	n, err := fleet.ParseID[recordKey](id)
	if err != nil || n == 0 {
		return v, errNotFound()
	}
	if c.api.o.Commands == nil {
		return v, errNotFound()
	}
	if v, err = c.api.o.Commands.Command(fleet.RecordID(n)); err != nil {
		return v, err
	}
	if !c.scope.SeesDevice(v.Device, v.Company, v.Holder()) {
		return v, errNotFound()
	}
	return v, c.maySend(&fleet.Device{Customer: v.Customer})
}

// maySend asks the switches: of the user, of its customer, and of the device's
// customer (nil: of no device in particular).
func (c *call) maySend(d *fleet.Device) error {
	if c.api.o.Commands == nil {
		return errNotFound()
	}
	customer := func(id fleet.CustomerID) (*fleet.Customer, error) {
		if id == 0 {
			return nil, nil
		}
		v, err := c.api.o.Records.Customer(id)
		return &v, err
	}
	own, err := customer(c.user.Customer)
	if err != nil {
		return err
	}
	var of *fleet.Customer
	if d != nil {
		if of, err = customer(d.Customer); err != nil {
			return err
		}
	}
	switch {
	case of != nil && !of.Commands, own != nil && !own.Commands:
		return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "commands-off"}
	case !c.user.MaySend(own, of):
		return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "commands-user"}
	}
	return nil
}

// namer knows the names of devices and customers of one page.
type namer struct {
	a         *API
	devices   map[fleet.DeviceID]string
	customers map[fleet.CustomerID]*fleet.Customer
}

func (n *namer) show(c *fleet.Command) CommandView {
	v := ShowCommand(c)
	name, known := n.devices[c.Device]
	if !known {
		if d, err := n.a.o.Records.Device(c.Device); err == nil {
			name = d.Name
		}
		if n.devices == nil {
			n.devices = map[fleet.DeviceID]string{}
		}
		n.devices[c.Device] = name
	}
	v.DeviceName = name
	if cu := n.customer(c.Customer); cu != nil {
		v.CustomerName = cu.Name
	}
	return v
}

// on reports whether a customer's devices may be sent commands.
func (n *namer) on(id fleet.CustomerID) bool {
	cu := n.customer(id)
	return id == 0 || cu != nil && cu.Commands
}

func (n *namer) customer(id fleet.CustomerID) *fleet.Customer {
	if id == 0 {
		return nil
	}
	cu, known := n.customers[id]
	if !known {
		if v, err := n.a.o.Records.Customer(id); err == nil {
			cu = &v
		}
		if n.customers == nil {
			n.customers = map[fleet.CustomerID]*fleet.Customer{}
		}
		n.customers[id] = cu
	}
	return cu
}
