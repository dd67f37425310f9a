package api

import (
	"cmp"
	"errors"
	"math"
	"net/http"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// commandConfirmation is what a grave command is sent with.
type commandConfirmation struct {
	Confirmation string     `json:"confirmation" doc:"Send it as the header Confirmation of POST /commands, once, within two minutes" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Expires      fleet.Time `json:"expires"`
}

// commanding adds the operations that send and take back.
func (a *API) commanding(op operation) {
	op.id, op.method, op.path, op.action = "confirmCommand", http.MethodPost, "/devices/{id}/command-confirmation", auth.Create
	op.status = http.StatusCreated
	op.summary = "Show your own credentials before the engine is stopped"
	op.doc = "Gives the confirmation that commands of kind engineStop and custom need. Wrong credentials are refused with 403 and the field password, and count like those at sign-in. A program's token may not."
	op.example = removalInput{Username: "ana@example.com", Password: "correct horse battery"}
	register(a, op, func(c *call, in *struct {
		ByID
		Body removalInput
	}) (*one[commandConfirmation], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := c.maySend(&d); err != nil {
			return nil, c.refuse(&d, "confirmation", err)
		}
		if err := a.confirm(c, in.Body.Username, in.Body.Password, in.Body.Code); err != nil {
			return nil, c.refuse(&d, "confirmation", err)
		}
		secret, expires, err := a.stops.Issue(c.caller.Who.Token.ID, uint64(d.ID), a.o.Now())
		return &one[commandConfirmation]{commandConfirmation{secret, expires}}, err
	})

	op.id, op.path, op.summary = "createCommand", "/commands", "Send a command to a device"
	op.doc = "It goes out at once if the device is connected, else when it comes back before the command expires; commands of one device go out in their order. " +
		"Kinds engineStop and custom need the confirmation of POST /devices/{id}/command-confirmation. " +
		"An engineStop for a device that moves faster than 20 km/h, or whose speed is not known, is refused with 409 and the problem confirm-speed until anySpeed confirms it; without anySpeed it does not go out either while the device is faster by then. " +
		"403 where the customer's switch, or yours, does not allow commands."
	op.example = commandInput{Device: 9, Kind: fleet.PositionNow}
	register(a, op, func(c *call, in *struct {
		Confirmation string `header:"Confirmation" maxLength:"100" doc:"Of POST /devices/{id}/command-confirmation"`
		Body         commandInput
	}) (*one[CommandView], error) {
		d, err := a.o.Records.Device(in.Body.Device)
		if err != nil {
			return nil, foreign("device", err)
		}
		if !c.scope.SeesDevice(d.ID, d.Company, d.Owner()) {
			return nil, errForeign("device")
		}
		v := fleet.Command{
			Head:   fleet.Head{Company: d.Company, Owner: fleet.Owner(d.Company)},
			Device: d.ID, Customer: d.Customer, User: c.user.ID, UserName: c.user.Name, Want: in.Body.Kind,
			Seconds: in.Body.Seconds, Text: in.Body.Text, State: fleet.CommandQueued,
			AnySpeed: in.Body.AnySpeed && in.Body.Kind == fleet.EngineStop,
			Expires:  a.o.Now() + cmp.Or(fleet.Time(in.Body.ExpiresAfter), in.Body.Kind.Expiry()),
		}
		if err := c.admitCommand(&d, &v, in.Confirmation); err != nil {
			return nil, c.refuse(&d, string(v.Want), err)
		}
		v, err = a.o.Commands.Send(c.actor(), v)
		if err != nil {
			return nil, err
		}
		return &one[CommandView]{(&namer{a: a}).show(&v)}, nil
	})

	op.id, op.path, op.action, op.status = "cancelCommand", "/commands/{id}/cancel", auth.Update, http.StatusOK
	op.summary, op.example = "Take a command back", nil
	op.doc = "Only one that still waits for its device; any other is refused with 409."
	register(a, op, func(c *call, in *ByID) (*one[CommandView], error) {
		v, err := c.command(in.ID)
		if err != nil {
			return nil, err
		}
		if v, err = a.o.Commands.Cancel(c.actor(), v.ID); err != nil {
			return nil, err
		}
		return &one[CommandView]{(&namer{a: a}).show(&v)}, nil
	})
}

// refuse writes a refused attempt into the audit, with the device.
func (c *call) refuse(d *fleet.Device, what string, why error) error {
	return errors.Join(why, c.api.o.People.Note(c.actor(), "command refused: "+what, fleet.DeviceRecord, uint64(d.ID)))
}

// admitCommand holds a new command against switches, the device's protocol, its
// speed and, last because it is used up, the confirmation.
func (c *call) admitCommand(d *fleet.Device, v *fleet.Command, confirmation string) error {
	a := c.api
	if err := c.maySend(d); err != nil {
		return err
	}
	if err := v.Validate(); err != nil {
		return err
	}
	if d.Disabled {
		return fleet.Errorf(fleet.Conflict, "the device is disabled")
	}
	kinds, p, seen := a.commandKinds(d.ID)
	if !slices.Contains(kinds, v.Want) {
		return fleet.FieldError("kind", "the device's protocol has no such command")
	}
	if v.Want == fleet.EngineStop && !v.AnySpeed {
		if speed, known := p.SpeedNow(a.o.Now()); !seen || !known {
			return newProblem(c.lang, codeSpeed, detailPrefix+"speed-unknown")
		} else if speed > fleet.StopSpeed {
			problem := newProblem(c.lang, codeSpeed, "")
			problem.Speed = math.Round(speed*10) / 10
			return problem
		}
	}
	if v.Want.Grave() && !a.stops.Redeem(confirmation, c.caller.Who.Token.ID, uint64(d.ID), a.o.Now()) {
		return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "command-confirmation"}
	}
	return nil
}
