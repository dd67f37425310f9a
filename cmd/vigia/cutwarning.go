package main

import (
	"cmp"
	"context"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// warnCuts mails the administrators of customers that will be cut within
// fleet.CutWarning days, once for each cut-off day, looking every hour until
// ctx ends. What could not be mailed is tried again an hour later.
func (n *node) warnCuts(ctx context.Context) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		n.warnOfCuts(ctx, n.post(), n.now())
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// warnOfCuts is one round of warnCuts.
func (n *node) warnOfCuts(ctx context.Context, post admin.Post, now fleet.Time) {
	log := n.part("cut-off")
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	for ctx.Err() == nil {
		page, err := n.admin.Customers(q)
		if err != nil {
			log.Error("customers that will be cut cannot be looked for; the next round tries again", "err", err)
			return
		}
		for i := range page.Items {
			cu := &page.Items[i]
			if cu.CutOffDay == 0 || cu.PaidThrough == "" {
				continue
			}
			if err := n.warnOfCut(ctx, post, cu, now); err != nil {
				log.Warn("a customer could not be warned that it will be cut; the next round tries again", "customer", cu.ID, "err", err)
			}
		}
		if q.After = page.Next; q.After == "" {
			return
		}
	}
}

// warnOfCut mails the administrators of one customer, if it is time and they
// were not told of that day.
func (n *node) warnOfCut(ctx context.Context, post admin.Post, cu *fleet.Customer, now fleet.Time) error {
	s, err := n.admin.Standing(cu.ID)
	if err != nil {
		return err
	}
	s.Chain, s.Plans = s.Chain[:1], s.Plans[:1] // its own day, not that of one above
	day := s.Access("", now).Cut
	told := "cut-warning " + cu.ID.String()
	if day == "" {
		return nil
	}
	if have, err := n.admin.Setting(told); err == nil && string(have) == string(day) {
		return nil
	} else if err != nil && !isKind(err, fleet.NotFound) {
		return err
	}
	people, err := n.admin.Users(fleet.Query{Scope: fleet.Scope{Company: cu.Company}, Owner: fleet.Owner(cu.ID), Limit: 1000})
	if err != nil {
		return err
	}
	for i := range people.Items {
		u := &people.Items[i]
		if u.Role != fleet.CustomerAdmin || u.Disabled || u.Email == "" {
			continue
		}
		if err := post(ctx, admin.CutLetter(u, cu.Name, day, cmp.Or(n.config.PublicURL, n.url()))); err != nil {
			return err
		}
	}
	return n.admin.PutSetting(fleet.Actor{}, told, []byte(day))
}
