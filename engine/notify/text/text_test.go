package text_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

var at = fleet.At(time.Date(2021, 3, 20, 19, 3, 12, 0, time.UTC))

func facts(lang fleet.Lang, kind fleet.EventKind) text.Facts {
	place, _ := fleet.MakePlace(4.60971, -74.08175)
	return text.Facts{
		Event: fleet.Event{
			ID: fleet.EventID{1, 2, 3}, Kind: kind, Time: at, Received: at + 2*fleet.Second, Place: place, Speed: 42.6,
		},
		Device:    fleet.Device{ID: 7, Name: "Camión 12", Plate: "ABC-123"},
		Fence:     fleet.Fence{ID: 8, Name: "Depósito São João"},
		User:      fleet.User{Lang: lang, Timezone: "America/Bogota"},
		PublicURL: "https://track.example.com/",
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

func TestCatalogueComplete(t *testing.T) {
	english := text.In(fleet.English)
	for _, lang := range fleet.Langs() {
		c := text.In(lang)
		for key, words := range english {
			got, ok := c[key]
			if !ok {
				t.Errorf("%s lacks %q", lang, key)
				continue
			}
			if got == "" || strings.TrimSpace(got) != got {
				t.Errorf("%s: %q is empty or padded: %q", lang, key, got)
			}
			a, b := placeholder.FindAllString(words, -1), placeholder.FindAllString(got, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s: %q has placeholders %v, English %v", lang, key, b, a)
			}
		}
		for key := range c {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %q, English does not", lang, key)
			}
		}
		for one := range (^fleet.Alarms(0)).Each {
			for _, name := range one.Names() {
				if c["alarm."+name] == "" {
					t.Errorf("%s has no word for the alarm %q", lang, name)
				}
			}
		}
		if n := len(strings.Fields(c["months"])); n != 12 {
			t.Errorf("%s has %d months", lang, n)
		}
	}
}

func TestGolden(t *testing.T) {
	for _, lang := range fleet.Langs() {
		t.Run(string(lang), func(t *testing.T) {
			var b strings.Builder
			show := func(title string, f text.Facts) {
				n := text.Write(f)
				fmt.Fprintf(&b, "=== %s\nsubject: %s\nbrief:   %s\n---\n%s\n", title, n.Subject, n.Brief, n.Long)
				for _, l := range n.Links {
					fmt.Fprintf(&b, "%s: %s\n", l.Label, l.URL)
				}
				b.WriteByte('\n')
			}
			show("enter", facts(lang, fleet.Enter))
			show("exit", facts(lang, fleet.Exit))

			f := facts(lang, fleet.Exit)
			f.Event.Flags, f.Event.Received = fleet.Late, at+38*fleet.Minute
			show("exit, late", f)

			f = facts(lang, fleet.Enter)
			f.Event.Flags, f.Event.Speed, f.PublicURL = fleet.Inferred, 0, ""
			f.Device.Plate, f.User.Timezone = "", "Asia/Kolkata"
			show("enter, inferred, no speed, no plate, no public URL, another zone", f)

			f = facts(lang, fleet.Exit)
			f.Device, f.Fence, f.Event.Place = fleet.Device{ID: 7}, fleet.Fence{ID: 8}, fleet.Place{}
			show("exit, device and fence gone, no place", f)

			f = facts(lang, fleet.Alarm)
			f.Event.Alarms, f.Event.Flags = fleet.SOS, fleet.Placeless
			show("alarm, placeless", f)

			for _, c := range stories(lang) {
				show(c.title, c.facts)
			}

			f = facts(lang, fleet.Alarm)
			b.WriteString("=== alarms\n")
			for one := range (^fleet.Alarms(0)).Each {
				if len(one.Names()) > 0 {
					f.Event.Alarms = one
					fmt.Fprintln(&b, text.Write(f).Subject)
				}
			}
			golden(t, filepath.Join("testdata", string(lang)+".txt"), b.String())
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if that is meant:\n%s", file, diff)
	}
}

func TestNamesCannotBreakOut(t *testing.T) {
	f := facts(fleet.English, fleet.Enter)
	f.Device.Name = "x\r\nBcc: everyone@example.com\u2028\x00y"
	f.Device.Plate = "{fence}"
	f.Fence.Name = "\u202eevil {device}\x1b[31m"
	n := text.Write(f)
	want := "x Bcc: everyone@example.com y ({fence}) entered evil {device} [31m"
	if n.Subject != want {
		t.Errorf("subject %q, want %q", n.Subject, want)
	}
	if strings.ContainsAny(n.Subject+n.Brief, "\r\n\x00\x1b\u2028\u202e") {
		t.Errorf("control characters remain in %q, %q", n.Subject, n.Brief)
	}
}

func TestUnknownLanguageAndZone(t *testing.T) {
	f := facts("xx", fleet.Exit)
	f.User.Timezone = "Mars/Olympus"
	if got, want := text.Write(f).Brief, "Camión 12 (ABC-123) left Depósito São João, 20 Mar 19:03 UTC, 43 km/h"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("Truck\r\n12", "ABC", "Depot", "UTC", uint8(1), float32(50))
	f.Fuzz(func(t *testing.T, device, plate, fence, zone string, kind uint8, speed float32) {
		x := facts(fleet.French, fleet.EventKind(kind%14))
		x.Device.Name, x.Device.Plate, x.Fence.Name, x.User.Timezone, x.Event.Speed = device, plate, fence, zone, speed
		n := text.Write(x)
		if strings.ContainsAny(n.Subject+n.Brief, "\r\n\x00") {
			t.Errorf("%q, %q", n.Subject, n.Brief)
		}
	})
}
