package geo

import (
	"errors"
	"slices"
	"testing"
)

func TestFaultIsWordedInAnyLanguage(t *testing.T) {
	s := Shape{Kind: Circle, Centre: Point{-74.5, 4.25}, Radius: 2_500_000}
	f, ok := errors.AsType[*Fault](s.Validate())
	if !ok || f.Code != RadiusRange || !slices.Equal(f.Params, []Param{{"radius", "2500000"}, {"limit", "2000000"}}) {
		t.Fatalf("fault %+v", f)
	}
	if got, want := f.Error(), "the radius is 2500000 m, it must be above 0 and at most 2000000 m, at longitude -74.5, latitude 4.25"; got != want {
		t.Errorf("in English %q, want %q", got, want)
	}
	spanish := map[Code]string{RadiusRange: "el radio es {radius} m (máximo {limit} m)", At: "en {lat} {lon}: {fault}"}
	if got, want := f.Word(func(c Code) string { return spanish[c] }), "en 4.25 -74.5: el radio es 2500000 m (máximo 2000000 m)"; got != want {
		t.Errorf("in Spanish %q, want %q", got, want)
	}
	if got := f.Word(func(Code) string { return "" }); got != f.Error() {
		t.Errorf("without texts %q, want English", got)
	}
}

func TestEveryCodeHasAText(t *testing.T) {
	for _, c := range Codes() {
		if c.Text() == "" {
			t.Errorf("%s has no text", c)
		}
	}
	if len(Codes()) != len(texts) || Code("nothing").Text() != "" {
		t.Error("codes and texts differ")
	}
}
