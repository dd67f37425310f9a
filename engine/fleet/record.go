package fleet

// RecordKind numbers the kinds of record in keys and in the audit. Stored:
// append only.
type RecordKind uint8

// The kinds of record. Those below FirstPlain have a type of ID and a table of
// their own; the plain ones share one.
const (
	CompanyRecord      RecordKind = 1
	CustomerRecord     RecordKind = 2
	DeviceRecord       RecordKind = 3
	FenceRecord        RecordKind = 4
	NotificationRecord RecordKind = 5
	UserRecord         RecordKind = 6
	TokenRecord        RecordKind = 7
	SubscriptionRecord RecordKind = 8
	LinkRecord         RecordKind = 9
	SettingRecord      RecordKind = 10
	RuleRecord         RecordKind = 11
	CredentialRecord   RecordKind = 12
	JobRecord          RecordKind = 13

	FirstPlain    RecordKind = 32
	MarkerRecord  RecordKind = 32
	ContactRecord RecordKind = 33
	PlanRecord    RecordKind = 34
	CommandRecord RecordKind = 80

	LabelRecord    RecordKind = 64
	LocationRecord RecordKind = 65
	FieldRecord    RecordKind = 66
	CommentRecord  RecordKind = 68

	ShareLinkRecord RecordKind = 112
	QRLoginRecord   RecordKind = 113

	ConnectionRecord         RecordKind = 114
	ConnectionTemplateRecord RecordKind = 115

	CalendarRecord     RecordKind = 69
	ShiftRecord        RecordKind = 70
	AssetRecord        RecordKind = 71
	TicketRecord       RecordKind = 72
	SupportRouteRecord RecordKind = 73

	DeviceTypeRecord  RecordKind = 96
	EventPlanRecord   RecordKind = 97
	DeviceSheetRecord RecordKind = 98
	ViewRecord        RecordKind = 84
	ImageRecord       RecordKind = 85
	AssociationRecord RecordKind = 86
	DeviceShareRecord RecordKind = 87
)

var recordNames = map[RecordKind]string{
	CompanyRecord: "company", CustomerRecord: "customer", DeviceRecord: "device", FenceRecord: "fence",
	NotificationRecord: "notification", UserRecord: "user", TokenRecord: "token",
	SubscriptionRecord: "subscription", LinkRecord: "setup link", SettingRecord: "setting", RuleRecord: "rule", CredentialRecord: "credential",
	JobRecord:    "job",
	MarkerRecord: "marker", ContactRecord: "contact", PlanRecord: "plan", CommandRecord: "command",
	ShareLinkRecord: "share link", QRLoginRecord: "QR sign-in",
	ConnectionRecord: "connection", ConnectionTemplateRecord: "connection template",
	LabelRecord: "label", LocationRecord: "location", FieldRecord: "field", CommentRecord: "comment",
	CalendarRecord: "calendar", ShiftRecord: "shift", AssetRecord: "asset", TicketRecord: "ticket", SupportRouteRecord: "support route",
	DeviceTypeRecord: "device type", EventPlanRecord: "event plan", DeviceSheetRecord: "device sheet",
	ViewRecord: "view", ImageRecord: "image", AssociationRecord: "association", DeviceShareRecord: "device share",
}

// String is the kind's name in the audit and in messages.
func (k RecordKind) String() string {
	if name, ok := recordNames[k]; ok {
		return name
	}
	return "unknown"
}

// Head is what every plain record begins with: a record of the administration
// that the engine knows nothing of, such as a marker or a contact. The CBOR
// numbers below 10 are the Head's.
type Head struct {
	ID      RecordID  `cbor:"1,keyasint" json:"id" readOnly:"true"`
	Company CompanyID `cbor:"2,keyasint" json:"company" readOnly:"true"`
	Owner   OwnerID   `cbor:"3,keyasint" json:"owner,omitzero" doc:"The customer or company that it belongs to; absent on creation: your own. It does not change."`
	Version uint64    `cbor:"4,keyasint" json:"version,omitzero" doc:"On update: the version that you saw"`
	Created Time      `cbor:"5,keyasint" json:"created" readOnly:"true"`
	Updated Time      `cbor:"6,keyasint" json:"updated" readOnly:"true"`
}

// Header is the head itself; it makes every struct with an embedded Head half
// of a [Record].
func (h *Head) Header() *Head { return h }

// Record is a plain record, by pointer.
type Record interface {
	Header() *Head
	// Kind is the same for all values of a type.
	Kind() RecordKind
	// Validate reports the first rule that the record by itself breaks.
	Validate() error
	// Refs are the records that it names, each of the same company.
	Refs() []Ref
	// Unique are the texts that no other record of its kind may have.
	Unique() []UniqueText
	// Words are what a search looks into; the first is what lists sort by.
	Words() []string
}

// Ref is one record's naming of another.
type Ref struct {
	Field string // where it stands, for errors
	Kind  RecordKind
	ID    uint64
	Then  Then // what becomes of the naming record when the other is deleted
}

// Then says what follows for a record when another one that it names is to be
// deleted. Stored: append only.
type Then uint8

// What may follow.
const (
	Refuse Then = 1 // the other cannot be deleted while it is named
	Follow Then = 2 // the record goes with it
	Forget Then = 3 // the record forgets it: Forgetter
)

// Forgetter is a record that can do without one that it names.
type Forgetter interface {
	// Forget removes every mention of a deleted record.
	Forget(kind RecordKind, id uint64)
}

// Discreet is a record with secrets.
type Discreet interface {
	// Public is a copy without them, for the audit.
	Public() any
}

// UniqueText is a text that only one record of a kind has. Case and the way
// accents are written do not count.
type UniqueText struct {
	Field  string // of the input, for errors
	Text   string // "" = none
	Global bool   // in the installation; else in the company
}

// RefTo is a Ref to a record with a typed ID; the zero ID gives none.
func RefTo[K any](refs []Ref, field string, kind RecordKind, id ID[K], then Then) []Ref {
	if id == 0 {
		return refs
	}
	return append(refs, Ref{Field: field, Kind: kind, ID: uint64(id), Then: then})
}
