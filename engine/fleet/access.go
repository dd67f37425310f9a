package fleet

import "time"

// Standing is what decides about a customer's service: the company, the
// customer and those above it, and their plans.
type Standing struct {
	Company Company
	Chain   []Customer // the customer first, then those above it; none for the company's staff
	Plans   []Plan     // of each of the chain; the zero Plan where it has none of its own
}

// Account is a user with what decides about the user's access.
type Account struct {
	User User
	Standing
}

// Plan is the plan that holds for the customer, its own or one above; nil if
// there is none.
func (s *Standing) Plan() *Plan {
	for i := range s.Plans {
		if s.Plans[i].ID != 0 {
			return &s.Plans[i]
		}
	}
	return nil
}

// Modules is what a user of the customer may use: never more than the
// company offers, than any plan above holds, or than is ticked above.
func (s *Standing) Modules() ModuleSet {
	set := AllModules()
	if s.Company.ID != 0 {
		set = s.Company.Offers()
	}
	for i := range s.Chain {
		set &^= SetOf(s.Chain[i].Without)
		if s.Plans[i].ID != 0 {
			set &= SetOf(s.Plans[i].Modules)
		}
	}
	return set
}

// Modules is what the user may use: what the customer may, less what is not
// ticked for the user. The platform's admins have no limits.
func (a *Account) Modules() ModuleSet {
	if a.User.Role == PlatformAdmin {
		return AllModules()
	}
	return a.Standing.Modules() &^ SetOf(a.User.Without)
}

// SMSBudget is how many SMS parts a month the customer may take: its own
// number, or its plan's where that is less; 0 = any number.
func (s *Standing) SMSBudget() int {
	if len(s.Chain) == 0 {
		return 0
	}
	own := s.Chain[0].SMSBudget
	if p := s.Plan(); p != nil && p.Limits.SMS > 0 && (own == 0 || own > p.Limits.SMS) {
		return p.Limits.SMS
	}
	return own
}

// AccessReason is why a customer's users may not come in.
type AccessReason string

// The reasons, the gravest first.
const (
	Suspended  AccessReason = "suspended"
	TrialEnded AccessReason = "trial-ended"
	CutOff     AccessReason = "cut-off"
	WebOff     AccessReason = "customer-web-off"
	IOSOff     AccessReason = "customer-ios-off"
	AndroidOff AccessReason = "customer-android-off"
	Active     AccessReason = "active"
)

// CutWarning is how many days before it is cut a customer is warned.
const CutWarning = 5

// Access is one computed answer to whether a customer's users may come in.
type Access struct {
	Reason AccessReason
	Text   string // with Suspended: why
	Since  Date   // with CutOff: the day
	Cut    Date   // the day on which it will be cut unless it pays, within CutWarning days; "" = none
}

// Access decides for users who sign in with an app; "" is any. A suspension, a
// trial's end and a cut-off hold for inner customers too.
func (s *Standing) Access(app App, now Time) Access {
	out := Access{Reason: Active}
	for i := range s.Chain {
		if c := &s.Chain[i]; c.Suspended {
			return Access{Reason: Suspended, Text: c.Reason}
		}
	}
	for i := range s.Chain {
		if c := &s.Chain[i]; c.TrialEnds != 0 && c.TrialEnds <= now {
			return Access{Reason: TrialEnded}
		}
	}
	for i := range s.Chain {
		since, next := s.Chain[i].cut(&s.Company, now)
		if since != "" {
			return Access{Reason: CutOff, Since: since}
		}
		if next != "" && (out.Cut == "" || next < out.Cut) {
			out.Cut = next
		}
	}
	if len(s.Chain) > 0 {
		c := &s.Chain[0]
		switch {
		case app == Web && c.NoWeb:
			out.Reason = WebOff
		case app == IOS && c.NoIOS:
			out.Reason = IOSOff
		case app == Android && c.NoAndroid:
			out.Reason = AndroidOff
		}
	}
	return out
}

// cut is since which day a customer is cut, or on which of the next days it
// will be: on a cut-off day that it has not paid through, by its own clock.
func (c *Customer) cut(co *Company, now Time) (since, next Date) {
	if !co.AutoCut || c.CutOffDay == 0 || c.PaidThrough == "" {
		return "", ""
	}
	where, err := time.LoadLocation(c.Timezone)
	if err != nil {
		where = time.UTC
	}
	today := DateOf(now, where)
	last := today.DayOfMonth(c.CutOffDay)
	coming := last
	if last > today {
		last = today.LastMonth().DayOfMonth(c.CutOffDay)
	} else {
		coming = today.NextMonth().DayOfMonth(c.CutOffDay)
	}
	switch {
	case c.PaidThrough < last:
		return last, ""
	case c.PaidThrough < coming && coming <= today.Plus(CutWarning):
		return "", coming
	}
	return "", ""
}

// Counts is how much a customer itself has.
type Counts struct {
	Devices int `json:"devices"`
	Users   int `json:"users"`
	Inner   int `json:"innerCustomers"`
	Fences  int `json:"geofences"`
}
