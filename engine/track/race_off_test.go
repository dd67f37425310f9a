//go:build !race

package track_test

// raceDetector says that everything takes ten times as long.
const raceDetector = false
