// Package fenceworld draws the seeded worlds in which the fence engine is
// measured: fences clustered about cities, and fleets of devices that drive
// and park among them. The same numbers give the same world on any machine,
// so that two engines can be handed the same fixes and must tell the same.
package fenceworld
