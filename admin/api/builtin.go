package api

import (
	"slices"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// builtInCursor begins the cursors of pages that have not yet shown all that is
// built in; a number follows, of how many were shown.
const builtInCursor = "~"

// withBuiltIn is a page of what is built in, followed by what is stored.
func withBuiltIn[T any, P interface {
	*T
	fleet.Record
}](builtIn []T, q fleet.Query, list func(fleet.Query) (fleet.Page[T], error)) (fleet.Page[T], error) {
	at, part := 0, q.After == ""
	if n, ok := strings.CutPrefix(q.After, builtInCursor); ok {
		i, err := strconv.Atoi(n)
		if err != nil || i < 0 || i > len(builtIn) {
			return fleet.Page[T]{}, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
		}
		at, part, q.After = i, true, ""
	}
	if !part || len(builtIn) == 0 || q.Owner != 0 || q.About.ID != 0 {
		return list(q)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 100
	}
	var page fleet.Page[T]
	for ; at < len(builtIn) && len(page.Items) < limit; at++ {
		v := builtIn[at]
		if slices.ContainsFunc(P(&v).Words(), func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(q.Search)) }) {
			page.Items = append(page.Items, v)
		}
	}
	if len(page.Items) == limit {
		page.Next = builtInCursor + strconv.Itoa(at)
		return page, nil
	}
	q.Limit = limit - len(page.Items)
	rest, err := list(q)
	page.Items, page.Next = append(page.Items, rest.Items...), rest.Next
	return page, err
}

// errBuiltIn refuses to change what is built in.
func errBuiltIn() error {
	return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "built-in"}
}
