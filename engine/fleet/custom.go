package fleet

// Custom holds the numbers of a fence with the preset custom. The other
// presets are such numbers too (engine/fence).
type Custom struct {
	// Margin is how far beyond the edge, in metres, leaving begins, 0 to 1000.
	// A fix's own accuracy, up to 100 m, takes its place where it is more.
	Margin float64 `cbor:"1,keyasint" json:"margin"`

	// EnterFixes and LeaveFixes are how many fixes must agree, 1 to 20.
	EnterFixes int `cbor:"2,keyasint" json:"enterFixes"`
	LeaveFixes int `cbor:"3,keyasint" json:"leaveFixes"`

	// Wait is the time, up to an hour, after which a single fix is enough if
	// none spoke against it; 0: time alone never decides. In milliseconds.
	Wait Time `cbor:"4,keyasint" json:"wait"`

	// MaxAccuracy is the accuracy in metres beyond which a fix says nothing
	// about this fence; 0: whatever its accuracy, it counts.
	MaxAccuracy float64 `cbor:"5,keyasint" json:"maxAccuracy"`

	// PassWait and PassMetres are how far apart two fixes may be for a crossing
	// between them to be concluded: up to 5 min (in milliseconds) and 10 km;
	// 0 = 60 s and 2 km.
	PassWait   Time    `cbor:"6,keyasint,omitempty" json:"passWait,omitempty"`
	PassMetres float64 `cbor:"7,keyasint,omitempty" json:"passMetres,omitempty"`
}

// validate reports the first number out of its range. NaN is out of each.
func (c *Custom) validate() error {
	switch {
	case c == nil:
		return FieldError("custom", "the preset custom needs its numbers")
	case !(c.Margin >= 0 && c.Margin <= 1000):
		return FieldError("custom.margin", "%v is not within 0 to 1000 metres", c.Margin)
	case c.EnterFixes < 1 || c.EnterFixes > 20:
		return FieldError("custom.enterFixes", "%d is not within 1 to 20", c.EnterFixes)
	case c.LeaveFixes < 1 || c.LeaveFixes > 20:
		return FieldError("custom.leaveFixes", "%d is not within 1 to 20", c.LeaveFixes)
	case c.Wait < 0 || c.Wait > Hour:
		return FieldError("custom.wait", "%d ms is not within 0 to an hour", int64(c.Wait))
	case !(c.MaxAccuracy >= 0 && c.MaxAccuracy <= 10_000):
		return FieldError("custom.maxAccuracy", "%v is not within 0 to 10000 metres", c.MaxAccuracy)
	case c.PassWait < 0 || c.PassWait > 5*Minute:
		return FieldError("custom.passWait", "%d ms is not within 0 to 5 minutes", int64(c.PassWait))
	case !(c.PassMetres >= 0 && c.PassMetres <= 10_000):
		return FieldError("custom.passMetres", "%v is not within 0 to 10000 metres", c.PassMetres)
	}
	return nil
}
