// Package fleetsim is a seeded fleet of trackers that speak the real protocols
// over real sockets: for the demo, for load and for long runs.
//
// A [Vehicle] is a pure function of time, so a fleet can be put at any moment
// and drives the same ways in every run. A [Device] carries a vehicle's fixes
// to a server as its tracker would: it logs in, sends, waits for the receipt,
// keeps what was not acknowledged and sends it again after a reconnect.
//
// [World] is the seeded world of fences and devices that the benchmarks share.
package fleetsim
