package fleet_test

import (
	"reflect"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestPositionKeepsTheWholeReport: what is stored must be judged as what came,
// so a field that is new in Report must be in Position too.
func TestPositionKeepsTheWholeReport(t *testing.T) {
	var r fleet.Report
	v := reflect.ValueOf(&r).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); f.Kind() {
		case reflect.Uint8, reflect.Uint32, reflect.Uint64:
			f.SetUint(uint64(i + 1))
		case reflect.Int64:
			f.SetInt(int64(i + 1))
		case reflect.Float32, reflect.Float64:
			f.SetFloat(float64(i + 1))
		case reflect.Struct:
			f.Set(reflect.ValueOf(fleet.Place{Lat: 1, Lon: 2}))
		case reflect.Slice:
			f.Set(reflect.ValueOf(fleet.Attrs{{Key: "battery", Value: fleet.Int(3)}}))
		default:
			t.Fatalf("%s is of a kind that this test does not fill in: %s", v.Type().Field(i).Name, f.Kind())
		}
	}
	p := r.Position()
	if got := p.Report(); !reflect.DeepEqual(got, r) {
		t.Errorf("the report came back as\n%+v, want\n%+v", got, r)
	}
}
