// Package gt06 reads and writes the protocol of GT06 trackers (Concox, Jimi and
// the many that speak like them).
package gt06
