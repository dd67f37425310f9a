package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// operation says what an endpoint is, to callers and to the authorisation table.
type operation struct {
	id      string // unique; names the method in generated clients
	method  string
	path    string // below /api/v1
	summary string
	doc     string // more than the summary; may be empty
	tag     string // the resource, for the docs
	object  auth.Object
	action  auth.Action
	status  int   // of success; 0: 200, or 204 without a body
	body    int64 // the largest body, bytes; 0: maxBody
	example any   // of the request body; nil for none
	latest  bool  // belongs to the live map, whatever its object
}

// maxBody is the largest request body of most operations.
const maxBody = 256 << 10

// call is one request that passed the authorisation table.
type call struct {
	context.Context
	api    *API
	caller *auth.Caller
	user   *fleet.User // nil in operations for anyone
	lang   fleet.Lang
	reach  auth.Reach
	scope  fleet.Scope
	known  map[fleet.CompanyID][]fleet.Field // that this call has read
}

// actor is who the audit names.
func (c *call) actor() fleet.Actor {
	a := fleet.Actor{}
	if c.caller.Addr.IsValid() {
		a.Addr = c.caller.Addr.String()
	}
	if who := c.caller.Who; who != nil {
		a.User, a.By = who.User.ID, who.Token.Actor
		if !who.Cookie {
			a.Token = who.Token.ID
		}
	}
	return a
}

// may reports whether the caller has another permission too, and its scope.
func (c *call) may(object auth.Object, action auth.Action) (auth.Reach, fleet.Scope, error) {
	if c.user == nil {
		return auth.Nothing, fleet.Scope{}, nil
	}
	reach := c.api.o.Table.For(c.caller.Who, object, action)
	if c.caller.Who.ModuleOff(object, false) != "" || !auth.Allows(c.caller.Who.Token.Scopes, object, action) {
		reach = auth.Nothing
	}
	scope, err := reach.Scope(c.user, c.api.o.Records)
	return reach, scope, err
}

// register adds an endpoint. Its handler runs only for callers whom the table
// lets in, with the scope that their reach gives.
func register[I, O any](a *API, op operation, handle func(*call, *I) (*O, error)) {
	h := huma.Operation{
		OperationID: op.id, Method: op.method, Path: Prefix + op.path, Summary: op.summary,
		Description: op.doc, Tags: []string{op.tag}, DefaultStatus: op.status,
		MaxBodyBytes: maxBody,
		Extensions: map[string]any{
			"x-authz": map[string]any{"object": op.object, "action": op.action, "roles": a.roles(op.object, op.action)},
		},
		Responses: map[string]*huma.Response{"default": a.problemResponse},
	}
	if op.body > 0 {
		h.MaxBodyBytes = op.body
	}
	if a.o.Table.Reach(auth.Anyone, op.object, op.action) == auth.Nothing {
		h.Security = []map[string][]string{{"bearer": {}}, {"cookie": {}}}
	}
	if op.method != http.MethodGet {
		h.Parameters = append(h.Parameters, idempotencyParam)
	}
	h.Middlewares = huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		c, problem := a.admit(r, &op)
		if problem != nil {
			a.noteRefusal(r, &op, problem)
			writeProblem(w, r, problem)
			return
		}
		next(huma.WithValue(ctx, callKey{}, c))
	}}
	huma.Register(a.huma, h, func(ctx context.Context, in *I) (*O, error) {
		c := ctx.Value(callKey{}).(*call)
		c.Context = ctx
		out, err := handle(c, in)
		if err != nil {
			return nil, a.failed(c, err)
		}
		if op.draws() {
			a.drawn.note(c.scope.Company)
		}
		return out, nil
	})
	a.addExamples(h.Path, op)
	a.operations = append(a.operations, op)
}

type callKey struct{}

// admit asks the table.
func (a *API) admit(r *http.Request, op *operation) (*call, *Problem) {
	lang := LangOf(r)
	caller := auth.CallerOf(r.Context())
	c := &call{api: a, caller: caller, lang: lang}
	if a.o.Table.Reach(auth.Anyone, op.object, op.action) != auth.Nothing {
		if !caller.Secure {
			return nil, Insecure(lang, caller)
		}
		return c, nil
	}
	if p := SignIn(lang, caller); p != nil {
		return nil, p
	}
	c.user = &caller.Who.User
	c.reach = a.o.Table.For(caller.Who, op.object, op.action)
	if c.reach == auth.Nothing || !auth.Allows(caller.Who.Token.Scopes, op.object, op.action) {
		return nil, Forbidden(lang)
	}
	if caller.Who.ModuleOff(op.object, op.latest) != "" {
		return nil, newProblem(lang, codeModule, "")
	}
	scope, err := c.reach.Scope(c.user, a.o.Records)
	if err != nil {
		return nil, a.failed(c, err)
	}
	if c.reach == auth.Sole && !scope.Installation {
		return nil, Forbidden(lang)
	}
	c.scope = scope
	return c, nil
}

func (a *API) roles(object auth.Object, action auth.Action) map[string]auth.Reach {
	roles := make(map[string]auth.Reach)
	for _, r := range a.o.Table {
		if r.Object == object && r.Action == action {
			name := string(r.Role)
			if r.Role == auth.Anyone {
				name = "anyone"
			}
			roles[name] = r.Reach
		}
	}
	return roles
}
