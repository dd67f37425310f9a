// Package mqttwire finds packets in a stream of MQTT, and nothing more. It
// stands before libraries that would allocate by a packet's claimed length: a
// [Reader] gives them a packet only once all of it has arrived.
//
// A packet begins with a type byte and a remaining length of one to four bytes
// with seven bits each (MQTT 3.1.1 section 2.2.3, MQTT 5.0 section 2.1.4).
package mqttwire
