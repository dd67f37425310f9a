// Package fence answers which of one owner's fences hold a point. A [Set] is
// compiled once, never changes its answers and may be shared by any number of
// shards; an edit derives a new one that shares what it did not touch.
//
// Up to 64 fences are a plain list of boxes. Above that the R-tree is the
// index of record, and tiles, squares of the map, remember what it said where
// devices are (tiles.go): the fences that hold all of a square, and of those
// with an outline in it the box, and the shape as the square sees it (leaf.go).
// A device may keep a [Safe] rectangle about its place, which no fence reaches
// into: a fix in it needs no lookup (safe.go).
package fence
