// Package sheet writes and reads tables of texts as Excel workbooks (ECMA-376,
// SpreadsheetML) and as CSV (RFC 4180), row by row, for exports and imports of
// many records.
//
// It takes no library: a reader must tell a formula from a value while it
// streams, bound what a small file unpacks to, and hold no sheet in memory; the
// tests hold both directions against one (excelize). What others send is
// trusted in nothing: archives, texts, rows and columns have limits (Limits),
// references outside of the file are not followed, formulas are never looked
// into. An error says what is wrong with the file and what to do.
//
// A spreadsheet program may take a text for a formula. Texts that begin so are
// written with an apostrophe in front (Neutral), and read without it (Plain).
package sheet
