package track

import (
	"math/bits"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Gates are what a fix passed, or where it failed: the bits of
// fleet.Trace.Gates. Stored: append only.
type Gates uint32

// The gates. Those up to Frozen keep a fix from the fences.
const (
	GateNoFix       Gates = 1 << iota // the report says nothing of a place
	GateQuarantined                   // Normalise did not believe its time
	GateInvalid                       // the device calls its fix invalid
	GateRepeated                      // an older place, sent again
	GateCoarse                        // from cells or Wi-Fi
	GateNullIsland                    // 0, 0 without satellites
	GateTeleport                      // too far from the fix before; waits for a second opinion
	GateFrozen                        // the place stands still while the device says it moves
	GateLate                          // older than the newest trusted fix
	GateTrusted                       // passed all of the above
	GateFirst                         // the device's first trusted fix
	GateGap                           // more than 10 minutes or 2 km behind the fix before
	GateAgreed                        // held as a teleport until a second fix agreed
	GateInstant                       // the fence follows each trusted fix
	GateConfirmed                     // as many fixes agreed as the fence asks for
	GateWaited                        // none spoke against it for as long as the fence asks
	GateParked                        // the device did not move: three times the margin and the time
	GateCrossed                       // concluded from the way between two fixes outside
)

var gateNames = [...]string{
	"noFix", "quarantined", "invalid", "repeated", "coarse", "nullIsland", "teleport", "frozen",
	"late", "trusted", "first", "gap", "agreed", "instant",
	"confirmed", "waited", "parked", "crossed",
}

// String is the gates' names with commas between.
func (g Gates) String() string {
	var names []string
	for v := uint32(g); v != 0; v &= v - 1 {
		if i := bits.TrailingZeros32(v); i < len(gateNames) {
			names = append(names, gateNames[i])
		}
	}
	return strings.Join(names, ",")
}

// Outcome is what became of the last report that a state took in.
type Outcome uint8

// The outcomes. Stored: append only.
const (
	NoReport  Outcome = iota
	Evaluated         // a newer trusted fix: fences saw it
	Duplicate         // said nothing new
	Merged            // the same fix with other readings
	Outdated          // older than the newest trusted fix: for history only
	Untrusted         // its place is not believed; see the gates
	Held              // a possible teleport, waiting for a second opinion
	Refused           // rejected by Normalise
)

var outcomeNames = [...]string{"", "evaluated", "duplicate", "merged", "outdated", "untrusted", "held", "refused"}

// String is the outcome's name in metrics.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return "unknown"
}

// alone judges a report's fix by the report alone.
func alone(r *fleet.Report, motion bool) Gates {
	switch {
	case r.Verdict == fleet.NoFix || r.Has&fleet.HasPlace == 0:
		return GateNoFix
	case r.Verdict != fleet.Accepted:
		return GateQuarantined
	case r.Has&fleet.FixValid == 0:
		return GateInvalid
	case r.Has&fleet.Repeated != 0:
		return GateRepeated
	case r.Has&fleet.Coarse != 0:
		return GateCoarse
	case nullIsland(r, motion):
		return GateNullIsland
	}
	return 0
}

// nullIsland tells the place of receivers that have none, 0, 0, from ships
// that are there: those have satellites. A file without a count is believed.
func nullIsland(r *fleet.Report, motion bool) bool {
	const near = 10_000 // 0.001° in units of Place
	if r.Place.Lat <= -near || r.Place.Lat >= near || r.Place.Lon <= -near || r.Place.Lon >= near {
		return false
	}
	if r.Has&fleet.HasSatellites != 0 {
		return r.Satellites < 4
	}
	return motion && r.Place == fleet.Place{}
}
