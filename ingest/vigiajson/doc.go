// Package vigiajson reads our own JSON over MQTT: one object or an array of
// them, published to vigia/<device>/position.
//
//	{"time": "2026-05-04T06:00:00Z", "lat": 4.6097, "lon": -74.0817,
//	 "speed": 42.5, "course": 180, "altitude": 2600, "accuracy": 5,
//	 "satellites": 9, "hdop": 0.9, "ignition": true, "odometer": 120500,
//	 "valid": true, "alarm": "sos", "battery": 87, "temperature1": 4.5}
//
// time (RFC 3339, or Unix milliseconds as a number), lat and lon are required.
// Speed is km/h, odometer metres, alarm one name or several with commas
// between. Any further key with a boolean, number or string becomes an
// attribute; the names of the shared vocabulary (engine/fleet) are understood
// everywhere. A message with one bad position is refused as a whole, with the
// number of that position and the key at fault.
package vigiajson
