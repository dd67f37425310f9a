package api

import (
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type notification struct {
	ID          fleet.NotificationID `json:"id"`
	Company     fleet.CompanyID      `json:"company"`
	Owner       fleet.OwnerID        `json:"owner" doc:"Whose devices it is about"`
	Description string               `json:"description" example:"Trucks leaving the depot"`
	AllDevices  bool                 `json:"allDevices"`
	Devices     []fleet.DeviceID     `json:"devices" nullable:"false"`
	AllFences   bool                 `json:"allFences"`
	Fences      []fleet.FenceID      `json:"fences" nullable:"false"`
	Kinds       []string             `json:"kinds" nullable:"false" enum:"enter,exit,alarm,dwell,overstay,absent,overspeed,moving,stopped,offline,online"`
	Alarms      []string             `json:"alarms" nullable:"false" doc:"With kind alarm: which; empty: all"`
	Channels    []fleet.Channel      `json:"channels" nullable:"false" example:"email,sms"`
	Recipients  []fleet.UserID       `json:"recipients" nullable:"false"`
	Emails      []string             `json:"emails" nullable:"false" doc:"Mail addresses that belong to no user"`
	Phones      []string             `json:"phones" nullable:"false" doc:"Phone numbers that belong to no user"`
	Rules       []fleet.RuleID       `json:"rules,omitempty" doc:"Of what rules make: of these alone; absent: of any"`
	Inferred    bool                 `json:"inferred,omitempty" doc:"Crossings concluded between two fixes too"`
	MaxAge      int64                `json:"maxAge" doc:"Milliseconds; older events are not sent as fresh; 0: 15 minutes"`
	Cooldown    int64                `json:"cooldown,omitempty" doc:"Milliseconds after a notice in which others of its kind and fence are held back"`
	Schedule    *schedule            `json:"schedule,omitempty" doc:"When it is about anything, by the owner's clock at the time of the fix; absent: always"`
	Quiet       *schedule            `json:"quiet,omitempty" doc:"When its recipients want no notice, by the owner's clock; SOS and other critical alarms come all the same"`
	Raise       bool                 `json:"raise,omitempty" doc:"Its events stay on the list of alarms until somebody acknowledges them"`
	Plan        fleet.RecordID       `json:"plan,omitzero" doc:"The event plan that kinds and alarms follow"`
	PlanName    string               `json:"planName,omitempty" example:"Theft"`
	Paused      bool                 `json:"paused"`
	Version     uint64               `json:"version"`
	Created     fleet.Time           `json:"created"`

	Sent       int                 `json:"sent" doc:"Messages that a provider took over within 30 days"`
	Failed     int                 `json:"failed" doc:"Messages within 30 days that will not be tried again"`
	Suppressed int                 `json:"suppressed" doc:"Messages within 30 days that were not sent on purpose"`
	Last       *notificationResult `json:"last,omitempty" doc:"What became of the newest message within 30 days"`
}

type notificationResult struct {
	At      fleet.Time    `json:"at"`
	State   string        `json:"state" enum:"sent,failed,suppressed,delivered"`
	Channel fleet.Channel `json:"channel" enum:"email,sms,push"`
	To      string        `json:"to,omitempty" doc:"The address used" example:"+573001234567"`
	Reason  string        `json:"reason,omitempty" doc:"Of a failed or suppressed one"`
}

// tallySpan is of how long ago a list of notifications tells.
const tallySpan = 30 * fleet.Day

func (a *API) showNotification(n *fleet.Notification) notification {
	v := notification{
		ID: n.ID, Company: n.Company, Owner: n.Owner, Description: n.Description,
		AllDevices: n.AllDevices, Devices: some(n.Devices), AllFences: n.AllFences, Fences: some(n.Fences),
		Kinds: kindNames(n.Kinds), Alarms: some(n.Alarms.Names()), Channels: some(n.Channels), Recipients: some(n.Recipients),
		Emails: some(n.Emails), Phones: some(n.Phones),
		Rules: n.Rules, Raise: n.Raise, Inferred: n.Inferred, MaxAge: int64(n.MaxAge),
		Cooldown: int64(n.Cooldown), Schedule: showSchedule(n.Schedule), Quiet: showSchedule(n.Quiet), Plan: n.Plan, Paused: n.Paused, Version: n.Version, Created: n.Created,
	}
	if n.Plan != 0 {
		if p, err := (&call{api: a}).eventPlan("plan", n.Company, n.Plan); err == nil {
			v.PlanName = p.Name
		}
	}
	if t, err := a.o.Facts.Tally(n.ID, a.o.Now()-tallySpan); err == nil {
		v.Sent, v.Failed, v.Suppressed = int(t.Sent), int(t.Failed), int(t.Suppressed)
		if t.Last.At != 0 {
			v.Last = &notificationResult{t.Last.At, t.Last.State.String(), t.Last.Channel, t.Last.To, t.Last.Reason}
		}
	}
	return v
}

type notificationInput struct {
	Owner       fleet.OwnerID    `json:"owner,omitzero" doc:"Absent: your customer, else your company"`
	Description string           `json:"description" example:"Trucks leaving the depot"`
	AllDevices  bool             `json:"allDevices,omitempty" doc:"Every device of the owner"`
	Devices     []fleet.DeviceID `json:"devices,omitempty" nullable:"false" maxItems:"10000"`
	AllFences   bool             `json:"allFences,omitempty" doc:"Every fence that the device's owners drew"`
	Fences      []fleet.FenceID  `json:"fences,omitempty" nullable:"false" maxItems:"10000"`
	Kinds       []string         `json:"kinds,omitempty" nullable:"false" minItems:"1" maxItems:"11" uniqueItems:"true" enum:"enter,exit,alarm,dwell,overstay,absent,overspeed,moving,stopped,offline,online"`
	Alarms      []string         `json:"alarms,omitempty" nullable:"false" maxItems:"64" doc:"With kind alarm: which; absent: all" example:"sos,powerCut"`
	Channels    []fleet.Channel  `json:"channels" nullable:"false" minItems:"1" maxItems:"3" uniqueItems:"true" enum:"email,sms,push" example:"email,push"`
	Recipients  []fleet.UserID   `json:"recipients,omitempty" nullable:"false" maxItems:"100" doc:"People; at least one of them or an address is needed"`
	Emails      []string         `json:"emails,omitempty" nullable:"false" maxItems:"50" doc:"Mail addresses that belong to no user; they are written to in the customer's language and by its clock" example:"porteria@example.com"`
	Phones      []string         `json:"phones,omitempty" nullable:"false" maxItems:"50" doc:"Phone numbers that belong to no user, E.164" example:"+573001234567"`
	Rules       []fleet.RuleID   `json:"rules,omitempty" nullable:"false" maxItems:"1000" doc:"Of what rules make: of these alone; absent: of any"`
	Inferred    bool             `json:"inferred,omitempty" doc:"Crossings concluded between two fixes too"`
	MaxAge      int64            `json:"maxAge,omitempty" minimum:"0" doc:"Milliseconds, at most 366 days; absent: 15 minutes"`
	Cooldown    int64            `json:"cooldown,omitempty" minimum:"0" doc:"Milliseconds after a notice in which others of its kind and fence are held back, at most a day; if things stand otherwise at its end, a notice says so. Alarms have their own: 2 minutes for SOS, 10 for others unless this says more"`
	Schedule    *schedule        `json:"schedule,omitempty" doc:"When it is about anything, by the owner's clock at the time of the fix; absent: always"`
	Quiet       *schedule        `json:"quiet,omitempty" doc:"When its recipients want no notice, by the owner's clock: at the end they are told how things stand. SOS and other critical alarms come all the same"`
	Raise       bool             `json:"raise,omitempty" doc:"Put its events on the list of alarms, where they stay until somebody acknowledges them. SOS, power cut and tamper stand there anyway"`
	Plan        fleet.RecordID   `json:"plan,omitzero" doc:"An event plan: its events count, in place of kinds and alarms; without fences, crossings of all of them. Devices that are named and whose type is known must speak its protocol"`
	Paused      bool             `json:"paused,omitempty"`
	Version     uint64           `json:"version,omitempty" doc:"On update: the version that you saw"`
}

// apply lays the input over a notification, new or stored.
func (in *notificationInput) apply(c *call, n *fleet.Notification) error {
	owner := in.Owner
	if n.ID != 0 && owner == 0 {
		owner = n.Owner
	}
	company, owner, err := c.owner("owner", owner)
	if err != nil {
		return err
	}
	if n.ID != 0 && n.Owner != owner {
		return fleet.FieldError("owner", "cannot be changed")
	}
	devices, err := c.checkDevices("devices", company, owner, in.Devices)
	if err != nil {
		return err
	}
	fences, err := c.checkFences("fences", company, in.Fences)
	if err != nil {
		return err
	}
	rules, err := c.checkRules("rules", company, in.Rules)
	if err != nil {
		return err
	}
	people, err := c.checkUsers("recipients", company, in.Recipients)
	if err != nil {
		return err
	}
	if err := c.checkReach("recipients", in.Channels, people); err != nil {
		return err
	}
	alarms, err := fleet.ParseAlarms(strings.Join(in.Alarms, ","))
	if err != nil {
		return fleet.FieldError("alarms", "%v", err)
	}
	kinds := make([]fleet.EventKind, len(in.Kinds))
	for i := range in.Kinds {
		if err := kinds[i].UnmarshalText([]byte(in.Kinds[i])); err != nil {
			return fleet.FieldError(index("kinds", i), "%v", err)
		}
	}
	n.Company, n.Owner, n.Description = company, owner, in.Description
	n.AllDevices, n.Devices, n.AllFences, n.Fences = in.AllDevices, devices, in.AllFences, fences
	n.Kinds, n.Alarms, n.Channels, n.Recipients = kinds, alarms, in.Channels, people
	if n.Plan = in.Plan; n.Plan != 0 {
		plan, err := c.eventPlan("plan", company, n.Plan)
		if err != nil {
			return err
		}
		if n.Kinds, n.Alarms, err = fleet.Select(plan.Codes); err != nil {
			return err
		}
		if err := c.checkPlan("devices", &plan, devices); err != nil {
			return err
		}
		n.AllFences = n.AllFences || len(n.Fences) == 0
	}
	n.Emails, n.Phones = in.Emails, in.Phones
	n.Rules, n.Cooldown = rules, fleet.Time(in.Cooldown)
	if n.Schedule, err = in.Schedule.read("schedule"); err != nil {
		return err
	}
	if n.Quiet, err = in.Quiet.read("quiet"); err != nil {
		return err
	}
	n.Raise = in.Raise
	n.MaxAge, n.Paused, n.Version, n.Inferred = fleet.Time(in.MaxAge), in.Paused, in.Version, in.Inferred
	return n.Validate()
}

func kindNames(kinds []fleet.EventKind) []string {
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return names
}

// notificationList is a list of notifications.
type notificationList struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a description, in any case"`
	Owner  string `query:"owner" doc:"Only what belongs to this customer or company"`
	Status string `query:"status" enum:"active,suspended" doc:"suspended: paused ones"`
	Sort   string `query:"sort" enum:"description,-description,status,-status,created,-created" doc:"What to sort by, - before it: the other way round; absent: the oldest first"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

func (l *notificationList) query(c *call) (fleet.Query, error) {
	return (&list{Search: l.Search, Owner: l.Owner, After: l.After, Limit: l.Limit}).ordered(c, l.Sort, l.Status)
}

func (a *API) notifications() {
	op := operation{tag: "Notifications", object: auth.Notification}

	op.id, op.method, op.path, op.action = "listNotifications", http.MethodGet, "/notifications", auth.Read
	op.summary = "List who hears of what"
	register(a, op, func(c *call, in *notificationList) (*one[page[notification]], error) {
		q, err := in.query(c)
		if err != nil {
			return nil, err
		}
		p, err := a.o.Records.Notifications(q)
		return pageOf(p, a.showNotification), err
	})

	op.id, op.path, op.summary = "getNotification", "/notifications/{id}", "Read a notification"
	register(a, op, func(c *call, in *ByID) (*one[notification], error) {
		n, err := c.notification(in.ID)
		return &one[notification]{a.showNotification(&n)}, err
	})

	op.id, op.method, op.path, op.action = "createNotification", http.MethodPost, "/notifications", auth.Create
	op.summary, op.status = "Add a notification", http.StatusCreated
	op.example = notificationInput{
		Description: "Trucks leaving the depot", AllDevices: true, AllFences: true,
		Kinds: []string{"exit"}, Channels: []fleet.Channel{fleet.Email}, Recipients: []fleet.UserID{1},
	}
	register(a, op, func(c *call, in *struct{ Body notificationInput }) (*one[notification], error) {
		var n fleet.Notification
		if err := in.Body.apply(c, &n); err != nil {
			return nil, err
		}
		n.Version = 0
		return a.putNotification(c, n)
	})

	op.id, op.method, op.path, op.action = "updateNotification", http.MethodPut, "/notifications/{id}", auth.Update
	op.summary, op.status = "Change a notification", 0
	register(a, op, func(c *call, in *struct {
		ByID
		Body notificationInput
	}) (*one[notification], error) {
		n, err := c.notification(in.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Body.apply(c, &n); err != nil {
			return nil, err
		}
		return a.putNotification(c, n)
	})

	op.id, op.method, op.action, op.summary = "deleteNotification", http.MethodDelete, auth.Delete, "Remove a notification"
	op.example = nil
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		n, err := c.notification(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(n.Version, in.Version); err != nil {
			return nil, err
		}
		_, err = a.apply(c, fleet.ChangeSet{Actor: c.actor(), RemovedNotifications: []fleet.NotificationID{n.ID}})
		return nil, err
	})
}

func (a *API) putNotification(c *call, n fleet.Notification) (*one[notification], error) {
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Notifications: []fleet.Notification{n}})
	if err != nil {
		return nil, err
	}
	return &one[notification]{a.showNotification(&set.Notifications[0])}, nil
}

func (c *call) notification(id string) (fleet.Notification, error) {
	k, err := fleet.ParseID[notificationKey](id)
	if err != nil || k == 0 {
		return fleet.Notification{}, errNotFound()
	}
	n, err := c.api.o.Records.Notification(fleet.NotificationID(k))
	if err == nil && !c.scope.SeesOwner(n.Company, n.Owner) {
		err = errNotFound()
	}
	return n, err
}

type notificationKey struct{}
