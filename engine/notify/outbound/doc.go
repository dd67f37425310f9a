// Package outbound is the one way in which senders speak HTTP to the world: a
// client that refuses to connect to addresses inside our own network, follows
// no redirects, uses no proxy from the environment, and reads a bounded answer.
//
// The guard looks at the address after name resolution, at the moment of the
// connect, so that a name that changes its address in between (DNS rebinding)
// gains nothing. Link-local addresses, where clouds keep their metadata, and
// multicast are refused whatever the settings.
package outbound
