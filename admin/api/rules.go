package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type rule struct {
	ID        fleet.RuleID    `json:"id"`
	Company   fleet.CompanyID `json:"company"`
	Owner     fleet.OwnerID   `json:"owner" doc:"The customer or company that it belongs to"`
	Name      string          `json:"name" example:"Unloading takes too long"`
	Trigger   string          `json:"trigger" enum:"dwell,overstay,absent,overspeed,moving,stopped"`
	Targets   targets         `json:"targets"`
	AllFences bool            `json:"allFences"`
	Fences    []fleet.FenceID `json:"fences" nullable:"false"`
	After     int64           `json:"after,omitempty" doc:"Milliseconds"`
	At        string          `json:"at,omitempty" doc:"Time of day by the owner's clock" example:"08:00"`
	Limit     float32         `json:"limit,omitempty" doc:"km/h"`
	Schedule  *schedule       `json:"schedule,omitempty"`
	Paused    bool            `json:"paused"`
	Version   uint64          `json:"version"`
	Created   fleet.Time      `json:"created"`
}

func showRule(r *fleet.Rule) rule {
	out := rule{
		ID: r.ID, Company: r.Company, Owner: r.Owner, Name: r.Name, Trigger: r.Trigger.String(),
		Targets:   targets{All: r.Targets.All, Inner: r.Targets.Inner, Devices: r.Targets.Devices, Labels: r.Targets.Labels},
		AllFences: r.AllFences, Fences: some(r.Fences), After: int64(r.After), Limit: r.Limit,
		Schedule: showSchedule(r.Schedule), Paused: r.Paused, Version: r.Version, Created: r.Created,
	}
	if r.At != nil {
		out.At = r.At.String()
	}
	return out
}

type ruleInput struct {
	Owner     fleet.OwnerID   `json:"owner,omitzero" doc:"Absent: your customer, else your company"`
	Name      string          `json:"name" example:"Unloading takes too long"`
	Trigger   string          `json:"trigger" enum:"dwell,overstay,absent,overspeed,moving,stopped"`
	Targets   *targets        `json:"targets,omitempty" doc:"Absent: every device of the owner and of its inner customers"`
	AllFences bool            `json:"allFences,omitempty" doc:"Every fence that applies to the device"`
	Fences    []fleet.FenceID `json:"fences,omitempty" nullable:"false" maxItems:"10000"`
	After     int64           `json:"after,omitempty" minimum:"0" doc:"Milliseconds: how long; overspeed without it: 10 s, moving and stopped: 3 min"`
	At        string          `json:"at,omitempty" doc:"In place of after, for overstay and absent: a time of day by the owner's clock, on the schedule's days" example:"08:00"`
	Limit     float32         `json:"limit,omitempty" minimum:"0" maximum:"1000" doc:"km/h, for overspeed"`
	Schedule  *schedule       `json:"schedule,omitempty" doc:"When it makes events, by the owner's clock; absent: always"`
	Paused    bool            `json:"paused,omitempty" doc:"Keeps its settings, watches nothing"`
	Version   uint64          `json:"version,omitempty" doc:"On update: the version that you saw"`
}

// apply lays the input over a rule, new or stored.
func (in *ruleInput) apply(c *call, r *fleet.Rule) error {
	owner := in.Owner
	if r.ID != 0 && owner == 0 {
		owner = r.Owner
	}
	company, owner, err := c.owner("owner", owner)
	if err != nil {
		return err
	}
	if r.ID != 0 && r.Owner != owner {
		return fleet.FieldError("owner", "cannot be changed")
	}
	t := targets{All: true, Inner: true}
	if in.Targets != nil {
		t = *in.Targets
	}
	devices, err := c.checkDevices("targets.devices", company, owner, t.Devices)
	if err != nil {
		return err
	}
	fences, err := c.checkFences("fences", company, in.Fences)
	if err != nil {
		return err
	}
	if err := r.Trigger.UnmarshalText([]byte(in.Trigger)); err != nil {
		return fleet.FieldError("trigger", "%v", err)
	}
	if err := c.checkLabels("targets.labels", t.Labels); err != nil {
		return err
	}
	if r.Schedule, err = in.Schedule.read("schedule"); err != nil {
		return err
	}
	if r.At = nil; in.At != "" {
		r.At = new(fleet.MinuteOfDay)
		if err := r.At.UnmarshalText([]byte(in.At)); err != nil {
			return fleet.FieldError("at", "%v", err)
		}
	}
	r.Company, r.Owner, r.Name, r.AllFences, r.Fences = company, owner, in.Name, in.AllFences, fences
	r.Targets = fleet.Targets{All: t.All, Inner: t.Inner, Devices: devices, Labels: sorted(t.Labels)}
	r.After, r.Limit, r.Paused, r.Version = fleet.Time(in.After), in.Limit, in.Paused, in.Version
	return r.Validate()
}

func (a *API) rules() {
	op := operation{tag: "Rules", object: auth.Rule}

	op.id, op.method, op.path, op.action = "listRules", http.MethodGet, "/rules", auth.Read
	op.summary = "List rules"
	register(a, op, func(c *call, in *nameList) (*one[page[rule]], error) {
		q, err := in.query(c)
		if err != nil {
			return nil, err
		}
		p, err := a.o.Records.Rules(q)
		return pageOf(p, showRule), err
	})

	op.id, op.path, op.summary = "getRule", "/rules/{id}", "Read a rule"
	register(a, op, func(c *call, in *ByID) (*one[rule], error) {
		r, err := c.rule(in.ID)
		return &one[rule]{showRule(&r)}, err
	})

	op.id, op.method, op.path, op.action = "createRule", http.MethodPost, "/rules", auth.Create
	op.summary, op.status = "Add a rule", http.StatusCreated
	op.doc = "A rule makes events that take time or speed to tell: `dwell` (in a fence for `after`, once a visit), `overstay` (again each `after`; or in it `at` a time of day), " +
		"`absent` (in none of the fences for `after`, or `at` a time of day), `overspeed`, `stopped` and `moving`. Notifications say who hears of them."
	op.example = ruleInput{Name: "Unloading takes too long", Trigger: "dwell", AllFences: true, After: int64(2 * fleet.Hour)}
	register(a, op, func(c *call, in *struct{ Body ruleInput }) (*one[rule], error) {
		var r fleet.Rule
		if err := in.Body.apply(c, &r); err != nil {
			return nil, err
		}
		r.Version = 0
		return a.putRule(c, r)
	})

	op.id, op.method, op.path, op.action = "updateRule", http.MethodPut, "/rules/{id}", auth.Update
	op.summary, op.status = "Change a rule", 0
	op.doc = "What it counts begins anew, but for a change of the name alone."
	register(a, op, func(c *call, in *struct {
		ByID
		Body ruleInput
	}) (*one[rule], error) {
		r, err := c.rule(in.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Body.apply(c, &r); err != nil {
			return nil, err
		}
		return a.putRule(c, r)
	})

	op.id, op.method, op.action, op.summary = "deleteRule", http.MethodDelete, auth.Delete, "Remove a rule"
	op.doc, op.example = "One that a notification names is kept: change or remove the notification first.", nil
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		r, err := c.rule(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(r.Version, in.Version); err != nil {
			return nil, err
		}
		_, err = a.apply(c, fleet.ChangeSet{Actor: c.actor(), RemovedRules: []fleet.RuleID{r.ID}})
		return nil, err
	})
}

func (a *API) putRule(c *call, r fleet.Rule) (*one[rule], error) {
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Rules: []fleet.Rule{r}})
	if err != nil {
		return nil, err
	}
	return &one[rule]{showRule(&set.Rules[0])}, nil
}

func (c *call) rule(id string) (fleet.Rule, error) {
	k, err := fleet.ParseID[ruleKey](id)
	if err != nil || k == 0 {
		return fleet.Rule{}, errNotFound()
	}
	r, err := c.api.o.Records.Rule(fleet.RuleID(k))
	if err == nil && !c.scope.SeesOwner(r.Company, r.Owner) {
		err = errNotFound()
	}
	return r, err
}

// checkRules wants rules that the caller sees, of the same company.
func (c *call) checkRules(field string, company fleet.CompanyID, ids []fleet.RuleID) ([]fleet.RuleID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	_, scope, err := c.may(auth.Rule, auth.Read)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		r, err := c.api.o.Records.Rule(id)
		if err != nil {
			return nil, foreign(index(field, i), err)
		}
		if r.Company != company || !scope.SeesOwner(r.Company, r.Owner) {
			return nil, errForeign(index(field, i))
		}
	}
	return sorted(ids), nil
}

type ruleKey struct{}
