// Package broker is the embedded MQTT broker (3.1, 3.1.1 and 5.0) that
// trackers publish to. It is an ingest broker: what a device publishes goes to
// the Sink and nowhere else; what a device may receive are its own commands.
//
// # Promises
//
//   - PUBACK and PUBREC leave only after the reports are on disk. When they
//     cannot be stored, no ack is sent and the connection is closed, so that
//     the device publishes again.
//   - A device is known by its user name, or else by its client ID; either
//     must equal its unique ID. Its session bears that ID and no other, so
//     that nobody takes over another's session by naming its client ID.
//   - A device publishes only below vigia/<its ID>/ and owntracks/<its ID>/
//     and subscribes only to its own command topic, without wildcards.
//   - Nothing is allocated from a claimed length; packets above a limit,
//     unfinished packets and silent connections end with a counted reason.
//
// The protocol itself is mochi-mqtt's; DESIGN.md says what of it is used, what
// is kept from it, and why. [Broker] is all that others see of it.
//
// # Goroutines
//
// A Broker does not listen: ingest.Server accepts connections, within its
// limits, and has [Broker.ServeConn] talk on each in the goroutine of that
// connection. One more goroutine a connection writes what is queued for the
// device, and one for the whole broker expires sessions; they end with
// ServeConn and Close.
package broker
