package fleet

// ChangeSet is one edit of records that the engine knows, all or none: with
// its audit row it commits to the administration's database first, then its ID
// is journaled, and each shard takes it over on reaching that entry.
//
// A record with ID 0 is created and gets its ID; one with an ID replaces the
// stored record if Version equals the stored one's.
type ChangeSet struct {
	ID    ChangeID `cbor:"1,keyasint"` // given by the commit
	At    Time     `cbor:"2,keyasint"` // from when its fences judge; given by the commit unless Since
	Since bool     `cbor:"3,keyasint"` // its fences hold since the beginning of time (replay, demo, bench, imports)
	Actor Actor    `cbor:"4,keyasint"`

	Companies     []Company      `cbor:"5,keyasint,omitempty"`
	Customers     []Customer     `cbor:"6,keyasint,omitempty"`
	Devices       []Device       `cbor:"7,keyasint,omitempty"`
	Fences        []Fence        `cbor:"8,keyasint,omitempty"`
	Notifications []Notification `cbor:"9,keyasint,omitempty"`

	RemovedCustomers     []CustomerID     `cbor:"10,keyasint,omitempty"`
	RemovedDevices       []DeviceID       `cbor:"11,keyasint,omitempty"`
	RemovedFences        []FenceID        `cbor:"12,keyasint,omitempty"`
	RemovedNotifications []NotificationID `cbor:"13,keyasint,omitempty"`

	Rules        []Rule   `cbor:"14,keyasint,omitempty"`
	RemovedRules []RuleID `cbor:"15,keyasint,omitempty"`

	// EventPlans are plain records, which the engine knows nothing of: they stand
	// here because notifications that name them change with them.
	EventPlans       []EventPlan `cbor:"16,keyasint,omitempty"`
	RemovedCompanies []CompanyID `cbor:"20,keyasint,omitempty"`

	// Erased are those of RemovedDevices whose tracks are to be erased for good:
	// the store notes it with the deletion, until it is done.
	Erased []DeviceID `cbor:"-"`

	// Admins are people, whom the engine does not know either: the first
	// administrator of each of the first Customers, which the set makes, in
	// their order; company and customer are filled in.
	Admins []User `cbor:"-"`
}

// Actor is who made a change, for the audit.
type Actor struct {
	User  UserID  `cbor:"1,keyasint"`           // 0: the system itself
	Token TokenID `cbor:"2,keyasint"`           // 0: not by token
	Addr  string  `cbor:"3,keyasint"`           // remote address, "" for the system
	By    UserID  `cbor:"4,keyasint,omitempty"` // who signed in as User; 0: the user
}
