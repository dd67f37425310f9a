package why

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestCatalogues holds the four languages to the same keys and placeholders.
func TestCatalogues(t *testing.T) {
	holes := regexp.MustCompile(`\{[a-z]+\}`)
	english := in(fleet.English)
	for _, lang := range fleet.Langs() {
		cat := in(lang)
		if len(cat) != len(english) {
			t.Errorf("%s has %d texts, English %d", lang, len(cat), len(english))
		}
		for key, want := range english {
			got, ok := cat[key]
			if !ok {
				t.Errorf("%s lacks %s", lang, key)
				continue
			}
			a, b := holes.FindAllString(want, -1), holes.FindAllString(got, -1)
			slices.Sort(a)
			slices.Sort(b)
			if !slices.Equal(a, b) {
				t.Errorf("%s, %s: has %v, want %v", lang, key, b, a)
			}
			if lang != fleet.English && len(strings.Fields(want)) > 4 && got == want {
				t.Errorf("%s, %s is English", lang, key)
			}
		}
	}
}
