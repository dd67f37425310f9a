package main

import (
	"context"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
)

const (
	keepEvery   = time.Hour
	graveDays   = 730 // names of deleted records, for texts about their old events
	changesDays = 30  // the late horizon: older versions judge no report any more
)

// keep drops what is older than the settings allow, once an hour, until ctx
// ends. A failure is logged and tried again an hour later.
func (n *node) keep(ctx context.Context) error {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		n.sweep(ctx, fleet.At(time.Now()))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// sweep is one round of keep, at a time that counts as now.
func (n *node) sweep(ctx context.Context, now fleet.Time) {
	log := n.part("keeper")
	ago := func(days int) fleet.Time { return now - fleet.Time(days)*fleet.Day }
	n.eraseRest(ctx)
	if dropped, err := n.history.Sweep(ctx, ago(n.config.Keep.TracksDays)); err != nil {
		log.Error("old tracks could not be dropped; the next round tries again", "err", err)
	} else if dropped > 0 {
		log.Info("old tracks dropped", "days", dropped)
	}
	if swept, err := n.facts.Sweep(ctx, ago(n.config.Keep.EventsDays)); err != nil {
		log.Error("old events could not be dropped; the next round tries again", "err", err)
	} else if swept.Days > 0 {
		log.Info("old events dropped", "days", swept.Days)
	}
	if dropped, err := n.admin.Commands().Sweep(ago(n.config.Keep.EventsDays)); err != nil {
		log.Error("old commands could not be dropped; the next round tries again", "err", err)
	} else if dropped > 0 {
		log.Info("old commands dropped", "commands", dropped)
	}
	if upto := n.engine.OldestChange(); upto > 0 {
		if err := n.admin.Prune(ctx, upto, ago(changesDays), ago(max(graveDays, n.config.Keep.EventsDays))); err != nil {
			log.Error("old versions could not be dropped; the next round tries again", "err", err)
		}
	}
}

// erasingTracks is the history that the API reads and erases from.
type erasingTracks struct {
	*history.History
	n *node
}

// Erase removes a deleted device's track, and then the note that it is to be
// removed. What is cut short in between is done again by eraseRest.
func (t erasingTracks) Erase(ctx context.Context, device fleet.DeviceID) error {
	if err := t.History.Erase(ctx, device); err != nil {
		return err
	}
	return t.n.admin.Erased(device)
}

// eraseRest erases what was ordered with a deletion and not done, because the
// process or the disk failed in between.
func (n *node) eraseRest(ctx context.Context) {
	log := n.part("keeper")
	left, err := n.admin.Erasures()
	if err != nil {
		log.Error("what is to be erased could not be read; the next round tries again", "err", err)
	}
	for _, device := range left {
		if err := (erasingTracks{n.history, n}).Erase(ctx, device); err != nil {
			log.Error("the track of a deleted device could not be erased; the next round tries again", "device", device, "err", err)
			continue
		}
		log.Info("the track of a deleted device was erased", "device", device)
	}
}
