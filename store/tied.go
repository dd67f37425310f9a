package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// tie is how the records of a table name plain ones of a kind.
type tie struct {
	by    string // the naming records, in a [fleet.InUse]
	index string
	// whose is the naming record's name, owner and company.
	whose func(tx *bbolt.Tx, id uint64) (name string, owner fleet.OwnerID, company fleet.CompanyID, err error)
}

// ties are all ways in which records of tables name plain ones.
var ties = map[fleet.RecordKind][]tie{
	fleet.LabelRecord:      {{"devices", deviceByLabel, whoseDevice}, {"fences", fenceByLabel, whoseFence}, {"rules", ruleByLabel, whoseRule}},
	fleet.DeviceTypeRecord: {{"devices", deviceByType, whoseDevice}},
	fleet.EventPlanRecord:  {{"notifications", noticeByPlan, whoseNotice}},
	fleet.LocationRecord:   {{"customers", customerByLocation, whoseCustomer}, {"users", userByLocation, whoseUser}},
	fleet.ViewRecord:       {{"customers", customerByView, whoseCustomer}},
}

func whoseCustomer(tx *bbolt.Tx, id uint64) (string, fleet.OwnerID, fleet.CompanyID, error) {
	v, err := customers.byID(tx, id)
	if err != nil {
		return "", 0, 0, err
	}
	return v.Name, fleet.Owner(v.ID), v.Company, nil
}

func whoseUser(tx *bbolt.Tx, id uint64) (string, fleet.OwnerID, fleet.CompanyID, error) {
	v, err := users.byID(tx, id)
	if err != nil {
		return "", 0, 0, err
	}
	return v.Name, userOwner(v), v.Company, nil
}

// addPlaces indexes who names a location or a view.
func addPlaces(tx *bbolt.Tx) error {
	if err := makeBuckets(tx, customerByLocation, customerByView, userByLocation); err != nil {
		return err
	}
	return walkTable(tx, &customers, func(c *fleet.Customer) error {
		if c.View == 0 {
			return nil
		}
		return tx.Bucket([]byte(customerByView)).Put(listed(customerByView, uint64(c.View), uint64(c.ID)).key, []byte{})
	})
}

func whoseDevice(tx *bbolt.Tx, id uint64) (string, fleet.OwnerID, fleet.CompanyID, error) {
	v, err := devices.byID(tx, id)
	if err != nil {
		return "", 0, 0, err
	}
	return v.Name, v.Owner(), v.Company, nil
}

func whoseFence(tx *bbolt.Tx, id uint64) (string, fleet.OwnerID, fleet.CompanyID, error) {
	v, err := fences.byID(tx, id)
	if err != nil {
		return "", 0, 0, err
	}
	return v.Name, v.Owner, v.Company, nil
}

func whoseRule(tx *bbolt.Tx, id uint64) (string, fleet.OwnerID, fleet.CompanyID, error) {
	v, err := rules.byID(tx, id)
	if err != nil {
		return "", 0, 0, err
	}
	return v.Name, v.Owner, v.Company, nil
}

func whoseNotice(tx *bbolt.Tx, id uint64) (string, fleet.OwnerID, fleet.CompanyID, error) {
	v, err := notices.byID(tx, id)
	if err != nil {
		return "", 0, 0, err
	}
	return v.Description, v.Owner, v.Company, nil
}

// tied refuses to let go of a plain record that records of tables name, but
// for those of owners that may go on naming it.
func tied(tx *bbolt.Tx, kind fleet.RecordKind, id uint64, may func(fleet.OwnerID) bool) error {
	var whose fleet.OwnerID
	for _, t := range ties[kind] {
		ids := idsUnder(tx, t.index, id, 0)
		if len(ids) == 0 {
			continue
		}
		if whose == 0 {
			var err error
			if _, whose, _, err = ownerOf(tx, kind, id); err != nil {
				return err
			}
		}
		use := &fleet.InUse{What: kind.String(), By: t.by}
		for _, n := range ids {
			name, owner, company, err := t.whose(tx, n)
			if err != nil {
				return err
			}
			if !may(owner) {
				tell(use, name, owner, company, whose)
			}
		}
		if use.Count > 0 {
			return use.Conflict()
		}
	}
	return nil
}

// tell counts a record that needs the other. It is named where whoever may
// delete that other one sees it: both are one owner's, or the other is the
// company's own.
func tell(use *fleet.InUse, name string, owner fleet.OwnerID, company fleet.CompanyID, whose fleet.OwnerID) {
	use.Count++
	if len(use.Names) < fleet.MaxNames && name != "" && (owner == whose || whose == fleet.OwnerID(company)) {
		use.Names = append(use.Names, name)
	}
}

// addLabels indexes the labels that fences and rules name, and gives those that
// were bare IDs until now a record, under their ID as a name.
func addLabels(tx *bbolt.Tx) error {
	if err := makeBuckets(tx, fenceByLabel, ruleByLabel); err != nil {
		return err
	}
	made := map[fleet.LabelID]bool{}
	name := func(labels []fleet.LabelID, company fleet.CompanyID) error {
		for _, id := range labels {
			if made[id] {
				continue
			}
			made[id] = true
			l := &fleet.Label{Name: id.String(), Sort: fleet.GroupLabel, Of: fleet.DeviceLabel}
			l.Head = fleet.Head{ID: fleet.RecordID(id), Company: company, Owner: fleet.Owner(company), Version: 1, Created: id.Time(), Updated: id.Time()}
			if err := putPlain(tx, nil, l); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walkTable(tx, &devices, func(d *fleet.Device) error { return name(d.Labels, d.Company) }); err != nil {
		return err
	}
	err := walkTable(tx, &fences, func(f *fleet.Fence) error {
		for _, e := range lists(fenceByLabel, f.Targets.Labels, uint64(f.ID)) {
			if err := tx.Bucket([]byte(e.index)).Put(e.key, []byte{}); err != nil {
				return err
			}
		}
		return name(f.Targets.Labels, f.Company)
	})
	if err != nil {
		return err
	}
	return walkTable(tx, &rules, func(r *fleet.Rule) error {
		for _, e := range lists(ruleByLabel, r.Targets.Labels, uint64(r.ID)) {
			if err := tx.Bucket([]byte(e.index)).Put(e.key, []byte{}); err != nil {
				return err
			}
		}
		return name(r.Targets.Labels, r.Company)
	})
}

// walkTable calls each with every row.
func walkTable[T any](tx *bbolt.Tx, t *table[T], each func(*T) error) error {
	c := t.bucket(tx).Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		v, err := t.find(tx, k)
		if err == nil {
			err = each(v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
