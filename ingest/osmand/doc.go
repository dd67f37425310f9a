// Package osmand reads positions that phones send over HTTP in the form that
// the OsmAnd app made customary and Traccar Client speaks too, as documented at
// traccar.org/osmand.
//
// One position in the query of a GET, or in the form of a POST:
//
//	?id=…&lat=…&lon=…&timestamp=…&speed=…&bearing=…&altitude=…&accuracy=…&batt=…
//
//	id, deviceid   the device; required
//	lat, lon       degrees; or location=lat,lon
//	timestamp      Unix seconds or milliseconds, or ISO 8601; without it: now
//	speed          knots
//	bearing        degrees, also heading
//	altitude       metres
//	accuracy       metres
//	cell           mcc,mnc,lac,cell; of several the first
//	hdop, batt (percent), charge (true, false), ignition, valid, alarm, driverUniqueId
//
// A reading that is no number is left out. Everything else becomes an attribute
// under its own name. Or a JSON body, as
// background-geolocation plug-ins post it: "device_id" and "location", one
// object or several, speed in m/s, battery level 0..1.
//
// Status 200 says that the position is on disk, 400 that it makes no sense.
package osmand
