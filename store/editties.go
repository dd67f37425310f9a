package store

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// later notes that every device below a customer has other owners above it,
// and which notifications may now reach across branches.
func (e *edit) later(id fleet.CustomerID) error {
	inner, err := innerCustomers(e.tx, id)
	if err != nil {
		return err
	}
	for _, c := range inner {
		for _, d := range idsUnder(e.tx, deviceByOwner, uint64(c), 0) {
			e.moved = append(e.moved, fleet.DeviceID(d))
		}
		for _, l := range labelsOf(e.tx, uint64(c)) { // whoever stood above may carry them
			for _, d := range idsUnder(e.tx, deviceByLabel, l, 0) {
				e.moved = append(e.moved, fleet.DeviceID(d))
			}
		}
		e.crossing = append(e.crossing, idsUnder(e.tx, noticeByOwner, uint64(c), 0)...)
		for _, u := range idsUnder(e.tx, userByOwner, uint64(c), 0) {
			e.crossing = append(e.crossing, idsUnder(e.tx, noticeByUser, u, 0)...)
		}
		for _, f := range idsUnder(e.tx, fenceByOwner, uint64(c), 0) {
			e.crossing = append(e.crossing, idsUnder(e.tx, noticeByFence, f, 0)...)
			e.astray = append(e.astray, idsUnder(e.tx, ruleByFence, f, 0)...)
		}
		for _, r := range idsUnder(e.tx, ruleByOwner, uint64(c), 0) {
			e.astray = append(e.astray, r)
			e.crossing = append(e.crossing, idsUnder(e.tx, noticeByRule, r, 0)...)
		}
	}
	return nil
}

// uncross takes out of notifications the fences and people of branches that
// their owners are not in any more; one that nobody else gets goes.
func (e *edit) uncross() error {
	for _, id := range sorted(e.crossing) {
		n, err := notices.find(e.tx, be64(id))
		if err != nil {
			return err
		}
		if n == nil || e.putNotices[n.ID] {
			continue
		}
		above, err := owners(e.tx, n.Owner, n.Company)
		if err != nil {
			return err
		}
		fenceIDs, err := keep(n.Fences, func(id fleet.FenceID) (bool, error) { return e.mayName(n.Owner, n.Company, above, id) })
		if err != nil {
			return err
		}
		people, err := keep(n.Recipients, func(id fleet.UserID) (bool, error) { return e.mayTell(n, above, id) })
		if err != nil {
			return err
		}
		ruleIDs, err := keep(n.Rules, func(id fleet.RuleID) (bool, error) { return e.mayHear(n, above, id) })
		if err != nil {
			return err
		}
		switch {
		case len(people)+len(n.Emails)+len(n.Phones) == 0:
			err = e.dropDrawnNotice(n.ID)
		case len(people) < len(n.Recipients) || len(fenceIDs) < len(n.Fences) || len(ruleIDs) < len(n.Rules):
			err = e.amendNotice(n.ID, func(n *fleet.Notification) {
				n.Fences, n.Recipients = fenceIDs, people
				narrow(n, ruleIDs)
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func keep[T any](s []T, is func(T) (bool, error)) (out []T, err error) {
	for _, v := range s {
		ok, err := is(v)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, v)
		}
	}
	return out, nil
}

// untieMoved cuts what moved devices may no longer be tied to.
func (e *edit) untieMoved() error {
	for _, id := range sorted(e.moved) {
		d, err := devices.find(e.tx, be64(uint64(id)))
		if err != nil {
			return err
		}
		if d == nil {
			continue
		}
		owners, err := owners(e.tx, d.Owner(), d.Company)
		if err != nil {
			return err
		}
		if err := e.untie(id, func(o fleet.OwnerID) bool { return slices.Contains(owners, o) }); err != nil {
			return err
		}
		labels, err := e.fitting(d, d.Labels, owners)
		if err != nil {
			return err
		}
		if len(labels) == len(d.Labels) {
			continue
		}
		if err := e.amendDevice(uint64(id), func(d *fleet.Device) { d.Labels = labels }); err != nil {
			return err
		}
	}
	return nil
}

// untie takes a device out of the fences, notifications and assignments whose
// owner may not name it any more. Records that the set itself puts are left:
// their references are checked.
func (e *edit) untie(id fleet.DeviceID, may func(owner fleet.OwnerID) bool) error {
	if err := releaseFrom(e.tx, e.log, deviceRecord, uint64(id), may); err != nil {
		return err
	}
	if err := e.dropCalls(id, may); err != nil {
		return err
	}
	for _, fid := range idsUnder(e.tx, fenceByDevice, uint64(id), 0) {
		f, err := fences.byID(e.tx, fid)
		if err != nil {
			return err
		}
		if may(f.Owner) {
			continue
		}
		if err := e.amendFence(f.ID, func(f *fleet.Fence) { f.Targets.Devices = without(f.Targets.Devices, id) }); err != nil {
			return err
		}
	}
	for _, rid := range idsUnder(e.tx, ruleByDevice, uint64(id), 0) {
		r, err := rules.byID(e.tx, rid)
		if err != nil {
			return err
		}
		if may(r.Owner) {
			continue
		}
		if err := e.amendRule(r.ID, func(r *fleet.Rule) { r.Targets.Devices = without(r.Targets.Devices, id) }); err != nil {
			return err
		}
	}
	for _, nid := range idsUnder(e.tx, noticeByDevice, uint64(id), 0) {
		n, err := notices.byID(e.tx, nid)
		if err != nil {
			return err
		}
		if may(n.Owner) {
			continue
		}
		if err := e.amendNotice(n.ID, func(n *fleet.Notification) { n.Devices = without(n.Devices, id) }); err != nil {
			return err
		}
	}
	for _, uid := range idsUnder(e.tx, userByDevice, uint64(id), 0) {
		u, err := users.byID(e.tx, uid)
		if err != nil {
			return err
		}
		if may(userOwner(u)) {
			continue
		}
		old := *u
		u.Devices = without(u.Devices, id)
		u.Version++
		if err := users.put(e.tx, &old, u); err != nil {
			return err
		}
		if err := logChange(e.log, &users, uid, &old, u); err != nil {
			return err
		}
	}
	return nil
}

func userOwner(u *fleet.User) fleet.OwnerID {
	if u.Customer != 0 {
		return fleet.OwnerID(u.Customer)
	}
	return fleet.OwnerID(u.Company)
}

// amendFence changes a fence that the change draws along and adds it to the set.
func (e *edit) amendFence(id fleet.FenceID, how func(*fleet.Fence)) error {
	if e.putFences[id] {
		return nil
	}
	f, err := fences.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(e.set.Fences, func(v fleet.Fence) bool { return v.ID == id })
	old := *f
	how(f)
	if at < 0 {
		f.Version, f.Judge, f.From = f.Version+1, f.Judge+1, e.from()
		e.set.Fences = append(e.set.Fences, *f)
	} else {
		e.set.Fences[at] = *f
	}
	return store(e, &fences, uint64(id), &old, f)
}

// amendNotice changes a notification that the change draws along.
func (e *edit) amendNotice(id fleet.NotificationID, how func(*fleet.Notification)) error {
	if e.putNotices[id] {
		return nil
	}
	n, err := notices.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	at := slices.IndexFunc(e.set.Notifications, func(v fleet.Notification) bool { return v.ID == id })
	old := *n
	how(n)
	if at < 0 {
		n.Version++
		e.set.Notifications = append(e.set.Notifications, *n)
	} else {
		e.set.Notifications[at] = *n
	}
	return store(e, &notices, uint64(id), &old, n)
}
