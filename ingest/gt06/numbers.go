package gt06

import "github.com/vigia-track/vigia/ingest"

// The protocol numbers (§4.3 and, above 0x20, the lists of the later
// documents; see the package comment).
const (
	msgLogin       = 0x01
	msgGPS         = 0x10
	msgLBS         = 0x11
	msgGPSLBS      = 0x12
	msgStatus      = 0x13
	msgText        = 0x15
	msgAlarm       = 0x16
	msgLBSPhone    = 0x17
	msgLBSMany     = 0x18
	msgLBSAlarm    = 0x19
	msgGPSPhone    = 0x1a
	msgGPSLBSMany  = 0x1e
	msgCommandText = 0x21
	msgGPSLBS2     = 0x22
	msgStatus2     = 0x23
	msgLBSMany2    = 0x24
	msgAlarm2      = 0x26
	msgAlarmFences = 0x27
	msgLBSMany3    = 0x28
	msgGPSPhone2   = 0x2a
	msgWiFi        = 0x2c
	msgGPSLBS3     = 0x2d
	msgLBSMany4    = 0x2e
	msgGPSLBS31    = 0x31
	msgGPSLBS32    = 0x32
	msgGPSLBS33    = 0x33
	msgFleet       = 0x34
	msgGPSLBS36    = 0x36
	msgGPSLBS37    = 0x37
	msgGPSLBS38    = 0x38
	msgModules     = 0x70
	msgCommand     = 0x80
	msgQuery       = 0x81
	msgClock       = 0x8a
	msgOBD         = 0x8c
	msgInfo        = 0x94
	msgCamera      = 0x95
	msgAddress     = 0x97
	msgPassThrough = 0x9b
	msgGPS4G       = 0xa0
	msgLBS4G       = 0xa1
	msgWiFi4G      = 0xa2
	msgStatus4G    = 0xa3
	msgAlarm4G     = 0xa4
	msgLBSAlarm4G  = 0xa5
	msgLBSPhone4G  = 0xa7
	msgReadings    = 0xf1
	msgWiFiScan    = 0xf3
)

// Models whose dialect differs (Session.Model, in any case).
const (
	modelR11      = "R11"
	modelSeeworld = "SEEWORLD"
	modelLW4G     = "LW4G-4B"
)

type handler func(c *Codec, s *ingest.Session, p packet) ([]byte, error)

// handlers says who reads which message, but for those that Decode itself
// knows. nil: nobody.
var handlers = [256]handler{
	msgGPS:         (*Codec).location,
	msgLBS:         (*Codec).cellsOrGPS,
	msgStatus:      (*Codec).heartbeat,
	msgText:        (*Codec).text,
	msgAlarm:       (*Codec).alarm,
	msgLBSPhone:    (*Codec).cells,
	msgLBSMany:     (*Codec).cellsTimed,
	msgLBSAlarm:    (*Codec).cellsAlarm,
	msgGPSPhone:    (*Codec).address,
	msgGPSLBSMany:  (*Codec).location,
	msgCommandText: (*Codec).commandText,
	msgStatus2:     (*Codec).heartbeatVolts,
	msgLBSMany2:    (*Codec).cellsTimed,
	msgAlarm2:      (*Codec).alarm,
	msgAlarmFences: (*Codec).alarm,
	msgLBSMany3:    (*Codec).cellsTimed,
	msgGPSPhone2:   (*Codec).address,
	msgWiFi:        (*Codec).cellsTimed,
	msgGPSLBS3:     (*Codec).location,
	msgLBSMany4:    (*Codec).cellsTimed,
	msgGPSLBS31:    (*Codec).location,
	msgGPSLBS32:    (*Codec).locationOrBlocks,
	msgGPSLBS33:    (*Codec).locationOrBlocks,
	msgFleet:       (*Codec).fleetLocation,
	msgGPSLBS36:    (*Codec).location36,
	msgGPSLBS37:    (*Codec).location,
	msgGPSLBS38:    (*Codec).location,
	msgModules:     (*Codec).modules,
	msgCommand:     (*Codec).commandEcho,
	msgQuery:       (*Codec).commandEcho,
	msgClock:       (*Codec).clock,
	msgOBD:         (*Codec).obd,
	msgInfo:        (*Codec).info,
	msgCamera:      (*Codec).camera,
	msgPassThrough: (*Codec).passThrough,
	msgGPS4G:       (*Codec).location,
	msgLBS4G:       (*Codec).cellsTimed,
	msgWiFi4G:      (*Codec).wifiOrGPS4G,
	msgStatus4G:    (*Codec).status4G,
	msgAlarm4G:     (*Codec).alarm,
	msgLBSAlarm4G:  (*Codec).cellsAlarm,
	msgLBSPhone4G:  (*Codec).cells,
	msgReadings:    (*Codec).readings,
	msgWiFiScan:    (*Codec).wifiScan,
}

// fourG reports whether a message's cells are in the long form of LTE
// networks: LAC of 4 bytes, cell of 8 (VL03 v1.1.2 "GPS Location Packet 4G").
func fourG(number byte) bool { return number >= msgGPS4G && number <= msgLBSPhone4G }

// localTime reports whether a message's time is on the tracker's own clock.
// The later documents mark 0x22, 0x26, 0x2A, 0xA0 ... as UTC; the first
// generation, below 0x20, keeps the zone that its login states.
func localTime(number byte) bool { return number < 0x20 }
