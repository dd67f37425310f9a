package fleet

// lastBuiltIn bounds the IDs of what is built in: those of records that were
// made begin after it, for they hold a time.
const lastBuiltIn = RecordID(1)<<idRandom - 1

// BuiltIn reports whether an ID is of something built in.
func BuiltIn(id RecordID) bool { return id != 0 && id <= lastBuiltIn }

// found is what the server itself finds out about any device.
var found = []EventCode{"enter", "exit", "dwell", "overstay", "absent", "overspeed", "moving", "stopped", "offline", "online"}

// DeviceTypes are the built-in types of device. Their numbers are stored:
// append only.
func DeviceTypes() []DeviceType {
	type row struct {
		name, protocol, icon string
		alarms               Alarms
		positioning          bool
		tabs                 []PanelTab
	}
	phone := []PanelTab{"map", "users", "notifications", "contacts", "schedules", "sms", "emails", "push", "signals", "notes", "fences", "shares", "history"}
	var out []DeviceType
	for i, r := range []row{
		{"GT06", GT06.String(), "car", SOS | PowerCut | LowPower | LowBattery | Tamper | Vibration | Tow | Overspeed | GeofenceEnter | GeofenceExit | Accident | FallDown |
			HardAcceleration | HardBraking | HardCornering | Jamming | DoorOpen | Removing | PowerOn | PowerOff, false, nil},
		{"Teltonika FMB", Teltonika.String(), "truck", GeneralAlarm | PowerCut | Tow | Overspeed | GeofenceEnter | GeofenceExit | Accident | HardAcceleration |
			HardBraking | HardCornering | Jamming, false, nil},
		{"H02 / ST-901", H02.String(), "motorcycle", SOS | PowerCut | Vibration | Overspeed | GeofenceEnter | GeofenceExit, false, nil},
		{"OsmAnd", OsmAnd.String(), "phone", SOS | LowBattery, true, phone},
		{"OwnTracks", OwnTracks.String(), "phone", 0, true, phone},
		{"Vigia MQTT", VigiaJSON.String(), "box", ^Alarms(0), false, nil},
	} {
		t := DeviceType{
			Head: Head{ID: RecordID(i + 1), Version: 1}, Name: r.name, Protocol: r.protocol, Icon: r.icon, Tabs: r.tabs,
			PositioningOnly: r.positioning, BuiltIn: true,
		}
		for _, code := range append(AlarmCodes(r.alarms), found...) {
			_, alarm, _ := code.Parse()
			t.Events = append(t.Events, TypeEvent{Code: code, Severity: code.Severity(), Alarm: alarm&AlwaysRaised != 0})
		}
		out = append(out, t)
	}
	return out
}

// EventPlans are the built-in event plans: for each built-in type of device,
// under its number, all that may happen to it.
func EventPlans() []EventPlan {
	var out []EventPlan
	for _, t := range DeviceTypes() {
		out = append(out, EventPlan{Head: t.Head, Name: t.Name, Type: t.ID, Codes: t.Codes(), BuiltIn: true})
	}
	return out
}

// BuiltInType is the built-in type with an ID.
func BuiltInType(id RecordID) (DeviceType, bool) {
	for _, t := range DeviceTypes() {
		if t.ID == id {
			return t, true
		}
	}
	return DeviceType{}, false
}

// BuiltInPlan is the built-in event plan with an ID.
func BuiltInPlan(id RecordID) (EventPlan, bool) {
	for _, p := range EventPlans() {
		if p.ID == id {
			return p, true
		}
	}
	return EventPlan{}, false
}
