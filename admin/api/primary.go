package api

import (
	"cmp"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// primaryInput is a customer's first administrator.
type primaryInput struct {
	Username string `json:"username,omitempty" maxLength:"64" doc:"Unique in the installation; absent: the mail address" example:"andinos"`
	Email    string `json:"email" maxLength:"254" example:"ana@example.com"`
	First    string `json:"firstName" maxLength:"60" example:"Ana"`
	Last     string `json:"lastName,omitempty" maxLength:"60" example:"Rojas"`
	Phone    string `json:"phone,omitempty" example:"+573001234567"`
	Password string `json:"password,omitempty" maxLength:"512" doc:"Absent: an invitation is mailed, or its link shown"`

	Activation *activationInput `json:"activation,omitempty" doc:"How the person comes to a password otherwise"`
}

// user is the administrator of a customer that is about to be made.
func (in *primaryInput) user(cu *fleet.Customer) fleet.User {
	u := fleet.User{
		Company: cu.Company, Customer: max(cu.ID, 1), Name: strings.TrimSpace(in.First + " " + in.Last), First: in.First, Last: in.Last,
		Username: strings.ToLower(in.Username), Email: in.Email, Phone: in.Phone, Lang: cu.Lang, Timezone: cu.Timezone,
		Role: fleet.CustomerAdmin, Primary: true, Commands: cu.Commands,
	}
	if u.Username == strings.ToLower(u.Email) {
		u.Username = ""
	}
	return u
}

// how is the way to its first password.
func (in *primaryInput) how() *activationInput {
	if in.Password != "" {
		return &activationInput{Method: byPassword, Password: in.Password}
	}
	return cmp.Or(in.Activation, &activationInput{})
}

// customerMade is a new customer, with its first administrator.
type customerMade struct {
	customer
	Admin      *user       `json:"admin,omitempty"`
	Activation *activation `json:"activation,omitempty" doc:"The administrator's way to a password"`
}

// makeCustomer makes a customer and its first administrator, both or none.
func (a *API) makeCustomer(c *call, cu fleet.Customer, in *primaryInput) (*one[customerMade], error) {
	if in != nil {
		if err := a.checkPrimary(c, &cu, in); err != nil {
			return nil, within("admin", err)
		}
	}
	set := fleet.ChangeSet{Actor: c.actor(), Customers: []fleet.Customer{cu}}
	if in != nil {
		set.Admins = []fleet.User{in.user(&cu)}
	}
	made, err := a.apply(c, set)
	if err != nil {
		return nil, err
	}
	cu = made.Customers[0]
	var out customerMade
	if in != nil {
		u := made.Admins[0]
		way, err := a.startActivation(c, &u, in.how())
		if err != nil {
			return nil, err
		}
		shown := c.showPerson(&u)
		out.Admin, out.Activation = &shown, &way
	}
	out.customer, err = c.showCustomer(&cu)
	return &one[customerMade]{out}, err
}

// checkPrimary refuses an administrator that could not be made.
func (a *API) checkPrimary(c *call, cu *fleet.Customer, in *primaryInput) error {
	u := in.user(cu)
	if err := u.Validate(); err != nil {
		return err
	}
	for field, name := range map[string]string{"username": u.Username, "email": u.Email} {
		if name == "" {
			continue
		}
		_, err := a.o.People.UserByLogin(name)
		if err == nil {
			return &fleet.Error{Kind: fleet.Conflict, Field: field, Message: "is taken by another user"}
		}
		if fleet.KindOf(err) != fleet.NotFound {
			return err
		}
	}
	if how := in.how(); how.Method == byPassword {
		policy, err := a.policy(cu.Company)
		if err != nil {
			return err
		}
		return policy.Check(how.Password)
	}
	return nil
}
