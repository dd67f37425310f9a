package api

import (
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// kinds adds the types of device and the event plans: built-in ones, which every
// company has, and those that a company makes.
func (a *API) kinds() {
	crud(a, resource[fleet.DeviceType]{
		one: "DeviceType", many: "DeviceTypes", path: "/device-types", object: auth.DeviceType, book: a.o.Books.DeviceTypes, common: true, companyOnly: true,
		a: "a device type", doc: "What devices of a type can report, and what their panel shows. Built-in ones come first.", builtIn: fleet.DeviceTypes(),
		example: fleet.DeviceType{Name: "Refrigerated truck", Protocol: "teltonika", Tabs: []fleet.PanelTab{"map", "signals", "notes"}, Icon: "truck",
			Events: []fleet.TypeEvent{{Code: "alarm.temperature", Name: &fleet.Phrase{En: "Cooling failed", Es: "Falla de frío"}, Severity: fleet.MajorSeverity, Alarm: true}, {Code: "exit"}}},
		show: func(c *call, v *fleet.DeviceType) {
			v.Events, v.Tabs = v.Shown(c.lang, v.Codes()), v.PanelTabs()
		},
	})
	crud(a, resource[fleet.EventPlan]{
		one: "EventPlan", many: "EventPlans", path: "/event-plans", object: auth.EventPlan, book: a.o.Books.EventPlans, common: true, companyOnly: true,
		a: "an event plan", doc: "Which events count for the notifications that name the plan; they follow when it changes. Built-in ones come first.", builtIn: fleet.EventPlans(),
		example: fleet.EventPlan{Name: "Theft", Type: 3, Codes: []fleet.EventCode{"alarm.sos", "alarm.powerCut", "exit"}},
		lay: func(c *call, _, v *fleet.EventPlan) error {
			t, err := c.deviceType("type", v.Company, v.Type)
			if err != nil || v.Type == 0 {
				return err
			}
			known := t.Codes()
			for _, code := range v.Codes {
				if !slices.Contains(known, code) {
					return fleet.FieldError("codes", "%q is not in the catalogue of the device type", string(code))
				}
			}
			return nil
		},
		show: func(c *call, v *fleet.EventPlan) {
			t, err := c.deviceType("type", v.Company, v.Type)
			if err != nil {
				t = fleet.DeviceType{} // names as everybody has them
			}
			v.Events = t.Shown(c.lang, v.Codes)
		},
		put: func(c *call, v fleet.EventPlan) (fleet.EventPlan, error) {
			set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), EventPlans: []fleet.EventPlan{v}})
			if err != nil {
				return v, err
			}
			return set.EventPlans[0], nil
		},
	})
}

// deviceType is a built-in type, or one of a company's own; of ID 0 it is none.
func (c *call) deviceType(field string, company fleet.CompanyID, id fleet.RecordID) (fleet.DeviceType, error) {
	if id == 0 {
		return fleet.DeviceType{}, nil
	}
	if t, ok := fleet.BuiltInType(id); ok {
		return t, nil
	}
	t, err := c.api.o.Books.DeviceTypes.Get(id)
	if err == nil && t.Company != company {
		err = errForeign(field)
	}
	return t, foreign(field, err)
}

// eventPlan is a built-in plan, or one of a company's own.
func (c *call) eventPlan(field string, company fleet.CompanyID, id fleet.RecordID) (fleet.EventPlan, error) {
	if p, ok := fleet.BuiltInPlan(id); ok {
		return p, nil
	}
	p, err := c.api.o.Books.EventPlans.Get(id)
	if err == nil && p.Company != company {
		err = errForeign(field)
	}
	return p, foreign(field, err)
}

// checkPlan wants devices that speak what the plan is for, as far as their
// types are known: of another protocol's events they would never tell.
func (c *call) checkPlan(field string, p *fleet.EventPlan, devices []fleet.DeviceID) error {
	of, err := c.deviceType("plan", p.Company, p.Type)
	if err != nil {
		return err
	}
	spoken := map[fleet.RecordID]string{0: of.Protocol} // by type
	for i, id := range devices {
		d, err := c.api.o.Records.Device(id)
		if err != nil {
			return foreign(index(field, i), err)
		}
		if _, known := spoken[d.Type]; !known {
			t, err := c.deviceType(index(field, i), d.Company, d.Type)
			if err != nil {
				return err
			}
			spoken[d.Type] = t.Protocol
		}
		if spoken[d.Type] != of.Protocol {
			return fleet.FieldError(index(field, i), "speaks another protocol than the event plan is for")
		}
	}
	return nil
}
