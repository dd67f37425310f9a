package api

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type device struct {
	ID            fleet.DeviceID   `json:"id"`
	Company       fleet.CompanyID  `json:"company"`
	Customer      fleet.CustomerID `json:"customer,omitzero" doc:"Absent: in the company's stock"`
	Name          string           `json:"name" example:"Truck 12"`
	UniqueID      string           `json:"uniqueId" doc:"What the device calls itself: its IMEI or the like" example:"990000862471854"`
	Model         string           `json:"model,omitempty" example:"FMB920"`
	Plate         string           `json:"plate,omitempty" example:"ABC123"`
	Phone         string           `json:"phone,omitempty" doc:"Of its SIM" example:"+573001234567"`
	Labels        []fleet.LabelID  `json:"labels" nullable:"false" doc:"Groups and tags; fences may name them as targets"`
	ClockOffset   int64            `json:"clockOffset" doc:"Milliseconds added to its times"`
	Clock         *clockProposal   `json:"clock,omitempty" doc:"Its clock shows another time zone, and this would mend it; absent: nothing is known to be wrong"`
	OfflineAfter  int64            `json:"offlineAfter" doc:"Milliseconds of silence that make it offline; 0: 10 minutes, -1: never"`
	SpeedLimit    float32          `json:"speedLimit,omitempty" doc:"km/h, wherever it is; absent: none"`
	HasSecret     bool             `json:"hasSecret" doc:"Whether a password for MQTT is set"`
	Disabled      bool             `json:"disabled"`
	Type          fleet.RecordID   `json:"type,omitzero" doc:"Its device type; absent: nobody said"`
	TypeName      string           `json:"typeName,omitempty" example:"Teltonika FMB"`
	AlarmMode     string           `json:"alarmMode" enum:"normal,test,maintenance" doc:"In test and maintenance what happens is recorded, and neither raises an alarm nor sends a notice"`
	ModeUntil     fleet.Time       `json:"alarmModeUntil,omitzero" doc:"When it is normal again"`
	Extra         fleet.Extra      `json:"extra,omitempty" doc:"Additional fields, by the field's ID"`
	Connection    fleet.RecordID   `json:"connection,omitzero" doc:"By which it was found; absent: somebody entered it"`
	SourceRemoved bool             `json:"sourceRemoved,omitempty" doc:"That connection was deleted since"`
	Version       uint64           `json:"version"`
	Created       fleet.Time       `json:"created"`
}

func (c *call) showDevice(d *fleet.Device) device {
	v := device{
		ID: d.ID, Company: d.Company, Customer: d.Customer, Name: d.Name, UniqueID: d.UniqueID, Model: d.Model,
		Plate: d.Plate, Phone: d.Phone, Labels: some(d.Labels), ClockOffset: d.ClockOffset, Clock: c.api.showClock(d),
		OfflineAfter: int64(d.OfflineAfter), SpeedLimit: d.SpeedLimit,
		HasSecret: len(d.SecretHash) > 0, Disabled: d.Disabled, Type: d.Type, Version: d.Version, Created: d.Created,
		Extra: c.showExtra(d.Company, fleet.DeviceField, d.Extra),
	}
	if v.AlarmMode = "normal"; d.Mode(c.api.o.Now()) != fleet.NormalMode {
		v.AlarmMode, v.ModeUntil = string(d.AlarmMode), d.ModeUntil
	}
	if v.Connection = d.Connection; d.Connection != 0 {
		_, err := c.api.o.Books.Connections.Get(d.Connection)
		v.SourceRemoved = fleet.KindOf(err) == fleet.NotFound
	}
	if t, err := c.deviceType("type", d.Company, d.Type); err == nil {
		v.TypeName = t.Name
	}
	return v
}

// deviceList is a list with a filter of its own.
type deviceList struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a name, code, plate or identity, in any case"`
	Owner  string `query:"owner" doc:"Only what belongs to this customer or company"`
	Status string `query:"status" enum:"active,suspended" doc:"suspended: disabled ones"`
	Sort   string `query:"sort" enum:"name,-name,uniqueId,-uniqueId,plate,-plate,model,-model,phone,-phone,type,-type,status,-status,created,-created" doc:"What to sort by, - before it: the other way round; absent: the oldest first"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
	Label  string `query:"label" doc:"Only those that carry this label"`
	IDs    string `query:"ids" maxLength:"1500" doc:"Exactly these, with commas between, 100 at most; what you do not see is left out, and no other filter counts" example:"01H8MZ3V7Q2KD"`
	Clock  string `query:"clock" enum:"proposed" doc:"Only devices for whose clock a correction is proposed; search is ignored then"`
}

type deviceInput struct {
	Company      fleet.CompanyID  `json:"company,omitzero" doc:"Absent: your own, or the customer's"`
	Customer     fleet.CustomerID `json:"customer,omitzero" doc:"Absent: your own, else the company's stock"`
	Name         string           `json:"name" example:"Truck 12"`
	UniqueID     string           `json:"uniqueId" doc:"Unique in the installation" example:"990000862471854"`
	Model        string           `json:"model,omitempty" maxLength:"64" doc:"Chooses a protocol's dialect where models differ" example:"FMB920"`
	Plate        string           `json:"plate,omitempty" maxLength:"32" example:"ABC123"`
	Phone        string           `json:"phone,omitempty" example:"+573001234567"`
	Labels       []fleet.LabelID  `json:"labels,omitempty" nullable:"false" maxItems:"100"`
	ClockOffset  int64            `json:"clockOffset,omitempty" doc:"Milliseconds to add to its times"`
	OfflineAfter int64            `json:"offlineAfter,omitempty" minimum:"-1" doc:"Milliseconds of silence that make it offline; absent: 10 minutes, -1: never"`
	SpeedLimit   float32          `json:"speedLimit,omitempty" minimum:"0" maximum:"1000" doc:"km/h, an overspeed event if it is broken; absent: none"`
	Disabled     bool             `json:"disabled,omitempty"`
	Type         fleet.RecordID   `json:"type,omitzero" doc:"Its device type, built in or your company's own; a new device takes over what that says of its clock and its silence"`
	Extra        fleet.Extra      `json:"extra,omitempty" doc:"Additional fields, by the field's ID: see /fields; absent on update: as they are"`
	Version      uint64           `json:"version,omitempty" doc:"On update: the version that you saw"`
}

// apply lays the input over a device, new or stored. A customer's admin may
// name and label devices, and nothing else.
func (in *deviceInput) apply(c *call, d *fleet.Device) error {
	if in.Phone != "" {
		if err := fleet.ValidPhone(in.Phone); err != nil {
			return fleet.FieldError("phone", "%v", err)
		}
	}
	next := *d
	if d.ID == 0 || c.reach != auth.Inner {
		company, customer, err := c.place(in.Company, in.Customer)
		if err != nil {
			return err
		}
		next.Company, next.Customer = company, customer
	}
	next.Name, next.UniqueID, next.Model, next.Plate, next.Phone = in.Name, in.UniqueID, in.Model, in.Plate, in.Phone
	next.Labels, next.ClockOffset, next.Disabled, next.Version = sorted(in.Labels), in.ClockOffset, in.Disabled, in.Version
	next.OfflineAfter, next.SpeedLimit = fleet.Time(in.OfflineAfter), in.SpeedLimit
	next.Type = in.Type
	if c.reach == auth.Inner {
		next.Type = cmp.Or(in.Type, d.Type) // who may not change it need not know it
		for _, f := range []struct {
			name    string
			changed bool
		}{
			{"uniqueId", d.UniqueID != next.UniqueID}, {"model", d.Model != next.Model}, {"phone", d.Phone != next.Phone},
			{"clockOffset", d.ClockOffset != next.ClockOffset}, {"offlineAfter", d.OfflineAfter != next.OfflineAfter}, {"disabled", d.Disabled != next.Disabled},
			{"type", d.Type != next.Type},
			{"customer", in.Customer != 0 && in.Customer != d.Customer}, {"company", in.Company != 0 && in.Company != d.Company},
		} {
			if f.changed {
				return fleet.FieldError(f.name, "cannot be changed")
			}
		}
	}
	if err := c.checkLabels("labels", next.Labels); err != nil {
		return err
	}
	extra, err := c.layExtra(next.Company, fleet.DeviceField, d.Extra, in.Extra, d.ID == 0)
	if err != nil {
		return err
	}
	if c.reach == auth.Inner && !maps.Equal(extra, d.Extra) {
		return fleet.FieldError("extra", "cannot be changed")
	}
	next.Extra = extra
	if d.ID != 0 && next.Company != d.Company {
		return fleet.FieldError("company", "cannot be changed")
	}
	t, err := c.deviceType("type", next.Company, next.Type)
	if err != nil {
		return err
	}
	if d.ID == 0 {
		next.ClockOffset = cmp.Or(next.ClockOffset, t.ClockOffset)
		next.OfflineAfter = cmp.Or(next.OfflineAfter, fleet.Time(t.OfflineAfter))
	}
	*d = next
	return d.Validate()
}

func (a *API) devices() {
	op := operation{tag: "Devices", object: auth.Device}

	op.id, op.method, op.path, op.action = "listDevices", http.MethodGet, "/devices", auth.Read
	op.summary = "List devices"
	register(a, op, func(c *call, in *deviceList) (*one[page[device]], error) {
		q, err := (&list{Search: in.Search, Owner: in.Owner, After: in.After, Limit: in.Limit}).ordered(c, in.Sort, in.Status)
		if err != nil {
			return nil, err
		}
		if ok, err := c.label(in.Label, &q); err != nil || !ok {
			return &one[page[device]]{page[device]{Items: []device{}}}, err
		}
		if in.IDs != "" {
			p, err := c.devicesNamed(strings.Split(in.IDs, ","))
			return pageOf(p, c.showDevice), err
		}
		if in.Clock != "" {
			p, err := a.wrongClocks(q)
			return pageOf(p, c.showDevice), err
		}
		p, err := a.o.Records.Devices(q)
		return pageOf(p, c.showDevice), err
	})

	op.id, op.path, op.summary = "getDevice", "/devices/{id}", "Read a device"
	register(a, op, func(c *call, in *ByID) (*one[device], error) {
		d, err := c.device(in.ID)
		return &one[device]{c.showDevice(&d)}, err
	})

	op.id, op.method, op.path, op.action = "createDevice", http.MethodPost, "/devices", auth.Create
	op.summary, op.status = "Add a device", http.StatusCreated
	op.example = deviceInput{Name: "Truck 12", UniqueID: "990000862471854", Model: "FMB920", Plate: "ABC123"}
	register(a, op, func(c *call, in *struct{ Body deviceInput }) (*one[device], error) {
		var d fleet.Device
		if err := in.Body.apply(c, &d); err != nil {
			return nil, err
		}
		d.Version = 0
		return a.putDevice(c, d)
	})

	op.id, op.method, op.path, op.action = "updateDevice", http.MethodPut, "/devices/{id}", auth.Update
	op.summary, op.status = "Change a device", 0
	op.doc = "A customer's admin may change name, plate and labels."
	register(a, op, func(c *call, in *struct {
		ByID
		Body deviceInput
	}) (*one[device], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Body.apply(c, &d); err != nil {
			return nil, err
		}
		return a.putDevice(c, d)
	})

	op.id, op.method, op.action, op.summary = "deleteDevice", http.MethodDelete, auth.Delete, "Remove a device"
	op.doc, op.example = "Its identity becomes free; its history stays until its retention ends, unless erase removes its track for good. What a failure or the end of the server interrupts is erased later: at the next start, or within the hour.", nil
	register(a, op, func(c *call, in *struct {
		ByID
		Version uint64 `query:"version" doc:"Refuse with 409 if it has another version by now; 0 or absent: delete any"`
		Erase   bool   `query:"erase" doc:"Remove its track for good too, which cannot be undone"`
	}) (*struct{}, error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(d.Version, in.Version); err != nil {
			return nil, err
		}
		set := fleet.ChangeSet{Actor: c.actor(), RemovedDevices: []fleet.DeviceID{d.ID}}
		if in.Erase {
			set.Erased = set.RemovedDevices
		}
		if _, err = a.apply(c, set); err != nil || !in.Erase {
			return nil, err
		}
		if a.o.Messages != nil {
			a.o.Messages.Forget(d.ID)
		}
		if e, ok := a.o.Tracks.(Eraser); ok {
			if err := e.Erase(context.WithoutCancel(c), d.ID); err != nil {
				a.o.Log.Error("the track of a deleted device could not be erased; it is tried again", "device", d.ID, "err", err)
			}
		}
		return nil, nil
	})
	a.rawMessages()
	a.deviceSecret()
	a.alarmMode()
	a.devicePanel()
	a.deviceMove()
	a.clock()
}

func (a *API) putDevice(c *call, d fleet.Device) (*one[device], error) {
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Devices: []fleet.Device{d}})
	if err != nil {
		return nil, err
	}
	return &one[device]{c.showDevice(&set.Devices[0])}, nil
}

func (c *call) device(id string) (fleet.Device, error) {
	n, err := fleet.ParseID[deviceKey](id)
	if err != nil || n == 0 {
		return fleet.Device{}, errNotFound()
	}
	d, err := c.api.o.Records.Device(fleet.DeviceID(n))
	if err == nil && !c.scope.SeesDevice(d.ID, d.Company, d.Owner()) {
		err = errNotFound()
	}
	if err != nil {
		return fleet.Device{}, err
	}
	return d, nil
}

// devicesNamed are those of some devices that the caller sees.
func (c *call) devicesNamed(ids []string) (p fleet.Page[fleet.Device], err error) {
	const most = 100
	if len(ids) > most {
		return p, fleet.FieldError("ids", "at most %d at once", most)
	}
	for _, id := range ids {
		d, err := c.device(id)
		if fleet.KindOf(err) == fleet.NotFound {
			continue
		}
		if err != nil {
			return p, err
		}
		p.Items = append(p.Items, d)
	}
	return p, nil
}

type deviceKey struct{}
