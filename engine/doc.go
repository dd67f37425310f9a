// Package engine is the machine: it takes reports in, makes them durable, runs
// track.Step and alert.Decide over them in shards, commits the facts, keeps
// snapshots and recovers from them. What it needs of others stands in ports.go.
package engine
