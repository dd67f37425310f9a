// Package fleet holds the nouns of Vigia: devices, reports, positions, fences,
// events, notifications, deliveries, customers and users, their identities,
// units and error kinds. Plain values with Validate: no I/O, no goroutine, no
// clock, no map[string]any. Every other room may import it; it imports only geo.
//
// Units everywhere: time in UTC milliseconds ([Time]), angles in degrees,
// places in 1e-7 degrees ([Place]), distances in metres, speed in km/h, course
// in degrees clockwise from north.
package fleet
