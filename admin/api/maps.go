package api

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo/gazetteer"
)

// PlaceFound is a place with a name.
type PlaceFound struct {
	Name    string  `json:"name" example:"Valencia"`
	Region  string  `json:"region,omitempty" doc:"State, province or address, where it is known" example:"Carabobo"`
	Country string  `json:"country,omitempty" doc:"ISO 3166-1, two letters" example:"VE"`
	Lat     float64 `json:"lat" example:"10.162"`
	Lon     float64 `json:"lon" example:"-68.007"`
}

// NearView is where something lies, seen from a town.
type NearView struct {
	Name    string  `json:"name" example:"Valencia"`
	Country string  `json:"country" doc:"ISO 3166-1, two letters" example:"VE"`
	Km      float64 `json:"km" doc:"From its middle; 0: in it" example:"3"`
	Wind    string  `json:"wind,omitempty" enum:"N,NE,E,SE,S,SW,W,NW" doc:"Where it lies from there"`
}

var winds = [8]string{"N", "NE", "E", "SE", "S", "SW", "W", "NW"}

// nearOf words a place; nil where there is no town or no gazetteer.
func nearOf(p fleet.Place) *NearView {
	n, ok := gazetteer.Embedded().Near(p.LatDegrees(), p.LonDegrees())
	if !ok || p == (fleet.Place{}) {
		return nil
	}
	v := &NearView{Name: n.Town.Name, Country: n.Town.Country, Km: math.Round(n.Km)}
	if n.Km < 1 {
		return v
	}
	v.Wind = winds[n.Wind()]
	return v
}

// Geocoder asks a server for places. Where it does not answer in time, the
// embedded list of towns does.
type Geocoder interface {
	Find(ctx context.Context, m *fleet.BaseMap, text string, lang fleet.Lang, n int) ([]PlaceFound, error)
	Address(ctx context.Context, m *fleet.BaseMap, lat, lon float64, lang fleet.Lang) (string, error)
}

type mapShown struct {
	fleet.BaseMap
	Company fleet.CompanyID `json:"company,omitzero" doc:"Whose choice it is"`
	Chosen  bool            `json:"chosen" doc:"Whether the company has chosen; until then it is offline"`
	Files   []string        `json:"files" nullable:"false" doc:"Maps that lie in the server's maps directory" example:"[\"bogota.pmtiles\"]"`
	Towns   int             `json:"towns" doc:"Of the embedded list; 0: this binary was built without"`
}

type placesFound struct {
	Items  []PlaceFound `json:"items" nullable:"false"`
	Credit string       `json:"credit" doc:"Whom to name beside what was found" example:"GeoNames"`
}

type placeNear struct {
	Near    *NearView `json:"near,omitempty" doc:"Absent: no town is within 100 km"`
	Address string    `json:"address,omitempty" doc:"As the company's geocoder words it" example:"Carrera 7 #32-16, Bogotá"`
	Credit  string    `json:"credit" example:"GeoNames"`
}

const geoNames = "GeoNames"

func (a *API) maps() {
	op := operation{tag: "Maps", object: auth.Lookup, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "getMap", "/map", "The street map under your maps"
	op.doc = "A company chooses it with its own data: PUT /companies/{id}, `map`."
	register(a, op, func(c *call, _ *struct{}) (*one[mapShown], error) {
		m, err := c.baseMap()
		out := mapShown{BaseMap: fleet.BaseMap{Kind: fleet.OfflineMap}, Company: c.caller.Who.User.Company, Files: []string{}, Towns: gazetteer.Embedded().Len()}
		if m != nil {
			out.BaseMap, out.Chosen = *m, true
		}
		if a.o.MapFiles != nil {
			out.Files = append(out.Files, a.o.MapFiles()...)
		}
		return &one[mapShown]{out}, err
	})

	op.id, op.path, op.summary = "findPlaces", "/places", "Find places by name"
	op.doc = "Asks the company's geocoder, else the embedded list of towns."
	register(a, op, func(c *call, in *struct {
		Text  string `query:"q" maxLength:"120" doc:"The beginning of a name, in any case, without regard to accents" example:"valencia"`
		Limit int    `query:"limit" minimum:"1" maximum:"20" default:"8"`
	}) (*one[placesFound], error) {
		m, err := c.baseMap()
		if err != nil {
			return nil, err
		}
		text := strings.TrimSpace(in.Text)
		if m != nil && m.Search != "" && a.o.Geocoder != nil && len(text) > 2 {
			if items, err := a.o.Geocoder.Find(c, m, text, c.lang, in.Limit); err == nil && len(items) > 0 {
				return &one[placesFound]{placesFound{items, "OpenStreetMap"}}, nil
			}
		}
		out := placesFound{[]PlaceFound{}, geoNames}
		for _, t := range gazetteer.Embedded().Find(text, in.Limit) {
			out.Items = append(out.Items, PlaceFound{t.Name, t.Region, t.Country, t.Lat, t.Lon})
		}
		return &one[placesFound]{out}, nil
	})

	op.id, op.path, op.summary = "nearPlace", "/places/near", "What is at a place"
	op.doc = "The town nearby, and the address where the company has a geocoder."
	register(a, op, func(c *call, in *struct {
		Lat float64 `query:"lat" minimum:"-90" maximum:"90" required:"true"`
		Lon float64 `query:"lon" minimum:"-180" maximum:"180" required:"true"`
	}) (*one[placeNear], error) {
		p, _ := fleet.MakePlace(in.Lat, in.Lon)
		out := placeNear{Near: nearOf(p), Credit: geoNames}
		m, err := c.baseMap()
		if m != nil && m.Search != "" && a.o.Geocoder != nil {
			if text, err := a.o.Geocoder.Address(c, m, in.Lat, in.Lon, c.lang); err == nil && text != "" {
				out.Address, out.Credit = text, "OpenStreetMap"
			}
		}
		return &one[placeNear]{out}, err
	})
}

// baseMap is the choice of the company that the caller works in; nil: none.
func (c *call) baseMap() (*fleet.BaseMap, error) {
	if c.caller.Who.User.Company == 0 {
		return nil, nil
	}
	co, err := c.api.o.Records.Company(c.caller.Who.User.Company)
	if fleet.KindOf(err) == fleet.NotFound {
		return nil, nil
	}
	return co.Map, err
}

// origins remembers where pages may load maps from.
type origins struct {
	mu   sync.Mutex // guards the rest
	at   fleet.Time
	list []string
}

// originsEach is how old a remembered list may be: a new map shows at the next load of a page.
const originsEach = 3 * fleet.Second

// MapOrigins are the origins that any company's map loads from, for the content
// policy of the pages: a page is served before anybody is known to have signed in.
func (a *API) MapOrigins() []string {
	a.origins.mu.Lock()
	defer a.origins.mu.Unlock()
	now := a.o.Now()
	if a.origins.at != 0 && now-a.origins.at < originsEach && now >= a.origins.at {
		return a.origins.list
	}
	var out []string
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	for {
		p, err := a.o.Records.Companies(q)
		if err != nil {
			a.o.Log.Error("map origins not read; pages load no street map", "err", err)
			return a.origins.list
		}
		for i := range p.Items {
			out = append(out, p.Items[i].Map.Origins()...)
		}
		if q.After = p.Next; q.After == "" {
			break
		}
	}
	slices.Sort(out)
	a.origins.at, a.origins.list = now, slices.Compact(out)
	return a.origins.list
}
