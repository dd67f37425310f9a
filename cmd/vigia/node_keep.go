package main

import (
	"context"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
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
