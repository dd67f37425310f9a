// Package mqttsub takes positions from an MQTT broker that is not ours, as a
// subscriber.
//
// A publication is acked once its reports are on disk: the session is
// persistent (clean session off, a client ID that stays the same) and paho's
// own acks are off. What was not acked when we or the connection ended, the
// broker sends again; the engine knows duplicates.
//
// paho calls back in its one inbound goroutine, so the callback only puts the
// publication into a bounded queue. One worker takes what is there, stores it
// in one Accept and acks it. When storing fails it tries again, later each
// time; meanwhile the queue fills and the callback waits, so that the broker's
// in-flight window fills too and nothing is lost. A QoS 0 publication that
// finds the queue full is dropped and counted: nobody would send it again.
//
// A [Subscriber] owns the worker and paho's goroutines; Close ends them.
package mqttsub
