package fleet

// AlarmMode says whether what happens to a device is to be taken seriously.
type AlarmMode string

// The modes. In test and maintenance events are recorded, and neither raise an
// alarm nor send a notice, not even an SOS: somebody works on the device.
const (
	NormalMode  AlarmMode = "" // and "normal" in the API
	TestMode    AlarmMode = "test"
	Maintenance AlarmMode = "maintenance"
)

// LongestMode is how long a device may be in another mode than normal: what is
// forgotten ends by itself.
const LongestMode = 30 * Day

// Mode is the device's mode at a time.
func (d *Device) Mode(at Time) AlarmMode {
	if at >= d.ModeUntil {
		return NormalMode
	}
	return d.AlarmMode
}

func (d *Device) validMode() error {
	if err := oneOf("mode", d.AlarmMode, NormalMode, TestMode, Maintenance); err != nil {
		return err
	}
	if d.AlarmMode != NormalMode && d.ModeUntil <= 0 {
		return FieldError("until", "is required")
	}
	return nil
}
