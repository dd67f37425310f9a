package geo

import (
	"fmt"
	"strconv"
	"strings"
)

// Fault is what is wrong with a shape, and where. It is the error of all that
// reads or checks shapes, so that it can be worded in any language: Code says
// what, Params with which values.
type Fault struct {
	Code   Code
	Params []Param // the values that the text of Code has gaps for
	At     Point   // the position of the fault, in degrees, longitude within ±180 unless that is the fault
	Placed bool    // At holds; a shape without points has no position
	Path   string  // where in the GeoJSON text, as in coordinates[0][3]; or ""
}

// Param is one value of a fault, as text: numbers with a decimal point and
// without grouping.
type Param struct {
	Name  string
	Value string
}

// Error gives the reason and the position, longitude first as in GeoJSON, in
// English.
func (f *Fault) Error() string { return f.Word(Code.Text) }

// Word words the fault with the texts that say has for codes (see [Code.Text]).
// A text that say does not have, "", is said in English.
func (f *Fault) Word(say func(Code) string) string {
	text := func(c Code) string {
		if t := say(c); t != "" {
			return t
		}
		return c.Text()
	}
	reason := fill(text(f.Code), f.Params)
	if f.Path != "" {
		reason += " (" + f.Path + ")"
	}
	if !f.Placed {
		return reason
	}
	return fill(text(At), []Param{{"fault", reason}, {"lon", number(f.At[0])}, {"lat", number(f.At[1])}})
}

func fill(text string, params []Param) string {
	pairs := make([]string, 0, 2*len(params))
	for _, p := range params {
		pairs = append(pairs, "{"+p.Name+"}", p.Value)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// fault is a fault at a place. Names and values of its parameters take turns.
func fault(at Point, code Code, params ...any) error {
	at[0] = wrap(at[0])
	return &Fault{Code: code, Params: paramsOf(params), At: at, Placed: true}
}

// faultless is a fault without a place.
func faultless(code Code, params ...any) error {
	return &Fault{Code: code, Params: paramsOf(params)}
}

func paramsOf(pairs []any) []Param {
	var out []Param
	for i := 0; i+1 < len(pairs); i += 2 {
		p := Param{Name: fmt.Sprint(pairs[i])}
		if v, ok := pairs[i+1].(float64); ok {
			p.Value = number(v)
		} else {
			p.Value = clip(fmt.Sprint(pairs[i+1]))
		}
		out = append(out, p)
	}
	return out
}

// clip shortens what a stranger wrote to what fits into a message.
func clip(s string) string {
	if len(s) > 60 {
		s = s[:60] + "…"
	}
	return strings.ToValidUTF8(s, "�")
}
