package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Problem is a failure as clients read it (RFC 9457).
type Problem struct {
	Type     string         `json:"type" format:"uri-reference" doc:"Which problem, with a page that explains it" example:"/api/docs#not-found"`
	Title    string         `json:"title" doc:"The problem in a few words, in the caller's language" example:"Not found"`
	Status   int            `json:"status" doc:"The HTTP status" example:"404"`
	Detail   string         `json:"detail,omitempty" doc:"What happened here and what to do" example:"There is no such thing, or it is not yours to see."`
	Errors   []FieldProblem `json:"errors,omitempty" doc:"The faulty fields"`
	Position []float64      `json:"position,omitempty" doc:"Longitude and latitude of the fault in a shape" example:"[-74.08,4.61]"`
	Speed    float64        `json:"speed,omitempty" doc:"km/h, of confirm-speed; absent: not known" example:"63.4"`

	Associations []offeredTie `json:"associations,omitempty" doc:"Of confirm-association: what joining the group would tie; at most 200"`

	retry int // seconds, for Retry-After
}

// FieldProblem is what is wrong with one field.
type FieldProblem struct {
	Field   string `json:"field" doc:"Dotted path of the field; of imports with the index of the feature" example:"timezone"`
	Message string `json:"message" doc:"What is wrong, in the caller's language" example:"is required"`

	// Of a bad shape, for programs and for the map.
	Code     string            `json:"code,omitempty" doc:"Which fault a shape has; docs/fences.md lists them" example:"ring-crosses-itself"`
	Params   map[string]string `json:"params,omitempty" doc:"The values that the message names, as text"`
	Position []float64         `json:"position,omitempty" doc:"Longitude and latitude of the fault" example:"[-74.08,4.61]"`
	Path     string            `json:"path,omitempty" doc:"Where in the shape's GeoJSON" example:"coordinates[0][3]"`
}

// Error gives the detail.
func (p *Problem) Error() string { return cmp.Or(p.Detail, p.Title) }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// Codes of problems; each has a title in every language.
const (
	codeInternal    = "internal"
	codeInvalid     = "invalid"
	codeMalformed   = "malformed"
	codeNotFound    = "not-found"
	codeConflict    = "conflict"
	codeForbidden   = "forbidden"
	codeSignIn      = "sign-in"
	codeInsecure    = "insecure-transport"
	codeUnavailable = "unavailable"
	codeTooMany     = "too-many"
	codeMethod      = "method-not-allowed"
	codeTooLarge    = "too-large"
	codeMedia       = "unsupported-media-type"
	codeTimeout     = "timeout"
	codeCrossOrigin = "cross-origin"
	codeUpgrade     = "websocket-only"
	codeSecond      = "second-factor"
	codeModule      = "module-off"
	codeSpeed       = "confirm-speed"
	codeEnded       = "link-ended"
	codeEarly       = "link-early"
	codePIN         = "pin"
	codeAssociation = "confirm-association"
)

var statusOf = map[string]int{
	codeInternal: 500, codeInvalid: 422, codeMalformed: 400, codeNotFound: 404, codeConflict: 409,
	codeForbidden: 403, codeSignIn: 401, codeInsecure: 403, codeUnavailable: 503, codeTooMany: 429,
	codeMethod: 405, codeTooLarge: 413, codeMedia: 415, codeTimeout: 408, codeCrossOrigin: 403,
	codeUpgrade: 426, codeSecond: 401, codeModule: 403, codeSpeed: 409,
	codeEnded: 410, codeEarly: 403, codePIN: 403, codeAssociation: 409,
}

var codeOf = map[fleet.Kind]string{
	fleet.Internal: codeInternal, fleet.Invalid: codeInvalid, fleet.NotFound: codeNotFound,
	fleet.Conflict: codeConflict, fleet.Forbidden: codeForbidden, fleet.Unauthorised: codeSignIn,
	fleet.Unavailable: codeUnavailable, fleet.TooMany: codeTooMany, fleet.Gone: codeEnded,
}

// problemList is every problem that there is, for the documentation.
func problemList() map[string]*Problem {
	all := make(map[string]*Problem, len(statusOf))
	for code := range statusOf {
		all[code] = newProblem(fleet.English, code, "")
	}
	return all
}

// newProblem is a problem whose detail is the code's own text if detail is "".
func newProblem(lang fleet.Lang, code, detail string) *Problem {
	return &Problem{
		Type: "/api/docs#" + code, Title: say(lang, titlePrefix+code), Status: statusOf[code],
		Detail: say(lang, cmp.Or(detail, detailPrefix+code)),
	}
}

// ProblemOf words an error for the caller. What is not for outside becomes an
// internal problem without details.
func ProblemOf(lang fleet.Lang, err error) *Problem {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return newProblem(lang, codeUnavailable, "")
	}
	e, ok := errors.AsType[*fleet.Error](err)
	if !ok || e.Kind == fleet.Internal {
		return newProblem(lang, codeInternal, "")
	}
	code := codeOf[e.Kind]
	if own, found := strings.CutPrefix(e.Message, detailPrefix); found && own == codeSecond {
		return newProblem(lang, codeSecond, "")
	}
	switch {
	case e.Kind == fleet.NotFound:
		return newProblem(lang, code, "") // never what was asked for
	case e.Field == "":
		if use, ok := errors.AsType[*fleet.InUse](err); ok && say(fleet.French, e.Message) == e.Message {
			return newProblem(lang, code, sayInUse(lang, use))
		}
		return newProblem(lang, code, e.Message)
	}
	p := newProblem(lang, code, detailPrefix+codeInvalid)
	p.Errors = []FieldProblem{fieldProblem(lang, e.Field, e)}
	p.Position = positionOf(err)
	return p
}

// WriteProblem answers a request with an error, in the caller's language.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, r, ProblemOf(LangOf(r), err))
}

func writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"type":"/api/docs#internal","title":"Internal error","status":500}`)
	}
	p.setHeaders(w.Header().Set)
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Content-Language", string(LangOf(r)))
	w.WriteHeader(p.Status)
	w.Write(append(body, '\n'))
}

func (p *Problem) setHeaders(set func(key, value string)) {
	set("Cache-Control", "no-store")
	switch p.Status {
	case http.StatusUnauthorized:
		set("WWW-Authenticate", `Bearer realm="vigia"`)
	case http.StatusUpgradeRequired:
		set("Upgrade", "websocket")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		set("Retry-After", itoa(max(1, p.retry)))
	}
}

// SignIn is the problem of a caller who has not shown who it is, or may not
// show it on this line; nil for one that has.
func SignIn(lang fleet.Lang, c *auth.Caller) *Problem {
	switch {
	case c.Err != nil:
		p := ProblemOf(lang, c.Err)
		return p
	case c.Who == nil && !c.Secure:
		return Insecure(lang, c)
	case c.Who == nil:
		return newProblem(lang, codeSignIn, "")
	}
	return nil
}

// Insecure says that nobody may sign in over this line, and why.
func Insecure(lang fleet.Lang, c *auth.Caller) *Problem {
	return newProblem(lang, codeInsecure, c.Why)
}

// Forbidden and the others are problems that the server itself finds.
func Forbidden(lang fleet.Lang) *Problem { return newProblem(lang, codeForbidden, "") }

// CrossOrigin refuses a browser's write from a page of another origin.
func CrossOrigin(lang fleet.Lang) *Problem { return newProblem(lang, codeCrossOrigin, "") }

// NoRoute is the problem of a path or method that nothing serves.
func NoRoute(lang fleet.Lang, status int) *Problem {
	if status == http.StatusMethodNotAllowed {
		return newProblem(lang, codeMethod, "")
	}
	return newProblem(lang, codeNotFound, "")
}

// TooMany asks a caller to wait.
func TooMany(lang fleet.Lang, wait fleet.Time) *Problem {
	p := newProblem(lang, codeTooMany, "")
	p.retry = int((wait + fleet.Second - 1) / fleet.Second)
	return p
}

// NoUpgrade answers a request for the stream that asks for no websocket.
func NoUpgrade(lang fleet.Lang) *Problem { return newProblem(lang, codeUpgrade, "") }

// sayInUse words what still needs a record, with the names of some.
func sayInUse(lang fleet.Lang, use *fleet.InUse) string {
	names := strings.Join(use.Names, ", ")
	if more := use.Count - len(use.Names); more > 0 && names != "" {
		names += " +" + itoa(more)
	}
	text := catalogues()[lang].texts(detailPrefix + "in-use")
	for _, v := range []string{itoa(use.Count), say(lang, manyPrefix+use.By), names} {
		text = strings.Replace(text, "{}", v, 1)
	}
	return strings.TrimSuffix(strings.TrimSpace(text), ":")
}

// manyPrefix names the kinds of record in the plural.
const manyPrefix = "many."

// errNotFound is what every object outside of a caller's scope looks like.
func errNotFound() error { return &fleet.Error{Kind: fleet.NotFound, Message: "not found"} }
