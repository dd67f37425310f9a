// Package live is the hub: it keeps the newest position of every device and a
// ring of recent events, and lets any number of watchers follow both.
//
// Nothing is queued for a watcher. The hub numbers every change with one
// rising sequence; devices stand in a list in the order in which they last
// changed, so what a watcher has not seen yet is the list's end beyond its
// cursor, each device once, at its newest. A watcher that sleeps costs
// nothing, is told less and less often of the same devices, and never holds
// anybody up; publishing costs the same with no watcher and with a thousand.
// Events must not be conflated, so they have a ring: a watcher whose cursor
// falls off its end gets [ErrLagged], takes a new snapshot and reads the
// events that it missed from the store.
//
// Whose devices a watcher sees is decided here, for each item, by its scope.
// A device that leaves the scope, or is removed, is reported as gone; when the
// scope itself changes, the watcher gets a new snapshot.
//
// The hub starts no goroutine. Its lock is held for short walks only, never
// over I/O or a callback.
package live
