// Package track is the heart, and pure: what a report means for a device.
// [Normalise] judges one report by itself, before the journal; [Step] runs a
// device's [State] over its inputs and says what happened; State has its own
// encoding. Same inputs, same events, on any machine, at any time: nothing
// here reads a clock, iterates a map or lets the compiler fuse a product into
// a sum that decides something.
//
// The order of a step: the report's trust is judged by itself (gates.go), its
// place in time against the device's newest trusted fix (step.go), its motion
// against that fix (motion.go). A trusted newer fix settles the state under the
// [World] it is given (settle.go) and moves the device in and out of fences
// (fences.go), unless it lies in the rectangle about the one before that no
// fence reaches into. Alarms are judged apart from all that, by arrival
// (alarm.go).
//
// What takes time or speed to tell is a watch (watch.go): visits and absences
// that follow the fences, overspeed (speed.go), stops and departures (stops.go),
// as the rules of the device's owners have it (rules.go; fleet.Rule says what
// each means). Offline and online go by arrival (contact.go).
//
// What a fence asks of fixes before it believes in a change is its rule
// (fence.Rule, made of its preset). Where one fix is not enough, it opens a run
// (run.go) that further fixes, or time (timers.go), complete.
//
// A report that is older than what was evaluated cannot be judged in passing:
// the state becomes dirty from its time on (doubt.go). A [Rerun] (rerun.go) over
// the stored reports, from a [Checkpoint] or from nothing, works out what they
// mean in order, and [Pair] (pair.go) what that changes of the record.
package track
