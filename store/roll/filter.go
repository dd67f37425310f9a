package roll

// gram is how many bytes a filter knows of at a time. Shorter texts to search
// for are in most blocks anyway.
const gram = 4

// filterBits is the size of a filter: 16 bytes for each record of a full block.
const filterBits = 1 << 15

// filter knows which runs of gram bytes may be in a block's words, so that a
// search for a number that one record has reads few blocks' words.
type filter [filterBits / 64]uint64

func (f *filter) add(text []byte) {
	for i := 0; i+gram <= len(text); i++ {
		h := hash(text[i : i+gram])
		f[h/64] |= 1 << (h % 64)
	}
}

// may is false where a text with those grams cannot be.
func (f *filter) may(grams []uint32) bool {
	for _, h := range grams {
		if f[h/64]&(1<<(h%64)) == 0 {
			return false
		}
	}
	return true
}

// grams are the places of a text's runs in a filter.
func grams(out []uint32, text string) []uint32 {
	for i := 0; i+gram <= len(text); i++ {
		out = append(out, hash([]byte(text[i:i+gram])))
	}
	return out
}

func hash(b []byte) uint32 {
	n := uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	return n * 2654435761 >> 17
}
