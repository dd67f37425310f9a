package fleet

// Tie is something that names a device, or is about it because it is about
// all devices of an owner.
type Tie struct {
	Kind  RecordKind
	ID    uint64
	Name  string
	Owner OwnerID
	All   bool // it is about the owner's devices, not about this one by name
}
