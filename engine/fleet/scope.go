package fleet

import "slices"

// The questions below are the only place that decides what a Scope covers:
// lists, single reads, the live stream and writes all ask here.

// SeesCompany reports whether the company's own record is in the scope.
func (s *Scope) SeesCompany(id CompanyID) bool {
	return s.Installation || id != 0 && id == s.Company
}

// SeesOwner reports whether what belongs to an owner of a company is in the
// scope: its fences, its notifications, the owner itself.
func (s *Scope) SeesOwner(company CompanyID, owner OwnerID) bool {
	if s.Installation {
		return true
	}
	if company == 0 || company != s.Company {
		return false
	}
	if s.Customers == nil || s.Common && owner == OwnerID(company) {
		return true
	}
	return slices.Contains(s.Customers, CustomerID(owner))
}

// SeesDevice reports whether a device, or what happened to it while it
// belonged to owner, is in the scope.
func (s *Scope) SeesDevice(id DeviceID, company CompanyID, owner OwnerID) bool {
	return s.SeesOwner(company, owner) && (s.Devices == nil || slices.Contains(s.Devices, id))
}

// SeesStay reports whether what happened to a device that is seen, at a time
// when it belonged to then, is in the scope; owner is whose it is now.
func (s *Scope) SeesStay(company CompanyID, owner, then OwnerID) bool {
	return then == owner || !s.Present && s.SeesOwner(company, then)
}
