package auth

import "github.com/vigia-track/vigia/engine/fleet"

// Tree knows how companies and customers stand to each other.
type Tree interface {
	// InnerCustomers is the customer and all that stand below it.
	InnerCustomers(id fleet.CustomerID) ([]fleet.CustomerID, error)
	Companies(q fleet.Query) (fleet.Page[fleet.Company], error)
}

// Scope is what a permission of this reach lets a user see. Own gives the zero
// scope: what belongs to a person is found by the person.
func (r Reach) Scope(u *fleet.User, tree Tree) (fleet.Scope, error) {
	switch r {
	case Installation:
		return fleet.Scope{Installation: true}, nil
	case Sole:
		all, err := tree.Companies(fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 2})
		if err != nil || len(all.Items) != 1 || all.Items[0].ID != u.Company {
			return fleet.Scope{}, err
		}
		return fleet.Scope{Installation: true}, nil
	case OneCompany:
		return fleet.Scope{Company: u.Company}, nil
	case OneCustomer:
		return fleet.Scope{Company: u.Company, Customers: []fleet.CustomerID{u.Customer}}, nil
	case Inner, Assigned:
		guest := u.Role == Guest
		if u.Customer == 0 { // a guest of a link of the company itself
			if r == Assigned {
				return fleet.Scope{Company: u.Company, Devices: append([]fleet.DeviceID{}, u.Devices...), Present: guest}, nil
			}
			return fleet.Scope{}, nil
		}
		inner, err := tree.InnerCustomers(u.Customer)
		if err != nil {
			return fleet.Scope{}, err
		}
		s := fleet.Scope{Company: u.Company, Customers: append([]fleet.CustomerID{u.Customer}, inner...), Present: guest}
		if r == Assigned {
			s.Devices = append([]fleet.DeviceID{}, u.Devices...) // not nil: nil would be all
		}
		return s, nil
	}
	return fleet.Scope{}, nil
}
