package fleet

// Position is a stored fix, as history and the live map hand it out.
type Position struct {
	Device     DeviceID
	Fix        Time
	DeviceTime Time // as in the Report; 0 also where it was stored before this was kept
	Received   Time
	Place      Place
	Has        Fields
	Altitude   float32 // metres
	Speed      float32 // km/h
	Course     float32 // degrees
	Accuracy   float32 // metres
	HDOP       float32
	Odometer   float64 // metres
	Satellites uint8
	Verdict    Verdict
	Trust      Trust
	Protocol   Protocol
	Alarms     Alarms
	Attrs      Attrs
}

// Position is what remains of a report once it is stored: all of it.
func (r *Report) Position() Position {
	return Position{
		Device: r.Device, Fix: r.Fix, DeviceTime: r.DeviceTime, Received: r.Received, Place: r.Place, Has: r.Has,
		Altitude: r.Altitude, Speed: r.Speed, Course: r.Course, Accuracy: r.Accuracy,
		HDOP: r.HDOP, Odometer: r.Odometer, Satellites: r.Satellites,
		Verdict: r.Verdict, Trust: r.Trust, Protocol: r.Protocol, Alarms: r.Alarms, Attrs: r.Attrs,
	}
}

// Report is the report that a stored fix was, to be judged again.
func (p *Position) Report() Report {
	return Report{
		Device: p.Device, Fix: p.Fix, DeviceTime: p.DeviceTime, Received: p.Received, Place: p.Place, Has: p.Has,
		Altitude: p.Altitude, Speed: p.Speed, Course: p.Course, Accuracy: p.Accuracy,
		HDOP: p.HDOP, Odometer: p.Odometer, Satellites: p.Satellites,
		Verdict: p.Verdict, Trust: p.Trust, Protocol: p.Protocol, Alarms: p.Alarms, Attrs: p.Attrs,
	}
}
