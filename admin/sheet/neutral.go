package sheet

import "strings"

// Neutral is a text that no spreadsheet program takes for a formula: one that
// begins with = + - @, a tab or a line break gets an apostrophe in front, and
// so does one that looks as if it had got one. Plain undoes it.
//
// See OWASP, "CSV Injection".
func Neutral(s string) string {
	if risky(strings.TrimLeft(s, "'")) {
		return "'" + s
	}
	return s
}

// Plain is the text that Neutral was given.
func Plain(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && risky(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return s
}

func risky(s string) bool { return s != "" && strings.IndexByte("=+-@\t\r\n", s[0]) >= 0 }

// signed reports whether a text is a sign and digits, such as a phone number or
// a longitude: a text cell of a workbook may hold it as it is.
func signed(s string) bool {
	if len(s) < 2 || s[0] != '+' && s[0] != '-' {
		return false
	}
	digits, dots := 0, 0
	for _, c := range s[1:] {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			dots++
		default:
			return false
		}
	}
	return digits > 0 && dots <= 1
}
