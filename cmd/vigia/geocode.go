package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// The manners of a geocoder's client: OpenStreetMap's own Nominatim asks for at
// most one question a second, a name that can be written to, and that answers
// are kept (operations.osmfoundation.org/policies/nominatim).
const (
	geocodeEvery = time.Second // between two questions to one server
	geocodeWait  = 4 * time.Second
	geocodeKeep  = 5000 // answers
	geocodeFor   = 24 * time.Hour
)

var errBusy = errors.New("geocoder: asked too often")

// geocoder asks Nominatim or Photon, behind the outbound guard.
type geocoder struct {
	client *http.Client
	agent  string
	now    func() time.Time

	mu    sync.Mutex // guards the rest
	next  map[string]time.Time
	known map[string]geocoded
}

type geocoded struct {
	at     time.Time
	places []api.PlaceFound
}

func newGeocoder(g outbound.Guard) *geocoder {
	return &geocoder{
		client: outbound.Client(g, nil), agent: "Vigia/" + version, now: time.Now,
		next: map[string]time.Time{}, known: map[string]geocoded{},
	}
}

// Find gives the places that a text names.
func (g *geocoder) Find(ctx context.Context, m *fleet.BaseMap, text string, lang fleet.Lang, n int) ([]api.PlaceFound, error) {
	q := url.Values{"q": {text}, "limit": {strconv.Itoa(n)}}
	if m.Search == fleet.Photon {
		return g.ask(ctx, m, "/api", photonLang(q, lang))
	}
	q.Set("format", "jsonv2")
	q.Set("addressdetails", "1")
	q.Set("accept-language", string(lang))
	return g.ask(ctx, m, "/search", q)
}

// Address words a place, to about ten metres.
func (g *geocoder) Address(ctx context.Context, m *fleet.BaseMap, lat, lon float64, lang fleet.Lang) (string, error) {
	round := func(v float64) string { return strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', 4, 64) }
	q := url.Values{"lat": {round(lat)}, "lon": {round(lon)}}
	var places []api.PlaceFound
	var err error
	if m.Search == fleet.Photon {
		places, err = g.ask(ctx, m, "/reverse", photonLang(q, lang))
	} else {
		q.Set("format", "jsonv2")
		q.Set("accept-language", string(lang))
		places, err = g.ask(ctx, m, "/reverse", q)
	}
	if err != nil || len(places) == 0 {
		return "", err
	}
	p := places[0]
	return strings.Trim(p.Name+", "+p.Region, ", "), nil
}

// photonLang names the language where Photon has it.
func photonLang(q url.Values, lang fleet.Lang) url.Values {
	if lang == fleet.English || lang == fleet.French {
		q.Set("lang", string(lang))
	}
	return q
}

func (g *geocoder) ask(ctx context.Context, m *fleet.BaseMap, path string, q url.Values) ([]api.PlaceFound, error) {
	address := strings.TrimRight(m.SearchURL, "/") + path + "?" + q.Encode()
	now := g.now()
	g.mu.Lock()
	if a, ok := g.known[address]; ok && now.Sub(a.at) < geocodeFor {
		g.mu.Unlock()
		return a.places, nil
	}
	if now.Before(g.next[m.SearchURL]) {
		g.mu.Unlock()
		return nil, errBusy
	}
	if len(g.next) > 1000 {
		clear(g.next)
	}
	g.next[m.SearchURL] = now.Add(geocodeEvery)
	g.mu.Unlock()

	ctx, done := context.WithTimeout(ctx, geocodeWait)
	defer done()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	req.Header.Set("User-Agent", g.agent)
	answer, err := outbound.Do(g.client, req, now)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %w", err)
	}
	if answer.Status != http.StatusOK {
		return nil, fmt.Errorf("geocoder: %s answered %d", req.URL.Host, answer.Status)
	}
	places, err := readPlaces(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("geocoder: %s: %w", req.URL.Host, err)
	}
	g.mu.Lock()
	if len(g.known) >= geocodeKeep {
		clear(g.known)
	}
	g.known[address] = geocoded{now, places}
	g.mu.Unlock()
	return places, nil
}

// readPlaces reads Nominatim's list or single object, or Photon's GeoJSON.
func readPlaces(body []byte) ([]api.PlaceFound, error) {
	var one struct {
		osmPlace
		Features []struct {
			Geometry struct {
				Coordinates []float64 `json:"coordinates"`
			} `json:"geometry"`
			Properties struct {
				Name, Street, Housenumber, City, State, Countrycode string
			} `json:"properties"`
		} `json:"features"`
	}
	var list []osmPlace
	if err := json.Unmarshal(body, &list); err != nil {
		if err := json.Unmarshal(body, &one); err != nil {
			return nil, err
		}
		if one.Display != "" {
			list = append(list, one.osmPlace)
		}
	}
	out := []api.PlaceFound{}
	add := func(p api.PlaceFound) {
		if p.Name != "" && math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 && len(out) < 20 {
			p.Name, p.Region = cut(p.Name), cut(p.Region)
			out = append(out, p)
		}
	}
	for _, p := range list {
		lat, err1 := strconv.ParseFloat(p.Lat, 64)
		lon, err2 := strconv.ParseFloat(p.Lon, 64)
		if err1 == nil && err2 == nil {
			name, rest, _ := strings.Cut(p.Display, ", ")
			add(api.PlaceFound{Name: name, Region: rest, Country: strings.ToUpper(p.Address.Country), Lat: lat, Lon: lon})
		}
	}
	for _, f := range one.Features {
		if p := f.Properties; len(f.Geometry.Coordinates) == 2 {
			name := p.Name
			if name == "" {
				name = strings.TrimSpace(p.Street + " " + p.Housenumber)
			}
			add(api.PlaceFound{Name: name, Region: strings.Trim(p.City+", "+p.State, ", "), Country: strings.ToUpper(p.Countrycode),
				Lon: f.Geometry.Coordinates[0], Lat: f.Geometry.Coordinates[1]})
		}
	}
	return out, nil
}

type osmPlace struct {
	Display string `json:"display_name"`
	Lat     string `json:"lat"`
	Lon     string `json:"lon"`
	Address struct {
		Country string `json:"country_code"`
	} `json:"address"`
}

// cut bounds a text of a stranger.
func cut(s string) string {
	if r := []rune(s); len(r) > 200 {
		return string(r[:200])
	}
	return s
}
