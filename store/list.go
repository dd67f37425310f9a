package store

import (
	"iter"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/roll"
)

// listing is how one kind of record is listed: by ID, which is by age, or by
// what it can be sorted by.
type listing[T any] struct {
	table *table[T]
	// byOwner is the index that narrows a list; "" = none.
	byOwner string
	// direct are the only IDs that a scope can see, where it says so itself.
	direct func(*fleet.Scope) (ids []uint64, ok bool)
	// narrow may know a shorter way to what a query asks for; nil: it does not.
	narrow func(*bbolt.Tx, *fleet.Query, uint64) iter.Seq[uint64]
	also   func(*fleet.Query, *T) bool // nil: true
	sees   func(*fleet.Scope, *T) bool
	owner  func(*T) fleet.OwnerID
	text   func(*T) []string // what a search looks into
	sorts  map[string]roll.Sort
	// count is what [roll.ByCount] sorts by.
	count func(sort string, id uint64) int
}

// few is how many records are better looked up one by one than swept over.
const few = 4096

// list is a page of records that the scope sees. A page may be short, even
// empty, and still have a next one: the work for one page is bounded.
func list[T any](a *Admin, l *listing[T], q fleet.Query) (page fleet.Page[T], err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	page.Items = []T{}
	r := l.table.roll(&a.db.rolls)
	p, err := l.pick(&q)
	if err != nil {
		return page, err
	}
	err = a.db.View(func(tx *bbolt.Tx) error {
		if !l.within(tx, r, &q, p) {
			return nil
		}
		for scanned := 0; ; p.Limit = min(2*p.Limit, few) {
			p.Limit = max(p.Limit, limit+1-len(page.Items))
			keys := r.Pick(p)
			for i := range keys {
				if len(page.Items) == limit || scanned == maxScan {
					page.Next = cursor(&q, p.After)
					return nil
				}
				scanned++
				p.After = &keys[i]
				v, err := l.table.find(tx, be64(keys[i].ID))
				if err != nil {
					return err
				}
				if v != nil && l.wanted(&q, p.Search, v) { // the roll may be newer
					page.Items = append(page.Items, *v)
				}
			}
			if len(keys) < p.Limit {
				return nil
			}
		}
	})
	return page, err
}

func (l *listing[T]) wanted(q *fleet.Query, search string, v *T) bool {
	if !l.sees(&q.Scope, v) || q.Owner != 0 && l.owner(v) != q.Owner || l.also != nil && !l.also(q, v) {
		return false
	}
	return search == "" || slices.ContainsFunc(l.text(v), func(s string) bool { return strings.Contains(fold(s), search) })
}

// pick is a query as a question to the roll.
func (l *listing[T]) pick(q *fleet.Query) (*roll.Pick, error) {
	p := &roll.Pick{All: q.Scope.Installation, Company: uint64(q.Scope.Company), Search: fold(strings.TrimSpace(q.Search)), Sort: roll.ByID}
	name, down := strings.CutPrefix(q.Sort, "-")
	p.Down = down
	if q.Sort != "" && name != "created" {
		by, ok := l.sorts[name]
		if !ok {
			return nil, fleet.FieldError("sort", "%q is nothing to sort by here", q.Sort)
		}
		p.Sort = by
		if by == roll.ByCount {
			p.Count = func(id uint64) int { return l.count(name, id) }
		}
	}
	switch q.Status {
	case "":
	case fleet.ListActive:
		p.Status = statusActive
	case fleet.ListTrial:
		p.Status = statusTrial
	case fleet.ListSuspended:
		p.Status = statusSuspended
	default:
		return nil, fleet.FieldError("status", "%q is no status", q.Status)
	}
	after, err := whereAfter(q)
	p.After = after
	return p, err
}

// within narrows the question to what the scope and the query leave; false:
// nothing.
func (l *listing[T]) within(tx *bbolt.Tx, r *roll.Roll, q *fleet.Query, p *roll.Pick) bool {
	s := &q.Scope
	if q.Owner != 0 {
		p.Owners = []uint64{uint64(q.Owner)}
	}
	if l.direct != nil {
		if ids, ok := l.direct(s); ok {
			p.All, p.IDs = true, sorted(ids)
			return true
		}
	}
	if !s.Installation && s.Company == 0 {
		return false
	}
	if l.narrow != nil {
		after := uint64(0)
		if p.After != nil && p.Sort == roll.ByID && !p.Down {
			after = p.After.ID
		}
		if ids := l.narrow(tx, q, after); ids != nil {
			p.IDs = append([]uint64{}, slices.Collect(ids)...)
			return true
		}
	}
	if p.Owners == nil && !s.Installation && s.Customers != nil && l.byOwner != "" {
		p.Owners = append([]uint64{}, plain(s.Customers)...)
	}
	if l.byOwner == "" || p.Owners == nil || len(p.Owners) > maxMerge {
		return true
	}
	n := 0
	for _, who := range p.Owners {
		n += r.Owned(who)
	}
	if n <= few {
		p.IDs = append([]uint64{}, slices.Collect(merged(tx, l.byOwner, p.Owners, 0))...)
	}
	return true
}

func plain[K any](ids []fleet.ID[K]) []uint64 {
	out := make([]uint64, len(ids))
	for i, id := range ids {
		out[i] = uint64(id)
	}
	return sorted(out)
}
