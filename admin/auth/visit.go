package auth

import "github.com/vigia-track/vigia/engine/fleet"

// VisitHeader names the company that a tied operator works for in a request.
const VisitHeader = "Vigia-Company"

// Visit is an operator at work for a company that it is tied to: until it is
// identified anew it stands there as one of the company's operators, with what
// the tie allows. Without a tie the error is that of a company that does not
// exist. The person's record and home stay as they are.
func Visit(accounts Accounts, who Principal, company fleet.CompanyID) (Principal, error) {
	role := who.User.Role
	if who.Share != nil || who.User.Customer != 0 || role != fleet.Operator && role != fleet.CompanyAdmin {
		return Principal{}, errNoVisit()
	}
	mode, modules, err := accounts.Tie(who.User.ID, company)
	if err != nil {
		if fleet.KindOf(err) == fleet.NotFound {
			err = errNoVisit()
		}
		return Principal{}, err
	}
	who.Away, who.Modules = mode, modules
	who.User.Company, who.User.Role, who.User.Commands = company, fleet.Operator, false
	return who, nil
}

func errNoVisit() error {
	return &fleet.Error{Kind: fleet.NotFound, Message: "detail.not-found"}
}

// For is how far a caller may go. Who works for another company reads what its
// operators do and, tied for work, sees to alarms: nothing of a person's own,
// nothing that makes, changes or removes the company's records.
func (t Table) For(who *Principal, object Object, action Action) Reach {
	reach := t.Reach(who.User.Role, object, action)
	if who.Away == "" {
		return reach
	}
	works := who.Away == fleet.WorkMode && action == Update && (object == Alarm || object == Acknowledgement)
	if reach != OneCompany || action != Read && !works {
		return Nothing
	}
	return reach
}
