package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// plans adds what customers buy, and the list that a form offers.
func (a *API) plans() {
	crud(a, resource[fleet.Plan]{
		one: "Plan", many: "Plans", path: "/plans", object: auth.Plan, book: a.o.Books.Plans,
		a: "a plan", doc: "What customers buy: modules, limits, prices. A plan that is locked once assigned cannot be taken from a customer, and none can be deleted while a customer has it.",
		example: fleet.Plan{
			Name: "Fleet 50", Regions: []string{"CO", "VE"}, Modules: []fleet.Module{fleet.LiveMap, fleet.Tracks, fleet.Geofences, fleet.Alerts},
			Limits: fleet.PlanLimits{Devices: 50, Users: 10, SMS: 500}, Prices: fleet.PlanPrices{Currency: "USD", Base: 1000, Device: 250, SMS: 5}, TrialDays: 30,
		},
		lay: func(_ *call, old, p *fleet.Plan) error {
			if old == nil && p.Owner != fleet.Owner(p.Company) {
				return fleet.FieldError("owner", "plans belong to a company")
			}
			return nil
		},
	})

	op := operation{
		tag: "Plans", object: auth.Plan, action: auth.Read, id: "listOfferedPlans", method: http.MethodGet, path: "/plans/offered",
		summary: "List the plans that a new customer may be given",
		doc:     "Filtered by where the customer is and how its devices will connect. At most 1000.",
	}
	register(a, op, func(c *call, in *struct {
		Owner      string `query:"owner" doc:"The company; absent: yours"`
		Country    string `query:"country" maxLength:"2" doc:"ISO 3166-1, two letters; absent: any" example:"CO"`
		Connection string `query:"connection" enum:"mqtt,tcp,http" doc:"Absent: any"`
	}) (*one[page[fleet.Plan]], error) {
		l := list{Owner: in.Owner, Limit: 1000}
		if l.Owner == "" && c.user.Company != 0 {
			l.Owner = c.user.Company.String()
		}
		q, err := l.query(c)
		if err != nil {
			return nil, err
		}
		p, err := a.o.Books.Plans.List(q)
		out := page[fleet.Plan]{Items: []fleet.Plan{}}
		for i := range p.Items {
			if p.Items[i].Offered(in.Country, in.Connection) {
				out.Items = append(out.Items, p.Items[i])
			}
		}
		return &one[page[fleet.Plan]]{out}, err
	})
}
