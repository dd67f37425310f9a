package fleet

import "slices"

// Phrase is a short text in the product's languages; at least one is given.
type Phrase struct {
	En string `cbor:"1,keyasint,omitempty" json:"en,omitempty" maxLength:"120" example:"Colour"`
	Es string `cbor:"2,keyasint,omitempty" json:"es,omitempty" maxLength:"120" example:"Color"`
	Pt string `cbor:"3,keyasint,omitempty" json:"pt,omitempty" maxLength:"120" example:"Cor"`
	Fr string `cbor:"4,keyasint,omitempty" json:"fr,omitempty" maxLength:"120" example:"Couleur"`
}

// In is the text in a language, or in the first that there is.
func (p *Phrase) In(lang Lang) string {
	own := map[Lang]string{English: p.En, Spanish: p.Es, Portuguese: p.Pt, French: p.Fr}[lang]
	for _, s := range []string{own, p.En, p.Es, p.Pt, p.Fr} {
		if s != "" {
			return s
		}
	}
	return ""
}

func (p *Phrase) all() []string { return []string{p.En, p.Es, p.Pt, p.Fr} }

func (p *Phrase) validate(field string) error {
	if p.In(English) == "" {
		return FieldError(field, "is required")
	}
	for _, s := range p.all() {
		if s == "" {
			continue
		}
		if err := validName(field, s); err != nil {
			return err
		}
	}
	return nil
}

// oneOf refuses a value that is none of the choices.
func oneOf[T ~string](field string, v T, choices ...T) error {
	if slices.Contains(choices, v) {
		return nil
	}
	return FieldError(field, "%q is not one of the choices", string(v))
}
