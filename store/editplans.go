package store

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// putEventPlans stores the set's event plans: plain records, with the heads and
// checks of those.
func (e *edit) putEventPlans() error {
	for i := range e.set.EventPlans {
		if err := e.putEventPlan(&e.set.EventPlans[i]); err != nil {
			return place("eventPlans", i, err)
		}
	}
	return nil
}

func (e *edit) putEventPlan(p *fleet.EventPlan) error {
	if err := p.Validate(); err != nil {
		return err
	}
	var old fleet.Record
	if p.ID != 0 {
		var stored fleet.EventPlan
		there, err := findPlain(e.tx, uint64(p.ID), &stored)
		if err != nil {
			return err
		}
		if !there {
			return fleet.Errorf(fleet.NotFound, "there is no event plan %s", p.ID)
		}
		old = &stored
	}
	if err := nextVersion(e.tx, old, p, e.now); err != nil {
		return err
	}
	if err := checkPlain(e.tx, p); err != nil {
		return err
	}
	if err := putPlain(e.tx, old, p); err != nil {
		return err
	}
	return logPlain(e.log, p.Kind(), uint64(p.ID), old, p)
}

// planOf is the event plan that a notification names, nil if it names none.
func (e *edit) planOf(n *fleet.Notification) (*fleet.EventPlan, error) {
	if n.Plan == 0 {
		return nil, nil
	}
	if p, ok := fleet.BuiltInPlan(n.Plan); ok {
		return &p, nil
	}
	var p fleet.EventPlan
	there, err := findPlain(e.tx, uint64(n.Plan), &p)
	if err == nil && (!there || p.Company != n.Company) {
		err = fleet.FieldError("plan", "there is no event plan %s here", n.Plan)
	}
	return &p, err
}

// follow gives a notification the events of its plan.
func (e *edit) follow(n *fleet.Notification) error {
	p, err := e.planOf(n)
	if err != nil || p == nil {
		return err
	}
	n.Kinds, n.Alarms, err = fleet.Select(p.Codes)
	return err
}

// followAll has every notification of an edited plan follow it.
func (e *edit) followAll() error {
	for i := range e.set.EventPlans {
		p := &e.set.EventPlans[i]
		kinds, alarms, err := fleet.Select(p.Codes)
		if err != nil {
			return err
		}
		for _, id := range idsUnder(e.tx, noticeByPlan, uint64(p.ID), 0) {
			err := e.amendNotice(fleet.NotificationID(id), func(n *fleet.Notification) { n.Kinds, n.Alarms = kinds, alarms })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// checkType wants a device's type to be built in, or its company's own.
func (e *edit) checkType(d *fleet.Device) error {
	if d.Type == 0 || fleet.BuiltIn(d.Type) {
		return nil
	}
	var t fleet.DeviceType
	there, err := findPlain(e.tx, uint64(d.Type), &t)
	if err == nil && (!there || t.Company != d.Company) {
		err = fleet.FieldError("type", "there is no device type %s here", d.Type)
	}
	return err
}
