// Package ui holds the pages that browsers load: a live map, the sign-in and
// set-up form, the API's documentation. They are plain files without a build
// step, embedded into the binary; they load nothing from elsewhere.
//
// Where dist holds a built web interface (an index.html), that one is served
// instead of the plain map.
package ui
