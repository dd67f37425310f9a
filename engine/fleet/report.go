package fleet

// Report is one message of a device: where it says it is, when, and what else
// it says, first as the codec gives it, then with Normalise's verdict.
//
// Fields that Has does not list are zero and mean "not given". A Report is
// passed on by value; its Attrs are never changed after Accept was called.
type Report struct {
	Device   DeviceID // whose it is; 0 until the Registry named it
	Protocol Protocol
	Verdict  Verdict // Normalise's; Accepted until then
	Trust    Trust   // how sure we are who sent it
	Has      Fields
	Alarms   Alarms

	Fix        Time // when the place was measured, by the device's clock
	DeviceTime Time // when the device wrote the message; 0 means as Fix
	Received   Time // when its bytes arrived here

	Place      Place
	Altitude   float32 // metres above sea level
	Speed      float32 // km/h
	Course     float32 // degrees clockwise from north, 0 <= c < 360
	Accuracy   float32 // metres, radius
	HDOP       float32
	Odometer   float64 // metres
	Satellites uint8

	Attrs Attrs
}

// Fields is a set of facts about a report: which optional fields it carries,
// and what the device says of its fix.
type Fields uint32

// The facts. The bits are stored: append only.
const (
	HasPlace Fields = 1 << iota
	HasAltitude
	HasSpeed
	HasCourse
	HasAccuracy
	HasHDOP
	HasOdometer
	HasSatellites
	HasIgnition
	IgnitionOn // holds only with HasIgnition
	FixValid   // the device calls its place valid
	Repeated   // the place is an older one, sent again: no fix in this message
	Coarse     // the place comes from cells or Wi-Fi, not from satellites
	Corrected  // Normalise changed the time
	AlarmState // Alarms is a state, sent as long as it lasts; else what just happened
)

// Is reports whether all facts of f hold.
func (r *Report) Is(f Fields) bool { return r.Has&f == f }

// SetPlace takes degrees over; impossible numbers leave the report placeless.
func (r *Report) SetPlace(lat, lon float64) {
	if p, ok := MakePlace(lat, lon); ok {
		r.Place, r.Has = p, r.Has|HasPlace
	}
}

// SetSpeed takes a speed in km/h over.
func (r *Report) SetSpeed(kmh float64) { r.Speed, r.Has = float32(kmh), r.Has|HasSpeed }

// SetCourse takes a course in degrees over.
func (r *Report) SetCourse(deg float64) { r.Course, r.Has = float32(deg), r.Has|HasCourse }

// SetAltitude takes metres over.
func (r *Report) SetAltitude(m float64) { r.Altitude, r.Has = float32(m), r.Has|HasAltitude }

// SetAccuracy takes metres over.
func (r *Report) SetAccuracy(m float64) { r.Accuracy, r.Has = float32(m), r.Has|HasAccuracy }

// SetHDOP takes a dilution of precision over.
func (r *Report) SetHDOP(v float64) { r.HDOP, r.Has = float32(v), r.Has|HasHDOP }

// SetOdometer takes metres over.
func (r *Report) SetOdometer(m float64) { r.Odometer, r.Has = m, r.Has|HasOdometer }

// SetSatellites takes the number of satellites in use over.
func (r *Report) SetSatellites(n int) {
	r.Satellites, r.Has = uint8(max(0, min(n, 255))), r.Has|HasSatellites
}

// SetIgnition takes the ignition over.
func (r *Report) SetIgnition(on bool) {
	r.Has = r.Has&^IgnitionOn | HasIgnition
	if on {
		r.Has |= IgnitionOn
	}
}

// SetValid takes over whether the device calls its fix valid.
func (r *Report) SetValid(valid bool) {
	r.Has &^= FixValid
	if valid {
		r.Has |= FixValid
	}
}

// Add appends an attribute; SortAttrs puts them in order once all are there.
func (r *Report) Add(key string, v Value) { r.Attrs = append(r.Attrs, Attr{Key: key, Value: v}) }

// Protocol numbers the languages of trackers. Stored: append only.
type Protocol uint8

// The protocols.
const (
	NoProtocol Protocol = iota
	GT06
	Teltonika
	H02
	OsmAnd
	OwnTracks
	VigiaJSON
	FileReplay
	Simulated
)

var protocolNames = [...]string{"", "gt06", "teltonika", "h02", "osmand", "owntracks", "mqtt", "file", "simulated"}

// String is the protocol's name as the command line writes it.
func (p Protocol) String() string {
	if int(p) < len(protocolNames) {
		return protocolNames[p]
	}
	return "unknown"
}

// Verdict is what Normalise decided about a report by itself. Stored: append only.
type Verdict uint8

// The verdicts. Only an Accepted report's place is evaluated; the alarms of
// any but a rejected one are raised.
const (
	Accepted          Verdict = iota
	NoFix                     // says nothing about a place: a heartbeat or status
	QuarantinedFuture         // fix time more than 5 minutes ahead of its arrival
	QuarantinedClock          // the tracker's clock is not set
	QuarantinedOld            // beyond any sane age
	RejectedRange             // place outside the earth
	RejectedTime              // no time at all where one is needed
)

var verdictNames = [...]string{
	"accepted", "noFix", "quarantinedFuture", "quarantinedClock", "quarantinedOld", "rejectedRange", "rejectedTime",
}

// String is the verdict's name in metrics and API.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "unknown"
}

// Trust is how sure we are that the named device sent a report. Stored: append only.
type Trust uint8

// The levels of trust (see reliability: spoofed devices).
const (
	TrustClaimed     Trust = 0 // an identity in clear, as most trackers send
	TrustCredentials Trust = 4 // a secret or certificate of the device
)
