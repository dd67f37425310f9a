package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/route"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/engine/why"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// ExplainCmd says why there was, or was not, an event and a notice.
type ExplainCmd struct {
	ConfigFlags
	Device string        `arg:"" help:"The device: its identity (IMEI), its ID, or its name."`
	Time   string        `arg:"" help:"When: 2026-11-21T10:03:00-05:00 or '2026-11-21 10:03' (in --zone)."`
	Window time.Duration `default:"10m" help:"How long before and after that time, up to a day."`
	Zone   string        `help:"Time zone of the answer, and of a TIME without one, as America/Bogota; by default the device's customer's."`
	Lang   string        `default:"en" enum:"en,es,pt,fr" help:"Language of the answer."`
	JSON   bool          `name:"json" help:"Print the answer as JSON."`
}

// Help is what --help adds.
func (ExplainCmd) Help() string {
	return `Runs the stored fixes about that time through the engine once more, and sets
what is on record beside it: each fix and what became of it, what it said for or
against each fence near by, the events, the notifications, and every message
with the provider's answer. It changes nothing. Where a server runs on the data
directory, that server answers; otherwise the files are read.

  vigia explain --data /var/lib/vigia 990000862471854 2026-11-21T10:03:00-05:00
  vigia explain --data /var/lib/vigia 'Truck 12' '2026-11-21 10:03' --window 1h`
}

// Run asks the running server, or reads the directory itself.
func (cmd *ExplainCmd) Run() error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	text, err := askServer(c.Data, "/explain", cmd.query())
	if errors.Is(err, errNoServer) {
		text, err = explainFiles(context.Background(), c.Data, cmd.query())
	}
	if err == nil {
		_, err = io.WriteString(os.Stdout, text)
	}
	return err
}

func (cmd *ExplainCmd) query() url.Values {
	q := url.Values{"device": {cmd.Device}, "time": {cmd.Time}, "window": {cmd.Window.String()}, "zone": {cmd.Zone}, "lang": {cmd.Lang}}
	if cmd.JSON {
		q.Set("json", "true")
	}
	return q
}

// explainFiles answers from a data directory on which no server runs.
func explainFiles(ctx context.Context, dir string, q url.Values) (_ string, err error) {
	if _, err := os.Stat(filepath.Join(dir, store.AdminFile)); err != nil {
		return "", fmt.Errorf("%s holds no installation: %w", dir, err)
	}
	lock, err := store.HoldDir(dir)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	log := slog.New(slog.DiscardHandler)
	admin, err := store.OpenAdmin(filepath.Join(dir, store.AdminFile), store.AdminOptions{ReadOnly: true, Log: log})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, admin.Close()) }()
	facts, err := store.OpenFacts(filepath.Join(dir, store.FactsFile), store.FactsOptions{ReadOnly: true, Log: log})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, facts.Close()) }()
	j, err := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), Semantics: engine.Semantics, ReadOnly: true, ForHistory: true})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, j.Close()) }()
	tracks, err := history.Open(dir, j, history.Options{ReadOnly: true})
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, tracks.Close()) }()
	return explainText(ctx, admin, why.Sources{Tracks: tracks, Facts: facts, Changes: admin, People: admin}, q)
}

// explain answers from the running server.
func (n *node) explain(ctx context.Context, q url.Values) (string, error) {
	return explainText(ctx, n.admin, n.whySources(), q)
}

// whySources is where explanations of the running server look.
func (n *node) whySources() why.Sources {
	return why.Sources{Tracks: n.history, Facts: n.facts, Changes: n.admin, People: n.admin}
}

// why answers the API.
func (n *node) why(ctx context.Context, q admin.WhyQuestion) (*fleet.Explanation, error) {
	s := n.whySources()
	s.Filter, s.Now = track.Filter{Motion: true}, fleet.At(time.Now())
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		zone = time.UTC
	}
	return why.Explain(ctx, s, why.Question{
		Device: q.Device, At: q.At, Window: q.Window, Event: q.Event, Lang: q.Lang, Zone: zone,
		Devices: q.Devices, Fences: q.Fences, Notifications: q.Notifications, Deliveries: q.Deliveries,
	})
}

// route tells the API where a device went.
func (n *node) route(ctx context.Context, q admin.RouteQuestion) (*fleet.Route, error) {
	return route.Report(ctx, route.Sources{Tracks: n.history, Changes: n.admin, Filter: track.Filter{Motion: true}}, route.Question{
		Device: q.Device, From: q.From, To: q.To, Devices: q.Devices, Fences: q.Fences,
	})
}

// explainText answers a question of the command line, as text or JSON.
func explainText(ctx context.Context, a *store.Admin, s why.Sources, q url.Values) (string, error) {
	s.Filter, s.Now = track.Filter{Motion: true}, fleet.At(time.Now())
	d, err := findDevice(a, q.Get("device"))
	if err != nil {
		return "", err
	}
	zone, err := explainZone(a, &d, q.Get("zone"))
	if err != nil {
		return "", err
	}
	at, err := explainTime(q.Get("time"), zone)
	if err != nil {
		return "", err
	}
	window, err := time.ParseDuration(q.Get("window"))
	if err != nil || window <= 0 || window > 24*time.Hour {
		return "", fmt.Errorf("--window: give a time up to 24h, as in 10m")
	}
	all, lang := fleet.Scope{Installation: true}, fleet.Lang(q.Get("lang"))
	x, err := why.Explain(ctx, s, why.Question{
		Device: d, At: at, Window: fleet.Time(window.Milliseconds()), Lang: lang, Zone: zone,
		Devices: all, Fences: all, Notifications: all, Deliveries: all,
	})
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if q.Get("json") != "" {
		e := json.NewEncoder(&b)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		err = e.Encode(x)
	} else {
		err = why.Write(&b, x, d.UniqueID, lang, zone)
	}
	return b.String(), err
}

// findDevice is the device with an identity, an ID or a name; one that was
// removed only by its ID.
func findDevice(a *store.Admin, who string) (fleet.Device, error) {
	if d, err := a.DeviceByUniqueID(who); err == nil {
		return d, nil
	}
	if id, err := fleet.ParseID[explainKey](who); err == nil {
		if d, err := a.DeviceAny(fleet.DeviceID(id)); err == nil {
			return d, nil
		}
	}
	var found []fleet.Device
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Search: who, Limit: 1000}
	for {
		page, err := a.Devices(q)
		if err != nil {
			return fleet.Device{}, err
		}
		for _, d := range page.Items {
			if strings.EqualFold(d.Name, who) || d.Plate != "" && strings.EqualFold(d.Plate, who) {
				found = append(found, d)
			}
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return fleet.Device{}, fmt.Errorf("there is no device %q: give its identity (IMEI), its ID, or its whole name", who)
	}
	return fleet.Device{}, fmt.Errorf("%d devices are named %q: give the identity of one, as %s or %s", len(found), who, found[0].UniqueID, found[1].UniqueID)
}

type explainKey struct{}

// explainZone is the zone that was asked for, else the device's customer's or
// company's.
func explainZone(a *store.Admin, d *fleet.Device, name string) (*time.Location, error) {
	if name == "" {
		if c, err := a.Customer(d.Customer); err == nil {
			name = c.Timezone
		} else if c, err := a.Company(d.Company); err == nil {
			name = c.Timezone
		}
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("--zone: %q is no time zone, write it as America/Bogota", name)
	}
	return zone, nil
}

// explainTime reads RFC 3339, or a local time in a zone.
func explainTime(s string, zone *time.Location) (fleet.Time, error) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return fleet.At(t), nil
	}
	for _, layout := range [...]string{"2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return fleet.At(t), nil
		}
	}
	return 0, fmt.Errorf("%q is no time: write 2026-11-21T10:03:00-05:00, or '2026-11-21 10:03' for the time in %s", s, zone)
}
