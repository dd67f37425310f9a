package api

import (
	"encoding/hex"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type rawMessages struct {
	Device fleet.DeviceID `json:"device"`
	Since  fleet.Time     `json:"since" doc:"From when on they are recorded; what came before is not known"`
	Items  []rawMessage   `json:"items" nullable:"false" doc:"Newest first, at most 32"`
}

type rawMessage struct {
	Time      fleet.Time     `json:"time" doc:"When it came"`
	Protocol  string         `json:"protocol" example:"gt06"`
	Transport string         `json:"transport" enum:"tcp,udp,http,mqtt"`
	From      string         `json:"from,omitempty" doc:"The sender's address, or the broker it came through" example:"203.0.113.7:41220"`
	Size      int            `json:"size" doc:"Bytes" example:"41"`
	Hex       string         `json:"hex" doc:"Its first 1,024 bytes, in hexadecimal. Of HTTP: method, address and body; of MQTT: topic, a line break and the payload" example:"78780d01086022088860221000018cdd0d0a"`
	Text      string         `json:"text,omitempty" doc:"The same as text, if it is one" example:"*HQ,8600000001,V1,121300,A,2234.8851,N,11354.3360,E,0.00,90,221126,FFFFFBFF#"`
	Reply     string         `json:"reply,omitempty" doc:"What the tracker was told, its first 256 bytes in hexadecimal; over HTTP and MQTT not shown" example:"78780501000bd9dc0d0a"`
	Reports   []PositionView `json:"reports" nullable:"false" doc:"What was read in it, the first 8; the verdict is not known yet"`
	Count     int            `json:"count" doc:"How many reports it holds"`
	Reason    string         `json:"reason,omitempty" doc:"Why it was rejected; absent: it was understood" example:"malformed"`
}

// rawMessages adds what a device sends, as it comes.
func (a *API) rawMessages() {
	op := operation{
		tag: "Devices", object: auth.RawMessage, action: auth.Read, method: http.MethodGet,
		id: "listRawMessages", path: "/devices/{id}/messages", summary: "Read the latest messages of a device, as it sent them",
		doc: "For the company's staff, to see what a tracker really says. The last 32 are kept in memory, until the server's next start: in a large " +
			"installation only of devices that were asked for, from the first time on. Messages of a device whose identity is not known stand in GET /strangers.",
	}
	register(a, op, func(c *call, in *ByID) (*one[rawMessages], error) {
		d, err := c.device(in.ID)
		if err != nil {
			return nil, err
		}
		if a.o.Messages == nil {
			return nil, fleet.Errorf(fleet.Unavailable, "this server does not record what devices send")
		}
		out := rawMessages{Device: d.ID, Items: []rawMessage{}}
		since, all := a.o.Messages.Listen(d.ID, a.o.Now())
		out.Since = since
		for i := range all {
			out.Items = append(out.Items, showRawMessage(&all[i]))
		}
		return &one[rawMessages]{out}, nil
	})
}

func showRawMessage(m *fleet.RawMessage) rawMessage {
	v := rawMessage{
		Time: m.At, Protocol: m.Protocol.String(), Transport: m.Transport, From: m.From, Size: m.Size, Hex: hex.EncodeToString(m.Frame),
		Text: plainText(m.Frame), Reply: hex.EncodeToString(m.Reply), Reports: []PositionView{}, Count: m.Count, Reason: m.Reason,
	}
	for i := range m.Reports {
		v.Reports = append(v.Reports, ShowPosition(&m.Reports[i]))
	}
	return v
}

// plainText is a frame of printable ASCII and line breaks; "" for any other.
func plainText(b []byte) string {
	for _, c := range b {
		if (c < ' ' || c > '~') && c != '\r' && c != '\n' && c != '\t' {
			return ""
		}
	}
	return string(b)
}
