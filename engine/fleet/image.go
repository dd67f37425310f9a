package fleet

// Image is a person's photo, or the logo of a customer or company, as it was
// encoded anew. It goes with them. Its ID is its only name.
type Image struct {
	Head
	User     UserID     `cbor:"10,keyasint,omitempty" json:"user,omitzero"`
	Customer CustomerID `cbor:"11,keyasint,omitempty" json:"customer,omitzero"`
	Logo     CompanyID  `cbor:"12,keyasint,omitempty" json:"logo,omitzero"` // the company whose logo it is
	Type     string     `cbor:"13,keyasint" json:"type"`                    // image/jpeg or image/png
	Data     []byte     `cbor:"14,keyasint" json:"-"`
}

// Bounds of images.
const (
	ImageSide = 320       // pixels of the longer side, at most
	MaxImage  = 512 << 10 // bytes, encoded
)

// Kind is ImageRecord.
func (*Image) Kind() RecordKind { return ImageRecord }

// Validate reports the first rule that the image breaks.
func (i *Image) Validate() error {
	of := 0
	for _, there := range []bool{i.User != 0, i.Customer != 0, i.Logo != 0} {
		if there {
			of++
		}
	}
	if of != 1 {
		return FieldError("image", "is of a user, a customer or a company, one of them")
	}
	if err := oneOf("type", i.Type, "image/jpeg", "image/png"); err != nil {
		return err
	}
	if len(i.Data) == 0 || len(i.Data) > MaxImage {
		return FieldError("image", "has %d bytes, want 1 to %d", len(i.Data), MaxImage)
	}
	return nil
}

// Of is what the image shows.
func (i *Image) Of() (RecordKind, uint64) {
	switch {
	case i.User != 0:
		return UserRecord, uint64(i.User)
	case i.Customer != 0:
		return CustomerRecord, uint64(i.Customer)
	}
	return CompanyRecord, uint64(i.Logo)
}

// Refs are what it shows.
func (i *Image) Refs() []Ref {
	kind, id := i.Of()
	return []Ref{{Field: "image", Kind: kind, ID: id, Then: Follow}}
}

// Unique is nothing.
func (*Image) Unique() []UniqueText { return nil }

// Words are none.
func (*Image) Words() []string { return nil }

// Public is the image without its bytes.
func (i *Image) Public() any { c := *i; c.Data = nil; return &c }
