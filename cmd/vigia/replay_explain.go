package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/why"
)

// explainAround is how many fixes are shown before the time, and behind it.
const explainAround = 5

// explain says what the engine made of a device's fixes around a time, and
// why: about is DEVICE@TIME.
func explain(about string, fixes *fixFile, set *fence.Set, names []string, preset fleet.Preset, trust bool, out io.Writer) error {
	cut := strings.LastIndex(about, "@")
	if cut < 0 {
		return fmt.Errorf("--explain %q: write DEVICE@TIME, as in van@2026-03-01T08:00:00Z", about)
	}
	device := about[:cut]
	when, err := parseFixTime(about[cut+1:])
	if err != nil {
		return fmt.Errorf("--explain %q: %w", about, err)
	}
	i := slices.Index(fixes.devices, device)
	if i < 0 {
		return fmt.Errorf("--explain %q: the file has no device %q", about, device)
	}
	d := fleet.Device{ID: fleet.DeviceID(i + 1), Company: replayCompany, Name: device}
	reports := make([]fleet.Report, 0, len(fixes.rows[i]))
	for _, row := range fixes.rows[i] {
		reports = append(reports, row.report(d.ID))
	}
	slices.SortStableFunc(reports, func(a, b fleet.Report) int { return cmp.Compare(a.Fix, b.Fix) })
	fences := map[fleet.FenceID]*fleet.Fence{}
	for f := range set.All() {
		fences[f.ID] = &fleet.Fence{ID: f.ID, Company: replayCompany, Owner: f.Owner, Name: names[f.ID-1], Preset: preset, Judge: f.Judge}
	}
	x := why.Replay(d, reports, replayWorld(set, trust), fences, when, explainAround)
	return why.Write(out, x, fmt.Sprintf("%d fixes", len(reports)), fleet.English, time.UTC)
}
