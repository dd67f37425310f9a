package api

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// Prefix stands before the path of every operation.
const Prefix = "/api/v1"

// Options is what the API works with. Records, People, Applier, Facts, Tracks
// and Hub are required.
type Options struct {
	Records     Records
	People      People
	Applier     Applier
	Facts       Facts
	Tracks      Tracks
	Hub         *live.Hub
	Books       Books
	Channels    Channels                                                       // nil: companies have no providers of their own
	Connections Connections                                                    // nil: no connection runs
	Commands    Commands                                                       // nil: devices cannot be told anything
	Clocks      Clocks                                                         // nil: no clock is watched
	Strangers   Strangers                                                      // nil: none are known
	Messages    Messages                                                       // nil: what devices send is not recorded
	Post        Post                                                           // nil: no mail can be sent
	Backups     Backups                                                        // nil: none are made by asking
	System      func() SystemReport                                            // nil: an empty report
	Why         func(context.Context, WhyQuestion) (*fleet.Explanation, error) // nil: nothing is explained
	Route       func(context.Context, RouteQuestion) (*fleet.Route, error)     // nil: no routes are reported
	SMSUsed     func(*fleet.Customer) (parts int, err error)                   // this month's, by the customer's clock; nil: unknown
	GateNames   func(uint32) []string                                          // names the bits of an event's trace; nil: no names
	Table       auth.Table                                                     // nil: auth.Permissions()
	Tickets     *auth.Tickets                                                  // nil: its own
	Throttle    *auth.Throttle                                                 // nil: its own
	Guests      *auth.Guests                                                   // nil: its own
	Secrets     Secrets                                                        // nil: share links cannot be copied again
	VAPIDKey    string                                                         // the public key for push, "" = push is off
	Version     string                                                         // of the product
	PublicURL   string                                                         // where browsers reach it, "" = as they did
	Bulk        Bulk                                                           // nil: nothing is exported or imported
	BulkDir     string                                                         // where their files are, with Bulk
	Retention   *Retention                                                     // nil: unknown
	Geocoder    Geocoder                                                       // nil: only the embedded list of towns
	MapFiles    func() []string                                                // of local street maps; nil: there are none
	Log         *slog.Logger
	Now         func() fleet.Time // nil: the clock
}

// API serves the operations. New makes one.
type API struct {
	o               Options
	huma            huma.API
	operations      []operation
	plain           map[fleet.RecordKind]plainReader // filled by crud
	problemResponse *huma.Response
	replays         replays
	turns           auth.Turns
	removals        auth.Confirmations
	stops           auth.Confirmations // of grave commands, by device
	openings        auth.Throttle      // of share links
	arrivals        arrivals
	jobs            jobRunner
	refused         refusals
	origins         origins
	drawn           drawn
	bulks           map[fleet.BulkOf]*bulkKind // filled by bulk
}

// New makes the API and adds its routes to a mux.
func New(mux *http.ServeMux, o Options) (*API, error) {
	if o.Records == nil || o.People == nil || o.Applier == nil || o.Facts == nil || o.Tracks == nil || o.Hub == nil {
		return nil, errors.New("api: Records, People, Applier, Facts, Tracks and Hub are required")
	}
	if o.Table == nil {
		o.Table = auth.Permissions()
	}
	if o.Now == nil {
		o.Now = func() fleet.Time { return fleet.At(time.Now()) }
	}
	if o.System == nil {
		o.System = func() SystemReport { return SystemReport{} }
	}
	o.Tickets = cmp.Or(o.Tickets, &auth.Tickets{})
	o.Throttle = cmp.Or(o.Throttle, &auth.Throttle{})
	o.Guests = cmp.Or(o.Guests, auth.NewGuests(nil))
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	a := &API{o: o, plain: map[fleet.RecordKind]plainReader{}}

	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	for _, t := range []reflect.Type{
		reflect.TypeFor[fleet.CompanyID](), reflect.TypeFor[fleet.CustomerID](), reflect.TypeFor[fleet.OwnerID](),
		reflect.TypeFor[fleet.UserID](), reflect.TypeFor[fleet.DeviceID](), reflect.TypeFor[fleet.FenceID](),
		reflect.TypeFor[fleet.NotificationID](), reflect.TypeFor[fleet.LabelID](), reflect.TypeFor[fleet.TokenID](),
		reflect.TypeFor[fleet.SubscriptionID](), reflect.TypeFor[fleet.RecordID](), reflect.TypeFor[fleet.RuleID](),
		reflect.TypeFor[fleet.JobID](),
	} {
		registry.RegisterTypeAlias(t, reflect.TypeFor[idSchema]())
	}
	registry.RegisterTypeAlias(reflect.TypeFor[fleet.EventID](), reflect.TypeFor[eventIDSchema]())
	registry.RegisterTypeAlias(reflect.TypeFor[fleet.Time](), reflect.TypeFor[timeSchema]())
	registry.RegisterTypeAlias(reflect.TypeFor[fleet.EventKind](), reflect.TypeFor[kindSchema]())
	a.problemResponse = &huma.Response{
		Description: "A problem (RFC 9457)",
		Content: map[string]*huma.MediaType{problemType: {
			Schema: registry.Schema(reflect.TypeFor[Problem](), true, "Problem"),
		}},
	}
	a.huma = humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: "Vigia", Version: cmp.Or(o.Version, "dev"), Description: about},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: securitySchemes()},
		},
		OpenAPIPath: "/api/openapi",
		Formats: map[string]huma.Format{
			"application/json": huma.DefaultJSONFormat,
			"json":             huma.DefaultJSONFormat,
		},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
		Transformers:                 []huma.Transformer{transform},
	})
	a.routes()
	a.limits()
	a.huma.OpenAPI().Extensions = map[string]any{"x-problems": problemList()}
	if o.Bulk != nil {
		a.startJobs() // last: a job that is taken up reads the tables of operations
	}
	return a, nil
}

func (a *API) routes() {
	a.session()
	a.activation()
	a.sessions()
	a.profile()
	a.me()
	a.names()
	a.search()
	a.maps()
	a.workplaces()
	a.companies()
	a.customers()
	a.plans()
	a.modules()
	a.statements()
	a.past()
	a.users()
	a.devices()
	a.positions()
	a.fences()
	a.rules()
	a.notifications()
	a.books()
	a.events()
	a.why()
	a.tracks()
	a.deliveries()
	a.alarms()
	a.channels()
	a.commands()
	a.tokens()
	a.subscriptions()
	a.bulk()
	a.strangers()
	a.stream()
	a.system()
	a.backups()
	a.audit()
}

// OpenAPI is the document, for the command line and the docs page.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// Table is the authorisation table that the API works by.
func (a *API) Table() auth.Table { return a.o.Table }

const about = "Vigia tracks devices and watches geofences. " +
	"Every operation says under x-authz which roles it admits and how far they reach. " +
	"Times are RFC 3339 in UTC, places are GeoJSON (longitude first), speeds km/h, courses degrees clockwise from north, distances metres. " +
	"Lists take `limit` and `after`: pass `next` of one page as `after` for the following one. " +
	"Updates name the `version` that they saw. A write with an `Idempotency-Key` is done once within an hour."

func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token from POST /api/v1/tokens or a sign-in link"},
		"cookie": {Type: "apiKey", In: "cookie", Name: "__Host-vigia", Description: "Set by a sign-in link in a browser; named vigia on plain loopback"},
	}
}

// failed words an error for the caller and logs what is our own fault.
func (a *API) failed(c *call, err error) *Problem {
	p := ProblemOf(c.lang, err)
	if p.Status == http.StatusInternalServerError {
		a.o.Log.Error("request failed", "err", err, "request", c.caller.Request)
	}
	return p
}
