// Package roll keeps, in memory, what lists of many records are sorted,
// narrowed and searched by: of each record its ID, its owner, two numbers and
// the folded texts that a search looks into. A [Roll] answers which records
// come next; the records themselves stay where they are.
//
// A question is one sweep over the columns of a company that it needs, and
// over the texts where it searches: no order and no narrowing needs an index
// of its own, and none costs more than a millisecond or two for each 100,000
// records. A record takes 78 bytes, a filter's part
// among them, and its texts.
package roll
