package api

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"sync"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// The bounds of what guests do.
const (
	maxPINs     = 10                // wrong ones in a row lock the PIN
	pinLocked   = 15 * fleet.Minute // for so long
	trailPoints = 1000              // of one device
	guestEvents = 50                // the latest
	arrivalLook = 5 * fleet.Second  // between two looks at a link's end by a fence
	arrivalMost = 4096              // links whose look is remembered
)

type openInput struct {
	Token string `json:"token" maxLength:"100" doc:"What stands behind /s/ in the link" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	PIN   string `json:"pin,omitempty" maxLength:"12" doc:"Where the problem pin asks for it" example:"4711"`
}

type opened struct {
	Token  string     `json:"token" doc:"Shows the guest from now on: Authorization: Bearer TOKEN, for GET /shared and for tickets of the stream" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Shared sharedView `json:"shared"`
}

type sharedView struct {
	Company     string          `json:"company" doc:"Who shares" example:"Vigía Seguridad"`
	Now         fleet.Time      `json:"now" doc:"By the server's clock"`
	From        fleet.Time      `json:"from"`
	Expires     fleet.Time      `json:"expires"`
	Live        bool            `json:"live" doc:"The stream may be opened"`
	Trail       int             `json:"trailMinutes"`
	Events      bool            `json:"events"`
	Destination *fleet.GeoPoint `json:"destination,omitempty"`
	Devices     []sharedDevice  `json:"devices" nullable:"false"`
	Recent      []SharedEvent   `json:"recent" nullable:"false" doc:"The latest events, newest first"`
}

type sharedDevice struct {
	ID       fleet.DeviceID `json:"id" doc:"As the stream names it"`
	Number   int            `json:"number" doc:"From 1, for those without a name"`
	Name     string         `json:"name,omitempty"`
	Position *PositionView  `json:"position,omitempty"`
	Distance *float64       `json:"distance,omitempty" doc:"Metres to the destination, as the crow flies" example:"5200"`
	Arrives  fleet.Time     `json:"arrives,omitzero" doc:"A guess: the distance and a third more at its present speed; absent while it stands"`
	Path     []pathPoint    `json:"trail" nullable:"false" doc:"Oldest first, at most 1,000 points"`
}

type pathPoint struct {
	Time fleet.Time `json:"time"`
	Lon  float64    `json:"lon" example:"-74.0721"`
	Lat  float64    `json:"lat" example:"4.711"`
}

// SharedEvent is as much of an event as guests see.
type SharedEvent struct {
	ID     fleet.EventID   `json:"id"`
	Kind   fleet.EventKind `json:"kind"`
	Device fleet.DeviceID  `json:"device"`
	Time   fleet.Time      `json:"time"`
	Lon    float64         `json:"lon" example:"-74.0721"`
	Lat    float64         `json:"lat" example:"4.711"`
}

// ShowSharedEvent is how guests see an event.
func ShowSharedEvent(e *fleet.Event) SharedEvent {
	return SharedEvent{ID: e.ID, Kind: e.Kind, Device: e.Device, Time: e.Time, Lon: e.Place.LonDegrees(), Lat: e.Place.LatDegrees()}
}

// ShowSharedPosition is how guests see a position: where, when, how fast.
func ShowSharedPosition(p *fleet.Position) PositionView {
	return PositionView{
		Device: p.Device, Time: p.Fix, Lon: p.Place.LonDegrees(), Lat: p.Place.LatDegrees(),
		Speed: given(p, fleet.HasSpeed, &p.Speed), Course: given(p, fleet.HasCourse, &p.Course),
	}
}

// arrivals remembers when links were last held against their fence.
type arrivals struct {
	mu   sync.Mutex // guards next
	next map[fleet.RecordID]fleet.Time
}

// due reports whether it is time to look, and notes it.
func (a *arrivals) due(id fleet.RecordID, now fleet.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.next[id] > now {
		return false
	}
	if a.next == nil || len(a.next) >= arrivalMost {
		a.next = make(map[fleet.RecordID]fleet.Time)
	}
	a.next[id] = now + arrivalLook
	return true
}

// shared adds what guests do.
func (a *API) shared() {
	op := operation{
		tag: "Shared", object: auth.Shared, action: auth.Create, method: http.MethodPost, status: http.StatusCreated,
		id: "openShared", path: "/shared/open", summary: "Open a share link, as a guest",
		doc: "For the page /s/TOKEN. It counts a view. A link that has expired, was revoked or never existed answers 410, all alike; " +
			"one with a PIN answers 403 with the problem pin until the right one comes along; one that does not hold yet, 403 with link-early. " +
			"The page keeps the token in memory; where it is refused with 401 after a day it opens the link again.",
		example: openInput{Token: "pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE", PIN: "4711"},
	}
	register(a, op, a.openShared)

	op = operation{
		tag: "Shared", object: auth.Shared, action: auth.Read, method: http.MethodGet,
		id: "getShared", path: "/shared", summary: "Read what a share link shows",
		doc: "With a guest's token. What changes comes over the stream: POST /stream/tickets, then GET /stream?ticket=…; it ends with the code 4410 when the link does.",
	}
	register(a, op, func(c *call, _ *struct{}) (*one[sharedView], error) {
		v, err := a.sharedView(c, c.caller.Who.Share, c.scope)
		return &one[sharedView]{v}, err
	})
}

func errEnded() error { return &fleet.Error{Kind: fleet.Gone, Message: detailPrefix + codeEnded} }

func (a *API) openShared(c *call, in *struct{ Body openInput }) (*one[opened], error) {
	now := a.o.Now()
	if wait := max(a.o.Throttle.Wait(c.caller.Addr, now), a.openings.Wait(c.caller.Addr, now)); wait > 0 {
		return nil, TooMany(c.lang, wait)
	}
	hash := auth.Hash(in.Body.Token)
	l, err := a.o.Books.ShareLinks.Named(0, fleet.ShareToken(hash))
	if fleet.KindOf(err) == fleet.NotFound {
		a.o.Throttle.Fail(c.caller.Addr, now)
		return nil, errEnded()
	}
	if err != nil {
		return nil, err
	}
	defer a.turns.Take(fleet.UserID(l.ID))() // one PIN at a time
	who, err := a.Guest(l.ID, now)
	if err != nil {
		return nil, err
	}
	if who.Share.StateAt(now) == fleet.ShareUsed {
		return nil, errEnded()
	}
	if err := a.checkPIN(c, who.Share, in.Body.PIN, now); err != nil {
		return nil, err
	}
	scope, err := a.o.Table.Reach(auth.Guest, auth.Shared, auth.Read).Scope(&who.User, a.o.Records)
	if err != nil {
		return nil, err
	}
	a.openings.Fail(c.caller.Addr, now)
	l, err = a.o.Books.ShareLinks.Amend(c.actor(), l.ID, func(l *fleet.ShareLink) error {
		if l.StateAt(now) != fleet.ShareOpen {
			return errEnded()
		}
		l.Views++
		l.Viewed, l.PINFailed = now, 0
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := opened{Token: a.o.Guests.Open(l.ID, now)}
	out.Shared, err = a.sharedView(c, &l, scope)
	return &one[opened]{out}, err
}

// checkPIN asks for the link's PIN. Ten wrong ones lock it for a quarter of an
// hour, wherever they come from.
func (a *API) checkPIN(c *call, l *fleet.ShareLink, pin string, now fleet.Time) error {
	switch {
	case l.PINHash == "":
		return nil
	case l.PINLocked > now:
		return TooMany(c.lang, l.PINLocked-now)
	case pin == "":
		return newProblem(c.lang, codePIN, "")
	}
	right, err := auth.CheckPassword(c, l.PINHash, pin)
	if err != nil || right {
		return err
	}
	a.o.Throttle.Fail(c.caller.Addr, now)
	_, err = a.o.Books.ShareLinks.Amend(c.actor(), l.ID, func(l *fleet.ShareLink) error {
		if l.PINFailed++; l.PINFailed >= maxPINs {
			l.PINFailed, l.PINLocked = 0, now+pinLocked
		}
		return nil
	})
	if err != nil {
		return err
	}
	return newProblem(c.lang, codePIN, detailPrefix+"wrong-pin")
}

// Guest is what a link's guests are now. Whatever ended the link, or keeps its
// owner from sharing, looks the same: an error of kind Gone.
func (a *API) Guest(id fleet.RecordID, now fleet.Time) (auth.Principal, error) {
	l, err := a.o.Books.ShareLinks.Get(id)
	if err != nil {
		if fleet.KindOf(err) == fleet.NotFound {
			err = errEnded()
		}
		return auth.Principal{}, err
	}
	may, u, err := a.shares(&l, now)
	if err != nil {
		return auth.Principal{}, err
	}
	at, err := a.arrival(&l, now)
	if err != nil {
		return auth.Principal{}, err
	}
	state := l.StateAt(now)
	switch {
	case !may || at != 0:
		return auth.Principal{}, errEnded()
	case state == fleet.ShareEarly:
		return auth.Principal{}, newProblem(u.Lang, codeEarly, "")
	case state != fleet.ShareOpen && state != fleet.ShareUsed:
		return auth.Principal{}, errEnded()
	}
	return auth.Principal{
		User: u, Share: &l, Token: fleet.Token{App: fleet.Web},
		Modules: fleet.SetOf([]fleet.Module{fleet.ShareLinks, fleet.LiveMap}), // the links' own module decides
	}, nil
}

// shares reports whether the link's owner may share, and a guest in its name.
func (a *API) shares(l *fleet.ShareLink, now fleet.Time) (bool, fleet.User, error) {
	u := fleet.User{Company: l.Company, Role: auth.Guest, Devices: l.Devices}
	co, err := a.o.Records.Company(l.Company)
	if err != nil {
		return false, u, err
	}
	u.Name, u.Lang, u.Timezone = co.Name, co.Lang, co.Timezone
	if l.Owner == fleet.Owner(co.ID) {
		return co.Offers().Has(fleet.ShareLinks), u, nil
	}
	u.Customer = fleet.CustomerID(l.Owner)
	s, err := a.o.Records.Standing(u.Customer)
	if err != nil {
		return false, u, err
	}
	if len(s.Chain) > 0 {
		u.Lang, u.Timezone = cmp.Or(s.Chain[0].Lang, u.Lang), cmp.Or(s.Chain[0].Timezone, u.Timezone)
	}
	return s.Modules().Has(fleet.ShareLinks) && s.Access("", now).Reason == fleet.Active, u, nil
}

// arrival is when one of the link's devices crossed its fence; 0 for not yet.
// It is looked up at most every five seconds, and noted once found.
func (a *API) arrival(l *fleet.ShareLink, now fleet.Time) (fleet.Time, error) {
	if l.Ended != 0 || l.EndFence == 0 || l.Revoked != 0 || l.From > now || !a.arrivals.due(l.ID, now) {
		return l.Ended, nil
	}
	q := fleet.EventQuery{
		Scope: fleet.Scope{Company: l.Company, Devices: l.Devices}, Fence: l.EndFence,
		Kinds: []fleet.EventKind{l.EndKind()}, From: l.From, To: l.Expires,
	}
	first := fleet.Time(0)
	for pages := 0; pages < 20; pages++ { // newest first; the first of all is wanted, any will do
		p, err := a.o.Facts.Events(q)
		if err != nil {
			return 0, err
		}
		for i := range p.Items {
			if l.EndsBy(&p.Items[i]) {
				first = p.Items[i].Time
			}
		}
		if p.Next == "" {
			break
		}
		q.After = p.Next
	}
	if first == 0 {
		return 0, nil
	}
	_, err := a.o.Books.ShareLinks.Amend(fleet.Actor{}, l.ID, func(l *fleet.ShareLink) error {
		if l.Ended == 0 {
			l.Ended = first
		}
		return nil
	})
	return first, err
}

// sharedView is what a link shows now, of the devices in the scope.
func (a *API) sharedView(c *call, l *fleet.ShareLink, scope fleet.Scope) (sharedView, error) {
	now := a.o.Now()
	co, err := a.o.Records.Company(l.Company)
	if err != nil {
		return sharedView{}, err
	}
	v := sharedView{
		Company: co.Name, Now: now, From: l.From, Expires: l.Expires, Live: l.Live, Trail: l.Trail, Events: l.Events,
		Destination: l.Destination, Devices: []sharedDevice{}, Recent: []SharedEvent{},
	}
	since := map[fleet.DeviceID]fleet.Time{} // whose events are shown
	for i, id := range l.Devices {
		d, err := a.o.Records.Device(id)
		if err != nil {
			if fleet.KindOf(err) == fleet.NotFound {
				continue
			}
			return v, err
		}
		if !scope.SeesDevice(d.ID, d.Company, d.Owner()) {
			continue // moved to somebody else
		}
		since[id] = d.OwnedSince()
		s := sharedDevice{ID: id, Number: i + 1, Path: []pathPoint{}}
		if l.Names {
			s.Name = d.Name
		}
		if p, ok := a.o.Hub.Latest(id); ok && l.Live && scope.SeesStay(d.Company, d.Owner(), d.OwnerAt(p.Fix)) {
			s.show(&p, l.Destination, now)
		}
		if l.Trail > 0 {
			if s.Path, err = path(c, a.sight(&scope, &d), id, max(l.From, now-fleet.Time(l.Trail)*fleet.Minute), now); err != nil {
				return v, err
			}
		}
		v.Devices = append(v.Devices, s)
	}
	if l.Events {
		p, err := a.o.Facts.Events(fleet.EventQuery{Scope: scope, From: l.From, Limit: guestEvents})
		if err != nil {
			return v, err
		}
		for i := range p.Items {
			if from, ours := since[p.Items[i].Device]; ours && p.Items[i].Time >= from && p.Items[i].Flags&fleet.Retracted == 0 {
				v.Recent = append(v.Recent, ShowSharedEvent(&p.Items[i]))
			}
		}
	}
	return v, nil
}

func (s *sharedDevice) show(p *fleet.Position, to *fleet.GeoPoint, now fleet.Time) {
	at := ShowSharedPosition(p)
	s.Position = &at
	if to == nil {
		return
	}
	m := math.Round(geo.Distance(p.Place.Point(), geo.Point{to.Lon, to.Lat}))
	s.Distance = &m
	if p.Has&fleet.HasSpeed != 0 && p.Speed >= 5 { // km/h; below it stands, or nearly
		s.Arrives = now + fleet.Time(m*4/3/float64(p.Speed)*3600)
	}
}

// path is where a device was, thinned to what a map shows.
func path(ctx context.Context, t Tracks, id fleet.DeviceID, from, to fleet.Time) ([]pathPoint, error) {
	all := []pathPoint{}
	err := t.Positions(ctx, id, from, to+1, func(p *fleet.Position) bool {
		if p.Verdict == fleet.Accepted {
			all = append(all, pathPoint{p.Fix, p.Place.LonDegrees(), p.Place.LatDegrees()})
		}
		return len(all) < 100_000
	})
	if step := (len(all) + trailPoints - 1) / trailPoints; step > 1 {
		thin := all[:0]
		for i := (len(all) - 1) % step; i < len(all); i += step { // the newest stays
			thin = append(thin, all[i])
		}
		all = thin
	}
	return all, err
}
