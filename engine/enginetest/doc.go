// Package enginetest says what engine asks of a Journal and a Committer, as
// tests that any implementation can run. It is for tests only.
package enginetest
