// Package stream is the live websocket: GET /api/v1/stream (docs/api.md has the
// messages). A client says what it watches and gets a snapshot, then changes,
// each device at its newest, at a capped rate; events are never conflated.
//
// Nothing is queued for a watcher: the hub keeps the state, a connection asks
// for what it has not told yet once it may write again. A client that does not
// read is closed after the write timeout; one that fell behind the hub's
// memory of events is closed as lagged. Both come back with their cursor.
//
// Each connection has two goroutines: one reads, one writes. Who it is and what
// it may see is checked again every second, so that a revoked token ends its
// streams and a device that was taken away disappears.
package stream
