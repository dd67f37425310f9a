package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	clockHorizon = 30 * fleet.Day // older reports are stored, not evaluated
	clockBatch   = 1000           // reports accepted at once
)

// deviceClocks is what the API asks about devices' clocks.
type deviceClocks struct{ n *node }

// Proposal is what would mend a device's clock.
func (c deviceClocks) Proposal(id fleet.DeviceID) (fleet.ClockProposal, bool) {
	return c.n.engine.ClockProposal(id)
}

// Proposals are all there are, by device.
func (c deviceClocks) Proposals() []fleet.ClockProposal { return c.n.engine.ClockProposals() }

// Correct judges the device's quarantined reports of the last 30 days once
// more, with the offset that it has now: those that it makes believable are
// accepted, each once, with the time of their first arrival. Alarms were
// raised when they came and are not raised again. A call that is cut short is
// finished by the next.
func (c deviceClocks) Correct(ctx context.Context, id fleet.DeviceID) (admin.Corrected, error) {
	var out admin.Corrected
	d, err := c.n.admin.Device(id)
	if err != nil {
		return out, err
	}
	now := fleet.At(time.Now())
	offsets, err := c.n.clockOffsets(id, now-clockHorizon)
	if err != nil {
		return out, err
	}
	var batch []fleet.Report
	flush := func() error {
		again, err := c.n.unheard(ctx, id, batch, d.ClockOffset, offsets)
		if err == nil {
			out.Already += len(batch) - len(again)
			out.Replayed += len(again)
			if len(again) > 0 {
				err = c.n.engine.Accept(ctx, again)
			}
		}
		batch = batch[:0]
		return err
	}
	var failed error
	err = c.n.history.Quarantined(ctx, id, now-clockHorizon, now+fleet.Day, func(p *fleet.Position) bool {
		if p.Verdict != fleet.QuarantinedFuture {
			return true
		}
		r := p.Report()
		raw(&r, offsets)
		if judged := r; !believed(&judged, d.ClockOffset) {
			out.Kept++
			return true
		}
		if batch = append(batch, r); len(batch) == clockBatch {
			failed = flush()
		}
		return failed == nil
	})
	if err = errors.Join(err, failed); err == nil && len(batch) > 0 {
		err = flush()
	}
	if err != nil {
		return out, fmt.Errorf("replaying what device %v sent with a wrong clock: %w", id, err)
	}
	return out, nil
}

// believed judges a report under an offset.
func believed(r *fleet.Report, offset int64) bool {
	track.Normalise(r, offset)
	return r.Verdict == fleet.Accepted
}

// raw is a report as the device sent it, before its clock was corrected, and
// without the alarms that were raised already.
func raw(r *fleet.Report, offsets []clockOffset) {
	if r.Is(fleet.Corrected) {
		by := fleet.Time(offsetAt(offsets, r.Received))
		r.Fix -= by
		if r.DeviceTime != 0 {
			r.DeviceTime -= by
		}
	}
	r.Has &^= fleet.Corrected
	r.Alarms, r.Verdict = 0, fleet.Accepted
}

// unheard are those of some reports that history does not have yet, neither
// under the offset of now nor under one that the device had.
func (n *node) unheard(ctx context.Context, id fleet.DeviceID, reports []fleet.Report, offset int64, had []clockOffset) ([]fleet.Report, error) {
	if len(reports) == 0 {
		return nil, nil
	}
	type place struct {
		at fleet.Time
		p  fleet.Place
	}
	from, to := reports[0].Fix, reports[0].Fix
	for i := range reports {
		from, to = min(from, reports[i].Fix), max(to, reports[i].Fix)
	}
	known := map[place]bool{} // by the device's own time
	tried := map[int64]bool{}
	for _, o := range append([]clockOffset{{offset: offset}}, had...) {
		if tried[o.offset] {
			continue
		}
		tried[o.offset] = true
		by := fleet.Time(o.offset)
		err := n.history.Positions(ctx, id, from+by, to+by+1, func(p *fleet.Position) bool {
			known[place{p.Fix - by, p.Place}] = true
			return true
		})
		if err != nil {
			return nil, err
		}
	}
	var out []fleet.Report
	for i := range reports {
		if at := (place{reports[i].Fix, reports[i].Place}); !known[at] {
			known[at] = true
			out = append(out, reports[i])
		}
	}
	return out, nil
}

// clockOffset is an offset and since when a device had it.
type clockOffset struct {
	since  fleet.Time
	offset int64
}

// clockOffsets are a device's offsets from a time on, oldest first; the first
// one held before, too.
func (n *node) clockOffsets(id fleet.DeviceID, from fleet.Time) ([]clockOffset, error) {
	change, err := n.admin.Newest()
	if err != nil {
		return nil, err
	}
	var out []clockOffset
	for ; change > 0; change-- {
		set, err := n.admin.Load(change)
		if isKind(err, fleet.NotFound) { // pruned
			break
		}
		if err != nil {
			return nil, err
		}
		for i := range set.Devices {
			if d := &set.Devices[i]; d.ID == id {
				out = append([]clockOffset{{set.At, d.ClockOffset}}, out...)
			}
		}
		if set.At < from && len(out) > 0 {
			break
		}
	}
	return out, nil
}

func offsetAt(all []clockOffset, t fleet.Time) int64 {
	offset := int64(0)
	for i := range all {
		if i == 0 || all[i].since <= t {
			offset = all[i].offset
		}
	}
	return offset
}

func isKind(err error, kind fleet.Kind) bool {
	e, ok := errors.AsType[*fleet.Error](err)
	return ok && e.Kind == kind
}
