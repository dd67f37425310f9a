// Package boltfile opens one bbolt file safely and seals what goes into it.
//
// bbolt checksums only its two meta pages: a flipped bit elsewhere would be
// served as truth, and a damaged page pointer faults in the memory map, which
// kills the process. So every value carries a schema byte and a CRC32C over
// itself, its key and its table ([Seal], [Unseal]), and every transaction runs
// with faults turned into errors ([DB.View], [DB.Update]).
//
// A new file is built beside its place, synced and renamed into it, because a
// power cut during bbolt's first write leaves a file that does not open. The
// schema of an existing file is raised by numbered migrations, each in its own
// transaction; a file of a newer program is refused by name.
//
// A file whose sync failed is never written again: what the disk holds is
// unknown until the file is opened anew.
package boltfile
