package geo

import "fmt"

// Fault is what is wrong with a shape, and where.
type Fault struct {
	At     Point  // the position of the fault, in degrees
	Reason string // what is wrong there
	Placed bool   // At holds; a shape without points has no position
}

// Error gives the reason and the position, longitude first as in GeoJSON.
func (f *Fault) Error() string {
	if !f.Placed {
		return f.Reason
	}
	return fmt.Sprintf("%s, at longitude %v, latitude %v", f.Reason, f.At[0], f.At[1])
}

func fault(at Point, format string, args ...any) error {
	at[0] = wrap(at[0])
	return &Fault{At: at, Reason: fmt.Sprintf(format, args...), Placed: true}
}

func faultless(format string, args ...any) error {
	return &Fault{Reason: fmt.Sprintf(format, args...)}
}
