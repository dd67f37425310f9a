package why

import (
	"context"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// Tracks reads stored reports, as store/history does: accepted fixes by fix
// time, quarantined ones by arrival.
type Tracks interface {
	Positions(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error
	Quarantined(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error
}

// Facts reads what happened and who was told.
type Facts interface {
	Events(q fleet.EventQuery) (fleet.Page[fleet.Event], error)
	Deliveries(q fleet.DeliveryQuery) (fleet.Page[fleet.Delivery], error)
}

// Changes reads how the administered world came to be.
type Changes interface {
	Newest() (fleet.ChangeID, error)
	Load(id fleet.ChangeID) (*fleet.ChangeSet, error)
	World(upto fleet.ChangeID) (*fleet.ChangeSet, error)
}

// People names who was told, also after they are gone.
type People interface {
	UserAny(id fleet.UserID) (fleet.User, error)
}

// Sources is where an explanation looks.
type Sources struct {
	Tracks  Tracks
	Facts   Facts
	Changes Changes
	People  People
	Filter  track.Filter // as the engine's
	Now     fleet.Time
}

// Question is what somebody asks. The scopes say what may be shown to whoever
// asks: Devices bounds the fixes and events to times when the device was in it.
type Question struct {
	Device fleet.Device
	At     fleet.Time
	Window fleet.Time // before and after At; 0 = 10 minutes, at most a day
	Event  fleet.EventID
	Lang   fleet.Lang
	Zone   *time.Location // nil: UTC

	Devices, Fences, Notifications, Deliveries fleet.Scope
}

const (
	defaultWindow = 10 * fleet.Minute
	maxWindow     = fleet.Day
	maxFixes      = 500 // listed
	maxEvents     = 100
	maxNotices    = 30
)

// asker is one Explain under way.
type asker struct {
	Sources
	Question
	words
	from, to fleet.Time
	views    []view
	steps    []step        // of the window, by time
	after    []fleet.Event // that the fixes behind the window completed, or time did
	out      fleet.Explanation
}

// Explain answers a question. Errors are those of the sources.
func Explain(ctx context.Context, s Sources, q Question) (*fleet.Explanation, error) {
	if q.Window <= 0 {
		q.Window = defaultWindow
	}
	q.Window = min(q.Window, maxWindow)
	if q.Zone == nil {
		q.Zone = time.UTC
	}
	a := asker{Sources: s, Question: q, from: q.At - q.Window, to: q.At + q.Window}
	a.words = words{cat: in(q.Lang), lang: q.Lang, zone: q.Zone, day: q.At}
	a.out = fleet.Explanation{
		Device: q.Device.ID, Name: q.Device.Name, At: q.At, From: a.from, To: a.to,
		Summary: []string{}, Fixes: []fleet.ExplainedFix{}, Events: []fleet.ExplainedEvent{}, Idle: []fleet.ExplainedIdle{},
	}
	var err error
	lead, err := a.lead(ctx)
	if err != nil {
		return nil, err
	}
	if a.views, err = views(s.Changes, q.Device.ID, lead, s.Filter); err != nil {
		return nil, err
	}
	if err := a.walk(ctx, lead); err != nil {
		return nil, err
	}
	a.fixes()
	if err := a.events(); err != nil {
		return nil, err
	}
	a.idle()
	return &a.out, a.summary(ctx)
}

// lead is where the walk begins: at the newest of a few times that has a fix
// before the window, so that the device's side is known when the window opens.
func (a *asker) lead(ctx context.Context) (fleet.Time, error) {
	for _, days := range [...]fleet.Time{1, 7, 30} {
		from, found := (a.from - days*fleet.Day).UTCDay(), false
		err := a.Tracks.Positions(ctx, a.Device.ID, from, a.from, func(p *fleet.Position) bool {
			found = p.Has&fleet.FixValid != 0
			return !found
		})
		if err != nil || found {
			return from, err
		}
	}
	return a.from, nil
}
