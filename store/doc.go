// Package store keeps nouns and opaque bytes in bbolt: [Admin] is admin.db,
// companies, customers, users, devices, fences, notifications, their versions
// and the audit; [Facts] is facts.db, events, deliveries and alert memories;
// [Snapshots] are files. It decides nothing beyond uniqueness, references,
// versions and delete guards. It is, with what stands below it, the only room
// that imports bbolt.
//
// What it promises: a write that returned nil survives kill -9 and power loss;
// what is read is what was written or an error; facts may be committed again
// in any grouping and are there once. It starts no goroutine, and calls
// nobody from inside a transaction. DESIGN.md has the buckets, keys and bytes,
// and the order of a backup.
package store
