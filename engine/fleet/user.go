package fleet

import (
	"slices"
	"strings"
)

// Role says what a user may do; the authorisation table in admin/auth reads it.
type Role string

// The roles.
const (
	PlatformAdmin Role = "platformAdmin" // the installation
	CompanyAdmin  Role = "companyAdmin"  // everything of one company
	Operator      Role = "operator"      // watches a company's devices
	CustomerAdmin Role = "customerAdmin" // one customer and its inner ones
	CustomerUser  Role = "customerUser"  // sees assigned devices of a customer
)

// Roles are all roles, the mightiest first.
func Roles() []Role {
	return []Role{PlatformAdmin, CompanyAdmin, Operator, CustomerAdmin, CustomerUser}
}

// Validate refuses a role that does not exist.
func (r Role) Validate() error {
	if slices.Contains(Roles(), r) {
		return nil
	}
	return Errorf(Invalid, "%q is no role", string(r))
}

// User is a person. Staff belongs to a company, others to one of its customers.
type User struct {
	ID       UserID     `cbor:"1,keyasint" json:"id"`
	Company  CompanyID  `cbor:"2,keyasint" json:"company"`
	Customer CustomerID `cbor:"3,keyasint" json:"customer"` // 0: staff of the company
	Name     string     `cbor:"4,keyasint" json:"name"`
	Email    string     `cbor:"5,keyasint" json:"email"` // unique in the installation; "" = none, with a Username
	Phone    string     `cbor:"6,keyasint" json:"phone"` // E.164, "" for none
	Lang     Lang       `cbor:"7,keyasint" json:"lang"`
	Timezone string     `cbor:"8,keyasint" json:"timezone"` // IANA name
	Role     Role       `cbor:"9,keyasint" json:"role"`
	Disabled bool       `cbor:"10,keyasint" json:"disabled"`
	Version  uint64     `cbor:"11,keyasint" json:"version"`
	Created  Time       `cbor:"12,keyasint" json:"created"`
	Devices  []DeviceID `cbor:"13,keyasint" json:"devices"` // assigned, for CustomerUser

	Username string `cbor:"14,keyasint,omitempty" json:"username"` // lower case; unique in the installation; "" = the mail address
	First    string `cbor:"15,keyasint,omitempty" json:"firstName"`
	Last     string `cbor:"16,keyasint,omitempty" json:"lastName"`
	NoWeb    bool   `cbor:"17,keyasint,omitempty" json:"noWeb"`    // may not sign in with a browser,
	NoIOS    bool   `cbor:"18,keyasint,omitempty" json:"noIOS"`    // the app on iOS,
	NoAnd    bool   `cbor:"19,keyasint,omitempty" json:"noAnd"`    // the app on Android
	Commands bool   `cbor:"20,keyasint,omitempty" json:"commands"` // may send commands to devices, where its customer may
	Primary  bool   `cbor:"21,keyasint,omitempty" json:"primary"`  // the customer's own sign-in

	Without []Module `cbor:"22,keyasint,omitempty" json:"without"` // modules that are not ticked for the user

	Home     Address  `cbor:"23,keyasint,omitzero" json:"home"`
	Location RecordID `cbor:"24,keyasint,omitempty" json:"location"` // where Home was taken over from, once; 0 = nowhere
	Lat      *float64 `cbor:"25,keyasint,omitempty" json:"lat"`      // of Home, degrees
	Lon      *float64 `cbor:"26,keyasint,omitempty" json:"lon"`
	Extra    Extra    `cbor:"27,keyasint,omitempty" json:"extra"`

	// Quiet is when the person wants no notice, by the person's clock; nil =
	// never. Critical alarms ignore it; the others wait for its end.
	Quiet *Schedule `cbor:"28,keyasint,omitempty" json:"quiet,omitempty"`
}

// Login is the name that the user signs in with.
func (u *User) Login() string {
	if u.Username != "" {
		return u.Username
	}
	return strings.ToLower(u.Email)
}

// Validate reports the first rule that the user breaks.
func (u *User) Validate() error {
	if err := validName("name", u.Name); err != nil {
		return err
	}
	if u.Email != "" || u.Username == "" { // without an address the person needs a name to sign in with
		if err := validEmail("email", u.Email); err != nil {
			return err
		}
	}
	if err := validLogin("username", u.Username); err != nil {
		return err
	}
	if u.Phone != "" {
		if err := ValidPhone(u.Phone); err != nil {
			return FieldError("phone", "%v", err)
		}
	}
	if err := u.Lang.Validate(); err != nil {
		return FieldError("lang", "%v", err)
	}
	if err := u.Role.Validate(); err != nil {
		return FieldError("role", "%v", err)
	}
	if staff := u.Customer == 0; staff == (u.Role == CustomerAdmin || u.Role == CustomerUser) {
		return FieldError("role", "%q does not fit: customer roles need a customer, the others have none", u.Role)
	}
	if err := u.Home.validate(); err != nil {
		return err
	}
	if err := validPoint(u.Lat, u.Lon); err != nil {
		return err
	}
	if err := u.Extra.validate(); err != nil {
		return err
	}
	for _, m := range u.Without {
		if err := m.Validate(); err != nil {
			return FieldError("modules", "%v", err)
		}
	}
	if err := u.Quiet.Validate(); err != nil {
		return FieldError("quiet", "%v", err)
	}
	return validZone("timezone", u.Timezone)
}

// validLogin refuses what is no user name: 3 to 64 lower-case letters, digits
// and . _ - @ +; none is fine.
func validLogin(field, s string) error {
	ok := len(s) >= 3 && len(s) <= 64
	for i := 0; ok && i < len(s); i++ {
		c := s[i]
		ok = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("._-@+", c) >= 0
	}
	if s != "" && !ok {
		return FieldError(field, "a user name has 3 to 64 lower-case letters, digits and . _ - @ +")
	}
	return nil
}

// ValidPhone refuses what is not E.164: a plus and 7 to 15 digits.
func ValidPhone(s string) error {
	ok := len(s) >= 8 && len(s) <= 16 && s[0] == '+' && s[1] != '0'
	for i := 1; ok && i < len(s); i++ {
		ok = s[i] >= '0' && s[i] <= '9'
	}
	if !ok {
		return Errorf(Invalid, "%q is no phone number; write it as +573001234567", s)
	}
	return nil
}

// Subscription is one browser that takes a user's push messages (RFC 8030).
type Subscription struct {
	ID       SubscriptionID `cbor:"1,keyasint" json:"id"`
	User     UserID         `cbor:"2,keyasint" json:"user"`
	Endpoint string         `cbor:"3,keyasint" json:"endpoint"` // https URL of the push service
	P256DH   []byte         `cbor:"4,keyasint" json:"p256dh"`   // the browser's public key, 65 bytes
	Auth     []byte         `cbor:"5,keyasint" json:"auth"`     // its secret, 16 bytes
	Agent    string         `cbor:"6,keyasint" json:"agent"`
	Created  Time           `cbor:"7,keyasint" json:"created"`
}
