package api

import (
	_ "embed"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

//go:embed tables/texts.json
var tableTextFile []byte

// tableTexts are the words of tables, by key and language.
var tableTexts = sync.OnceValue(func() (all map[string]map[fleet.Lang]string) {
	if err := json.Unmarshal(tableTextFile, &all); err != nil {
		panic("bug: " + err.Error()) // embedded: broken at build time or never
	}
	return all
})

// word is a text of tables with its gaps filled.
func word(lang fleet.Lang, key string, args ...string) string {
	t := tableTexts()[key]
	s := t[lang]
	if s == "" {
		s = t[fleet.English]
	}
	for _, a := range args {
		s = strings.Replace(s, "{}", a, 1)
	}
	return s
}

// labelKey is where the label of a column stands, "" for none.
func labelKey(of fleet.BulkOf, key string) string {
	for _, k := range []string{"column." + string(of) + "." + key, "column." + key} {
		if tableTexts()[k] != nil {
			return k
		}
	}
	return ""
}

// label is how a column is headed; additional fields as the company calls them.
func (c *column) label(of fleet.BulkOf, lang fleet.Lang) string {
	if c.field != nil {
		return c.field.Label.In(lang)
	}
	if k := labelKey(of, c.key); k != "" {
		return word(lang, k)
	}
	return c.key
}

// hint says what to put into a column.
func (c *column) hint(of fleet.BulkOf, lang fleet.Lang, policy fleet.PasswordPolicy) string {
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch c.key {
	case idColumn, "username", "email", "phone", "timezone", inviteColumn, groupsColumn, shiftsColumn, "devices", "labels", "plan", "customer", "country", "uniqueId":
		return word(lang, "hint."+c.key)
	case "landline", "mobile", "fax":
		return word(lang, "hint.phone")
	case "parent":
		return word(lang, "hint.customer")
	case "landingView", "location", "type":
		return word(lang, "hint.record")
	case "web", "ios", "android", "smsOn", "emailOn", "monitoring":
		return word(lang, "hint.switch")
	case passwordColumn:
		var rules []string
		for _, r := range policy.Rules("") {
			rules = append(rules, word(lang, "rule."+r.Code, itoa(r.N)))
		}
		return word(lang, "hint.password", strings.Join(rules, ", "))
	case "role":
		return word(lang, "hint.choice", strings.Join(rolesOf(of), ", "))
	}
	s := c.schema
	switch {
	case len(s.Enum) > 0:
		return word(lang, "hint.choice", strings.Join(choices(s), ", "))
	case s.Format == "date":
		return word(lang, "hint.date")
	case s.Type == "boolean":
		return word(lang, "hint.bool")
	case s.Type == "array":
		return word(lang, "hint.list")
	case s.Type == "string" && s.MaxLength != nil:
		return word(lang, "hint.most", itoa(*s.MaxLength))
	case s.Type == "string":
		return word(lang, "hint.text")
	case s.Minimum != nil && s.Maximum != nil:
		return word(lang, "hint.between", number(*s.Minimum), number(*s.Maximum))
	case s.Minimum != nil:
		return word(lang, "hint.from", number(*s.Minimum))
	}
	return word(lang, "hint.number")
}

// rolesOf are the roles that people of a kind may have.
func rolesOf(of fleet.BulkOf) []string {
	if of == fleet.BulkOperators {
		return []string{string(fleet.Operator), string(fleet.CompanyAdmin)}
	}
	return []string{string(fleet.CustomerAdmin), string(fleet.CustomerUser)}
}
