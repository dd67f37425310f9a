package api

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// people are tables of users: customers' people, or a company's staff.
type people struct{ staff bool }

func (p people) labels() fleet.LabelOf {
	if p.staff {
		return fleet.OperatorLabel
	}
	return fleet.UserLabel
}

// ours reports whether somebody belongs into these tables.
func (p people) ours(t *table, u *fleet.User) bool {
	return u.Company == t.company && (u.Customer == 0) == p.staff && u.Role != fleet.PlatformAdmin && seesUser(&t.scope, u)
}

func (p people) each(t *table, owner fleet.OwnerID, row func(map[string]any) error) error {
	labels, err := t.labelsOf(p.labels())
	if err != nil {
		return err
	}
	q := fleet.Query{Scope: t.scoped(), Owner: owner}
	if p.staff {
		q.Owner = fleet.OwnerID(t.company)
		if err := t.readShifts(); err != nil {
			return err
		}
	}
	return everything(t.api.o.Records.Users, q, func(u *fleet.User) error {
		if !p.ours(t, u) {
			return nil
		}
		body, err := asBody(t.showPerson(u))
		if err != nil {
			return err
		}
		if u.Customer != 0 {
			body["customer"] = t.codeOf(u.Customer)
		}
		devices := make([]any, len(u.Devices))
		for i, id := range u.Devices {
			devices[i] = t.uidOf(id)
		}
		groups := []any{}
		for _, id := range labels.of[u.ID] {
			groups = append(groups, labels.show(id))
		}
		shifts := []any{}
		for _, s := range t.names.shifts[u.ID] {
			shifts = append(shifts, t.shiftText(&s))
		}
		body["devices"], body[groupsColumn], body[shiftsColumn] = devices, groups, shifts
		return row(body)
	})
}

func (p people) find(t *table, id, name string) (item, error) {
	u, err := lookUp(t, id, name, func(id uint64) (fleet.User, error) { return t.api.o.Records.User(fleet.UserID(id)) },
		t.api.o.People.UserByLogin, func(u *fleet.User) bool { return p.ours(t, u) })
	if err != nil || u == nil {
		return item{}, err
	}
	body, err := asBody(t.showPerson(u))
	delete(body, "modules") // absent: as they are
	return item{id: uint64(u.ID), created: u.Created, version: u.Version, user: *u, body: body}, err
}

func (p people) lay(t *table, it *item, body []byte) error {
	var in userInput
	if err := json.Unmarshal(body, &in); err != nil {
		return err
	}
	if p.staff && in.Role == "" {
		in.Role = fleet.Operator
	}
	if in.Role != "" && !slices.Contains(rolesOf(t.kind.of), string(in.Role)) {
		return fleet.FieldError("role", "%q is not one of the choices", string(in.Role))
	}
	if !p.staff && in.Customer == 0 && t.user.Customer == 0 {
		return fleet.FieldError("customer", "is required")
	}
	was := it.user
	if err := in.apply(t.call, &it.user); err != nil {
		return err
	}
	it.same = it.id != 0 && alike(was, it.user) && it.row.password == ""
	if pw := it.row.password; pw != "" {
		if err := t.policy.Check(pw); err != nil {
			return err
		}
		if l := strings.ToLower(pw); l == it.user.Login() || l == strings.ToLower(it.user.Email) {
			return fleet.FieldError("password", "is the user name")
		}
	}
	return p.ties(t, it)
}

// ties holds groups and shifts against what there is, before anything is put.
func (p people) ties(t *table, it *item) (err error) {
	if it.row.groups != nil {
		labels, err := t.labelsOf(p.labels())
		if err != nil {
			return err
		}
		if it.row.labels, err = labels.resolve(groupsColumn, *it.row.groups); err != nil {
			return err
		}
		have := sorted(labels.of[it.user.ID])
		if it.row.regroup = !slices.Equal(have, it.row.labels); it.row.regroup {
			if reach, _, err := t.may(auth.Label, auth.Update); err != nil || reach == auth.Nothing {
				return fleet.FieldError(groupsColumn, "cannot be changed")
			}
			it.same = false
		}
	}
	if len(it.row.shifts) == 0 {
		return nil
	}
	if it.row.add, err = t.newShifts(it.user.ID, it.row.shifts); err == nil && len(it.row.add) > 0 {
		it.same = false
	}
	return err
}

func (p people) put(t *table, items []*item) {
	hashes := map[*item]string{}
	for _, it := range items {
		if it.made && it.row.password != "" {
			if hashes[it], it.err = auth.HashPassword(t, it.row.password); it.err != nil {
				return
			}
		}
	}
	t.putAll(items, func(some []*item) error {
		users, passwords := make([]fleet.User, len(some)), make([]string, len(some))
		for i, it := range some {
			users[i], passwords[i] = it.user, hashes[it]
		}
		stored, err := t.api.o.Bulk.PutUsers(t.actor(), users, passwords)
		for i := range stored {
			some[i].user = stored[i]
		}
		return err
	})
	for _, it := range items {
		if it.err == nil {
			it.err = p.after(t, it)
		}
	}
	p.regroup(t, items)
}

// after does what follows once a person is there.
func (p people) after(t *table, it *item) error {
	switch {
	case it.row.password != "" && !it.made:
		if err := t.api.setPassword(t.call, &it.user, it.row.password, "set password", 0); err != nil {
			return err
		}
	case it.made && it.row.password == "" && it.row.invite && t.api.o.Post != nil:
		if _, err := t.api.activate(t.call, &it.user, byEmail); err != nil {
			return err
		}
	}
	for _, s := range it.row.add {
		s.User = it.user.ID
		stored, err := t.api.o.Books.Shifts.Put(t.actor(), s)
		if err != nil {
			return onColumn(shiftsColumn, err)
		}
		if t.names.shifts != nil {
			t.names.shifts[it.user.ID] = append(t.names.shifts[it.user.ID], stored)
		}
	}
	return nil
}

// onColumn makes an error one about a column.
func onColumn(key string, err error) error {
	if e, ok := err.(*fleet.Error); ok && e.Kind != fleet.Internal {
		mended := *e
		mended.Field = key
		return &mended
	}
	return err
}

// regroup writes who carries which label now: each label once.
func (p people) regroup(t *table, items []*item) {
	labels, err := t.labelsOf(p.labels())
	if err != nil {
		return // nothing was to be regrouped: ties reads them too
	}
	touched := map[fleet.RecordID][]*item{}
	for _, it := range items {
		if it.err != nil || !it.row.regroup {
			continue
		}
		for _, id := range append(slices.Clone(labels.of[it.user.ID]), it.row.labels...) {
			if !slices.Contains(touched[id], it) {
				touched[id] = append(touched[id], it)
			}
		}
	}
	for id, whose := range touched {
		if err := t.relabel(id, whose); err != nil {
			for _, it := range whose {
				it.err = onColumn(groupsColumn, err)
			}
			continue
		}
	}
	for _, it := range items {
		if it.err == nil && it.row.regroup {
			labels.of[it.user.ID] = it.row.labels
		}
	}
}

func (t *table) relabel(id fleet.RecordID, items []*item) error {
	l, err := t.api.o.Books.Labels.Get(id)
	if err != nil {
		return err
	}
	_, scope, err := t.may(auth.Label, auth.Update)
	if err != nil {
		return err
	}
	if !scope.SeesOwner(l.Company, l.Owner) {
		return fleet.FieldError(groupsColumn, "cannot be changed")
	}
	l.Users = slices.Clone(l.Users)
	for _, it := range items {
		l.Users = slices.DeleteFunc(l.Users, func(u fleet.UserID) bool { return u == it.user.ID })
		if slices.Contains(it.row.labels, id) {
			l.Users = append(l.Users, it.user.ID)
		}
	}
	_, err = t.api.o.Books.Labels.Put(t.actor(), l)
	return err
}
