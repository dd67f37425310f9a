package api

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// list is the query part of every paged list.
type list struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a name, code, plate or identity, in any case"`
	Owner  string `query:"owner" doc:"Only what belongs to this customer or company"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

// nameList is the query part of lists that can be sorted by name.
type nameList struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a name, in any case"`
	Owner  string `query:"owner" doc:"Only what belongs to this customer or company"`
	Status string `query:"status" enum:"active,suspended" doc:"suspended: paused ones"`
	Sort   string `query:"sort" enum:"name,-name,status,-status,created,-created" doc:"What to sort by, - before it: the other way round; absent: the oldest first"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

func (l *nameList) query(c *call) (fleet.Query, error) {
	return (&list{Search: l.Search, Owner: l.Owner, After: l.After, Limit: l.Limit}).ordered(c, l.Sort, l.Status)
}

// ordered is the list's query with an order and a status.
func (l *list) ordered(c *call, sort, status string) (fleet.Query, error) {
	q, err := l.query(c)
	q.Sort, q.Status = sort, status
	return q, err
}

// query is the list's query in the caller's scope. An owner that the caller
// does not see selects nothing, like one that does not exist.
func (l *list) query(c *call) (fleet.Query, error) {
	q := fleet.Query{Scope: c.scope, Search: l.Search, After: l.After, Limit: l.Limit}
	if l.Owner != "" {
		id, err := fleet.ParseID[ownerKey](l.Owner)
		if err != nil || id == 0 {
			return q, fleet.FieldError("owner", "%v", idError(l.Owner))
		}
		q.Owner = fleet.OwnerID(id)
	}
	return q, nil
}

// label narrows a query to what a label is of; false: one that the caller does
// not see, which selects nothing.
func (c *call) label(id string, q *fleet.Query) (bool, error) {
	if id == "" {
		return true, nil
	}
	n, err := fleet.ParseID[ownerKey](id)
	if err != nil || n == 0 {
		return false, fleet.FieldError("label", "%v", idError(id))
	}
	q.Label = fleet.LabelID(n)
	return c.seesRecord(fleet.LabelRecord, uint64(n))
}

type ownerKey struct{}

func idError(s string) error {
	_, err := fleet.ParseID[ownerKey](s)
	if err == nil {
		err = fleet.Errorf(fleet.Invalid, "%q names nothing", s)
	}
	return err
}

// page is a part of a list.
type page[T any] struct {
	Items []T    `json:"items" nullable:"false" doc:"The part of the list"`
	Next  string `json:"next,omitempty" doc:"Pass it as after for the following page; absent on the last"`
}

// one is a response with a body.
type one[T any] struct{ Body T }

// pageOf shows each item of a page.
func pageOf[F, T any](p fleet.Page[F], show func(*F) T) *one[page[T]] {
	out := &one[page[T]]{Body: page[T]{Items: make([]T, 0, len(p.Items)), Next: p.Next}}
	for i := range p.Items {
		out.Body.Items = append(out.Body.Items, show(&p.Items[i]))
	}
	return out
}

// ByID is the path part of operations on one thing; it is exported because only
// exported structs can be embedded in an operation's input. The ID is read by hand: a
// malformed one is no better than one that does not exist.
type ByID struct {
	ID string `path:"id" doc:"The thing's ID" example:"01H8MZ3V7Q2KD"`
}

// removal names what to delete and the version that the caller saw.
type removal struct {
	ByID
	Version uint64 `query:"version" doc:"Refuse with 409 if it has another version by now; 0 or absent: delete any"`
}

// sameVersion refuses a change of what somebody changed meanwhile.
func sameVersion(stored, seen uint64) error {
	if seen != 0 && seen != stored {
		return errVersion()
	}
	return nil
}

func errVersion() error {
	return &fleet.Error{Kind: fleet.Conflict, Message: detailPrefix + codeConflict}
}
