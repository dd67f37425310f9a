package h02

import (
	"bytes"
	"strconv"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// cellOf reads country, network, area and cell; it adds nothing unless the
// country can be one.
func cellOf(r *fleet.Report, f [][]byte) {
	var v [4]int64
	for i := range v {
		n, err := strconv.ParseInt(string(f[i]), 10, 64)
		if err != nil || n < 0 {
			return
		}
		v[i] = n
	}
	if v[0] < 200 || v[0] > 799 || v[2] == 0 && v[3] == 0 {
		return
	}
	r.Add(fleet.AttrCellMCC, fleet.Int(v[0]))
	r.Add(fleet.AttrCellMNC, fleet.Int(v[1]))
	r.Add(fleet.AttrCellLAC, fleet.Int(v[2]))
	r.Add(fleet.AttrCellID, fleet.Int(v[3]))
}

// neighbours reads NBR: time, country, network, timing advance, number of
// cells, then area, cell and signal of each, date, status. The first is kept.
func neighbours(s *ingest.Session, f [][]byte) {
	r := dated(s, f)
	if len(f) >= 8 {
		cellOf(r, [][]byte{f[1], f[2], f[5], f[6]})
	}
	finish(r)
}

// cellsOfV3 reads V3: time, country and network in one number, number of
// cells, then area, cell and two signals of each, and more.
func cellsOfV3(s *ingest.Session, f [][]byte) {
	r := dated(s, f)
	if len(f) >= 5 && len(f[1]) >= 5 {
		cellOf(r, [][]byte{f[1][:3], f[1][3:], f[3], f[4]})
	}
	finish(r)
}

// cellsOfVP1 reads VP1 without a fix: V, country, network, then area, cell and
// signal of each, with a Y before all but the first.
func cellsOfVP1(s *ingest.Session, f [][]byte) {
	r := s.Add(fleet.H02)
	if len(f) >= 5 && bytes.Equal(f[0], []byte{'V'}) {
		cellOf(r, f[1:5])
	}
	finish(r)
}
