// Package store keeps nouns and opaque bytes in bbolt: admin.db holds
// companies, customers, users, devices, fences, notifications, their versions
// and the audit; facts.db holds events, deliveries and alert memories. It
// decides nothing beyond uniqueness, versions and delete guards. It is, with
// what stands below it, the only room that imports bbolt.
package store
