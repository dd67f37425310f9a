package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// checkShares holds a new share link against the plans of its owner and of
// those above it. Links that have ended do not count.
func checkShares(tx *bbolt.Tx, l *fleet.ShareLink) error {
	now := l.Updated
	for id, depth := fleet.CustomerID(l.Owner), 0; id != 0 && depth <= MaxDepth; depth++ {
		c, err := customers.find(tx, be64(uint64(id)))
		if err != nil || c == nil { // nil: the company's own
			return err
		}
		p, err := planOf(tx, c.Plan)
		if err != nil {
			return err
		}
		if p != nil && p.Limits.ShareLinks > 0 {
			n, err := openShares(tx, id, l.ID, now)
			if err != nil {
				return err
			}
			if n >= p.Limits.ShareLinks {
				return fleet.Errorf(fleet.Conflict, "the plan %s allows %d %s", p.Name, p.Limits.ShareLinks, "share links")
			}
		}
		id = c.Parent
	}
	return nil
}

// openShares counts the links of a customer and of those below it that have
// not ended, but for one.
func openShares(tx *bbolt.Tx, id fleet.CustomerID, but fleet.RecordID, now fleet.Time) (n int, err error) {
	prefix := plainKey(fleet.ShareLinkRecord, uint64(id))
	c := tx.Bucket([]byte(plainByOwner)).Cursor()
	for k, _ := c.Seek(prefix); len(k) >= 18 && string(k[:9]) == string(prefix); k, _ = c.Next() {
		var l fleet.ShareLink
		there, err := findPlain(tx, be64Of(k[len(k)-8:]), &l)
		if err != nil {
			return n, err
		}
		if s := l.StateAt(now); there && l.ID != but && (s == fleet.ShareOpen || s == fleet.ShareEarly) {
			n++
		}
	}
	for _, inner := range idsUnder(tx, customerByParent, uint64(id), 0) {
		more, err := openShares(tx, fleet.CustomerID(inner), but, now)
		if err != nil {
			return n, err
		}
		n += more
	}
	return n, nil
}
