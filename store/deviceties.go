package store

import (
	"bytes"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// maxTies bounds the answers about one device.
const maxTies = 1000

// Ties are what is tied to a device: its users, the fences, rules,
// notifications, contacts and assets that name it, and the notifications and
// contacts that are about all devices of its owners; at most 1000.
func (a *Admin) Ties(id fleet.DeviceID) (ties []fleet.Tie, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		d, err := devices.byID(tx, uint64(id))
		if err != nil {
			return err
		}
		above, err := owners(tx, d.Owner(), d.Company)
		if err != nil {
			return err
		}
		ties, err = tiesByName(tx, id)
		if err == nil {
			ties, err = tiesOfOwners(tx, ties, above)
		}
		return err
	})
	return ties[:min(len(ties), maxTies)], err
}

// Lost are the ties that a device loses by moving to an owner of its company:
// those of owners that may not name it there, and the labels that it carries
// and the owner does not know. It does not move.
func (a *Admin) Lost(id fleet.DeviceID, to fleet.OwnerID) (lost []fleet.Tie, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		d, err := devices.byID(tx, uint64(id))
		if err != nil {
			return err
		}
		above, err := owners(tx, to, d.Company)
		if err != nil {
			return err
		}
		ties, err := tiesByName(tx, id)
		for _, t := range ties {
			if !slices.Contains(above, t.Owner) {
				lost = append(lost, t)
			}
		}
		if err != nil {
			return err
		}
		for _, id := range d.Labels {
			ok, err := mayRefer(tx, &fleet.Head{Company: d.Company, Owner: to}, above, &fleet.Ref{Kind: fleet.LabelRecord, ID: uint64(id)})
			if err != nil {
				return err
			}
			var l fleet.Label
			if there, err := findPlain(tx, uint64(id), &l); err != nil {
				return err
			} else if there && !ok {
				lost = append(lost, tieOf(&l))
			}
		}
		return nil
	})
	return lost[:min(len(lost), maxTies)], err
}

// tiesByName are those that name the device itself, entries of its call list
// among them.
func tiesByName(tx *bbolt.Tx, id fleet.DeviceID) (ties []fleet.Tie, err error) {
	for _, t := range []struct {
		kind  fleet.RecordKind
		index string
		whose func(*bbolt.Tx, uint64) (string, fleet.OwnerID, fleet.CompanyID, error)
	}{
		{fleet.UserRecord, userByDevice, whoseUser}, {fleet.FenceRecord, fenceByDevice, whoseFence},
		{fleet.RuleRecord, ruleByDevice, whoseRule}, {fleet.NotificationRecord, noticeByDevice, whoseNotice},
	} {
		for _, n := range idsUnder(tx, t.index, uint64(id), 0) {
			name, owner, _, err := t.whose(tx, n)
			if err != nil {
				return nil, err
			}
			ties = append(ties, fleet.Tie{Kind: t.kind, ID: n, Name: name, Owner: owner})
		}
	}
	for _, n := range named(tx, fleet.DeviceRecord, uint64(id)) {
		v := newPlain(n.kind)
		if v == nil {
			continue
		}
		there, err := findPlain(tx, n.id, v)
		if err != nil {
			return nil, err
		}
		if s, ok := v.(*fleet.DeviceSheet); ok && there {
			for _, c := range s.Calls {
				var contact fleet.Contact
				if there, err := findPlain(tx, uint64(c.Contact), &contact); err != nil {
					return nil, err
				} else if there && !slices.ContainsFunc(ties, func(t fleet.Tie) bool { return t.Kind == fleet.ContactRecord && t.ID == uint64(c.Contact) }) {
					ties = append(ties, tieOf(&contact))
				}
			}
		} else if there && !slices.ContainsFunc(ties, func(t fleet.Tie) bool { return t.Kind == n.kind && t.ID == n.id }) {
			ties = append(ties, tieOf(v))
		}
	}
	return ties, nil
}

func tieOf(v fleet.Record) fleet.Tie {
	h, name := v.Header(), ""
	if words := v.Words(); len(words) > 0 {
		name = words[0]
	}
	return fleet.Tie{Kind: v.Kind(), ID: uint64(h.ID), Name: name, Owner: h.Owner}
}

// tiesOfOwners adds what is about all devices of one of the owners.
func tiesOfOwners(tx *bbolt.Tx, ties []fleet.Tie, above []fleet.OwnerID) ([]fleet.Tie, error) {
	for _, owner := range above {
		for _, n := range idsUnder(tx, noticeByOwner, uint64(owner), 0) {
			v, err := notices.byID(tx, n)
			if err != nil {
				return nil, err
			}
			if v.AllDevices {
				ties = append(ties, fleet.Tie{Kind: fleet.NotificationRecord, ID: n, Name: v.Description, Owner: owner, All: true})
			}
		}
		prefix := plainKey(fleet.ContactRecord, uint64(owner))
		c := tx.Bucket([]byte(plainByOwner)).Cursor()
		for k, _ := c.Seek(prefix); len(k) >= 18 && bytes.HasPrefix(k, prefix) && len(ties) < maxTies; k, _ = c.Next() {
			var v fleet.Contact
			there, err := findPlain(tx, be64Of(k[len(k)-8:]), &v)
			if err != nil {
				return nil, err
			}
			if there && v.AllDevices {
				t := tieOf(&v)
				t.All = true
				ties = append(ties, t)
			}
		}
	}
	return ties, nil
}

// dropCalls takes out of a moved device's call list whom its new owners may
// not name.
func (e *edit) dropCalls(id fleet.DeviceID, may func(fleet.OwnerID) bool) error {
	for _, n := range named(e.tx, fleet.DeviceRecord, uint64(id)) {
		if n.kind != fleet.DeviceSheetRecord {
			continue
		}
		var s fleet.DeviceSheet
		there, err := findPlain(e.tx, n.id, &s)
		if err != nil || !there {
			return err
		}
		for _, c := range slices.Clone(s.Calls) {
			_, owner, there, err := ownerOf(e.tx, fleet.ContactRecord, uint64(c.Contact))
			if err != nil {
				return err
			}
			if there && !may(owner) {
				if err := forget(e.tx, e.log, &s, fleet.ContactRecord, uint64(c.Contact)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// OnlyPositioning reports whether a customer has devices, and none that says
// more than where it is: of a type that says so, or of none.
func (a *Admin) OnlyPositioning(id fleet.CustomerID) (only bool, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		known := map[fleet.RecordID]bool{0: true}
		for _, n := range idsUnder(tx, deviceByOwner, uint64(id), 0) {
			d, err := devices.byID(tx, n)
			if err != nil {
				return err
			}
			is, seen := known[d.Type]
			if !seen {
				t, built := fleet.BuiltInType(d.Type)
				if !built {
					if _, err := findPlain(tx, uint64(d.Type), &t); err != nil {
						return err
					}
				}
				is = t.PositioningOnly
				known[d.Type] = is
			}
			if only = is; !is {
				return nil
			}
		}
		return nil
	})
	return only, err
}
