package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

// ReplayCmd runs the engine over files: fixes of the past against fences, no
// server.
type ReplayCmd struct {
	Fences  string `required:"" placeholder:"F.geojson" help:"GeoJSON file of fences; properties.name names each. Every fence applies to every device, since the beginning of time."`
	Fixes   string `required:"" placeholder:"F.csv" help:"CSV file of fixes in any order, - for stdin. Its first line is device,time,lat,lon[,speed,course,altitude,accuracy]; time is RFC 3339 or Unix milliseconds, speed km/h, altitude and accuracy metres."`
	Preset  string `default:"instant" enum:"instant,balanced,strict" help:"How a fence decides that a device is in or out: instant follows each trusted fix, balanced and strict want a margin and a second opinion (docs/fences.md)."`
	Explain string `placeholder:"DEVICE@TIME" help:"Say why there was, or was not, an event of this device at this time, instead of listing events."`
	Trust   string `default:"off" enum:"on,off" help:"on: leave out fixes that the fixes around them make incredible, as the server does (teleports, receivers that hang)."`
}

// Help teaches by example.
func (ReplayCmd) Help() string {
	return `Events go to stdout, one JSON object a line, by time, device, fence and kind:

  {"time":"2021-03-20T00:22:00Z","device":"1","fence":"Suez","kind":"enter"}

Lines that cannot be read and fences that are not valid are named on stderr and
left out; the exit status is then not 0.`
}

// Run replays between the files and the process's own streams.
func (c ReplayCmd) Run() error { return replay(c, os.Stdin, os.Stdout, os.Stderr) }

// replay is Run with the streams given.
func replay(c ReplayCmd, stdin io.Reader, stdout, stderr io.Writer) error {
	data, err := os.ReadFile(c.Fences)
	if err != nil {
		return err
	}
	names, set, badFences, err := replayFences(data, fleet.Preset(c.Preset), stderr)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Fences, err)
	}
	in := stdin
	if c.Fixes != "-" {
		file, err := os.Open(c.Fixes)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	fixes, err := readFixes(in, stderr)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Fixes, err)
	}
	out := bufio.NewWriter(stdout)
	if c.Explain != "" {
		if err := explain(c.Explain, fixes, set, names, fleet.Preset(c.Preset), c.Trust == "on", out); err != nil {
			return err
		}
		return out.Flush()
	}
	for _, e := range replayEvents(fixes, set, names, c.Trust == "on") {
		line, err := json.Marshal(e)
		if err != nil {
			return err
		}
		out.Write(append(line, '\n'))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if badFences+fixes.bad > 0 {
		return fmt.Errorf("left out %d of the fences and %d of the lines", badFences, fixes.bad)
	}
	return nil
}

// replayFences compiles a GeoJSON file's features; the name of the fence with
// ID n is names[n-1].
func replayFences(data []byte, preset fleet.Preset, stderr io.Writer) (names []string, set *fence.Set, bad int, err error) {
	features, err := geo.Features(data)
	if err != nil {
		return nil, nil, 0, err
	}
	fences := make([]fleet.Fence, 0, len(features))
	for i := range features {
		f := &features[i]
		name := featureName(f, i)
		names = append(names, name)
		err := f.Err
		if err == nil {
			err = f.Shape.Validate()
		}
		if err != nil {
			bad++
			fmt.Fprintf(stderr, "fence %q (feature %d) is left out: %v\n", name, i+1, err)
			continue
		}
		fences = append(fences, fleet.Fence{
			ID: fleet.FenceID(i + 1), Company: replayCompany, Owner: fleet.Owner(replayCompany), Name: name, Shape: f.Shape,
			Inside: true, Outside: true, Preset: preset, Targets: fleet.Targets{All: true}, Judge: 1,
		})
	}
	set, err = fence.Compile(fences)
	return names, set, bad, err
}

func featureName(f *geo.Feature, i int) string {
	raw, ok := f.Properties["name"]
	if !ok || string(raw) == "null" {
		return fmt.Sprintf("feature %d", i+1)
	}
	var name string
	if json.Unmarshal(raw, &name) != nil {
		name = string(raw)
	}
	return name
}

// replayCompany owns all devices and fences of a replay.
const replayCompany = fleet.CompanyID(1)

// replayLine is one event as replay prints it.
type replayLine struct {
	Time      string          `json:"time"`
	Device    string          `json:"device"`
	Fence     string          `json:"fence"`
	Kind      fleet.EventKind `json:"kind"`
	Late      bool            `json:"late,omitempty"`
	Inferred  bool            `json:"inferred,omitempty"`
	Amended   bool            `json:"amended,omitempty"`
	Retracted bool            `json:"retracted,omitempty"`

	at fleet.Time
}

func replayWorld(set *fence.Set, trust bool) *track.World {
	return &track.World{
		Company: replayCompany,
		Owners:  []track.Owner{{ID: fleet.Owner(replayCompany), Fences: set}},
		Filter:  track.Filter{Motion: trust},
	}
}

// replayEvents runs every device's fixes through the engine, in order of time.
func replayEvents(fixes *fixFile, set *fence.Set, names []string, trust bool) []replayLine {
	w := replayWorld(set, trust)
	var out []replayLine
	for i, device := range fixes.devices {
		rows := fixes.rows[i]
		slices.SortStableFunc(rows, func(a, b fixRow) int { return cmp.Compare(a.fix, b.fix) })
		s := &track.State{Device: fleet.DeviceID(i + 1)}
		for _, row := range rows {
			r := row.report(s.Device)
			for _, e := range track.Step(s, track.Input{Report: &r}, w) {
				out = append(out, replayLine{
					Time: shortTime(e.Time), Device: device, Fence: names[e.Fence-1], Kind: e.Kind, at: e.Time,
					Late:      e.Flags&fleet.Late != 0,
					Inferred:  e.Flags&fleet.Inferred != 0,
					Amended:   e.Flags&fleet.Amended != 0,
					Retracted: e.Flags&fleet.Retracted != 0,
				})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b replayLine) int {
		return cmp.Or(cmp.Compare(a.at, b.at), strings.Compare(a.Device, b.Device),
			strings.Compare(a.Fence, b.Fence), strings.Compare(a.Kind.String(), b.Kind.String()))
	})
	return out
}

// shortTime is RFC 3339 in UTC, with milliseconds where there are any.
func shortTime(t fleet.Time) string {
	if t%fleet.Second == 0 {
		return t.Std().Format(time.RFC3339)
	}
	return t.String()
}
