// Package track is the heart, and pure: what a report means for a device.
// Normalise judges one report by itself, before the journal; Step runs a
// device's state over its inputs and says what happened; State has its own
// encoding. Same inputs, same events, on any machine, at any time.
package track
