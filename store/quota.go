package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/roll"
)

// quota is something that a plan limits.
type quota uint8

const (
	deviceQuota quota = iota
	userQuota
	innerQuota
	fenceQuota
	ruleQuota
	quotas
)

// What each quota is called, its limit, and the index that lists it by owner.
var quotaNames = [quotas]string{"devices", "users", "inner customers", "geofences", "rules"}
var quotaIndex = [quotas]string{deviceByOwner, userByOwner, customerByParent, fenceByOwner, ruleByOwner}

func (q quota) of(l *fleet.PlanLimits) int {
	return [quotas]int{l.Devices, l.Users, l.Inner, l.Fences, l.Rules}[q]
}

// growth is which customers got more of what in one transaction.
type growth map[fleet.CustomerID]uint8

func (g growth) add(c fleet.CustomerID, which ...quota) {
	for _, q := range which {
		if c != 0 {
			g[c] |= 1 << q
		}
	}
}

// check holds what grew against the plans of each customer and of those above
// it. A plan covers all that stands below its customer.
func (g growth) check(tx *bbolt.Tx) error {
	above := growth{} // what to count where, each once
	for id, what := range g {
		for depth := 0; id != 0 && depth <= MaxDepth; depth++ {
			c, err := customers.find(tx, be64(uint64(id)))
			if err != nil {
				return err
			}
			if c == nil {
				break // deleted by the same set
			}
			if c.Plan != 0 {
				above[id] |= what
			}
			id = c.Parent
		}
	}
	for id, what := range above {
		c, err := customers.byID(tx, uint64(id))
		if err != nil {
			return err
		}
		p, err := planOf(tx, c.Plan)
		if err != nil {
			return err
		}
		for q := range quotas {
			if p == nil || what&(1<<q) == 0 || q.of(&p.Limits) == 0 {
				continue
			}
			if limit := q.of(&p.Limits); countBelow(tx, q, id, limit+1) > limit {
				return fleet.Errorf(fleet.Conflict, "the plan %s allows %d %s", p.Name, limit, quotaNames[q])
			}
		}
	}
	return nil
}

// countBelow counts what a customer and those below it have, up to a number.
func countBelow(tx *bbolt.Tx, q quota, id fleet.CustomerID, most int) int {
	n := countOwned(tx, q, uint64(id), most)
	for _, inner := range idsUnder(tx, customerByParent, uint64(id), 0) {
		if n >= most {
			break
		}
		n += countBelow(tx, q, fleet.CustomerID(inner), most-n)
	}
	return n
}

// What keeps the count of each quota by owner.
var quotaRoll = [quotas]func(*rolls) *roll.Roll{
	func(r *rolls) *roll.Roll { return &r.devices }, func(r *rolls) *roll.Roll { return &r.users },
	func(r *rolls) *roll.Roll { return &r.customers }, func(r *rolls) *roll.Roll { return &r.fences },
	func(r *rolls) *roll.Roll { return &r.rules },
}

// countOwned counts what a customer has, up to a number.
func countOwned(tx *bbolt.Tx, q quota, id uint64, most int) int {
	if n, ok := owned(tx, quotaRoll[q], id); ok {
		return min(n, most)
	}
	return countUnder(tx, quotaIndex[q], id, most)
}

// countUnder counts what an index lists under who, up to a number.
func countUnder(tx *bbolt.Tx, index string, who uint64, most int) (n int) {
	prefix := be64(who)
	c := tx.Bucket([]byte(index)).Cursor()
	for k, _ := c.Seek(prefix); n < most && len(k) == 16 && string(k[:8]) == string(prefix); k, _ = c.Next() {
		n++
	}
	return n
}
