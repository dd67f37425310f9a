// Package track is the heart, and pure: what a report means for a device.
// [Normalise] judges one report by itself, before the journal; [Step] runs a
// device's [State] over its inputs and says what happened; State has its own
// encoding. Same inputs, same events, on any machine, at any time: nothing
// here reads a clock, iterates a map or lets the compiler fuse a product into
// a sum that decides something.
//
// The order of a step: the state first settles under the [World] it is given;
// then the report's trust is judged by itself (trust.go), its place in time
// against the device's newest trusted fix (step.go), its motion against that
// fix (motion.go); a trusted newer fix moves the device in and out of fences
// (fences.go), unless the fix lies in the rectangle about the one before that
// no fence reaches into. Alarms are judged apart from all that and always raised
// (alarm.go).
//
// What a fence asks of fixes before it believes in a change is its rule
// (fence.Rule, made of its preset). Where one fix is not enough, it opens a run
// (run.go) that further fixes, or time (timers.go), complete.
//
// Not here yet: the evaluation of reports that are older than the device's
// newest fix; their alarms are raised, their places belong to history alone.
package track
