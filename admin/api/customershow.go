package api

import (
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type customer struct {
	ID        fleet.CustomerID `json:"id"`
	Company   fleet.CompanyID  `json:"company"`
	Parent    fleet.CustomerID `json:"parent,omitzero" doc:"The customer that it stands below; absent: directly below the company"`
	Name      string           `json:"name" example:"Transportes Andinos"`
	Code      string           `json:"code" example:"TA-01"`
	Country   string           `json:"country,omitempty" doc:"ISO 3166-1, two letters" example:"CO"`
	Lang      fleet.Lang       `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone  string           `json:"timezone" example:"America/Bogota"`
	SMSBudget int              `json:"smsBudget,omitempty" doc:"SMS parts a month; absent: as many as the plan allows"`
	Used      *int             `json:"smsUsed,omitempty" doc:"Of smsBudget or the plan's limit, this month by its clock; only where one customer is read"`
	Stopped   bool             `json:"smsStopped,omitempty" doc:"The budget is used up: its SMS are suppressed until the month ends, but for critical alarms"`
	Version   uint64           `json:"version"`
	Created   fleet.Time       `json:"created"`
	fleet.Profile

	Plan        fleet.RecordID `json:"plan,omitzero" doc:"Absent: that of the customer above"`
	PlanName    string         `json:"planName,omitempty" doc:"Of the plan that holds, its own or one above" example:"Standard"`
	Image       fleet.RecordID `json:"image,omitzero" doc:"A photo or logo: /images/{id}"`
	Groups      []group        `json:"groups" nullable:"false" doc:"Groups and tags that list it, of those that you may read"`
	Modules     []fleet.Module `json:"modules" nullable:"false" doc:"What its users may use"`
	Web         bool           `json:"web" doc:"Its users may sign in with a browser"`
	IOS         bool           `json:"ios" doc:"Its users may sign in with the app on iOS"`
	Android     bool           `json:"android" doc:"Its users may sign in with the app on Android"`
	Commands    bool           `json:"commands" doc:"Its devices may be sent commands"`
	SMSOn       bool           `json:"smsOn" doc:"SMS about its devices are sent"`
	EmailOn     bool           `json:"emailOn" doc:"Mails about its devices are sent"`
	Monitoring  bool           `json:"monitoring" doc:"Its events enter the operators' queue"`
	Suspended   bool           `json:"suspended"`
	Reason      string         `json:"suspendReason,omitempty"`
	CutOffDay   int            `json:"cutOffDay,omitempty" doc:"Of the month; absent: never"`
	PaidThrough fleet.Date     `json:"paidThrough,omitempty" format:"date" example:"2026-01-31"`
	Trial       bool           `json:"trial"`
	TrialEnds   fleet.Time     `json:"trialEnds,omitzero"`
	Internal    bool           `json:"internalSystem" doc:"For the reseller's own use: not billed"`
	Reseller    bool           `json:"reseller" doc:"Its admins make and change its inner customers"`
	DefaultRole fleet.Role     `json:"defaultUserRole" enum:"customerAdmin,customerUser" doc:"Of new users"`
	View        fleet.RecordID `json:"landingView,omitzero" doc:"What its users see first"`

	Access access       `json:"access" doc:"Whether its users may come in, and if not, why"`
	Counts fleet.Counts `json:"counts" doc:"What it has itself, without its inner customers"`
	Path   []step       `json:"path" nullable:"false" doc:"The customers above it that you see, the topmost first"`

	budget int // of SMS, its own or its plan's
}

// step is one customer on the way down to another.
type step struct {
	ID   fleet.CustomerID `json:"id"`
	Name string           `json:"name"`
}

// access is a customer's access in the caller's words.
type access struct {
	Reason fleet.AccessReason `json:"reason" enum:"active,suspended,trial-ended,cut-off,customer-web-off,customer-ios-off,customer-android-off" doc:"The gravest"`
	Text   string             `json:"text,omitempty" doc:"In the caller's language; absent: active" example:"Service suspended: unpaid"`
	Cut    fleet.Date         `json:"cutsOn,omitempty" format:"date" doc:"The service will be cut on that day, within five days, unless it is paid" example:"2026-01-31"`
}

func showAccess(lang fleet.Lang, a fleet.Access) access {
	out := access{Reason: a.Reason, Cut: a.Cut}
	if a.Reason != fleet.Active {
		out.Text = say(lang, auth.BarText(a))
	}
	return out
}

// showCustomer shows a customer with what is worked out about it.
func (c *call) showCustomer(cu *fleet.Customer) (customer, error) {
	out := customer{
		ID: cu.ID, Company: cu.Company, Parent: cu.Parent, Name: cu.Name, Code: cu.Code, Country: cu.Country,
		Lang: cu.Lang, Timezone: cu.Timezone, SMSBudget: cu.SMSBudget, Version: cu.Version, Created: cu.Created, Profile: cu.Profile,
		Plan: cu.Plan, Web: !cu.NoWeb, IOS: !cu.NoIOS, Android: !cu.NoAndroid, Commands: cu.Commands,
		SMSOn: !cu.NoSMS, EmailOn: !cu.NoEmail, Monitoring: !cu.NoMonitoring, Suspended: cu.Suspended, Reason: cu.Reason,
		CutOffDay: cu.CutOffDay, PaidThrough: cu.PaidThrough, Trial: cu.TrialEnds != 0, TrialEnds: cu.TrialEnds,
		Internal: cu.Internal, Reseller: cu.Reseller, DefaultRole: cu.UserRole(), View: cu.View, Path: []step{},
	}
	records := c.api.o.Records
	s, err := records.Standing(cu.ID)
	if err != nil {
		return out, err
	}
	out.budget = s.SMSBudget()
	if p := s.Plan(); p != nil {
		out.PlanName = p.Name
	}
	out.Image = c.image(fleet.CustomerRecord, uint64(cu.ID))
	out.Extra = c.showExtra(cu.Company, fleet.CustomerField, cu.Extra)
	if out.Groups, err = c.groups(fleet.CustomerRecord, uint64(cu.ID)); err != nil {
		return out, err
	}
	out.Modules, out.Access = s.Modules().List(), showAccess(c.lang, s.Access(fleet.Web, c.api.o.Now()))
	for i := len(s.Chain) - 1; i > 0; i-- {
		if above := &s.Chain[i]; c.scope.SeesOwner(above.Company, fleet.Owner(above.ID)) {
			out.Path = append(out.Path, step{above.ID, above.Name})
		}
	}
	out.Counts, err = records.Counts(cu.ID)
	return out, err
}

// showCustomers shows a page.
func (c *call) showCustomers(p fleet.Page[fleet.Customer]) (*one[page[customer]], error) {
	var failed error
	out := pageOf(p, func(cu *fleet.Customer) customer {
		shown, err := c.showCustomer(cu)
		if err != nil && fleet.KindOf(err) != fleet.NotFound { // deleted meanwhile
			failed = err
		}
		return shown
	})
	return out, failed
}
