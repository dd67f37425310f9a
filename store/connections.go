package store

import (
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// checkConnection bounds how many connections a company and a customer have,
// and that their plans allow the kind.
func checkConnection(tx *bbolt.Tx, c *fleet.Connection) error {
	there, err := findPlain(tx, uint64(c.ID), new(fleet.Connection))
	if err != nil || there {
		return err
	}
	if countPlain(tx, plainByCompany, fleet.ConnectionRecord, uint64(c.Company)) >= fleet.MaxConnections {
		return fleet.Errorf(fleet.Conflict, "a company has at most %d connections", fleet.MaxConnections)
	}
	if countPlain(tx, plainByOwner, fleet.ConnectionRecord, uint64(c.Owner)) >= fleet.MaxCustomerConnects {
		return fleet.Errorf(fleet.Conflict, "a customer has at most %d connections", fleet.MaxCustomerConnects)
	}
	for id, depth := fleet.CustomerID(c.Owner), 0; id != 0 && depth <= MaxDepth; depth++ {
		cu, err := customers.find(tx, be64(uint64(id)))
		if err != nil || cu == nil {
			return err
		}
		p, err := planOf(tx, cu.Plan)
		if err != nil {
			return err
		}
		if p != nil && len(p.Connections) > 0 && !slices.Contains(p.Connections, c.Via) {
			return fleet.Errorf(fleet.Conflict, "the plan %s has no connections of the kind %s", p.Name, c.Via)
		}
		id = cu.Parent
	}
	return nil
}

func countPlain(tx *bbolt.Tx, index string, kind fleet.RecordKind, who uint64) (n int) {
	prefix := plainKey(kind, who)
	c := tx.Bucket([]byte(index)).Cursor()
	for k, _ := c.Seek(prefix); len(k) >= 18 && string(k[:9]) == string(prefix); k, _ = c.Next() {
		n++
	}
	return n
}
