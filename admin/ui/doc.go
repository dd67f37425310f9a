// Package ui serves what browsers load: the web interface, built from web by
// `make ui` and embedded from dist, and the browsable reference of the API,
// plain files without a build step. Nothing is loaded from elsewhere but map
// tiles, from the origins that the settings name.
package ui
