package auth

import "github.com/vigia-track/vigia/engine/fleet"

// VisitHeader names the company that somebody works in for one request: a tied
// operator in another one's, the platform's administrator in any.
const VisitHeader = "Vigia-Company"

// Visit is somebody at work in a company.
//
// An operator that is tied to it stands there as one of its operators, with
// what the tie allows, until it is identified anew. Without a tie the error is
// that of a company that does not exist. The platform's administrator keeps its
// rights, but reaches no further than the company, and what it makes belongs
// there. The person's record and home stay as they are.
func Visit(accounts Accounts, who Principal, company fleet.CompanyID) (Principal, error) {
	role := who.User.Role
	switch {
	case who.Share != nil || who.User.Customer != 0:
		return Principal{}, errNoVisit()
	case role == fleet.PlatformAdmin:
		if err := accounts.Exists(company); err != nil {
			return Principal{}, unknown(err)
		}
		who.Within, who.User.Company = true, company
		return who, nil
	case role != fleet.Operator && role != fleet.CompanyAdmin:
		return Principal{}, errNoVisit()
	}
	mode, modules, err := accounts.Tie(who.User.ID, company)
	if err != nil {
		return Principal{}, unknown(err)
	}
	who.Visit(company, mode, modules)
	return who, nil
}

// Visit makes a principal an operator of a company that it is tied to.
func (p *Principal) Visit(company fleet.CompanyID, mode fleet.AssociationMode, modules fleet.ModuleSet) {
	p.Away, p.Modules = mode, modules
	p.User.Company, p.User.Role, p.User.Commands = company, fleet.Operator, false
}

func unknown(err error) error {
	if fleet.KindOf(err) == fleet.NotFound {
		err = errNoVisit()
	}
	return err
}

func errNoVisit() error {
	return &fleet.Error{Kind: fleet.NotFound, Message: "detail.not-found"}
}

// For is how far a caller may go. Who works for another company reads what its
// operators do and, tied for work, sees to alarms: nothing of a person's own,
// nothing that makes, changes or removes the company's records.
func (t Table) For(who *Principal, object Object, action Action) Reach {
	reach := t.Reach(who.User.Role, object, action)
	switch {
	case who.Within:
		return within(reach, object, action)
	case who.Away == "" || object == Lookup:
		return reach
	}
	works := who.Away == fleet.WorkMode && action == Update && (object == Alarm || object == Acknowledgement)
	if reach != OneCompany || action != Read && !works {
		return Nothing
	}
	return reach
}

// within keeps the platform's administrator to one company: not what the
// installation itself has, and of what is its own it changes nothing, for its
// record says another company.
func within(reach Reach, object Object, action Action) Reach {
	switch {
	case reach == Own && action != Read:
		return Nothing
	case reach != Installation || object == Company || object == System || object == Stranger:
		return reach
	}
	return OneCompany
}
