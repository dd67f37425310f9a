package osmand

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// kmhPerKnot is exact: a nautical mile is 1.852 km.
const kmhPerKnot = 1.852

// maxParams bounds what one request may carry.
const maxParams = 200

// Codec reads requests.
type Codec struct{}

// New makes a codec; it keeps no state.
func New() ingest.HTTPCodec { return Codec{} }

var (
	good = ingest.Response{Status: http.StatusOK}
	bad  = ingest.Response{Status: http.StatusBadRequest}
)

// DecodeRequest reads one request.
func (Codec) DecodeRequest(s *ingest.Session, r *ingest.Request) (ingest.Response, error) {
	before := len(s.Reports)
	err := decode(s, r)
	if err != nil {
		s.Reports = s.Reports[:before]
		return bad, err
	}
	return good, nil
}

func decode(s *ingest.Session, r *ingest.Request) error {
	body := strings.TrimSpace(string(r.Body))
	if strings.HasPrefix(body, "{") {
		return decodeJSON(s, r.Body)
	}
	params, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fleet.Errorf(fleet.Invalid, "osmand: query: %v", err)
	}
	if len(params) == 0 && body != "" {
		if params, err = url.ParseQuery(body); err != nil {
			return fleet.Errorf(fleet.Invalid, "osmand: form: %v", err)
		}
	}
	if len(params) > maxParams {
		return fleet.Errorf(fleet.Invalid, "osmand: %d parameters, at most %d are read", len(params), maxParams)
	}
	return decodeParams(s, params)
}

func decodeParams(s *ingest.Session, params url.Values) error {
	p := fleet.Report{Protocol: fleet.OsmAnd, Received: s.Now, Fix: s.Now}
	p.SetValid(true)
	id := params.Get("id")
	if id == "" {
		id = params.Get("deviceid")
	}
	var lat, lon number
	for key, values := range params {
		v := values[0]
		var err error
		switch key {
		case "id", "deviceid":
		case "lat":
			err = lat.parse(v)
		case "lon":
			err = lon.parse(v)
		case "location":
			y, x, ok := strings.Cut(v, ",")
			if !ok {
				err = fleet.Errorf(fleet.Invalid, "%q is no pair of numbers", v)
			} else if err = lat.parse(y); err == nil {
				err = lon.parse(x)
			}
		case "timestamp":
			p.Fix, err = parseTime(v)
		case "valid":
			p.SetValid(v == "true" || v == "1")
		default:
			setParam(&p, key, v)
		}
		if err != nil {
			return fleet.Errorf(fleet.Invalid, "osmand: %s: %w", key, err)
		}
	}
	if id == "" {
		return fleet.Errorf(fleet.Invalid, "osmand: the parameter id is missing")
	}
	if err := fleet.ValidUniqueID(id); err != nil {
		return fleet.Errorf(fleet.Invalid, "osmand: id: %w", err)
	}
	if lat.given != lon.given {
		return fleet.Errorf(fleet.Invalid, "osmand: lat and lon must come together")
	}
	if lat.given {
		p.SetPlace(lat.v, lon.v)
	} else {
		p.SetValid(false)
	}
	p.Attrs = fleet.SortAttrs(p.Attrs)
	s.UniqueID = id
	s.Reports = append(s.Reports, p)
	return nil
}

// number is a parameter that may be missing.
type number struct {
	v     float64
	given bool
}

func (n *number) parse(s string) (err error) {
	n.v, err = strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(n.v > -1e9 && n.v < 1e9) { // also refuses NaN
		return fleet.Errorf(fleet.Invalid, "%q is no number that can be meant", s)
	}
	n.given = true
	return nil
}

// setParam takes over what is neither identity, place nor time. A reading that
// is no number is left out: the place counts without it.
func setParam(p *fleet.Report, key, v string) {
	switch key {
	case "speed", "bearing", "heading", "altitude", "accuracy", "hdop", "batt":
		var n number
		if n.parse(v) != nil {
			return
		}
		switch key {
		case "speed":
			p.SetSpeed(n.v * kmhPerKnot)
		case "altitude":
			p.SetAltitude(n.v)
		case "accuracy":
			p.SetAccuracy(n.v)
		case "hdop":
			p.SetHDOP(n.v)
		case "batt":
			p.Add(fleet.AttrBattery, fleet.Float(n.v))
		default:
			p.SetCourse(n.v)
		}
	case "ignition":
		p.SetIgnition(v == "true" || v == "1")
	case "charge":
		p.Add(fleet.AttrCharging, fleet.Bool(v == "true" || v == "1"))
	case "driverUniqueId":
		p.Add(fleet.AttrDriver, fleet.Text(v))
	case "cell":
		setCell(p, v)
	case "alarm":
		if a, err := fleet.ParseAlarms(v); err == nil {
			p.Alarms |= a
		} else {
			p.Alarms |= fleet.GeneralAlarm
			p.Add("alarmText", fleet.Text(v))
		}
	default:
		p.Add(key, guess(v))
	}
}

// setCell takes over mcc,mnc,lac,cell and maybe a signal behind them.
func setCell(p *fleet.Report, v string) {
	part := strings.Split(v, ",")
	if len(part) < 4 {
		return
	}
	for i, key := range []string{fleet.AttrCellMCC, fleet.AttrCellMNC, fleet.AttrCellLAC, fleet.AttrCellID} {
		if n, err := strconv.ParseInt(strings.TrimSpace(part[i]), 10, 64); err == nil {
			p.Add(key, fleet.Int(n))
		}
	}
}

// guess reads a text as the value it looks like.
func guess(v string) fleet.Value {
	switch v {
	case "true":
		return fleet.Bool(true)
	case "false":
		return fleet.Bool(false)
	}
	if i, err := strconv.ParseInt(v, 10, 64); err == nil {
		return fleet.Int(i)
	}
	if f, err := strconv.ParseFloat(v, 64); err == nil && f-f == 0 {
		return fleet.Float(f)
	}
	return fleet.Text(v)
}

// milliseconds is from where on a bare number counts milliseconds: as seconds
// it would lie in the year 5138.
const milliseconds = 1e11

// parseTime reads Unix seconds or milliseconds, or ISO 8601.
func parseTime(v string) (fleet.Time, error) {
	if n, err := strconv.ParseFloat(v, 64); err == nil {
		if !(n >= 0 && n < 1e15) {
			return 0, fleet.Errorf(fleet.Invalid, "%q is no time", v)
		}
		if n < milliseconds {
			n *= 1000
		}
		return fleet.Time(n), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999Z0700", "2006-01-02 15:04:05", "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, v); err == nil {
			return fleet.At(t), nil
		}
	}
	return 0, fleet.Errorf(fleet.Invalid, "%q is no time; write Unix seconds or 2006-01-02T15:04:05Z", v)
}
