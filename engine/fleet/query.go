package fleet

// Scope is what a caller may see. The zero Scope sees nothing.
type Scope struct {
	Installation bool         // everything
	Company      CompanyID    // one company ...
	Customers    []CustomerID // ... nil: all of it; else only these (inner ones listed too)
	Devices      []DeviceID   // nil: all of those; else only these
	Common       bool         // what belongs to the company itself too: its labels, calendars, types
	Present      bool         // of devices that changed hands only what was since: as guests see them
}

// Query selects a page of a list.
type Query struct {
	Scope  Scope
	Search string  // part of a name, code, plate or identity, any case; "" = all
	Owner  OwnerID // 0 = any in the scope
	Tag    string  // customers that carry it; "" = all
	Label  LabelID // customers and people that it lists, devices that carry it; 0 = all
	Status string  // one of the List… statuses; "" = any
	Sort   string  // what to sort by, "-" before it: the other way round; "" = by age
	After  string  // cursor of the page before, "" for the first page
	Limit  int     // 1..1000; 0 = 100

	About Named // plain records that name it, by age; the zero Named = all
}

// Named is a record that others name.
type Named struct {
	Kind RecordKind
	ID   uint64
}

// The statuses that lists narrow by.
const (
	ListActive    = "active"
	ListTrial     = "trial"     // customers on trial, whether it has ended or not
	ListSuspended = "suspended" // suspended customers, disabled devices and people, what is paused
)

// EventQuery selects events, newest first.
type EventQuery struct {
	Scope  Scope
	Device DeviceID // 0 = any
	Fence  FenceID  // 0 = any
	Kinds  []EventKind
	From   Time // inclusive; 0 = no bound
	To     Time // exclusive; 0 = no bound
	After  string
	Limit  int
}

// DeliveryQuery selects deliveries, newest first.
type DeliveryQuery struct {
	Scope   Scope
	Event   EventID // zero = any
	Device  DeviceID
	Channel Channel // "" = any
	States  []DeliveryState
	After   string
	Limit   int
}

// Page is a part of a list, with the cursor of the next part, "" at the end.
type Page[T any] struct {
	Items []T
	Next  string
}
