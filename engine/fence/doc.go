// Package fence answers which of one owner's fences hold a point. A [Set] is
// compiled once, never changes and may be shared by any number of shards; an
// edit derives a new one that shares what it did not touch.
package fence
