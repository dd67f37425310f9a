package fence

import (
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// list is fences by ID, in pieces. An edit makes those anew that it touches,
// and shares the others: of many fences one edit copies a few hundred.
type list struct {
	lasts  []fleet.FenceID // of the pieces
	pieces []*piece
	n      int
}

// piece is some fences in a row, and their IDs, so that a search reads one
// place of memory, not one a fence.
type piece struct {
	ids    []fleet.FenceID
	fences []*Fence
}

const pieceLen = 256

// edit puts a fence in place of the one with its ID, or none.
type edit struct {
	id    fleet.FenceID
	fence *Fence
}

// edit merges edits, sorted by ID and one an ID, and tells which fences are
// gone and which have come.
func (l *list) edit(edits []edit) (out list, gone, come []*Fence) {
	most := len(l.pieces) + len(edits)/pieceLen + 1
	out.lasts, out.pieces = make([]fleet.FenceID, 0, most), make([]*piece, 0, most)
	for i, p := range l.pieces {
		n := len(edits)
		if i+1 < len(l.pieces) {
			n, _ = slices.BinarySearchFunc(edits, l.lasts[i]+1, func(e edit, id fleet.FenceID) int { return cmp.Compare(e.id, id) })
		}
		if n == 0 {
			out.add(p)
			continue
		}
		out.merge(p.fences, edits[:n], &gone, &come)
		edits = edits[n:]
	}
	out.merge(nil, edits, &gone, &come)
	return out, gone, come
}

// merge appends fences with edits made among them.
func (l *list) merge(old []*Fence, edits []edit, gone, come *[]*Fence) {
	merged := make([]*Fence, 0, len(old)+len(edits))
	for _, e := range edits {
		for len(old) > 0 && old[0].ID < e.id {
			merged, old = append(merged, old[0]), old[1:]
		}
		if len(old) > 0 && old[0].ID == e.id {
			*gone, old = append(*gone, old[0]), old[1:]
		}
		if e.fence != nil {
			*come, merged = append(*come, e.fence), append(merged, e.fence)
		}
	}
	merged = append(merged, old...)
	for len(merged) > 2*pieceLen {
		l.add(pieceOf(merged[:pieceLen:pieceLen]))
		merged = merged[pieceLen:]
	}
	if len(merged) > 0 {
		l.add(pieceOf(merged))
	}
}

func pieceOf(fences []*Fence) *piece {
	ids := make([]fleet.FenceID, len(fences))
	for i, f := range fences {
		ids[i] = f.ID
	}
	return &piece{ids, fences}
}

func (l *list) add(p *piece) {
	l.lasts, l.pieces, l.n = append(l.lasts, p.ids[len(p.ids)-1]), append(l.pieces, p), l.n+len(p.fences)
}

func (l *list) get(id fleet.FenceID) *Fence {
	i, _ := slices.BinarySearch(l.lasts, id)
	if i == len(l.pieces) {
		return nil
	}
	p := l.pieces[i]
	k, found := slices.BinarySearch(p.ids, id)
	if !found {
		return nil
	}
	return p.fences[k]
}

func (l *list) all(yield func(*Fence) bool) {
	for _, p := range l.pieces {
		for _, f := range p.fences {
			if !yield(f) {
				return
			}
		}
	}
}
