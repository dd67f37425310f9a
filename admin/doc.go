// Package admin serves people and programs: the REST API (admin/api), the live
// stream (admin/stream), the map page (admin/ui), health and metrics. It reads
// through small query interfaces and writes through Apply; it knows neither
// the engine nor the store.
//
// Every request passes, in this order: request ID and panic guard, security
// headers, who is asking (peer.go), browsers' cross-origin rule, the routes.
// Health, metrics and profiles need no store: they answer while it is busy.
package admin
