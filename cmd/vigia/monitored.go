package main

import "github.com/vigia-track/vigia/engine/fleet"

// monitored says whether what happens to an owner's devices goes to the
// operators' queue: a customer may do without. It is asked for raised events
// only, within their transaction. In doubt it is yes.
func (n *node) monitored(owner fleet.OwnerID) bool {
	c, err := n.admin.Customer(fleet.CustomerID(owner)) // NotFound for a company
	return err != nil || !c.NoMonitoring
}
