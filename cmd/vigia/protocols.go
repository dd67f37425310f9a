package main

import (
	"bytes"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
	"github.com/vigia-track/vigia/ingest/h02"
	"github.com/vigia-track/vigia/ingest/osmand"
	"github.com/vigia-track/vigia/ingest/owntracks"
	"github.com/vigia-track/vigia/ingest/teltonika"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

// protocol is a language of trackers and who reads it. Of the three kinds of
// codec it has those that its transports need.
type protocol struct {
	id         fleet.Protocol // its String is the name
	port       int            // the customary one; 0: it shares the MQTT broker's
	transports []ingest.Transport

	codec   func() ingest.Codec // for TCP and UDP
	http    func() ingest.HTTPCodec
	message func() ingest.MessageCodec

	detect func([]byte) ingest.Match // nil: not on the shared port
	split  bool                      // a datagram may hold several messages
	ending func([]byte) []byte       // adds the end marker to a message that lacks it; nil: there is none
}

// protocols is every protocol that Vigia speaks. serve, demo, simulate and
// decode all read this table.
var protocols = []protocol{
	{
		id: fleet.GT06, port: 5023, transports: []ingest.Transport{ingest.TCP},
		codec: gt06.New, detect: ingest.DetectGT06, ending: endGT06,
	},
	{
		id: fleet.Teltonika, port: 5027, transports: []ingest.Transport{ingest.TCP, ingest.UDP},
		codec: teltonika.New, detect: ingest.DetectTeltonika,
	},
	{
		id: fleet.H02, port: 5013, transports: []ingest.Transport{ingest.TCP, ingest.UDP},
		codec: h02.New, detect: ingest.DetectH02, split: true, ending: endH02,
	},
	{
		id: fleet.OsmAnd, port: 5055, transports: []ingest.Transport{ingest.HTTP},
		http: osmand.New,
	},
	{
		id: fleet.OwnTracks, port: 5144, transports: []ingest.Transport{ingest.HTTP, ingest.MQTT},
		http: owntracks.New, message: owntracks.NewMQTT,
	},
	{
		id: fleet.VigiaJSON, transports: []ingest.Transport{ingest.MQTT},
		message: vigiajson.New,
	},
}

// protocolNamed is the protocol that the command line calls name.
func protocolNamed(name string) (*protocol, error) {
	known := make([]string, len(protocols))
	for i := range protocols {
		if known[i] = protocols[i].id.String(); known[i] == name {
			return &protocols[i], nil
		}
	}
	return nil, fleet.Errorf(fleet.Invalid, "%q is no protocol that Vigia speaks; it speaks %s", name, strings.Join(known, ", "))
}

// whole is b with the protocol's end marker, if it has one.
func (p *protocol) whole(b []byte) []byte {
	if p.ending == nil {
		return b
	}
	return p.ending(b)
}

// endGT06 ends a frame that was cut out of its stream.
func endGT06(b []byte) []byte {
	if bytes.HasSuffix(b, []byte("\r\n")) {
		return b
	}
	return append(b[:len(b):len(b)], "\r\n"...)
}

// endH02 ends a text message; binary ones have no end marker.
func endH02(b []byte) []byte {
	if len(b) == 0 || b[0] != '*' || bytes.HasSuffix(bytes.TrimRight(b, "\r\n"), []byte("#")) {
		return b
	}
	return append(b[:len(b):len(b)], '#')
}
