package api

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/vigia-track/vigia/engine/fleet"
)

// transform turns what the framework says of a bad request into a Problem, and
// gives every problem its headers.
func transform(ctx huma.Context, _ string, v any) (any, error) {
	r, w := humago.Unwrap(ctx)
	lang := LangOf(r)
	w.Header().Add("Vary", "Accept-Language")
	if m, ok := v.(*huma.ErrorModel); ok {
		v = fromModel(lang, m)
	}
	if p, ok := v.(*Problem); ok {
		p.setHeaders(w.Header().Set)
		w.Header().Set("Content-Language", string(lang))
	}
	return v, nil
}

var codeOfStatus = map[int]string{
	http.StatusBadRequest: codeMalformed, http.StatusUnprocessableEntity: codeInvalid,
	http.StatusRequestEntityTooLarge: codeTooLarge, http.StatusUnsupportedMediaType: codeMedia,
	http.StatusRequestTimeout: codeTimeout,
}

var missingProperty = regexp.MustCompile(`^expected required property (\S+) to be present$`)

// fromModel never repeats a value: it may be a secret.
func fromModel(lang fleet.Lang, m *huma.ErrorModel) *Problem {
	code, ok := codeOfStatus[m.Status]
	if !ok {
		return newProblem(lang, codeInternal, "")
	}
	p := newProblem(lang, code, "")
	if code != codeInvalid {
		return p
	}
	for _, e := range m.Errors {
		field := e.Location
		for _, where := range []string{"body", "query", "path", "header"} {
			if rest, ok := strings.CutPrefix(field, where); ok && (rest == "" || rest[0] == '.' || rest[0] == '[') {
				field = strings.TrimPrefix(rest, ".")
				break
			}
		}
		message := e.Message
		if name := missingProperty.FindStringSubmatch(message); name != nil {
			field, message = strings.TrimPrefix(field+"."+name[1], "."), "is required"
		}
		p.Errors = append(p.Errors, FieldProblem{Field: field, Message: say(lang, message)})
	}
	return p
}
