package geo

// Validate refuses what is no closed outline, with the position of the fault
// (a *Fault): numbers out of range, too few points, open rings.
func (s *Shape) Validate() error { return s.check() }
