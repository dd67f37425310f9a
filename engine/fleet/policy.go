package fleet

import "unicode/utf8"

// PasswordPolicy says what passwords a company takes. The zero policy means
// DefaultPolicy.
type PasswordPolicy struct {
	MinLength int  `cbor:"1,keyasint" json:"minLength" minimum:"8" maximum:"128" doc:"Characters" example:"12"`
	Upper     bool `cbor:"2,keyasint,omitempty" json:"upper,omitempty" doc:"At least one upper-case letter"`
	Lower     bool `cbor:"3,keyasint,omitempty" json:"lower,omitempty" doc:"At least one lower-case letter"`
	Digit     bool `cbor:"4,keyasint,omitempty" json:"digit,omitempty" doc:"At least one digit"`
	Symbol    bool `cbor:"5,keyasint,omitempty" json:"symbol,omitempty" doc:"At least one character that is neither letter nor digit"`
}

// The bounds of passwords, in characters.
const (
	LeastPassword   = 8
	LongestPassword = 128
)

// DefaultPolicy is length alone, as NIST SP 800-63B, section 5.1.1.2, advises.
func DefaultPolicy() PasswordPolicy { return PasswordPolicy{MinLength: 12} }

// Effective is the policy with its defaults.
func (p PasswordPolicy) Effective() PasswordPolicy {
	if p.MinLength == 0 {
		p.MinLength = DefaultPolicy().MinLength
	}
	return p
}

// Validate refuses a policy that nobody could, or everybody would, meet.
func (p PasswordPolicy) Validate() error {
	if p.MinLength != 0 && (p.MinLength < LeastPassword || p.MinLength > LongestPassword) {
		return FieldError("passwordPolicy.minLength", "%d is not within %d to %d", p.MinLength, LeastPassword, LongestPassword)
	}
	return nil
}

// PasswordRule is one line of a policy, as a form shows and colours it.
type PasswordRule struct {
	Code string `json:"code" enum:"length,upper,lower,digit,symbol"`
	N    int    `json:"n,omitempty" doc:"length: at least so many characters"`
	// Pattern is a regular expression that a password meets, for ECMAScript
	// with the flag u and for Go alike.
	Pattern string `json:"pattern"`
	Met     bool   `json:"met" doc:"Of the password that was sent along, if one was"`
}

// Rules are the policy's lines, each with whether the password meets it.
func (p PasswordPolicy) Rules(password string) []PasswordRule {
	p = p.Effective()
	out := []PasswordRule{{
		Code: "length", N: p.MinLength, Pattern: `^[\s\S]{` + itoa(p.MinLength) + `,}$`,
		Met: utf8.RuneCountInString(password) >= p.MinLength,
	}}
	for _, r := range [...]struct {
		on            bool
		code, pattern string
		is            func(rune) bool
	}{
		{p.Upper, "upper", `\p{Lu}`, isUpper},
		{p.Lower, "lower", `\p{Ll}`, isLower},
		{p.Digit, "digit", `\p{Nd}`, isDigit},
		{p.Symbol, "symbol", `[^\p{L}\p{N}]`, isSymbol},
	} {
		if r.on {
			out = append(out, PasswordRule{Code: r.code, Pattern: r.pattern, Met: anyRune(password, r.is)})
		}
	}
	return out
}

// Check refuses a password that breaks the policy, by its first broken rule.
func (p PasswordPolicy) Check(password string) error {
	if !utf8.ValidString(password) || utf8.RuneCountInString(password) > LongestPassword {
		return FieldError("password", "a password has at most %d characters", LongestPassword)
	}
	for _, r := range p.Rules(password) {
		if r.Met {
			continue
		}
		switch r.Code {
		case "length":
			return FieldError("password", "needs at least %d characters", r.N)
		case "upper":
			return FieldError("password", "needs an upper-case letter")
		case "lower":
			return FieldError("password", "needs a lower-case letter")
		case "digit":
			return FieldError("password", "needs a digit")
		default:
			return FieldError("password", "needs a character that is neither letter nor digit")
		}
	}
	return nil
}
