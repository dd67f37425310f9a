package text

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

//go:embed catalogue/*.json
var files embed.FS

// Catalogue is the words of one language by key.
type Catalogue map[string]string

// catalogues reads the embedded files once; that they are whole is a test's
// business, so a broken one is our own fault.
var catalogues = sync.OnceValue(func() map[fleet.Lang]Catalogue {
	all := make(map[fleet.Lang]Catalogue)
	for _, lang := range fleet.Langs() {
		b, err := files.ReadFile("catalogue/" + string(lang) + ".json")
		if err != nil {
			panic(fmt.Sprintf("bug: no catalogue for %s: %v", lang, err))
		}
		var c Catalogue
		if err := json.Unmarshal(b, &c); err != nil {
			panic(fmt.Sprintf("bug: catalogue/%s.json: %v", lang, err))
		}
		all[lang] = c
	}
	return all
})

// In is the catalogue of a language, the English one for a language that we
// do not speak.
func In(lang fleet.Lang) Catalogue {
	if c, ok := catalogues()[lang]; ok {
		return c
	}
	return catalogues()[fleet.English]
}

// Say fills the words under key: pairs are placeholder, value, placeholder,
// value. Values are taken literally. A key that is missing says itself.
func (c Catalogue) Say(key string, pairs ...string) string {
	words, ok := c[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(words)
}
