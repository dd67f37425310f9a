package api

import (
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// views adds saved dashboards. A customer's people see their own, and of the
// company's those that are assigned to their customer or are its home.
func (a *API) views() {
	crud(a, resource[fleet.View]{
		one: "View", many: "Views", path: "/views", object: auth.View, book: a.o.Books.Views, common: true,
		a: "a view", doc: "Saved dashboards: what the map or a list of devices or customers shows, how, and for whom. A customer's landingView is what its users see first.",
		example: fleet.View{Name: "Night fleet", Extent: []float64{-74.3, 4.4, -73.9, 4.9}, Layers: []string{"devices", "geofences"}, List: "cards"},
		sees:    a.seesView,
		show: func(c *call, v *fleet.View) {
			if c.user.Customer != 0 && v.Owner == fleet.Owner(v.Company) {
				v.Customers = nil // who else has it is the company's business
			}
		},
	})
}

func (a *API) seesView(c *call, v *fleet.View) bool {
	if c.user.Customer == 0 || v.Owner != fleet.Owner(v.Company) || slices.Contains(v.Customers, c.user.Customer) {
		return true
	}
	cu, err := a.o.Records.Customer(c.user.Customer)
	return err == nil && cu.View == v.ID
}

// home is the view that a user's customer lands on; nil if there is none.
func (a *API) homeView(u *fleet.User) (*fleet.View, error) {
	if u.Customer == 0 {
		return nil, nil
	}
	cu, err := a.o.Records.Customer(u.Customer)
	if err != nil || cu.View == 0 {
		return nil, err
	}
	v, err := a.o.Books.Views.Get(cu.View)
	if fleet.KindOf(err) == fleet.NotFound {
		return nil, nil
	}
	v.Customers = nil
	return &v, err
}
