package api

import (
	"context"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Records reads what the administration keeps. Lists are paged and hold only
// what the query's scope may see; single reads are unscoped, their caller
// checks. What is absent is an error of kind NotFound.
type Records interface {
	Company(id fleet.CompanyID) (fleet.Company, error)
	Customer(id fleet.CustomerID) (fleet.Customer, error)
	Device(id fleet.DeviceID) (fleet.Device, error)
	Fence(id fleet.FenceID) (fleet.Fence, error)
	Rule(id fleet.RuleID) (fleet.Rule, error)
	Notification(id fleet.NotificationID) (fleet.Notification, error)
	User(id fleet.UserID) (fleet.User, error)
	// Account is a user, and Standing a customer, with what decides about access.
	Account(id fleet.UserID) (fleet.Account, error)
	Standing(id fleet.CustomerID) (fleet.Standing, error)
	// LabelsOf are the labels that list a customer or a user.
	LabelsOf(kind fleet.RecordKind, id uint64) ([]fleet.Label, error)
	// AssociationsOf are the ties of a customer or a user to other companies.
	AssociationsOf(kind fleet.RecordKind, id uint64) ([]fleet.Association, error)
	// Counts counts what a customer itself has.
	Counts(id fleet.CustomerID) (fleet.Counts, error)
	// Usage is what a customer itself had at most in a month, and Closed are the
	// customers that were deleted in it.
	Usage(id fleet.CustomerID, month fleet.Month) (fleet.Usage, error)
	Closed(company fleet.CompanyID, month fleet.Month) ([]fleet.ClosedUsage, error)
	// Past is what was done to a customer or company, newest first, in audit rows
	// numbered below before (0 = all).
	Past(kind fleet.RecordKind, id uint64, before uint64, limit int) ([]fleet.PastChange, error)

	// AuditPage is what was done, newest first, and where to go on (0: the end);
	// VerifyAudit follows its chain of hashes on for at most so many rows.
	AuditPage(q fleet.AuditQuery) (rows []fleet.AuditEntry, next uint64, err error)
	VerifyAudit(limit int) (fleet.Chain, error)

	Companies(q fleet.Query) (fleet.Page[fleet.Company], error)
	Customers(q fleet.Query) (fleet.Page[fleet.Customer], error)
	Devices(q fleet.Query) (fleet.Page[fleet.Device], error)
	Fences(q fleet.Query) (fleet.Page[fleet.Fence], error)
	Rules(q fleet.Query) (fleet.Page[fleet.Rule], error)
	Notifications(q fleet.Query) (fleet.Page[fleet.Notification], error)
	Users(q fleet.Query) (fleet.Page[fleet.User], error)

	// Ties are what names a device or is about it, and Lost what of it a device
	// would lose by moving to an owner.
	Ties(id fleet.DeviceID) ([]fleet.Tie, error)
	Lost(id fleet.DeviceID, to fleet.OwnerID) ([]fleet.Tie, error)
	// OnlyPositioning reports whether a customer has devices, and none that says
	// more than where it is.
	OnlyPositioning(id fleet.CustomerID) (bool, error)

	// InnerCustomers is the customer and all that stand below it.
	InnerCustomers(id fleet.CustomerID) ([]fleet.CustomerID, error)
}

// People writes what does not concern the engine: users, tokens, browsers and
// setup links. Each write carries its audit row in the same transaction.
type People interface {
	// PutUser creates (ID 0) or replaces a user whose Version matches.
	PutUser(actor fleet.Actor, u fleet.User) (fleet.User, error)
	// DeleteUser removes a user with its tokens and subscriptions.
	DeleteUser(actor fleet.Actor, id fleet.UserID, version uint64) error

	PutToken(actor fleet.Actor, t fleet.Token) (fleet.Token, error)
	TokenByHash(hash []byte) (fleet.Token, error)
	Tokens(user fleet.UserID) ([]fleet.Token, error)
	RevokeToken(actor fleet.Actor, id fleet.TokenID) error

	PutSubscription(actor fleet.Actor, s fleet.Subscription) (fleet.Subscription, error)
	Subscriptions(user fleet.UserID) ([]fleet.Subscription, error)
	DropSubscription(id fleet.SubscriptionID) error

	// UserByLogin is who signs in with a user name or mail address, in any case.
	UserByLogin(name string) (fleet.User, error)
	// Credential is what a user proves an identity by; never NotFound.
	Credential(user fleet.UserID) (fleet.Credential, error)
	// PutCredential replaces it; the audit names the action, or nothing.
	PutCredential(actor fleet.Actor, action string, c fleet.Credential) error
	// Note writes into the audit what was done, or refused, that changed no record.
	Note(actor fleet.Actor, action string, kind fleet.RecordKind, id uint64) error

	// Link reads a one-time link that is still good, and DropLinks forgets a
	// user's that were not used.
	Link(hash []byte, now fleet.Time) (fleet.SetupLink, error)
	DropLinks(user fleet.UserID) error
	PutSetupLink(l fleet.SetupLink) error
	// UseSetupLink marks the link as used and returns it as it was; a used,
	// expired or unknown one is an error of kind Unauthorised.
	UseSetupLink(hash []byte, now fleet.Time) (fleet.SetupLink, error)
	// Empty reports whether nobody has set the installation up yet.
	Empty() (bool, error)
}

// Applier changes records that the engine knows. It returns once every shard
// works with the change.
type Applier interface {
	Apply(ctx context.Context, set fleet.ChangeSet) (*fleet.ChangeSet, error)
}

// Facts reads what happened and who was told, and keeps what wants attention.
type Facts interface {
	Attention(id fleet.EventID) (fleet.Attention, error)
	Attentions(q fleet.AttentionQuery) (fleet.Page[fleet.Attention], error)
	// Attend changes one entry of the attention list in the one write
	// transaction: of two people one comes first. Change must not call back.
	Attend(ctx context.Context, id fleet.EventID, change func(*fleet.Attention) error) (fleet.Attention, error)

	Event(id fleet.EventID) (fleet.Event, error)
	Events(q fleet.EventQuery) (fleet.Page[fleet.Event], error)
	Deliveries(q fleet.DeliveryQuery) (fleet.Page[fleet.Delivery], error)
	// Tally is what became of a notification's messages on the days since a time.
	Tally(id fleet.NotificationID, since fleet.Time) (fleet.Tally, error)
}

// Tracks reads stored positions of one device, oldest first.
type Tracks interface {
	// Positions calls each for fixes with from <= Fix < to until it returns false.
	Positions(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error
}

// Eraser is Tracks that can forget.
type Eraser interface {
	// Erase removes all that is kept of the track of a device, which is deleted,
	// for good, and then what the store noted of it (fleet.ChangeSet.Erased).
	// Whoever implements it finishes what an error or a crash cut short.
	Erase(ctx context.Context, device fleet.DeviceID) error
}

// Stranger is a sender that no device has the identity of.
type Stranger struct {
	UniqueID string
	Protocol fleet.Protocol
	Addr     string     // where it last sent from
	First    fleet.Time // when it was first heard
	Last     fleet.Time // and last
	Count    uint64     // frames heard
	Frames   [][]byte   // the latest ones, oldest first
}

// Messages has what devices sent lately, as it came.
type Messages interface {
	// Listen is a device's messages, newest first, and since when they are
	// recorded; from now on, if they were not.
	Listen(d fleet.DeviceID, now fleet.Time) (since fleet.Time, all []fleet.RawMessage)
	Forget(d fleet.DeviceID)
}

// Strangers lists unknown senders for adoption; the ingest registry does.
type Strangers interface {
	Strangers() []Stranger
	// Forget drops one, once it is adopted.
	Forget(uniqueID string)
}

// SystemReport is what an operator asks about the running process.
type SystemReport struct {
	Started    fleet.Time
	Stores     []StoreSize
	DiskFree   uint64 // bytes
	DiskTotal  uint64 // bytes
	JournalSeq fleet.Seq
	FactsSeq   fleet.Seq
	Backlog    uint64 // journal entries whose facts are not committed yet
	Outbox     uint64 // deliveries that are not final
	Watchers   int    // open streams
	Listeners  []ListenerReport
}

// StoreSize is how much room a part of the data directory takes.
type StoreSize struct {
	Name  string // of the file or folder
	Bytes uint64
}

// ListenerReport is one open port.
type ListenerReport struct {
	Name string // protocol or service
	Addr string
	Open int // connections
}
