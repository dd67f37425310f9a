package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"time"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// demoCity is one of the demo's customers and where its vehicles drive.
type demoCity struct {
	customer, code, country string
	person, mail, phone     string
	lang                    fleet.Lang
	zone                    string
	centre                  geo.Point
	fences                  []demoFence
}

// demoFence is a fence of ours over a real place: a circle, or a polygon of so
// many corners, so many metres east and north of the centre.
type demoFence struct {
	name        string
	colour      string
	east, north float64
	radius      float64
	corners     int // 0: a circle
}

var demoCities = []demoCity{
	{
		customer: "Demo Bogotá", code: "BOG", country: "CO", person: "Demo Andina", mail: "bogota@demo.invalid", phone: "+573005550101",
		lang: fleet.Spanish, zone: "America/Bogota", centre: geo.Point{-74.0817, 4.6533},
		fences: []demoFence{
			{"Bodega Puente Aranda", "#e8590c", -2600, -900, 140, 0},
			{"Terminal Salitre", "#1971c2", -2900, 900, 180, 6},
			{"Centro Internacional", "#2f9e44", 1200, -1500, 220, 8},
			{"Parque Simón Bolívar", "#9c36b5", -900, 600, 350, 10},
			{"Chapinero", "#e03131", 1700, 500, 160, 0},
		},
	},
	{
		customer: "Demo Lisboa", code: "LIS", country: "PT", person: "Demo Atlântica", mail: "lisboa@demo.invalid", phone: "+351915550102",
		lang: fleet.Portuguese, zone: "Europe/Lisbon", centre: geo.Point{-9.1427, 38.7369},
		fences: []demoFence{
			{"Armazém de Alcântara", "#e8590c", -2900, -2600, 150, 0},
			{"Parque Eduardo VII", "#2f9e44", -700, -800, 260, 7},
			{"Campo Pequeno", "#1971c2", -200, 500, 140, 0},
			{"Estação do Oriente", "#9c36b5", 3600, 3200, 200, 6},
			{"Cidade Universitária", "#e03131", -1300, 1500, 240, 9},
		},
	},
	{
		customer: "Demo Montréal", code: "MTL", country: "CA", person: "Demo Boréale", mail: "montreal@demo.invalid", phone: "+15145550103",
		lang: fleet.French, zone: "America/Toronto", centre: geo.Point{-73.5878, 45.5088},
		fences: []demoFence{
			{"Entrepôt de Lachine", "#e8590c", -2700, -2400, 150, 0},
			{"Vieux-Port", "#1971c2", 2700, -900, 200, 6},
			{"Parc La Fontaine", "#2f9e44", 1500, 1900, 230, 7},
			{"Gare Centrale", "#9c36b5", 1300, -1000, 120, 0},
			{"Côte-des-Neiges", "#e03131", -2500, -900, 220, 8},
		},
	},
}

// What each city's rule and one of its fences ask, so that there is something to
// see within a minute.
const (
	demoDwell = 25 * fleet.Second // in a fence
	demoLimit = 45                // km/h in the city's second fence
)

// demoProtocols are spoken by the demo's trackers in turn.
var demoProtocols = []string{"gt06", "teltonika", "h02", "osmand", "mqtt", "teltonika-udp", "owntracks"}

func (f *demoFence) shape(centre geo.Point) geo.Shape {
	p := fleetsim.Offset(centre, f.east, f.north)
	if f.corners == 0 {
		return geo.Shape{Kind: geo.Circle, Centre: p, Radius: f.radius}
	}
	ring := make(geo.Ring, 0, f.corners+1)
	for i := range f.corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(f.corners))
		far := f.radius * (1 + 0.18*math.Sin(float64(3*i)))
		ring = append(ring, fleetsim.Offset(p, far*cos, far*sin))
	}
	return geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{geo.Polygon{append(ring, ring[0])}}}
}

// demoWorld is what the demo made: who logs in, and which trackers drive.
type demoWorld struct {
	operator fleet.UserID
	people   []fleet.User       // one a city, told of everything there
	customer []fleet.CustomerID // by place in demoCities
	devices  []fleetsim.Device
}

// demoPush opens a browser for a user at the demo's push service.
type demoPush func(user fleet.UserID) (fleet.Subscription, error)

// makeDemo puts company, customers, people, fences, rules, notifications and devices
// into a new installation. Fences hold since the beginning of time.
func makeDemo(ctx context.Context, n *node, devices int, push demoPush) (*demoWorld, error) {
	made, err := n.Apply(ctx, fleet.ChangeSet{Companies: []fleet.Company{{Name: "Vigia demo", Lang: fleet.English, Timezone: "UTC"}}})
	if err != nil {
		return nil, err
	}
	company := made.Companies[0].ID
	operator, err := n.admin.PutUser(fleet.Actor{}, fleet.User{
		Company: company, Name: "Demo operator", Email: "operator@demo.invalid", Lang: fleet.English, Timezone: "UTC", Role: fleet.CompanyAdmin,
	})
	if err != nil {
		return nil, err
	}
	w := &demoWorld{operator: operator.ID}
	for i := range demoCities {
		if err := w.city(ctx, n, company, &demoCities[i], push); err != nil {
			return nil, fmt.Errorf("%s: %w", demoCities[i].customer, err)
		}
	}
	return w, w.vehicles(ctx, n, company, devices)
}

// city makes one customer with its person, fences, rule and notification.
func (w *demoWorld) city(ctx context.Context, n *node, company fleet.CompanyID, c *demoCity, push demoPush) error {
	made, err := n.Apply(ctx, fleet.ChangeSet{Customers: []fleet.Customer{{
		Company: company, Name: c.customer, Code: c.code, Country: c.country, Lang: c.lang, Timezone: c.zone,
	}}})
	if err != nil {
		return err
	}
	customer := made.Customers[0].ID
	person, err := n.admin.PutUser(fleet.Actor{}, fleet.User{
		Company: company, Customer: customer, Name: c.person, Email: c.mail, Phone: c.phone,
		Lang: c.lang, Timezone: c.zone, Role: fleet.CustomerAdmin,
	})
	if err != nil {
		return err
	}
	w.people = append(w.people, person)
	browser, err := push(person.ID)
	if err != nil {
		return err
	}
	if _, err := n.admin.PutSubscription(fleet.Actor{User: person.ID}, browser); err != nil {
		return err
	}
	set := fleet.ChangeSet{Since: true}
	for i := range c.fences {
		f := &c.fences[i]
		set.Fences = append(set.Fences, fleet.Fence{
			Company: company, Owner: fleet.Owner(customer), Name: f.name, Colour: f.colour, Shape: f.shape(c.centre),
			Inside: true, Outside: true, Preset: fleet.Balanced, Targets: fleet.Targets{All: true},
		})
	}
	set.Fences[1].SpeedLimit = demoLimit
	set.Rules = []fleet.Rule{{
		Company: company, Owner: fleet.Owner(customer), Name: c.customer + ": a long visit", Trigger: fleet.Dwell, After: demoDwell,
		AllFences: true, Targets: fleet.Targets{All: true},
	}}
	set.Notifications = []fleet.Notification{{
		Inferred: true, // everything is to arrive
		Company:  company, Owner: fleet.Owner(customer), Description: c.customer + ": everything to everybody",
		AllDevices: true, AllFences: true, Kinds: []fleet.EventKind{fleet.Enter, fleet.Exit, fleet.Alarm, fleet.Dwell, fleet.Speeding},
		Channels: fleet.Channels(), Recipients: []fleet.UserID{person.ID},
	}}
	w.customer = append(w.customer, customer)
	_, err = n.Apply(ctx, set)
	return err
}

// vehicles makes the devices, spread over cities and protocols. Each tour leads
// through a fence at once, so that there is something to see within seconds.
func (w *demoWorld) vehicles(ctx context.Context, n *node, company fleet.CompanyID, count int) error {
	set := fleet.ChangeSet{}
	for i := range count {
		c := &demoCities[i%len(demoCities)]
		protocol := demoProtocols[i/len(demoCities)%len(demoProtocols)]
		uid, secret := fmt.Sprintf("86%013d", 900_000_000+i), ""
		d := fleet.Device{
			Company: company, Customer: w.customer[i%len(demoCities)], Name: fmt.Sprintf("%s %02d", c.code, i/len(demoCities)+1),
			UniqueID: uid, Plate: fmt.Sprintf("%s-%03d", c.code, 100+i),
		}
		if protocol == "mqtt" {
			secret = auth.NewSecret()
			sum := sha256.Sum256([]byte(secret))
			d.SecretHash = sum[:]
		}
		set.Devices = append(set.Devices, d)
		source := c.tour(uint64(i)).At
		if i == 0 {
			source = pressSOS(source, fleet.At(time.Now())+10*fleet.Second)
		}
		w.devices = append(w.devices, fleetsim.Device{
			UniqueID: uid, Secret: secret, Protocol: protocol, Addr: n.doors.Load().open[protocol], Source: source,
		})
	}
	_, err := n.Apply(ctx, set)
	return err
}

// pressSOS is a source whose first fix after a time carries an SOS.
func pressSOS(source func(fleet.Time) fleetsim.Fix, after fleet.Time) func(fleet.Time) fleetsim.Fix {
	pressed := false
	return func(t fleet.Time) fleetsim.Fix {
		f := source(t)
		if !pressed && t >= after {
			pressed, f.Alarms = true, fleet.SOS
		}
		return f
	}
}

// tour leads every third vehicle back and forth over one fence's edge, and the
// others from fence to fence across the city.
func (c *demoCity) tour(seed uint64) *fleetsim.Vehicle {
	turn := seed / uint64(len(demoCities))
	gate := func(i uint64) geo.Point {
		f := &c.fences[i%uint64(len(c.fences))]
		return fleetsim.Offset(c.centre, f.east, f.north)
	}
	kmh := 40 + float64(seed%4)*8
	if turn%3 == 0 {
		p, out := gate(turn/3), c.fences[turn/3%uint64(len(c.fences))].radius+140
		return fleetsim.NewVehicle(seed, c.centre, []geo.Point{p, fleetsim.Offset(p, out, 0), p, fleetsim.Offset(p, 0, -out)}, kmh, 4)
	}
	stops := []geo.Point{gate(turn), gate(turn + 1 + turn%3)}
	stops = append(stops, fleetsim.Stops(seed, c.centre, 2, 3000)...)
	return fleetsim.NewVehicle(seed, c.centre, stops, kmh, 10)
}
