package track_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// resent is a saga's inputs with its reports, each once, at other times.
func (s *saga) resent(at func(i int, r *fleet.Report) fleet.Time) *saga {
	out := *s
	out.inputs = nil
	for _, in := range s.inputs {
		if in.report == nil && in.at != s.end {
			out.inputs = append(out.inputs, in)
		}
	}
	for i, r := range s.reports {
		again := *r
		again.Received = at(i, r)
		out.inputs = append(out.inputs, arrival{again.Received, &again})
	}
	out.sort()
	out.end = max(s.end, out.inputs[len(out.inputs)-1].at) + fleet.Day
	out.inputs = append(out.inputs, arrival{at: out.end})
	return &out
}

// elsewhere is the saga with every place and shape put elsewhere.
func (s *saga) elsewhere(put func(p fleet.Place) fleet.Place) *saga {
	out := *s
	point := func(p geo.Point) geo.Point {
		return put(fleet.Place{Lat: int32(math.Round(p[1] * 1e7)), Lon: int32(math.Round(p[0] * 1e7))}).Point()
	}
	moved := map[*fleet.Fence]*fleet.Fence{}
	out.eras = slices.Clone(s.eras)
	for i := range out.eras {
		fences := map[fleet.FenceID]*fleet.Fence{}
		for id, f := range s.eras[i].fences {
			if moved[f] == nil {
				c := *f
				c.Shape.Centre = point(f.Shape.Centre)
				c.Shape.Path = slices.Clone(f.Shape.Path)
				for k, p := range c.Shape.Path {
					c.Shape.Path[k] = point(p)
				}
				c.Shape.Area = nil
				for _, polygon := range f.Shape.Area {
					var copied geo.Polygon
					for _, ring := range polygon {
						copied = append(copied, slices.Clone(ring))
						for k, p := range ring {
							copied[len(copied)-1][k] = point(p)
						}
					}
					c.Shape.Area = append(c.Shape.Area, copied)
				}
				moved[f] = &c
			}
			fences[id] = moved[f]
		}
		out.eras[i].fences = fences
	}
	out.inputs = slices.Clone(s.inputs)
	for i, in := range out.inputs {
		if in.report != nil && in.report.Has&fleet.HasPlace != 0 && in.report.Place != (fleet.Place{}) {
			r := *in.report
			r.Place = put(r.Place)
			out.inputs[i].report = &r
		}
	}
	return &out
}

// besides adds fences that tell nothing to every era.
func (s *saga) besides(fences ...*fleet.Fence) *saga {
	out := *s
	out.eras = slices.Clone(s.eras)
	for i := range out.eras {
		all := map[fleet.FenceID]*fleet.Fence{}
		for id, f := range s.eras[i].fences {
			all[id] = f
		}
		for _, f := range fences {
			all[f.ID] = f
		}
		out.eras[i].fences = all
	}
	return &out
}

// What must not matter does not: the order, copies and batches of arrival,
// restarts, mirrors, turns of the earth over the date line, and whether
// devices have safe boxes and sets an index.
func TestTruthWhatever(t *testing.T) {
	eachSeed(t, 50, func(t testing.TB, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 0x3ee7))
		temper := temper{reports: 400, fences: 10, edits: rng.IntN(12), brief: 3000, chaos: 0.5, odd: float64(rng.IntN(2))}
		at := sites[rng.IntN(len(sites))]
		s := tellTempered(rng, temper, at)
		o := s.sure()
		check := func(name string, s *saga, eager bool) {
			m := newMachine(t, rand.New(rand.NewPCG(seed, 9)), s.eras)
			m.eager = eager
			m.play(s.inputs)
			if d := o.differs(m.live()); d != "" {
				t.Errorf("VIGIA_SEED=%d: %s: %s", seed, name, d)
			}
		}
		check("restarted after every input", s, true)
		order := rng.Perm(len(s.reports))
		last := s.reports[len(s.reports)-1].Fix
		check("permuted", s.resent(func(i int, r *fleet.Report) fleet.Time { return s.reports[order[i]].Fix + fleet.Second }), false)
		check("newest first", s.resent(func(i int, _ *fleet.Report) fleet.Time { return last + fleet.Time(len(order)-i) }), false)
		check("in batches", s.resent(func(i int, _ *fleet.Report) fleet.Time {
			return s.reports[min(len(order)-1, i|31)].Fix + fleet.Second
		}), false)
		twice := s.resent(func(_ int, r *fleet.Report) fleet.Time { return r.Fix + fleet.Second })
		for _, r := range s.reports {
			again := *r
			again.Received = r.Fix + fleet.Time(rng.IntN(600))*fleet.Second
			twice.inputs = append(twice.inputs, arrival{again.Received, &again})
		}
		twice.sort()
		check("doubled", twice, false)

		quiet := fleet.Fence{Owner: 1, Company: company, Judge: 1, Preset: fleet.Instant, Targets: fleet.Targets{All: true, Inner: true}}
		everywhere := quiet
		everywhere.ID, everywhere.Shape = 9_000, geo.Shape{Kind: geo.Circle, Centre: at.point(0, 0), Radius: 500_000}
		check("without safe boxes", s.besides(&everywhere), false)
		var many []*fleet.Fence
		for i := range 80 {
			f := quiet
			f.ID, f.Shape = fleet.FenceID(10_000+i), geo.Shape{Kind: geo.Circle, Centre: at.point(float64(i-40)*80, 9_000), Radius: 50}
			f.Owner = fleet.OwnerID(1 + i%2)
			many = append(many, &f)
		}
		check("with an index", s.besides(many...), false)

		if temper.odd > 0 || at.lat == 0 { // ties go by place, and so does the null island
			return
		}
		mirror := func(lat, lon int32) func(fleet.Place) fleet.Place {
			return func(p fleet.Place) fleet.Place { return fleet.Place{Lat: lat * p.Lat, Lon: lon * p.Lon} }
		}
		check("east is west", s.elsewhere(mirror(1, -1)), false)
		check("north is south", s.elsewhere(mirror(-1, 1)), false)
		for _, degrees := range []int64{180, 90, -105, int64(180 - math.Round(at.lon))} {
			check("the earth turned", s.elsewhere(func(p fleet.Place) fleet.Place {
				return fleet.Place{Lat: p.Lat, Lon: turned(int64(turned(int64(p.Lon)+degrees*5_000_000)) + degrees*5_000_000)}
			}), false)
		}
	})
}
