package fleet

// ClockProposal says that a device's clock shows another time zone, and what
// would mend it.
type ClockProposal struct {
	Device  DeviceID
	Offset  int64 // what ClockOffset should be, ms
	Since   Time  // when the first message arrived that shows it
	Reports int   // how many show it
}
