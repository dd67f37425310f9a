package main

import "github.com/vigia-track/vigia/engine/fleet"

// recallAlarms tells the hub which alarms were open when the last run ended.
func (n *node) recallAlarms() error {
	open := []string{fleet.ActiveUnack, fleet.ActiveAck, fleet.ClearedUnack, fleet.ClearedAck}
	companies := fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	for {
		page, err := n.admin.Companies(companies)
		if err != nil {
			return err
		}
		for i := range page.Items {
			q := fleet.AttentionQuery{Scope: fleet.Scope{Company: page.Items[i].ID}, States: open, Limit: 1000}
			for {
				entries, err := n.facts.Attentions(q)
				if err != nil {
					return err
				}
				n.hub.Recall(entries.Items)
				// Open ones stand first: a page without any is the end of them.
				if q.After = entries.Next; q.After == "" || len(entries.Items) == 0 {
					break
				}
			}
		}
		if companies.After = page.Next; companies.After == "" {
			return nil
		}
	}
}
