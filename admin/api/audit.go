package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type auditRow struct {
	PastChange
	Addr    string         `json:"addr,omitempty" doc:"From where" example:"203.0.113.7"`
	Token   fleet.TokenID  `json:"token,omitzero" doc:"By a program with this token"`
	Record  string         `json:"record" doc:"The kind of record" example:"customer"`
	ID      fleet.RecordID `json:"id,omitzero" doc:"Of the record"`
	Name    string         `json:"name,omitempty" doc:"What it is called, or was when it was deleted" example:"Transportes Andinos"`
	Refused bool           `json:"refused,omitempty" doc:"It was tried and not done"`
}

type auditPage struct {
	Items  []auditRow `json:"items" nullable:"false"`
	Before uint64     `json:"before,omitempty" doc:"Pass it as before for the following page; absent on the last"`
}

type chain struct {
	Verified uint64 `json:"verified" doc:"Every row up to and with this number follows from the one before"`
	Newest   uint64 `json:"newest"`
	Broken   uint64 `json:"broken,omitempty" doc:"The first row that does not: rows were changed or cut out behind Vigia's back"`
}

// maxVerify is how many rows one request verifies.
const maxVerify = 20_000

// audit adds who did what, when and from where.
func (a *API) audit() {
	op := operation{tag: "Audit", object: auth.AuditLog, action: auth.Read, method: http.MethodGet}
	op.id, op.path, op.summary = "listAudit", "/audit", "Read who did what, newest first"
	op.doc = "With what it was before and after, and refused attempts. A company's administrators see what is about their company. A page may be short, even empty, and still have a next one."
	register(a, op, func(c *call, in *struct {
		User    string `query:"user" maxLength:"40" doc:"Only what this person did, also in another one's name"`
		Record  string `query:"record" maxLength:"40" doc:"Only of this kind of record" example:"customer"`
		ID      string `query:"id" maxLength:"40" doc:"Only of this record; with record"`
		Action  string `query:"action" maxLength:"60" doc:"create, update, delete, or what another one is called" example:"update"`
		From    string `query:"from" format:"date-time" maxLength:"40" doc:"Not older than this"`
		To      string `query:"to" format:"date-time" maxLength:"40" doc:"Older than this"`
		Refused bool   `query:"refused" doc:"Only what was tried and not done"`
		Before  uint64 `query:"before" doc:"Only rows with a smaller number"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*one[auditPage], error) {
		q := fleet.AuditQuery{Scope: c.scope, Action: in.Action, Failed: in.Refused, Before: in.Before, Limit: in.Limit}
		out := &one[auditPage]{auditPage{Items: []auditRow{}}}
		for field, text := range map[string]string{"user": in.User, "id": in.ID} {
			if text == "" {
				continue
			}
			id, err := fleet.ParseID[ownerKey](text)
			if err != nil || id == 0 {
				return nil, fleet.FieldError(field, "%v", idError(text))
			}
			if field == "user" {
				q.Actor = fleet.UserID(id)
			} else {
				q.Record = uint64(id)
			}
		}
		if in.Record != "" {
			if q.Kind = fleet.KindNamed(in.Record); q.Kind == 0 {
				return out, nil
			}
		}
		for field, text := range map[string]string{"from": in.From, "to": in.To} {
			if text == "" {
				continue
			}
			var at fleet.Time
			if err := at.UnmarshalText([]byte(text)); err != nil {
				return nil, fleet.FieldError(field, "%v", err)
			}
			if field == "from" {
				q.From = at
			} else {
				q.To = at
			}
		}
		rows, next, err := a.o.Records.AuditPage(q)
		for i := range rows {
			r := &rows[i]
			out.Body.Items = append(out.Body.Items, auditRow{
				PastChange: showPast(&r.PastChange), Addr: r.Actor.Addr, Token: r.Actor.Token, Record: r.Record,
				ID: fleet.RecordID(r.ID), Name: r.Name, Refused: fleet.RefusedAction(r.Action),
			})
		}
		out.Body.Before = next
		return out, err
	})

	op.object, op.id, op.path, op.summary = auth.System, "verifyAudit", "/audit/chain", "Verify the audit's chain of hashes"
	op.doc = "Each row holds a hash over itself and the row before. A request verifies up to 20,000 rows on from where the last one stopped; `vigia check` verifies all."
	register(a, op, func(*call, *struct{}) (*one[chain], error) {
		v, err := a.o.Records.VerifyAudit(maxVerify)
		return &one[chain]{chain{v.Verified, v.Newest, v.Broken}}, err
	})
}
