package api

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// devicePanel is all that a device's panel shows beside what has lists of its
// own: positions, signals (GET /events?device=) and messages (GET
// /deliveries?device=&channel=).
type devicePanel struct {
	Device        device           `json:"device"`
	Tabs          []fleet.PanelTab `json:"tabs" nullable:"false" doc:"What the panel of a device of this type shows, in order"`
	Zones         []fleet.Zone     `json:"zones" nullable:"false"`
	Calls         []panelCall      `json:"calls" nullable:"false" doc:"Whom to call, in this order"`
	Schedules     []panelSchedule  `json:"schedules" nullable:"false" doc:"When it is in use"`
	Fixed         []fleet.Note     `json:"fixedNotes" nullable:"false"`
	Temporary     []fleet.Note     `json:"temporaryNotes" nullable:"false" doc:"Those that have not ended"`
	Users         []panelItem      `json:"users" nullable:"false" doc:"Who is assigned to it"`
	Notifications []panelItem      `json:"notifications" nullable:"false" doc:"That are about it, or about all devices of its owner"`
	Contacts      []panelItem      `json:"contacts" nullable:"false"`
	Version       uint64           `json:"version" doc:"Of zones, calls, schedules and notes; send it along when you change them. 0: nothing is written down yet"`
}

type panelCall struct {
	Contact  fleet.RecordID `json:"contact"`
	Name     string         `json:"name" example:"María Rojas"`
	Relation string         `json:"relation,omitempty" example:"Night guard"`
	Phones   []string       `json:"phones" nullable:"false"`
	When     fleet.RecordID `json:"when,omitzero" doc:"A calendar; absent: at any time"`
	WhenName string         `json:"whenName,omitempty"`
	Now      bool           `json:"now" doc:"To be called at this moment"`
}

type panelSchedule struct {
	ID   fleet.RecordID `json:"id"`
	Name string         `json:"name"`
	Now  bool           `json:"now" doc:"It holds at this moment"`
}

type panelItem struct {
	ID   fleet.RecordID `json:"id"`
	Name string         `json:"name"`
	All  bool           `json:"all,omitempty" doc:"It is about all devices of an owner"`
}

type sheetInput struct {
	Zones     []fleet.Zone     `json:"zones,omitempty" nullable:"false" maxItems:"100" doc:"Parts of what it guards"`
	Calls     []fleet.Call     `json:"calls,omitempty" nullable:"false" maxItems:"50" doc:"Whom to call, in this order"`
	Schedules []fleet.RecordID `json:"schedules,omitempty" nullable:"false" maxItems:"20" doc:"Calendars: when it is in use"`
	Version   uint64           `json:"version,omitempty" doc:"The panel's version that you saw; absent: any"`
}

type notesInput struct {
	Fixed     []string        `json:"fixedNotes,omitempty" nullable:"false" maxItems:"50" example:"[\"Ask for the code word\"]"`
	Temporary []temporaryNote `json:"temporaryNotes,omitempty" nullable:"false" maxItems:"50"`
	Version   uint64          `json:"version,omitempty" doc:"The panel's version that you saw; absent: any"`
}

type temporaryNote struct {
	Text  string     `json:"text" maxLength:"2000" example:"The yard's gate is open until ten"`
	Until fleet.Time `json:"until" doc:"When it goes, within 366 days"`
}

func (a *API) devicePanel() {
	op := operation{tag: "Devices", object: auth.DevicePanel, action: auth.Read, method: http.MethodGet, path: "/devices/{id}/panel"}
	op.id, op.summary = "getDevicePanel", "Read what is written down about a device, and what is tied to it"
	register(a, op, func(c *call, in *ByID) (*one[devicePanel], error) {
		d, s, err := c.sheet(in.ID)
		if err != nil {
			return nil, err
		}
		return c.showPanel(&d, &s)
	})

	op.id, op.method, op.path, op.action = "updateDeviceSheet", http.MethodPut, "/devices/{id}/sheet", auth.Update
	op.summary, op.example = "Say which zones and schedules a device has, and whom to call", sheetInput{Zones: []fleet.Zone{{ID: "003", Name: "Cargo door", Number: 3}}}
	register(a, op, func(c *call, in *struct {
		ByID
		Body sheetInput
	}) (*one[devicePanel], error) {
		d, s, err := c.sheet(in.ID)
		if err != nil {
			return nil, err
		}
		s.Zones, s.Calls, s.Schedules, s.Version = in.Body.Zones, in.Body.Calls, in.Body.Schedules, cmp.Or(in.Body.Version, s.Version)
		return c.putSheet(&d, s)
	})

	op.id, op.path, op.object = "updateDeviceNotes", "/devices/{id}/notes", auth.DeviceNote
	op.summary, op.example = "Change the notes about a device", notesInput{Fixed: []string{"Ask for the code word"}}
	op.doc = "A note that stays as it was keeps its author."
	register(a, op, func(c *call, in *struct {
		ByID
		Body notesInput
	}) (*one[devicePanel], error) {
		d, s, err := c.sheet(in.ID)
		if err != nil {
			return nil, err
		}
		now := a.o.Now()
		note := func(old []fleet.Note, text string, until fleet.Time) fleet.Note {
			if i := slices.IndexFunc(old, func(n fleet.Note) bool { return n.Text == text && n.Until == until }); i >= 0 {
				return old[i]
			}
			return fleet.Note{Text: text, Until: until, Author: c.user.ID, Name: c.user.Name, At: now}
		}
		var fixed, temporary []fleet.Note
		for _, text := range in.Body.Fixed {
			fixed = append(fixed, note(s.Fixed, text, 0))
		}
		for i, n := range in.Body.Temporary {
			switch {
			case n.Until <= now:
				return nil, fleet.FieldError(index("temporaryNotes", i)+".until", "is over")
			case n.Until > now+fleet.LongestNote:
				return nil, fleet.FieldError(index("temporaryNotes", i)+".until", "is more than %d days", int(fleet.LongestNote/fleet.Day))
			}
			temporary = append(temporary, note(s.Temporary, n.Text, n.Until))
		}
		s.Fixed, s.Temporary, s.Version = fixed, temporary, cmp.Or(in.Body.Version, s.Version)
		return c.putSheet(&d, s)
	})
}

// sheet is a device with its sheet, an empty one if nothing is written down.
func (c *call) sheet(id string) (fleet.Device, fleet.DeviceSheet, error) {
	d, err := c.device(id)
	if err != nil {
		return d, fleet.DeviceSheet{}, err
	}
	s, err := c.api.o.Books.DeviceSheets.Named(d.Company, fleet.SheetOf(d.ID))
	if fleet.KindOf(err) == fleet.NotFound {
		s, err = fleet.DeviceSheet{Head: fleet.Head{Company: d.Company, Owner: fleet.Owner(d.Company)}, Device: d.ID}, nil
	}
	return d, s, err
}

// putSheet stores a sheet whose calls are to contacts of the device's owners,
// and whose calendars the caller may read.
func (c *call) putSheet(d *fleet.Device, s fleet.DeviceSheet) (*one[devicePanel], error) {
	above := []fleet.OwnerID{fleet.Owner(d.Company)}
	if d.Customer != 0 {
		st, err := c.api.o.Records.Standing(d.Customer)
		if err != nil {
			return nil, err
		}
		for i := range st.Chain {
			above = append(above, fleet.Owner(st.Chain[i].ID))
		}
	}
	calendar := func(field string, id fleet.RecordID) error {
		ok, err := c.seesRecord(fleet.CalendarRecord, uint64(id))
		if err == nil && !ok {
			err = errForeign(field)
		}
		return err
	}
	for i, call := range s.Calls {
		v, err := c.api.o.Books.Contacts.Get(call.Contact)
		if err == nil && (v.Company != d.Company || !slices.Contains(above, v.Owner)) {
			err = errForeign(index("calls", i) + ".contact")
		}
		if err != nil {
			return nil, foreign(index("calls", i)+".contact", err)
		}
		if call.When == 0 {
			continue
		}
		if err := calendar(index("calls", i)+".when", call.When); err != nil {
			return nil, err
		}
	}
	for i, id := range s.Schedules {
		if err := calendar(index("schedules", i), id); err != nil {
			return nil, err
		}
	}
	s, err := c.api.o.Books.DeviceSheets.Put(c.actor(), s)
	if err != nil {
		return nil, err
	}
	return c.showPanel(d, &s)
}

func (c *call) showPanel(d *fleet.Device, s *fleet.DeviceSheet) (*one[devicePanel], error) {
	a, now := c.api, c.api.o.Now()
	p := devicePanel{
		Device: c.showDevice(d), Zones: some(s.Zones), Calls: []panelCall{}, Schedules: []panelSchedule{}, Fixed: some(s.Fixed), Temporary: []fleet.Note{},
		Users: []panelItem{}, Notifications: []panelItem{}, Contacts: []panelItem{}, Version: s.Version,
	}
	t, err := c.deviceType("type", d.Company, d.Type)
	if err != nil {
		return nil, err
	}
	p.Tabs = t.PanelTabs()
	for _, n := range s.Temporary {
		if n.Until > now {
			p.Temporary = append(p.Temporary, n)
		}
	}
	for _, call := range s.Calls {
		v, err := a.o.Books.Contacts.Get(call.Contact)
		if err != nil {
			continue // deleted meanwhile
		}
		row := panelCall{Contact: call.Contact, Name: v.Name, Relation: v.Relation, Phones: some(v.Phones), When: call.When, Now: true}
		if call.When != 0 {
			if k, err := a.o.Books.Calendars.Get(call.When); err == nil {
				row.WhenName, row.Now = k.Name, k.Holds(now)
			}
		}
		p.Calls = append(p.Calls, row)
	}
	for _, id := range s.Schedules {
		if k, err := a.o.Books.Calendars.Get(id); err == nil {
			p.Schedules = append(p.Schedules, panelSchedule{id, k.Name, k.Holds(now)})
		}
	}
	ties, err := a.o.Records.Ties(d.ID)
	if err != nil {
		return nil, err
	}
	for _, tie := range ties {
		if ok, err := c.seesRecord(tie.Kind, tie.ID); err != nil {
			return nil, err
		} else if !ok {
			continue
		}
		item := panelItem{fleet.RecordID(tie.ID), tie.Name, tie.All}
		switch tie.Kind {
		case fleet.UserRecord:
			p.Users = append(p.Users, item)
		case fleet.NotificationRecord:
			p.Notifications = append(p.Notifications, item)
		case fleet.ContactRecord:
			p.Contacts = append(p.Contacts, item)
		}
	}
	return &one[devicePanel]{p}, nil
}
