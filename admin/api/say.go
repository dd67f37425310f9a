package api

import (
	"embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Prefixes of the catalogue's keys that name no English sentence.
const (
	titlePrefix  = "title."
	detailPrefix = "detail."
)

//go:embed messages/*.json
var messageFiles embed.FS

// catalogue has, for a language, the text under each key. A key is a code, or
// an English sentence in which {} stands for what varies.
type catalogue struct {
	exact    map[string]string
	patterns []pattern
}

type pattern struct {
	key  string
	re   *regexp.Regexp
	text string
}

var catalogues = sync.OnceValue(func() map[fleet.Lang]*catalogue {
	all := make(map[fleet.Lang]*catalogue)
	for _, lang := range fleet.Langs() {
		c, err := readCatalogue(lang)
		if err != nil {
			panic("bug: " + err.Error()) // embedded: broken at build time or never
		}
		all[lang] = c
	}
	return all
})

func readCatalogue(lang fleet.Lang) (*catalogue, error) {
	b, err := messageFiles.ReadFile("messages/" + string(lang) + ".json")
	if err != nil {
		return nil, err
	}
	c := &catalogue{}
	if err := json.Unmarshal(b, &c.exact); err != nil {
		return nil, fmt.Errorf("messages of %s: %w", lang, err)
	}
	for key, text := range c.exact {
		if !strings.Contains(key, "{}") {
			continue
		}
		parts := strings.Split(key, "{}")
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		re, err := regexp.Compile("(?s)^" + strings.Join(parts, "(.*?)") + "$")
		if err != nil {
			return nil, fmt.Errorf("messages of %s: %q: %w", lang, key, err)
		}
		c.patterns = append(c.patterns, pattern{key: key, re: re, text: text})
	}
	slices.SortFunc(c.patterns, func(a, b pattern) int { return strings.Compare(a.key, b.key) })
	return c, nil
}

// texts is the text under exactly a key, or "".
func (c *catalogue) texts(key string) string {
	if c == nil {
		return ""
	}
	return c.exact[key]
}

// grouped parts the digits of a number of five or more into threes, as the
// language does; anything else stays as it is.
func grouped(lang fleet.Lang, s string) string {
	if len(s) < 5 || len(s) > 18 || strings.Trim(s, "0123456789") != "" || s[0] == '0' {
		return s
	}
	mark := map[fleet.Lang]string{fleet.English: ",", fleet.Portuguese: ".", fleet.Spanish: "\u00a0", fleet.French: "\u202f"}[lang]
	var b strings.Builder
	for i, digit := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(digit)
	}
	return b.String()
}

// say gives the text under a key, or of an English sentence, in a language. A
// sentence that the catalogue does not hold stays English.
func say(lang fleet.Lang, message string) string {
	c := catalogues()[lang]
	if c == nil {
		c = catalogues()[fleet.English]
	}
	if text, ok := c.exact[message]; ok {
		return text
	}
	best, found := "", 0
	for _, p := range c.patterns {
		if len(p.key) <= found { // the longest key says most
			continue
		}
		if m := p.re.FindStringSubmatch(message); m != nil {
			best, found = p.text, len(p.key)
			around := strings.Split(p.key, "{}")
			for i, arg := range m[1:] {
				if !strings.HasSuffix(around[i], `"`) { // what is quoted stays as it was given
					arg = grouped(lang, arg)
				}
				best = strings.Replace(best, "{}", arg, 1)
			}
		}
	}
	if found > 0 {
		return best
	}
	return message
}
