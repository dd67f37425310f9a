package fence

import (
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Fence is what is left of a fleet.Fence once it is compiled: what decides
// events, without name, colour and outline.
type Fence struct {
	ID            fleet.FenceID
	Owner         fleet.OwnerID
	Judge         uint32
	Rule          Rule
	Inside        bool       // makes enter events
	Outside       bool       // makes exit events
	AlertIfInside bool       // makes an enter event even of a device's first fix
	From          fleet.Time // older fixes set its state without events; 0 = none is older
	Targets       fleet.Targets
	SpeedLimit    float32         // km/h; 0 = none
	Schedule      *fleet.Schedule // when it makes events, by its owner's clock; nil = always

	shape *geo.Prepared
}

// EdgeDistance is how far a point is from the fence's edge in metres, negative
// inside.
func (f *Fence) EdgeDistance(p geo.Point) float64 { return f.shape.EdgeDistance(p) }

// Pass finds a stretch inside of the way from a to b, see geo.Prepared.
func (f *Fence) Pass(a, b geo.Point, least float64) (in, out float64, ok bool) {
	return f.shape.Pass(a, b, least)
}

// Contains reports whether the fence holds a point, edges included.
func (f *Fence) Contains(p geo.Point) bool { return f.shape.Contains(p) }

// Meets reports whether a box that does not cross ±180° may hold some of it.
func (f *Fence) Meets(b geo.Box) bool { return f.shape.Over(b) != geo.Apart }

func compile(f *fleet.Fence) (*Fence, error) {
	shape, err := geo.Prepare(&f.Shape)
	if err != nil {
		return nil, fleet.Errorf(fleet.Invalid, "fence %q (%v): %w", f.Name, f.ID, err)
	}
	return &Fence{
		ID: f.ID, Owner: f.Owner, Judge: f.Judge, Rule: RuleOf(f),
		Inside: f.Inside, Outside: f.Outside, AlertIfInside: f.AlertIfInside,
		From: f.From, Targets: f.Targets, SpeedLimit: f.SpeedLimit, Schedule: f.Schedule, shape: shape,
	}, nil
}

// digest mixes what makes this version of the fence judge as it does.
func (f *Fence) digest() uint64 {
	h := mix(uint64(f.ID))
	h = mix(h ^ uint64(f.Judge))
	return mix(h ^ uint64(f.From))
}

// limitDigest mixes the fence's speed limit, 0 for none.
func (f *Fence) limitDigest() uint64 {
	if f.SpeedLimit == 0 {
		return 0
	}
	return mix(mix(uint64(f.ID)) ^ uint64(math.Float32bits(f.SpeedLimit)))
}

// mix spreads every bit over all others (the finaliser of SplitMix64).
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
