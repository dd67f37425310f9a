package store

import (
	"reflect"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

var ruleIdent = ident[fleet.Rule]{
	get: func(r *fleet.Rule) uint64 { return uint64(r.ID) }, set: func(r *fleet.Rule, id uint64) { r.ID = fleet.RuleID(id) },
	version: func(r *fleet.Rule) *uint64 { return &r.Version }, created: func(r *fleet.Rule) *fleet.Time { return &r.Created },
}

func (e *edit) putAllRules() error {
	for i := range e.set.Rules {
		r := &e.set.Rules[i]
		r.Targets.Devices, r.Targets.Labels, r.Fences = sorted(r.Targets.Devices), sorted(r.Targets.Labels), sorted(r.Fences)
		err := r.Validate()
		if err == nil {
			err = put(e, &rules, ruleIdent, r, e.judgeRule)
		}
		if err != nil {
			return place("rules", i, err)
		}
		e.putRules[r.ID] = true
	}
	return nil
}

// judgeRule raises a rule's judge version with every edit but of its name.
func (e *edit) judgeRule(old, r *fleet.Rule) error {
	r.Judge, r.From = 1, e.from()
	if old == nil || old.Owner != r.Owner {
		e.grown.add(fleet.CustomerID(r.Owner), ruleQuota)
	}
	if old == nil {
		return nil
	}
	if old.Company != r.Company {
		return fleet.FieldError("company", "a rule stays with its company")
	}
	was := *old
	was.Name, was.Version = r.Name, r.Version
	if r.Judge, r.From = old.Judge, old.From; !reflect.DeepEqual(was, *r) {
		r.Judge, r.From = old.Judge+1, e.from()
	}
	return nil
}

// dropRules deletes rules. One that a notification names stays: without it the
// notification would be about any rule.
func (e *edit) dropRules() error {
	for i, id := range e.set.RemovedRules {
		r, err := rules.byID(e.tx, uint64(id))
		if err == nil {
			err = e.ruleUnused(id)
		}
		if err == nil {
			err = drop(e, &rules, uint64(id), r)
		}
		if err != nil {
			return place("removedRules", i, err)
		}
	}
	return nil
}

// ruleUnused refuses a rule that a notification names, unless the same set puts
// the notification: its references are checked.
func (e *edit) ruleUnused(id fleet.RuleID) error {
	n := 0
	for _, nid := range idsUnder(e.tx, noticeByRule, uint64(id), 0) {
		if !e.putNotices[fleet.NotificationID(nid)] {
			n++
		}
	}
	if n > 0 {
		return (&fleet.InUse{What: "rule", By: "notifications", Count: n}).Conflict()
	}
	return nil
}

// dropDrawnRule deletes a rule that the caller did not name; notifications
// forget it.
func (e *edit) dropDrawnRule(id fleet.RuleID) error {
	r, err := rules.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	for _, n := range idsUnder(e.tx, noticeByRule, uint64(id), 0) {
		err := e.amendNotice(fleet.NotificationID(n), func(n *fleet.Notification) { narrow(n, without(n.Rules, id)) })
		if err != nil {
			return err
		}
	}
	e.set.RemovedRules = append(e.set.RemovedRules, id)
	e.set.Rules = slices.DeleteFunc(e.set.Rules, func(v fleet.Rule) bool { return v.ID == id })
	return drop(e, &rules, uint64(id), r)
}

// narrow leaves a notification those of its rules that are still there. One
// that has lost its last is paused: it would be about any rule otherwise.
func narrow(n *fleet.Notification, left []fleet.RuleID) {
	n.Paused = n.Paused || len(left) == 0 && len(n.Rules) > 0
	n.Rules = left
}

// amendRule changes a rule that the change draws along and adds it to the set.
// One that has lost its last fence is paused.
func (e *edit) amendRule(id fleet.RuleID, how func(*fleet.Rule)) error {
	if e.putRules[id] {
		return nil
	}
	r, err := rules.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(e.set.Rules, func(v fleet.Rule) bool { return v.ID == id })
	old := *r
	how(r)
	r.Paused = r.Paused || !r.AllFences && len(r.Fences) == 0 && len(old.Fences) > 0
	if at < 0 {
		r.Version, r.Judge, r.From = r.Version+1, r.Judge+1, e.from()
		e.set.Rules = append(e.set.Rules, *r)
	} else {
		e.set.Rules[at] = *r
	}
	return store(e, &rules, uint64(id), &old, r)
}

// lead takes out of rules the fences of branches that their owners are not in
// any more.
func (e *edit) lead() error {
	for _, id := range sorted(e.astray) {
		r, err := rules.find(e.tx, be64(id))
		if err != nil {
			return err
		}
		if r == nil || e.putRules[r.ID] {
			continue
		}
		above, err := owners(e.tx, r.Owner, r.Company)
		if err != nil {
			return err
		}
		left, err := keep(r.Fences, func(id fleet.FenceID) (bool, error) { return e.mayName(r.Owner, r.Company, above, id) })
		if err != nil {
			return err
		}
		if len(left) == len(r.Fences) {
			continue
		}
		if err := e.amendRule(r.ID, func(r *fleet.Rule) { r.Fences = left }); err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) checkRule(r *fleet.Rule) error {
	above, err := owners(e.tx, r.Owner, r.Company)
	if err != nil {
		return err
	}
	if err := e.checkOwned("targets.devices", r.Targets.Devices, r.Owner); err != nil {
		return err
	}
	if err := e.checkLabels("targets.labels", r.Targets.Labels, r.Company, r.Owner); err != nil {
		return err
	}
	for _, id := range r.Fences {
		if ok, err := e.mayName(r.Owner, r.Company, above, id); err != nil {
			return err
		} else if !ok {
			return fleet.FieldError("fences", "there is no fence %s here", id)
		}
	}
	return nil
}

// mayHear reports whether a notification may be about a rule: one of its owner,
// of somebody above it or of somebody below it.
func (e *edit) mayHear(n *fleet.Notification, above []fleet.OwnerID, id fleet.RuleID) (bool, error) {
	r, err := rules.find(e.tx, be64(uint64(id)))
	if err != nil || r == nil || r.Company != n.Company {
		return false, err
	}
	return e.related(r.Owner, r.Company, n.Owner, above)
}
