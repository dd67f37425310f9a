package fleet

// Checkpoint is a device's encoded state before its first fix of a UTC day: a
// second run over the day's fixes begins with it.
type Checkpoint struct {
	Device DeviceID
	Day    Time   // its beginning
	Upto   Time   // all up to here is in State: a run from a later time on may begin with it
	State  []byte // opaque: track.State
}
