package fleet

// Explanation says why there was, or was not, an event of a device about a
// time, and a notice of it. Every part says itself in one person's language
// (Say, Summary) beside the facts that it goes by.
type Explanation struct {
	Device  DeviceID `json:"device"`
	Name    string   `json:"name" doc:"Of the device"`
	At      Time     `json:"at" doc:"The time that was asked about"`
	From    Time     `json:"from"`
	To      Time     `json:"to"`
	Summary []string `json:"summary" nullable:"false" doc:"The answer in words"`

	Fixes  []ExplainedFix   `json:"fixes" nullable:"false" doc:"Stored fixes of that time and what became of each, by time"`
	More   int              `json:"more,omitempty" doc:"Further fixes of that time that are not listed"`
	Events []ExplainedEvent `json:"events" nullable:"false" doc:"What was recorded, by time"`
	Idle   []ExplainedIdle  `json:"idle" nullable:"false" doc:"Fences near by that did not watch the device"`
}

// ExplainedFix is a stored fix and what became of it.
type ExplainedFix struct {
	Time     Time     `json:"time" doc:"When the place was measured, by the device's corrected clock"`
	Received Time     `json:"received,omitzero"`
	Lon      float64  `json:"lon"`
	Lat      float64  `json:"lat"`
	Speed    *float32 `json:"speed,omitempty" doc:"km/h"`
	Accuracy *float32 `json:"accuracy,omitempty" doc:"Radius in metres"`
	Verdict  string   `json:"verdict,omitempty" doc:"Absent: accepted on arrival" example:"quarantinedFuture"`
	Outcome  string   `json:"outcome" doc:"evaluated, duplicate, merged, outdated, untrusted, held or refused"`
	Gates    []string `json:"gates,omitempty" doc:"The tests that it passed or failed" example:"trusted"`
	Late     bool     `json:"late,omitempty" doc:"A newer fix had arrived before it"`
	Alarms   []string `json:"alarms,omitempty"`
	Say      string   `json:"say" doc:"What became of it, in words"`

	Fences []ExplainedLook `json:"fences,omitempty" doc:"What it meant for the fences near by"`
}

// ExplainedLook is what a fix said to one fence.
type ExplainedLook struct {
	Fence  FenceID `json:"fence"`
	Name   string  `json:"name"`
	Owner  OwnerID `json:"owner"`
	Judge  uint32  `json:"judge" doc:"The fence's version that held"`
	Preset Preset  `json:"preset"`
	Edge   float64 `json:"edge" doc:"Metres to the edge, inside negative"`
	Need   float64 `json:"need,omitempty" doc:"Metres beyond the edge from which the fix speaks for leaving"`
	Moving bool    `json:"moving,omitempty" doc:"It shows motion"`
	Was    bool    `json:"was" doc:"The device counted as inside before it"`
	Is     bool    `json:"is" doc:"The device counted as inside after it"`
	Speaks string  `json:"speaks" doc:"For what it speaks: enter, exit, stay, nothing or ignored"`

	Open  EventKind `json:"open,omitzero" doc:"The change under way after it, if any"`
	Fixes int       `json:"fixes,omitempty" doc:"How many agree on that change"`
	Of    int       `json:"of,omitempty" doc:"How many are asked for"`
	Since Time      `json:"since,omitzero" doc:"The time of the first of them"`
	Done  EventKind `json:"done,omitzero" doc:"The change that it completed, if any"`

	Say string `json:"say"`
}

// ExplainedEvent is a recorded event, how it came about, and who was told.
type ExplainedEvent struct {
	ID    EventID   `json:"id"`
	Kind  EventKind `json:"kind"`
	Fence FenceID   `json:"fence,omitzero"`
	Time  Time      `json:"time"`
	What  string    `json:"what" doc:"What happened, in words"`
	Say   []string  `json:"say" nullable:"false" doc:"How it came about, in words"`

	Notices []ExplainedNotice `json:"notices" nullable:"false" doc:"The notifications of the device's owners"`
}

// ExplainedNotice is a notification and what an event meant to it.
type ExplainedNotice struct {
	Notification NotificationID      `json:"notification"`
	Name         string              `json:"name"`
	Applies      bool                `json:"applies"`
	Reason       string              `json:"reason,omitempty" doc:"Why not" example:"kinds"`
	Say          string              `json:"say"`
	Deliveries   []ExplainedDelivery `json:"deliveries,omitempty"`
}

// ExplainedDelivery is one message and what became of it.
type ExplainedDelivery struct {
	Recipient UserID             `json:"recipient"`
	Name      string             `json:"name"`
	Channel   Channel            `json:"channel"`
	State     string             `json:"state"`
	Reason    string             `json:"reason,omitempty"`
	Due       Time               `json:"due,omitzero"`
	Attempts  []ExplainedAttempt `json:"attempts,omitempty"`
	Say       string             `json:"say"`
}

// ExplainedAttempt is one try to hand a message to a provider, as [Attempt].
type ExplainedAttempt Attempt

// ExplainedIdle is a fence near by that did not watch the device, and why.
type ExplainedIdle struct {
	Fence  FenceID `json:"fence"`
	Name   string  `json:"name"`
	Owner  OwnerID `json:"owner"`
	Edge   float64 `json:"edge" doc:"Metres from the nearest fix to the edge, inside negative"`
	Reason string  `json:"reason" doc:"paused, targets or later"`
	Say    string  `json:"say"`
}
