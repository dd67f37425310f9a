// Package admin serves people and programs: the REST API, the live stream, the
// map page, health and metrics. It reads through small query interfaces and
// writes through Apply; it knows neither the engine nor the store.
package admin
