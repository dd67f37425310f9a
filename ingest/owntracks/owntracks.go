package owntracks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// maxMessages bounds one upload.
const maxMessages = 1000

// Codec reads requests and publications.
type Codec struct{}

// New makes a codec for HTTP; it keeps no state.
func New() ingest.HTTPCodec { return Codec{} }

// NewMQTT makes a codec for MQTT; it keeps no state.
func NewMQTT() ingest.MessageCodec { return Codec{} }

// good is the empty list of commands that the app expects as an answer.
var good = ingest.Response{Status: http.StatusOK, ContentType: "application/json", Body: []byte("[]")}

type message struct {
	Type      string          `json:"_type"`
	Topic     string          `json:"topic"`
	TID       text            `json:"tid"`
	Lat       number          `json:"lat"`
	Lon       number          `json:"lon"`
	Time      json.Number     `json:"tst"`
	Accuracy  number          `json:"acc"`
	Altitude  number          `json:"alt"`
	Velocity  number          `json:"vel"`
	Course    number          `json:"cog"`
	Battery   number          `json:"batt"`
	BattState number          `json:"bs"`
	Pressure  number          `json:"p"`
	Trigger   text            `json:"t"`
	Conn      text            `json:"conn"`
	Odometer  number          `json:"odometer"`
	MCC       json.RawMessage `json:"mcc"`
	MNC       json.RawMessage `json:"mnc"`
	LAC       json.RawMessage `json:"lac"`
	CID       json.RawMessage `json:"cid"`
}

// number is a JSON number, also between quotation marks as some trackers write
// it. Anything else is as if it was not there: it costs the place nothing.
type number struct {
	v     float64
	given bool
}

// UnmarshalJSON never fails.
func (n *number) UnmarshalJSON(b []byte) error {
	v, err := strconv.ParseFloat(strings.Trim(string(b), `" `), 64)
	if err == nil && v-v == 0 { // neither NaN nor infinite
		*n = number{v, true}
	}
	return nil
}

// text is a JSON string, or a number as it stands.
type text string

// UnmarshalJSON never fails.
func (t *text) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*t = text(s)
	} else if b[0] == '-' || b[0] >= '0' && b[0] <= '9' {
		*t = text(b)
	}
	return nil
}

// DecodeRequest reads one HTTP request: an object or an array of them.
func (Codec) DecodeRequest(s *ingest.Session, r *ingest.Request) (ingest.Response, error) {
	q := r.URL.Query()
	id := q.Get("id")
	if id == "" {
		id = join(first(r.Header.Get("X-Limit-U"), q.Get("u")), first(r.Header.Get("X-Limit-D"), q.Get("d")))
	}
	if err := decode(s, id, r.Body); err != nil {
		return ingest.Response{Status: http.StatusBadRequest}, err
	}
	return good, nil
}

// DecodeMessage reads one publication.
func (Codec) DecodeMessage(s *ingest.Session, topic string, payload []byte) error {
	return decode(s, fromTopic(topic), payload)
}

func decode(s *ingest.Session, id string, body []byte) (err error) {
	before := len(s.Reports)
	defer func() {
		if err != nil {
			s.Reports = s.Reports[:before]
		}
	}()
	var all []message
	if raw := bytes.TrimSpace(body); len(raw) > 0 && raw[0] == '[' {
		err = json.Unmarshal(raw, &all)
	} else {
		all = make([]message, 1)
		err = json.Unmarshal(raw, &all[0])
	}
	if err != nil {
		return fleet.Errorf(fleet.Invalid, "owntracks: body: %v", err)
	}
	if len(all) > maxMessages {
		return fleet.Errorf(fleet.Invalid, "owntracks: %d messages in one upload, at most %d are read", len(all), maxMessages)
	}
	for i := range all {
		m := &all[i]
		device := first(id, fromTopic(m.Topic), string(m.TID))
		if m.Type == "location" || device != "" {
			if err := fleet.ValidUniqueID(device); err != nil {
				return fleet.Errorf(fleet.Invalid, "owntracks: %w; send a topic, X-Limit-U and X-Limit-D, or tid", err)
			}
			if s.UniqueID != "" && i > 0 && s.UniqueID != device {
				return fleet.Errorf(fleet.Invalid, "owntracks: one upload names two devices, %s and %s", s.UniqueID, device)
			}
			s.UniqueID = device
		}
		if m.Type == "location" {
			if err := m.report(s); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *message) report(s *ingest.Session) error {
	if !m.Lat.given || !m.Lon.given {
		return fleet.Errorf(fleet.Invalid, "owntracks: a location without lat or lon")
	}
	t, err := m.Time.Float64()
	if err != nil || !(t > 0 && t < 1e11) {
		return fleet.Errorf(fleet.Invalid, "owntracks: tst %q is no Unix time in seconds", m.Time)
	}
	p := s.Add(fleet.OwnTracks)
	p.Fix = fleet.Time(t * 1000)
	p.SetPlace(m.Lat.v, m.Lon.v)
	p.SetValid(p.Is(fleet.HasPlace))
	for _, f := range []struct {
		v   number
		set func(float64)
	}{{m.Accuracy, p.SetAccuracy}, {m.Altitude, p.SetAltitude}, {m.Velocity, p.SetSpeed}, {m.Course, p.SetCourse}, {m.Odometer, p.SetOdometer}} {
		if f.v.given {
			f.set(f.v.v)
		}
	}
	if m.Velocity.v < 0 {
		p.Speed, p.Has = 0, p.Has&^fleet.HasSpeed // iOS: unknown
	}
	if m.Course.v < 0 {
		p.Course, p.Has = 0, p.Has&^fleet.HasCourse
	}
	if m.Battery.given {
		p.Add(fleet.AttrBattery, fleet.Float(m.Battery.v))
	}
	if m.BattState.v > 0 {
		p.Add(fleet.AttrCharging, fleet.Bool(m.BattState.v >= 2))
	}
	if m.Pressure.given {
		p.Add("pressure", fleet.Float(m.Pressure.v)) // kPa
	}
	if m.Conn != "" {
		p.Add("connection", fleet.Text(string(m.Conn)))
	}
	switch m.Trigger {
	case "":
	case "I", "i": // qtripp: ignition off, on
		p.SetIgnition(m.Trigger == "i")
		fallthrough
	default:
		p.Add(fleet.AttrEvent, fleet.Text(string(m.Trigger)))
	}
	addCell(p, fleet.AttrCellMCC, m.MCC, 10)
	addCell(p, fleet.AttrCellMNC, m.MNC, 10)
	addCell(p, fleet.AttrCellLAC, m.LAC, 16)
	addCell(p, fleet.AttrCellID, m.CID, 16)
	p.Attrs = fleet.SortAttrs(p.Attrs)
	return nil
}

// addCell reads a number, or a text in the given base, and leaves others out.
func addCell(p *fleet.Report, key string, raw json.RawMessage, base int) {
	text := strings.Trim(string(raw), `"`)
	if len(text) == len(raw) {
		base = 10
	}
	if n, err := strconv.ParseInt(text, base, 64); err == nil {
		p.Add(key, fleet.Int(n))
	}
}

// fromTopic is user:device of owntracks/user/device, "" for other topics.
func fromTopic(topic string) string {
	parts := strings.Split(strings.TrimPrefix(topic, "/"), "/")
	if len(parts) < 3 || parts[0] != "owntracks" {
		return ""
	}
	return join(parts[1], parts[2])
}

func join(user, device string) string {
	if user == "" || device == "" {
		return ""
	}
	return user + ":" + device
}

func first(s ...string) string {
	for _, v := range s {
		if v != "" {
			return v
		}
	}
	return ""
}
