package fleet

// Service is what a customer gets and pays for. The zero Service is a customer
// that may use everything that its company offers.
type Service struct {
	Plan    RecordID `cbor:"40,keyasint,omitempty" json:"plan"`    // 0: that of the customer above, else no limits
	Without []Module `cbor:"41,keyasint,omitempty" json:"without"` // modules that are not ticked

	NoWeb        bool `cbor:"42,keyasint,omitempty" json:"noWeb"` // its users may not sign in with a browser,
	NoIOS        bool `cbor:"43,keyasint,omitempty" json:"noIOS"` // the app on iOS,
	NoAndroid    bool `cbor:"44,keyasint,omitempty" json:"noAndroid"`
	Commands     bool `cbor:"45,keyasint,omitempty" json:"commands"`     // its devices may be sent commands
	NoSMS        bool `cbor:"46,keyasint,omitempty" json:"noSMS"`        // no SMS about its devices,
	NoEmail      bool `cbor:"47,keyasint,omitempty" json:"noEmail"`      // no mail
	NoMonitoring bool `cbor:"48,keyasint,omitempty" json:"noMonitoring"` // its events do not enter the operators' queue

	Suspended   bool   `cbor:"49,keyasint,omitempty" json:"suspended"`
	Reason      string `cbor:"50,keyasint,omitempty" json:"suspendReason"`
	CutOffDay   int    `cbor:"51,keyasint,omitempty" json:"cutOffDay"`   // of the month, 1 to 31; 0 = never cut
	PaidThrough Date   `cbor:"52,keyasint,omitempty" json:"paidThrough"` // "" = not kept: nothing is cut
	TrialEnds   Time   `cbor:"53,keyasint,omitempty" json:"trialEnds"`   // 0 = no trial
	Internal    bool   `cbor:"54,keyasint,omitempty" json:"internalSystem"`
	Reseller    bool   `cbor:"55,keyasint,omitempty" json:"reseller"` // its admins make and change its inner customers

	DefaultRole Role     `cbor:"56,keyasint,omitempty" json:"defaultUserRole"` // of new users; "" = CustomerUser
	View        RecordID `cbor:"57,keyasint,omitempty" json:"landingView"`     // that its users see first; 0 = the panel
}

func (s *Service) validate() error {
	if s.CutOffDay < 0 || s.CutOffDay > 31 {
		return FieldError("cutOffDay", "%d is not within 0 to %d", s.CutOffDay, 31)
	}
	if err := s.PaidThrough.Validate(); err != nil {
		return FieldError("paidThrough", "%v", err)
	}
	for _, m := range s.Without {
		if err := m.Validate(); err != nil {
			return FieldError("modules", "%v", err)
		}
	}
	if s.Suspended && s.Reason == "" {
		return FieldError("suspendReason", "is required")
	}
	if err := validText("suspendReason", s.Reason, 500); err != nil {
		return err
	}
	switch s.DefaultRole {
	case "", CustomerAdmin, CustomerUser:
		return nil
	}
	return FieldError("defaultUserRole", "%q does not fit: customer roles need a customer, the others have none", s.DefaultRole)
}

// UserRole is the role of a new user of the customer if none is named.
func (s *Service) UserRole() Role {
	if s.DefaultRole != "" {
		return s.DefaultRole
	}
	return CustomerUser
}
