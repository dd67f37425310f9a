package gsm

import (
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxRunes bounds what Fit looks at, in characters; more is cut before.
const MaxRunes = 1600

// relatives of characters that do not come apart into a letter and its marks.
var relatives = map[rune]string{
	'“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`, '‘': "'", '’': "'", '‚': "'", '`': "'", '´': "'",
	'–': "-", '—': "-", '‐': "-", '‑': "-", '−': "-", '…': "...", '•': "-", '·': "-",
	'º': "o", 'ª': "a", '°': "o", 'œ': "oe", 'Œ': "OE", 'ł': "l", 'Ł': "L", 'đ': "d", 'Đ': "D", 'ı': "i",
	'ç': "c", 'ð': "d", 'þ': "th", '×': "x", '→': "->", '©': "(c)", '®': "(r)", '\t': " ",
	'\u00a0': " ", '\u2009': " ", '\u202f': " ", '\u200b': "",
}

// Transliterate writes s in the default alphabet: characters that it has stay,
// others give way to their nearest relatives. It reports false, and gives s
// back, if a character has none.
func Transliterate(s string) (string, bool) {
	var b strings.Builder
	for _, r := range s {
		if septets(r) > 0 {
			b.WriteRune(r)
			continue
		}
		to, ok := relatives[r]
		if !ok {
			to, ok = base(r)
		}
		if !ok {
			return s, false
		}
		b.WriteString(to)
	}
	return b.String(), true
}

// base takes the marks off a letter: ã is a with a tilde.
func base(r rune) (string, bool) {
	if unicode.Is(unicode.Mn, r) {
		return "", true
	}
	first := []rune(norm.NFD.String(string(r)))[0]
	if first == r || septets(first) == 0 {
		return "", false
	}
	return string(first), true
}

// Fit makes one short message of text and link, with a space between, in at
// most maxParts parts: the text gives way, with an ellipsis, and the link
// stays whole. A link that alone is too long is left out. Transliteration
// takes place if asked for and if it makes the whole message 7-bit.
func Fit(text, link string, maxParts int, transliterate bool) (body string, parts int) {
	write := func(s string) string {
		s = norm.NFC.String(s)
		if !transliterate {
			return s
		}
		s, _ = Transliterate(s)
		return s
	}
	if link != "" && Parts(write(" "+link)) > maxParts {
		link = ""
	}
	if link != "" {
		link = " " + link
	}
	runes := []rune(norm.NFC.String(text))
	cut := len(runes) > MaxRunes
	runes = runes[:min(len(runes), MaxRunes)]
	with := func(n int) string {
		s := string(runes[:n])
		if n < len(runes) || cut {
			s = strings.TrimRight(s, " \n") + "..."
		}
		return strings.TrimPrefix(write(s+link), "... ")
	}
	// Longer texts take more parts, but for one oddity: cutting the only
	// letter outside the alphabet makes more room. So check what was found.
	n := len(runes)
	if Parts(with(n)) > maxParts {
		n = sort.Search(n, func(n int) bool { return Parts(with(n+1)) > maxParts })
	}
	for ; n > 0 && Parts(with(n)) > maxParts; n-- {
	}
	body = with(n)
	return body, Parts(body)
}
