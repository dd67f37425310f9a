package api

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/vigia-track/vigia/admin/sheet"
	"github.com/vigia-track/vigia/engine/fleet"
)

// keep is what stands in a cell whose field is to stay as it is: a list that is
// too long for a cell.
const keep = "…"

// listMark stands between the entries of a list in one cell.
const listMark = ";"

// cellOf is a value of a body as a cell.
func (c *column) cellOf(v any, lang fleet.Lang) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return yesNo(v, lang)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = fmt.Sprint(v[i])
		}
		return joined(parts)
	case string:
		if c.field != nil && c.field.Type == fleet.BoolField {
			return yesNo(v == "true", lang)
		}
		return v
	}
	return fmt.Sprint(v)
}

func yesNo(v bool, lang fleet.Lang) string {
	if v {
		return word(lang, "value.yes")
	}
	return word(lang, "value.no")
}

func joined(parts []string) string {
	s := strings.Join(parts, listMark+" ")
	if utf8.RuneCountInString(s) > sheet.MostText {
		return keep
	}
	return s
}

func split(s string) (out []any) {
	for part := range strings.SplitSeq(s, listMark) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// valueOf is what a cell means for a body; nil if nothing stands there.
func (c *column) valueOf(cell sheet.Cell) (any, error) {
	bad := func(format string, args ...any) error { return fleet.FieldError(c.key, format, args...) }
	switch cell.Kind {
	case sheet.Formula:
		return nil, bad("holds a formula; write its value")
	case sheet.Fault:
		return nil, bad("holds an error of the spreadsheet; write a value")
	}
	text := strings.TrimSpace(cell.Text)
	if text == "" {
		return nil, nil
	}
	v, err := c.typed(cell.Kind, text, bad)
	if err != nil || c.field == nil {
		return v, err
	}
	switch v := v.(type) { // additional fields are texts
	case bool:
		return strconv.FormatBool(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	return v, nil
}

func (c *column) typed(kind sheet.Kind, text string, bad func(string, ...any) error) (any, error) {
	switch c.schema.Type {
	case huma.TypeBoolean:
		v, ok := truth(text)
		if !ok {
			return nil, bad("%q is neither yes nor no", text)
		}
		return v, nil
	case huma.TypeInteger, huma.TypeNumber:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil && kind == sheet.Text && strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
			n, err = strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		}
		if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, bad("%q is no number", text)
		}
		return n, nil
	}
	if kind == sheet.Number && c.schema.Format == "date" {
		return excelDate(text, bad)
	}
	if kind == sheet.Number {
		var err error
		if text, err = digits(text, bad); err != nil {
			return nil, err
		}
		if c.phone() && !strings.HasPrefix(text, "-") {
			text = "+" + text
		}
	}
	if c.schema.Type == huma.TypeArray {
		return split(text), nil
	}
	for _, choice := range choices(c.schema) {
		if strings.EqualFold(choice, text) {
			return choice, nil
		}
	}
	return text, nil
}

func (c *column) phone() bool {
	return c.key == "phone" || c.key == "landline" || c.key == "mobile" || c.key == "fax"
}

// choices are a schema's values.
func choices(s *huma.Schema) (out []string) {
	for _, v := range s.Enum {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// truth reads yes and no in every language, as people and programs write them.
func truth(s string) (v, ok bool) {
	s = strings.ToLower(s)
	for _, lang := range fleet.Langs() {
		switch s {
		case word(lang, "value.yes"):
			return true, true
		case word(lang, "value.no"):
			return false, true
		}
	}
	switch s {
	case "true", "1", "x", "si", "y":
		return true, true
	case "false", "0", "nao", "n":
		return false, true
	}
	return false, false
}

// digits is a number in a text column as somebody typed it: an identity or a
// telephone number. Excel keeps 15 digits.
func digits(text string, bad func(string, ...any) error) (string, error) {
	n, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil:
		return "", bad("%q is no number", text)
	case !strings.ContainsAny(text, ".eE"):
		return text, nil
	case n != math.Trunc(n):
		return text, nil
	case math.Abs(n) >= 1e15:
		return "", bad("%q was rounded by the spreadsheet; format the cell as text and write it anew", text)
	}
	return strconv.FormatFloat(n, 'f', -1, 64), nil
}

// excelDate reads a day as Excel counts them: 1 is 1900-01-01, and 1900 a leap
// year (ECMA-376, section 18.17.4.1).
func excelDate(text string, bad func(string, ...any) error) (any, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 61 || n > 2958465 {
		return nil, bad("%q is no date; write one as 2026-01-31", text)
	}
	return time.Date(1899, 12, 30+int(n), 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
}
