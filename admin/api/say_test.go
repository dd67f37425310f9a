package api

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

func TestCataloguesSayTheSame(t *testing.T) {
	english := catalogues()[fleet.English]
	for _, lang := range fleet.Langs() {
		c := catalogues()[lang]
		for key, text := range english.exact {
			other, ok := c.exact[key]
			if !ok || strings.TrimSpace(other) == "" {
				t.Errorf("%s has no text for %q", lang, key)
			}
			if strings.Count(other, "{}") != strings.Count(text, "{}") {
				t.Errorf("%s: %q has other gaps than %q", lang, other, text)
			}
			if lang != fleet.English && other == text && !sameInAll[text] {
				t.Errorf("%s: %q is not translated", lang, key)
			}
		}
		if len(c.exact) != len(english.exact) {
			t.Errorf("%s has %d texts, English %d", lang, len(c.exact), len(english.exact))
		}
	}
}

// sameInAll are the English texts that another language may repeat.
var sameInAll = map[string]bool{"Conflict": true}

func TestEveryProblemHasATitleAndADetail(t *testing.T) {
	for code := range statusOf {
		for _, lang := range fleet.Langs() {
			p := newProblem(lang, code, "")
			if strings.HasPrefix(p.Title, titlePrefix) || strings.HasPrefix(p.Detail, detailPrefix) {
				t.Errorf("%s in %s: %q, %q", code, lang, p.Title, p.Detail)
			}
		}
	}
}

func TestSayFillsGaps(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{`"Mars/Olympus" is no time zone; write one as in America/Bogota or UTC`, `"Mars/Olympus" no es una zona horaria; escriba una como America/Bogota o UTC`},
		{"has more than 120 characters", "tiene más de 120 caracteres"},
		{"expected length >= 12", "la longitud debe ser >= 12"},
		{"nobody ever said this", "nobody ever said this"},
		{"is required", "es obligatorio"},
	} {
		if got := say(fleet.Spanish, c.in); got != c.want {
			t.Errorf("%q in Spanish: %q, want %q", c.in, got, c.want)
		}
	}
}

// Numbers are written as people of the language do; identities, years and what
// was given stay as they are.
func TestSayGroupsDigits(t *testing.T) {
	for _, c := range []struct {
		lang     fleet.Lang
		in, want string
	}{
		{fleet.English, "expected number <= 86400000", "expected number <= 86,400,000"},
		{fleet.Spanish, "is more than 10000 days", "es más de 10\u00a0000 días"},
		{fleet.Portuguese, "is more than 10000 days", "10.000"},
		{fleet.French, "is more than 100000 days", "100\u202f000"},
		{fleet.Spanish, "is more than 2026 days", "2026"},
		{fleet.Spanish, `"860000000000777" is no time zone; write one as in America/Bogota or UTC`, `"860000000000777"`},
	} {
		if got := say(c.lang, c.in); !strings.Contains(got, c.want) {
			t.Errorf("%q in %s: %q, want %q", c.in, c.lang, got, c.want)
		}
	}
}

// The faults of shapes are worded in every language, with the same gaps.
func TestEveryShapeFaultIsWorded(t *testing.T) {
	gaps := regexp.MustCompile(`\{[a-z]+\}`)
	for _, code := range geo.Codes() {
		want := gaps.FindAllString(code.Text(), -1)
		slices.Sort(want)
		for _, lang := range fleet.Langs() {
			text := catalogues()[lang].texts(shapePrefix + string(code))
			got := gaps.FindAllString(text, -1)
			slices.Sort(got)
			if text == "" || !slices.Equal(got, want) {
				t.Errorf("%s in %s: %q has the gaps %v, want %v", code, lang, text, got, want)
			}
			if lang == fleet.English && text != code.Text() {
				t.Errorf("%s: %q in the catalogue, %q in geo", code, text, code.Text())
			}
		}
	}
}
