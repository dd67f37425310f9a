// Package alert decides who hears of an event, and is pure: the same events
// under the same notifications, with the same memory, make the same
// deliveries, on any machine, at any time.
//
// [Rules] are the notifications of a device's owners, indexed: deciding costs
// what concerns the device and the fence. A [Book] is what is remembered of one
// device, a memory for each notification: what its recipients were last told of
// each fence, what waits, and when they were last told of what. Whoever owns the
// device's state owns its Book; each memory has an encoding of its own, and a
// changed one belongs into the same transaction as the deliveries it led to.
//
// # Fresh, late, held back
//
// An event that is younger than the notification's MaxAge is told at once. An
// older one is not sent as if it were fresh. Alarms of the device itself do not
// age: they are always told. Of events that come in pairs (enter and exit,
// moving and stopped, offline and online) one that is not told at once waits,
// because it is too old, because of quiet hours or because a notice of its kind
// has just gone out. When nothing speaks against it any more, [Book.Settle]
// compares how things stand with what recipients were last told: if that
// differs, one delivery of the newest event that says so tells them, marked
// late; the others are suppressed, in sight. Who was never told anything counts
// as told of the side before the oldest event that waits.
//
// A side that recipients do not ask for, or not at that hour, tells them
// nothing, and ends what they know: after it they count as told nothing.
//
// # Repeats
//
// Trackers repeat an alarm: some send it three times for one press, some with
// every report for as long as a wire is cut. So within [SOSCooldown] of a
// notice, and [AlarmCooldown] for other alarms, alarms of the same kind fold
// into it and are counted; the first is never held back. An SOS has the short
// one: two minutes cover the repeats of all trackers we know of, and a second
// press after that is a second cry for help. Time is the event's, so that an SOS
// of three days ago holds back none of now; only among events that arrive old,
// as from a tracker that empties its memory, does the time of arrival count too.
//
// # Test and maintenance
//
// Of a device that somebody works on nobody is told, of no event; the rows say
// who would have been. A side that it takes meanwhile ends what recipients know.
// What waited from before waits on.
package alert
