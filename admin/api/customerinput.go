package api

import (
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type customerInput struct {
	Company   fleet.CompanyID  `json:"company,omitzero" doc:"Absent: your own"`
	Parent    fleet.CustomerID `json:"parent,omitzero" doc:"Absent: directly below the company, for a reseller's admin below the reseller"`
	Name      string           `json:"name" doc:"Unique in the company" example:"Transportes Andinos"`
	Code      string           `json:"code" doc:"Unique in the company" example:"TA-01"`
	Country   string           `json:"country,omitempty" example:"CO"`
	Lang      fleet.Lang       `json:"lang,omitempty" enum:"en,es,pt,fr" doc:"Absent: the country's" example:"es"`
	Timezone  string           `json:"timezone,omitempty" doc:"IANA name; absent: the country's" example:"America/Bogota"`
	SMSBudget int              `json:"smsBudget,omitempty" minimum:"0" maximum:"10000000" doc:"SMS parts that notices about its devices may take in a calendar month by its clock; absent: as many as the plan allows. SOS and other critical alarms go out all the same. Staff sets it: what others send is left aside"`
	Version   uint64           `json:"version,omitempty" doc:"On update: the version that you saw"`
	fleet.Profile

	Plan        fleet.RecordID `json:"plan,omitzero" doc:"Absent: that of the customer above; required directly below a company that has plans"`
	Modules     []fleet.Module `json:"modules,omitempty" maxItems:"50" doc:"That are ticked; absent: as they are, on creation all that the plan has"`
	Web         *bool          `json:"web,omitempty" doc:"Absent: yes, as for the other switches but commands"`
	IOS         *bool          `json:"ios,omitempty"`
	Android     *bool          `json:"android,omitempty"`
	Commands    bool           `json:"commands,omitempty"`
	SMSOn       *bool          `json:"smsOn,omitempty"`
	EmailOn     *bool          `json:"emailOn,omitempty"`
	Monitoring  *bool          `json:"monitoring,omitempty"`
	Suspended   bool           `json:"suspended,omitempty"`
	Reason      string         `json:"suspendReason,omitempty" maxLength:"500" doc:"Told to the customer's users"`
	CutOffDay   int            `json:"cutOffDay,omitempty" minimum:"0" maximum:"31" doc:"Of the month; 29 to 31 fall on the last day of short months. Cuts only where the company switched it on and paidThrough is behind"`
	PaidThrough fleet.Date     `json:"paidThrough,omitempty" format:"date" example:"2026-01-31"`
	Trial       *bool          `json:"trial,omitempty" doc:"true begins a trial of as many days as the plan has; false converts it; absent: as it is"`
	Internal    bool           `json:"internalSystem,omitempty" doc:"For internal use only, one for each reseller, not billed; a customer that tries the product has a trial instead. Not on creation"`
	Reseller    bool           `json:"reseller,omitempty"`
	DefaultRole fleet.Role     `json:"defaultUserRole,omitempty" enum:"customerAdmin,customerUser" doc:"Of new users; absent: customerUser"`
	View        fleet.RecordID `json:"landingView,omitzero"`

	Admin *primaryInput `json:"admin,omitempty" doc:"On creation: its first administrator, made along with it"`
}

// apply lays the input over a customer, new or stored.
func (in *customerInput) apply(c *call, cu *fleet.Customer) error {
	was := *cu
	company, parent := in.Company, in.Parent
	if company == 0 {
		company = c.user.Company
	}
	if cu.ID != 0 {
		if in.Company != 0 && in.Company != cu.Company {
			return fleet.FieldError("company", "cannot be changed")
		}
		company = cu.Company
	} else if parent == 0 && c.reach == auth.Inner {
		parent = c.user.Customer
	}
	if !c.scope.SeesCompany(company) {
		return errForeign("company")
	}
	if parent != 0 {
		at, _, err := c.owner("parent", fleet.OwnerID(parent))
		if err != nil {
			return err
		}
		if at != company || parent == cu.ID || fleet.CompanyID(parent) == company {
			return errForeign("parent")
		}
	}
	cu.Company, cu.Parent, cu.Name, cu.Code, cu.Country = company, parent, in.Name, in.Code, in.Country
	cu.Lang, cu.Timezone, cu.SMSBudget, cu.Version, cu.Profile, cu.View = in.Lang, in.Timezone, in.SMSBudget, in.Version, in.Profile, in.View
	if err := in.person(c, &was, cu); err != nil {
		return err
	}
	if home, ok := fleet.CountryOf(cu.Country); ok {
		if cu.Lang == "" {
			cu.Lang = home.Lang
		}
		if cu.Timezone == "" {
			cu.Timezone = home.Timezone
		}
	}
	cu.Plan, cu.Commands, cu.Suspended, cu.Reason = in.Plan, in.Commands, in.Suspended, in.Reason
	cu.NoWeb, cu.NoIOS, cu.NoAndroid = off(in.Web), off(in.IOS), off(in.Android)
	cu.NoSMS, cu.NoEmail, cu.NoMonitoring = off(in.SMSOn), off(in.EmailOn), off(in.Monitoring)
	cu.CutOffDay, cu.PaidThrough, cu.Internal, cu.Reseller = in.CutOffDay, in.PaidThrough, in.Internal, in.Reseller
	cu.DefaultRole = in.DefaultRole
	if !cu.Suspended {
		cu.Reason = ""
	}
	if c.reach == auth.Inner {
		cu.SMSBudget = was.SMSBudget
		if err := in.within(c, &was, cu); err != nil {
			return err
		}
	}
	if err := in.service(c, &was, cu); err != nil {
		return err
	}
	return cu.Validate()
}

// person fills what a location and the additional fields say, and wants a view
// that the caller sees.
func (in *customerInput) person(c *call, was, cu *fleet.Customer) (err error) {
	a := fleet.Address{Country: cu.Country, State: cu.State, City: cu.City, Street: cu.Address, Reference: cu.Hint, Zip: cu.Zip}
	if err := c.settle(was.Location, cu.Location, &a, &cu.Lat, &cu.Lon); err != nil {
		return err
	}
	cu.Country, cu.State, cu.City, cu.Address, cu.Hint, cu.Zip = a.Country, a.State, a.City, a.Street, a.Reference, a.Zip
	if cu.View != 0 && cu.View != was.View {
		if ok, err := c.seesRecord(fleet.ViewRecord, uint64(cu.View)); err != nil {
			return err
		} else if !ok {
			return errForeign("landingView")
		}
	}
	cu.Extra, err = c.layExtra(cu.Company, fleet.CustomerField, was.Extra, in.Extra, cu.ID == 0)
	return err
}

// service works out what depends on the plan: the modules and the trial.
func (in *customerInput) service(c *call, was, cu *fleet.Customer) error {
	plan, above, err := c.planFor(cu)
	if err != nil {
		return err
	}
	available := above
	if cu.Plan != 0 {
		available &= fleet.SetOf(plan.Modules)
	}
	if in.Modules != nil {
		if cu.Without, err = tick("modules", available, in.Modules); err != nil {
			return err
		}
	}
	switch {
	case in.Trial == nil || *in.Trial == (was.TrialEnds != 0):
	case !*in.Trial:
		cu.TrialEnds = 0
	case plan.TrialDays == 0:
		return fleet.FieldError("trial", "the plan has no trial")
	default:
		cu.TrialEnds = c.api.o.Now() + fleet.Time(plan.TrialDays)*fleet.Day
	}
	return nil
}

// planFor is the plan that would hold for a customer, and the modules that the
// company and the customers above leave it.
func (c *call) planFor(cu *fleet.Customer) (plan fleet.Plan, above fleet.ModuleSet, err error) {
	co, err := c.api.o.Records.Company(cu.Company)
	if err != nil {
		return plan, 0, foreign("company", err)
	}
	above = co.Offers()
	if cu.Parent != 0 {
		s, err := c.api.o.Records.Standing(cu.Parent)
		if err != nil {
			return plan, 0, foreign("parent", err)
		}
		above = s.Modules()
		if p := s.Plan(); p != nil {
			plan = *p
		}
	}
	if cu.Plan == 0 {
		return plan, above, nil
	}
	plan, err = c.api.o.Books.Plans.Get(cu.Plan)
	if err == nil && plan.Company != cu.Company {
		err = errNotFound()
	}
	return plan, above, foreign("plan", err)
}

// within holds a reseller's admin to its inner customers, and to what it may
// decide about them: not what they get and pay for.
func (in *customerInput) within(c *call, was, cu *fleet.Customer) error {
	if err := c.resells(cu.ID); err != nil {
		return err
	}
	if cu.Parent == 0 {
		return errForeign("parent")
	}
	for _, f := range []struct {
		name    string
		changed bool
	}{
		{"plan", was.Plan != cu.Plan}, {"web", was.NoWeb != cu.NoWeb}, {"ios", was.NoIOS != cu.NoIOS},
		{"android", was.NoAndroid != cu.NoAndroid}, {"commands", was.Commands != cu.Commands}, {"smsOn", was.NoSMS != cu.NoSMS},
		{"emailOn", was.NoEmail != cu.NoEmail}, {"monitoring", was.NoMonitoring != cu.NoMonitoring},
		{"suspended", was.Suspended != cu.Suspended}, {"cutOffDay", was.CutOffDay != cu.CutOffDay},
		{"paidThrough", was.PaidThrough != cu.PaidThrough}, {"trial", in.Trial != nil && *in.Trial != (was.TrialEnds != 0)},
		{"internalSystem", was.Internal != cu.Internal}, {"reseller", was.Reseller != cu.Reseller},
	} {
		if f.changed {
			return fleet.FieldError(f.name, "only the company decides about this")
		}
	}
	return nil
}

// resells refuses a customer's admin that is no reseller's, or that is about
// its own customer instead of one below.
func (c *call) resells(id fleet.CustomerID) error {
	if c.reach != auth.Inner {
		return nil
	}
	own, err := c.api.o.Records.Customer(c.user.Customer)
	if err != nil {
		return err
	}
	if !own.Reseller || id == own.ID {
		return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "reseller"}
	}
	return nil
}

// tick is the modules that are not ticked, of those that can be.
func tick(field string, available fleet.ModuleSet, ticked []fleet.Module) ([]fleet.Module, error) {
	for i, m := range ticked {
		if !available.Has(m) || m == "" {
			return nil, fleet.FieldError(index(field, i), "is not part of what can be ticked here")
		}
	}
	return slices.Clip((available &^ fleet.SetOf(ticked)).List()), nil
}
