// Package alert decides who hears of an event, and is pure: the same event
// under the same notifications makes the same deliveries, on any machine, at
// any time.
//
// A notification is about the devices of its owner and of the owner's inner
// customers: all of them with AllDevices, else those it lists. Whether a
// device stands below the owner is the caller's to know: Decide gets the
// notifications of the device's owners only.
//
// An event that reached us when it was older than the notification's MaxAge is
// not sent as fresh: its deliveries are born suppressed, in sight of the
// delivery log. Alarms of the device itself do not age. Events that were
// retracted tell nobody.
//
// Notifications have no memory: each event is decided by itself.
package alert
