// Package owntracks reads what the OwnTracks apps send, over HTTP and over
// MQTT, after the "JSON" and "HTTP" chapters of the OwnTracks booklet
// (owntracks.org/booklet). Only messages of _type location carry a place; the
// other types are taken and answered, and give no report.
//
//	lat, lon   degrees
//	tst        Unix seconds of the fix
//	acc, alt   metres
//	vel        km/h
//	cog        degrees
//	batt       percent; bs 2 and 3: charging
//	t          what triggered the message
//
// A device is known by user:device, taken from the topic owntracks/user/device,
// from the headers X-Limit-U and X-Limit-D, or from the query u and d; where a
// message has none of these, by its tracker ID, tid. The query id overrides all.
package owntracks
