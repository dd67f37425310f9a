package roll

// Beginning is what words are compared by first.
func Beginning(w string) uint64 { return beginning(w) }
