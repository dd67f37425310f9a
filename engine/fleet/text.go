package fleet

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName is the longest name of anything, in characters.
const MaxName = 120

// maxNote is the longest note, in characters.
const maxNote = 2000

// validText refuses free text that is too long, no UTF-8, or has control
// characters other than line breaks and tabs. Empty text is fine.
func validText(field, s string, longest int) error {
	switch {
	case !utf8.ValidString(s):
		return FieldError(field, "is not valid UTF-8")
	case utf8.RuneCountInString(s) > longest:
		return FieldError(field, "has more than %d characters", longest)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }):
		return FieldError(field, "contains a control character")
	}
	return nil
}

// without is a copy of a list that lacks a value.
func without[T comparable](list []T, v T) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x == v })
}

func isUpper(r rune) bool  { return unicode.Is(unicode.Lu, r) }
func isLower(r rune) bool  { return unicode.Is(unicode.Ll, r) }
func isDigit(r rune) bool  { return unicode.Is(unicode.Nd, r) }
func isSymbol(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) }

func anyRune(s string, is func(rune) bool) bool { return strings.ContainsFunc(s, is) }

func itoa(n int) string { return strconv.Itoa(n) }

func validName(field, s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return FieldError(field, "is required")
	case s != strings.TrimSpace(s):
		return FieldError(field, "begins or ends with a space")
	case !utf8.ValidString(s):
		return FieldError(field, "is not valid UTF-8")
	case utf8.RuneCountInString(s) > MaxName:
		return FieldError(field, "has more than %d characters", MaxName)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return FieldError(field, "contains a control character")
	}
	return nil
}
