// Package geoindex finds, among many boxes, those that hold a point. An
// [Index] never changes: any number of goroutines may ask it while others
// derive new ones from it, which share all that an edit did not touch.
//
// It is the only room that imports tidwall/rtree.
package geoindex
