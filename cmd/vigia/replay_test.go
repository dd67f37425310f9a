package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var updateReplay = flag.Bool("update-replay", false, "write replay's golden files anew")

func TestReplayGolden(t *testing.T) {
	dir := filepath.Join("testdata", "replay")
	cmd := ReplayCmd{
		Fences: filepath.Join(dir, "fences.geojson"), Fixes: filepath.Join(dir, "fixes.csv"),
		Preset: "instant", Trust: "off",
	}
	var stdout, stderr bytes.Buffer
	err := replay(cmd, strings.NewReader(""), &stdout, &stderr)
	if err == nil || !strings.Contains(err.Error(), "3 of the fences and 6 of the lines") {
		t.Errorf("error %v, want one that counts what was left out", err)
	}
	golden(t, filepath.Join(dir, "events.golden.jsonl"), stdout.Bytes())
	golden(t, filepath.Join(dir, "stderr.golden"), stderr.Bytes())
}

// The same file under the other presets, each with its own events.
func TestReplayPresets(t *testing.T) {
	dir := filepath.Join("testdata", "replay")
	for _, preset := range []string{"balanced", "strict"} {
		var stdout, stderr bytes.Buffer
		_ = replay(ReplayCmd{
			Fences: filepath.Join(dir, "fences.geojson"), Fixes: filepath.Join(dir, "edge.csv"),
			Preset: preset, Trust: "off",
		}, strings.NewReader(""), &stdout, &stderr)
		golden(t, filepath.Join(dir, "edge."+preset+".golden.jsonl"), stdout.Bytes())
	}
}

// Why there was an event, why there was none, and what became of a fix that is
// not believed.
func TestReplayExplain(t *testing.T) {
	dir := filepath.Join("testdata", "replay")
	for name, c := range map[string]struct{ about, preset string }{
		"parked": {"truck@2026-03-01T08:00:05Z", "balanced"},
		"left":   {"van@2026-03-01T08:00:05Z", "balanced"},
		"coarse": {"van@2026-03-01T08:10:05Z", "strict"},
	} {
		var stdout, stderr bytes.Buffer
		_ = replay(ReplayCmd{
			Fences: filepath.Join(dir, "fences.geojson"), Fixes: filepath.Join(dir, "edge.csv"),
			Preset: c.preset, Trust: "on", Explain: c.about,
		}, strings.NewReader(""), &stdout, &stderr)
		golden(t, filepath.Join(dir, "explain."+name+".golden.txt"), stdout.Bytes())
	}
	for about, want := range map[string]string{
		"truck": "DEVICE@TIME", "truck@noon": "neither RFC 3339", "ship@2026-03-01T08:00:05Z": `no device "ship"`,
	} {
		var stdout, stderr bytes.Buffer
		err := replay(ReplayCmd{
			Fences: filepath.Join(dir, "fences.geojson"), Fixes: filepath.Join(dir, "edge.csv"),
			Preset: "balanced", Trust: "on", Explain: about,
		}, strings.NewReader(""), &stdout, &stderr)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want one with %q", about, err, want)
		}
	}
}

func golden(t *testing.T, file string, got []byte) {
	t.Helper()
	if *updateReplay {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", file, got)
	}
}

// sharedDir finds the folder of real input beside the repository.
func sharedDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("VIGIA_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("VIGIA_REQUIRE_SHARED") == "1" {
			t.Fatalf("the folder of real input is not there: %v", err)
		}
		t.Skip("the folder of real input (../shared, VIGIA_SHARED) is not there")
	}
	return dir
}

// The events are those of an independent GIS library.
func TestReplayEqualsGIS(t *testing.T) {
	data := filepath.Join(sharedDir(t), "data")
	for _, city := range []string{"beijing", "berlin", "san-francisco"} {
		t.Run(city, func(t *testing.T) {
			expected, err := os.ReadFile(filepath.Join(data, "expected", city+".instant.jsonl"))
			if err != nil {
				t.Fatal(err)
			}
			var stdout, stderr bytes.Buffer
			err = replay(ReplayCmd{
				Fences: filepath.Join(data, "fences", city+".geojson"),
				Fixes:  filepath.Join(data, "traces", city+".csv"),
				Preset: "instant", Trust: "off",
			}, strings.NewReader(""), &stdout, &stderr)
			if err != nil || stderr.Len() > 0 {
				t.Fatalf("error %v, stderr %s", err, stderr.Bytes())
			}
			got, want := eventLines(t, stdout.Bytes()), eventLines(t, expected)
			if len(want) == 0 || !slices.Equal(got, want) {
				t.Errorf("%d events, want %d", len(got), len(want))
				for i := range min(len(got), len(want)) {
					if got[i] != want[i] {
						t.Fatalf("event %d of the sorted ones is %s, want %s", i, got[i], want[i])
					}
				}
			}
		})
	}
}

// eventLines parses lines, leaves inferred events out, and sorts.
func eventLines(t *testing.T, data []byte) (out []string) {
	t.Helper()
	for line := range strings.Lines(string(data)) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		if e["inferred"] == true {
			continue
		}
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	slices.Sort(out)
	return out
}

// What is not valid as published is named with its position and left out.
func TestReplayNamesInvalidFences(t *testing.T) {
	data := filepath.Join(sharedDir(t), "data")
	var stdout, stderr bytes.Buffer
	err := replay(ReplayCmd{
		Fences: filepath.Join(data, "fences", "invalid.geojson"), Fixes: "-", Preset: "instant", Trust: "off",
	}, strings.NewReader("device,time,lat,lon\n"), &stdout, &stderr)
	if err == nil {
		t.Error("no error, want one")
	}
	for _, want := range []string{
		"Marina", "longitude -122.44678, latitude 37.805405",
		"Downtown/Civic Center", "longitude -122.408797, latitude 37.790161",
		"North Beach", "longitude -122.407869, latitude 37.808202",
	} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("stderr does not name %q:\n%s", want, stderr.String())
		}
	}
}

func TestReplayRefusesFiles(t *testing.T) {
	fences := filepath.Join("testdata", "replay", "fences.geojson")
	for name, c := range map[string]struct{ fences, fixes, want string }{
		"no such file":     {"nowhere.geojson", "", "nowhere.geojson"},
		"empty":            {fences, "", "the file is empty"},
		"unknown column":   {fences, "device,time,lat,lon,colour\n", `the column "colour"`},
		"missing column":   {fences, "device,time,lat\n", `no column "lon"`},
		"column twice":     {fences, "device,time,lat,lon,lat\n", "twice"},
		"line beyond size": {fences, "device,time,lat,lon\n" + strings.Repeat("x", maxFixLine+1), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			err := replay(ReplayCmd{Fences: c.fences, Fixes: "-", Preset: "instant", Trust: "off"},
				strings.NewReader(c.fixes), &stdout, &stderr)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}
