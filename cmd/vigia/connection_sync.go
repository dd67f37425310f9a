package main

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// connectionBatch is how many devices one change makes.
const connectionBatch = 50

// found is an identity to be settled.
type found struct {
	uid      string
	sub      string
	customer fleet.CustomerID
}

// synchronise makes devices of what was heard. False: it has to be tried again.
func (r *connectionRun) synchronise() bool {
	if err := r.load(); err != nil {
		return r.fail(err)
	}
	r.mu.Lock()
	var open []found
	for uid, h := range r.heard {
		if !h.settled {
			open = append(open, found{uid: uid, sub: h.sub})
		}
	}
	r.mu.Unlock()
	slices.SortFunc(open, func(a, b found) int { return cmp.Compare(a.uid, b.uid) })
	for len(open) > 0 {
		batch := open[:min(len(open), connectionBatch)]
		open = open[len(batch):]
		if err := r.settle(batch); err != nil {
			return r.fail(err)
		}
	}
	return r.fail(nil)
}

// fail notes why a synchronisation does not go on.
func (r *connectionRun) fail(err error) bool {
	r.mu.Lock()
	r.failed = err
	r.mu.Unlock()
	if err != nil && r.ctx.Err() == nil {
		r.m.log.Warn("a connection's devices cannot be made, trying again", "connection", r.c.ID.String(), "err", err)
	}
	return err == nil
}

// load reads which devices are the connection's.
func (r *connectionRun) load() error {
	r.mu.Lock()
	owners := slices.Sorted(maps.Keys(r.ours))
	r.mu.Unlock()
	mine := map[string]bool{}
	for _, owner := range owners {
		q := fleet.Query{Scope: fleet.Scope{Installation: true}, Owner: fleet.Owner(owner), Limit: 1000}
		for {
			p, err := r.m.admin.Devices(q)
			if err != nil {
				return err
			}
			for i := range p.Items {
				if d := &p.Items[i]; d.Connection == r.c.ID {
					mine[d.UniqueID] = true
				}
			}
			if q.After = p.Next; q.After == "" {
				break
			}
		}
	}
	r.mu.Lock()
	r.mine = mine
	r.mu.Unlock()
	return nil
}

// settle makes devices, or takes over those that are there. An error is one of
// the server itself.
func (r *connectionRun) settle(batch []found) error {
	set := fleet.ChangeSet{}
	var making []found
	for _, f := range batch {
		var err error
		if f.customer, err = r.customer(f.sub); err != nil {
			if err = r.refuse(f, err); err != nil {
				return err
			}
			continue
		}
		d, err := r.m.admin.DeviceByUniqueID(f.uid)
		switch {
		case fleet.KindOf(err) == fleet.NotFound:
			d = fleet.Device{Company: r.c.Company, Customer: f.customer, Name: f.uid, UniqueID: f.uid}
		case err != nil:
			return err
		case !r.isOurs(d.Customer):
			err = fleet.Errorf(fleet.Conflict, "is taken by another device")
			if err = r.refuse(f, err); err != nil {
				return err
			}
			continue
		case d.Connection == r.c.ID:
			r.settled(f, 0, 0)
			continue
		}
		d.Connection = r.c.ID
		set.Devices, making = append(set.Devices, d), append(making, f)
	}
	if len(making) == 0 {
		return nil
	}
	done, err := r.m.apply(r.ctx, set)
	if err == nil {
		for i, f := range making {
			if done.Devices[i].Version == 1 {
				r.settled(f, 1, 0)
			} else {
				r.settled(f, 0, 1)
			}
		}
		return nil
	}
	if len(making) == 1 {
		return r.refuse(making[0], err)
	}
	for _, f := range making { // one of them is in the way of the others
		if err := r.settle([]found{f}); err != nil {
			return err
		}
	}
	return nil
}

func (r *connectionRun) isOurs(id fleet.CustomerID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ours[id]
}

// settled notes what became of an identity, and takes its latest publication in
// now that somebody has it.
func (r *connectionRun) settled(f found, news, updated int) {
	r.mu.Lock()
	h := r.heard[f.uid]
	topic, payload := h.topic, h.payload
	h.settled, h.topic, h.payload = true, "", nil
	r.waiting--
	r.news += news
	r.updated += updated
	r.mine[f.uid] = true
	r.mu.Unlock()
	if payload == nil || news == 0 {
		return
	}
	if err := r.intake.Take(r.ctx, ingest.Message{Topic: topic, Payload: payload, Via: r.c.URL}); err != nil {
		r.m.log.Warn("the first position of a found device is not stored", "device", f.uid, "err", err)
	}
}

// refuse notes why an identity becomes no device. An error that is not about
// it comes back.
func (r *connectionRun) refuse(f found, err error) error {
	e, ok := errors.AsType[*fleet.Error](err)
	if !ok || e.Kind != fleet.Conflict && e.Kind != fleet.Invalid && e.Kind != fleet.NotFound && e.Kind != fleet.Forbidden {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.heard[f.uid]
	h.settled, h.topic, h.payload = true, "", nil
	r.waiting--
	r.refused++
	if len(r.refusals) < maxRefusals {
		r.refusals = append(r.refusals, fleet.ConnectionRefusal{Name: f.uid, Reason: e.Message})
	}
	return nil
}

// customer is who gets the devices of a sub-tree.
func (r *connectionRun) customer(sub string) (fleet.CustomerID, error) {
	owner := fleet.CustomerID(r.c.Owner)
	if !r.c.AutoProvision || sub == "" {
		return owner, nil
	}
	r.mu.Lock()
	id, n := r.subs[sub], len(r.subs)
	r.mu.Unlock()
	if id != 0 {
		return id, nil
	}
	if n >= fleet.MaxSubAccounts {
		return 0, fleet.Errorf(fleet.Conflict, "a connection has at most %d sub-accounts", fleet.MaxSubAccounts)
	}
	account := fleet.SubAccount{Name: sub}
	var err error
	if account.Customer, err = r.linked(sub); err != nil {
		return 0, err
	}
	if account.Linked = account.Customer != 0; !account.Linked {
		if account.Customer, err = r.provision(owner, sub); err != nil {
			return 0, err
		}
	}
	if _, err = r.m.Amend(fleet.Actor{}, r.c.ID, func(c *fleet.Connection) error {
		c.SubAccounts = append(c.SubAccounts, account)
		return nil
	}); err != nil {
		return 0, err
	}
	r.mu.Lock()
	r.subs[sub], r.ours[account.Customer] = account.Customer, true
	r.mu.Unlock()
	return account.Customer, nil
}

// linked is the customer whose user has the sub-tree's name as mail address: the
// same person on both systems. Only users of the connection's customer, and of
// those below it, count.
func (r *connectionRun) linked(sub string) (fleet.CustomerID, error) {
	if !strings.Contains(sub, "@") {
		return 0, nil
	}
	u, err := r.m.admin.UserByLogin(sub)
	if fleet.KindOf(err) == fleet.NotFound || err == nil && u.Customer == 0 {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	inner, err := r.m.admin.InnerCustomers(fleet.CustomerID(r.c.Owner))
	if err != nil || !slices.Contains(inner, u.Customer) {
		return 0, err
	}
	return u.Customer, nil
}

// provision makes the inner customer of a sub-tree. It has no user, so nobody
// can enter until it gets an administrator.
func (r *connectionRun) provision(owner fleet.CustomerID, sub string) (fleet.CustomerID, error) {
	above, err := r.m.admin.Customer(owner)
	if err != nil {
		return 0, err
	}
	cu := fleet.Customer{
		Company: r.c.Company, Parent: owner, Name: sub, Code: sub, Country: above.Country, Lang: above.Lang, Timezone: above.Timezone,
	}
	done, err := r.m.apply(r.ctx, fleet.ChangeSet{Customers: []fleet.Customer{cu}})
	if e, ok := errors.AsType[*fleet.Error](err); ok && e.Kind == fleet.Conflict && e.Field != "" { // another one is called so
		cu.Name, cu.Code = sub+" · "+r.c.Name, sub+"-"+r.c.ID.String()
		done, err = r.m.apply(r.ctx, fleet.ChangeSet{Customers: []fleet.Customer{cu}})
	}
	if err != nil {
		return 0, err
	}
	return done.Customers[0].ID, nil
}
