// Package engine is the machine: it takes reports in, makes them durable, runs
// track.Step and alert.Decide over them, commits the facts, keeps snapshots
// and recovers from them. What it needs of others stands in ports.go; bytes,
// trade-offs and the order of recovery in DESIGN.md.
//
// # One report's way
//
// [Engine.Accept] lets track.Normalise judge it on the caller's goroutine and
// hands it, with the caller's others, to the sequencer. That one goroutine
// gathers whatever waits (reports, changes, and one tick a second) into a
// group, makes the group durable with a single sync of the journal, wakes the
// callers, and routes the group to the shards. A shard owns the states of its
// devices; it steps them in journal order, decides who hears of what happened,
// and hands the facts to the committer, which writes everybody's in one
// transaction and tells the hub and the dispatcher afterwards. Positions go to
// the hub straight from the shards, each device's newest at most every 100 ms:
// the journal has them already.
//
// [Engine.Apply] commits a change set to the administration's database, works
// out once what it means, and sends its number down the same way; a shard
// takes the change over on reaching it, so every report is judged by the
// world that held when it became durable, today and in each replay.
//
// # Goroutines
//
//	sequencer   order, the journal's appending end   waits for room in the shards
//	shard       states, one goroutine a core         waits for the committer
//	committer   the facts transaction                waits for the disk
//	snapshot    one at a time, in the background     the next one is skipped
//	reconciler  second runs over late reports        they stay in the shards' lists
//
// Every queue is bounded and the full case is always the same: whoever fills
// it waits, and so, in the end, do the callers of Accept and the devices
// behind them. 65,536 entries may be durable and not yet stepped.
//
// # Failure
//
// An error of kind fleet.Unavailable from journal or committer means that the
// disk has no room: the callers at hand are refused, facts wait, and all goes
// on when there is space. Any other error of theirs stops the engine for good
// ([Engine.Failed], [Engine.Err]): the state of the disk is unknown, and the
// next start recovers from what is on it.
package engine
