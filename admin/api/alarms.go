package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// AlarmView is an entry of the attention list as API and stream show it.
type AlarmView struct {
	ID          fleet.EventID   `json:"id" doc:"The first event's; of an undelivered message one of its own"`
	Company     fleet.CompanyID `json:"company"`
	Owner       fleet.OwnerID   `json:"owner" doc:"The device's owner when it happened"`
	Device      fleet.DeviceID  `json:"device"`
	Kind        fleet.EventKind `json:"kind"`
	Alarm       string          `json:"alarm,omitempty" doc:"With kind alarm: which" example:"sos"`
	Fence       fleet.FenceID   `json:"fence,omitzero"`
	Rule        fleet.RuleID    `json:"rule,omitzero"`
	Undelivered bool            `json:"undelivered,omitempty" doc:"It is about a message of a critical alarm that could not be delivered"`
	Critical    bool            `json:"critical"`
	State       string          `json:"state" enum:"active_unack,active_ack,cleared_unack,cleared_ack,closed" doc:"Whether it still is so, and whether somebody acknowledged it"`
	Opened      fleet.Time      `json:"opened" doc:"When the first event happened"`
	Received    fleet.Time      `json:"received" doc:"When its message arrived"`
	Late        bool            `json:"late,omitempty" doc:"It arrived well after it happened"`
	Last        fleet.Time      `json:"last" doc:"When the newest like event happened"`
	Count       uint32          `json:"count" doc:"How many like events it holds"`
	Events      []fleet.EventID `json:"events" nullable:"false" doc:"The first and the newest of them, 32 at most"`
	Lon         float64         `json:"lon" example:"-74.0721"`
	Lat         float64         `json:"lat" example:"4.711"`
	Cleared     fleet.Time      `json:"cleared,omitzero" doc:"Since when it is no longer so"`
	Assignee    fleet.UserID    `json:"assignee,omitzero" doc:"Who has taken it"`
	Taken       fleet.Time      `json:"taken,omitzero"`
	Acked       fleet.Time      `json:"acknowledged,omitzero"`
	AckedBy     fleet.UserID    `json:"acknowledgedBy,omitzero"`
	Closed      fleet.Time      `json:"closed,omitzero"`
	ClosedBy    fleet.UserID    `json:"closedBy,omitzero"`
	Resolution  string          `json:"resolution,omitempty" enum:"true,false_alarm,test,no_answer,other"`
	Log         []attendance    `json:"log" nullable:"false" doc:"What people did about it, oldest first"`
	Version     uint64          `json:"version"`
}

type attendance struct {
	At   fleet.Time   `json:"at"`
	By   fleet.UserID `json:"by"`
	Did  string       `json:"did" enum:"taken,released,acknowledged,closed,commented"`
	Note string       `json:"note,omitempty"`
}

// ShowAlarm is how API and stream show an entry of the attention list.
func ShowAlarm(a *fleet.Attention) AlarmView {
	v := AlarmView{
		ID: a.ID, Company: a.Company, Owner: a.Owner, Device: a.Device, Kind: a.Topic.Kind, Alarm: a.Topic.Alarms.String(),
		Fence: a.Topic.Fence, Rule: a.Topic.Rule, Undelivered: a.Topic.Undelivered, Critical: a.Topic.Critical(), State: a.State(),
		Opened: a.Opened, Received: a.Received, Late: a.Late, Last: a.Last, Count: a.Count, Events: some(a.Events),
		Lon: a.Place.LonDegrees(), Lat: a.Place.LatDegrees(), Cleared: a.Cleared, Assignee: a.Assignee, Taken: a.Taken,
		Acked: a.Acked, AckedBy: a.AckedBy, Closed: a.Closed, ClosedBy: a.ClosedBy, Resolution: string(a.Resolution),
		Log: make([]attendance, 0, len(a.Log)), Version: a.Version,
	}
	for _, l := range a.Log {
		v.Log = append(v.Log, attendance(l))
	}
	return v
}

const (
	didTake    = "taken"
	didRelease = "released"
	didAck     = "acknowledged"
	didClose   = "closed"
	didComment = "commented"
)

type alarmAction struct {
	Note    string `json:"note,omitempty" maxLength:"2000" example:"Called the driver; no answer"`
	Version uint64 `json:"version,omitempty" doc:"The version that you saw; absent: whichever is stored"`
}

func (a *API) alarms() {
	op := operation{tag: "Alarms", object: auth.Alarm, action: auth.Read, method: http.MethodGet}

	op.id, op.path, op.summary = "listAlarms", "/alarms", "List what wants attention"
	op.doc = "Open ones first: critical before others, the oldest first. Then closed ones, the newest first. " +
		"A page may be short, and still have a next one."
	register(a, op, func(c *call, in *struct {
		States     []string `query:"states" enum:"active_unack,active_ack,cleared_unack,cleared_ack,closed" maxItems:"5" doc:"Absent: all"`
		Kind       string   `query:"kind" doc:"Only of this kind of event" example:"alarm"`
		Owner      string   `query:"owner" doc:"Only of this customer's devices"`
		Device     string   `query:"device"`
		Assignee   string   `query:"assignee" doc:"Only what this user has taken"`
		Unassigned bool     `query:"unassigned" doc:"Only what nobody has taken"`
		After      string   `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit      int      `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}) (*one[page[AlarmView]], error) {
		q := fleet.AttentionQuery{Scope: c.scope, States: in.States, Nobody: in.Unassigned, After: in.After, Limit: in.Limit}
		if err := optional("kind", in.Kind, &q.Kind); err != nil {
			return nil, err
		}
		if err := optional("owner", in.Owner, &q.Owner); err != nil {
			return nil, err
		}
		if err := optional("device", in.Device, &q.Device); err != nil {
			return nil, err
		}
		if err := optional("assignee", in.Assignee, &q.Assignee); err != nil {
			return nil, err
		}
		p, err := a.o.Facts.Attentions(q)
		return pageOf(p, ShowAlarm), err
	})

	op.id, op.path, op.summary, op.doc = "getAlarm", "/alarms/{id}", "Read an alarm", ""
	register(a, op, func(c *call, in *ByID) (*one[AlarmView], error) {
		v, err := c.alarm(in.ID)
		if err != nil {
			return nil, err
		}
		return &one[AlarmView]{ShowAlarm(&v)}, nil
	})

	op.method, op.action, op.status = http.MethodPost, auth.Update, http.StatusOK
	op.example = alarmAction{Note: "Called the driver; no answer"}
	act := func(id, path, summary, doc, did string, do func(c *call, v *fleet.Attention, note string)) {
		op.id, op.path, op.summary, op.doc = id, "/alarms/{id}/"+path, summary, doc
		register(a, op, func(c *call, in *struct {
			ByID
			Body alarmAction
		}) (*one[AlarmView], error) {
			return c.attend(in.ID, did, in.Body.Version, func(v *fleet.Attention) { do(c, v, in.Body.Note) })
		})
	}
	act("takeAlarm", "take", "Take an alarm", "Refused with 409 while somebody else has it; the answer says who.", didTake,
		func(c *call, v *fleet.Attention, note string) {
			if v.Assignee == 0 {
				v.Assignee, v.Taken = c.user.ID, a.o.Now()
				v.Attend(v.Taken, c.user.ID, didTake, note)
			}
		})
	act("releaseAlarm", "release", "Give an alarm back", "Who administers the company may release what others have taken.", didRelease,
		func(c *call, v *fleet.Attention, note string) {
			if v.Assignee != 0 {
				v.Assignee, v.Taken = 0, 0
				v.Attend(a.o.Now(), c.user.ID, didRelease, note)
			}
		})
	act("commentAlarm", "comments", "Comment on an alarm", "", didComment, func(c *call, v *fleet.Attention, note string) {
		v.Attend(a.o.Now(), c.user.ID, didComment, note)
	})
	op.id, op.path, op.summary, op.doc = "closeAlarm", "/alarms/{id}/close", "Close an alarm", "What happens again later opens another one."
	op.example = closing{Resolution: "false_alarm", Note: "Pressed by mistake"}
	register(a, op, func(c *call, in *struct {
		ByID
		Body closing
	}) (*one[AlarmView], error) {
		return c.attend(in.ID, didClose, in.Body.Version, func(v *fleet.Attention) {
			now := a.o.Now()
			if v.Acked == 0 {
				v.Acked, v.AckedBy = now, c.user.ID
			}
			v.Closed, v.ClosedBy, v.Resolution = max(now, 1), c.user.ID, in.Body.Resolution
			v.Attend(now, c.user.ID, didClose, in.Body.Note)
		})
	})
	op.object, op.example = auth.Acknowledgement, alarmAction{Note: "Called the driver; no answer"}
	act("acknowledgeAlarm", "acknowledge", "Acknowledge an alarm", "The first acknowledgement counts. A repeat after it cleared asks for another.", didAck,
		func(c *call, v *fleet.Attention, note string) {
			if v.Acked == 0 {
				v.Acked, v.AckedBy = max(a.o.Now(), 1), c.user.ID
				v.Attend(v.Acked, c.user.ID, didAck, note)
			}
		})
}

type closing struct {
	Resolution fleet.Resolution `json:"resolution" enum:"true,false_alarm,test,no_answer,other"`
	Note       string           `json:"note,omitempty" maxLength:"2000"`
	Version    uint64           `json:"version,omitempty" doc:"The version that you saw; absent: whichever is stored"`
}

// alarm reads one that the caller sees.
func (c *call) alarm(id string) (v fleet.Attention, err error) {
	k, err := fleet.ParseEventID(id)
	if err != nil {
		return v, errNotFound()
	}
	v, err = c.api.o.Facts.Attention(k)
	if err == nil && !c.scope.SeesDevice(v.Device, v.Company, v.Owner) {
		err = errNotFound()
	}
	return v, err
}

// attend changes an alarm, unless it is closed or another operator has it.
func (c *call) attend(id, did string, version uint64, change func(*fleet.Attention)) (*one[AlarmView], error) {
	seen, err := c.alarm(id)
	if err != nil {
		return nil, err
	}
	var holder fleet.UserID
	v, err := c.api.o.Facts.Attend(c, seen.ID, func(v *fleet.Attention) error {
		switch {
		case version != 0 && version != v.Version:
			return &fleet.Error{Kind: fleet.Conflict, Message: detailPrefix + codeConflict}
		case did == didComment:
		case v.Closed != 0:
			return fleet.Errorf(fleet.Conflict, "the alarm is closed")
		case v.Assignee != 0 && v.Assignee != c.user.ID && c.user.Customer == 0 && (did == didTake || c.user.Role != fleet.CompanyAdmin):
			holder = v.Assignee
			return fleet.Errorf(fleet.Conflict, "%s has taken the alarm", holder)
		}
		change(v)
		return nil
	})
	if holder != 0 && err != nil {
		if u, found := c.api.o.Records.User(holder); found == nil {
			err = fleet.Errorf(fleet.Conflict, "%s has taken the alarm", u.Name)
		}
	}
	if err != nil {
		return nil, err
	}
	if v.Version != seen.Version {
		if err := c.api.o.People.Note(c.actor(), "alarm "+did, fleet.DeviceRecord, uint64(v.Device)); err != nil {
			return nil, err
		}
	}
	return &one[AlarmView]{ShowAlarm(&v)}, nil
}
