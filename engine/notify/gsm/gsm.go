package gsm

import (
	"strings"
	"unicode/utf16"
)

// basic is the default alphabet in code order, without the escape at 0x1B.
const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
	"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

// extended is the extension table: an escape and a second septet each.
const extended = "\f^{}\\[~]|€"

// Sizes of a part: alone, and as one of several.
const (
	oneGSM, manyGSM   = 160, 153 // septets
	oneUCS2, manyUCS2 = 70, 67   // 16-bit units
)

// septets is how many septets r takes, 0 if the alphabet lacks it.
func septets(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', strings.ContainsRune(basic, r):
		return 1
	case strings.ContainsRune(extended, r):
		return 2
	}
	return 0
}

// Is7Bit reports whether the default alphabet has every character of s.
func Is7Bit(s string) bool {
	for _, r := range s {
		if septets(r) == 0 {
			return false
		}
	}
	return true
}

// Parts is how many short messages s takes as it stands: 1 for an empty one.
// No character is split between two parts.
func Parts(s string) int {
	if Is7Bit(s) {
		return count(s, oneGSM, manyGSM, septets)
	}
	return count(s, oneUCS2, manyUCS2, func(r rune) int { return max(1, utf16.RuneLen(r)) })
}

func count(s string, one, many int, size func(rune) int) int {
	total := 0
	for _, r := range s {
		total += size(r)
	}
	if total <= one {
		return 1
	}
	parts, used := 1, 0
	for _, r := range s {
		if n := size(r); used+n > many {
			parts, used = parts+1, n
		} else {
			used += n
		}
	}
	return parts
}
