package roll

// beginning is a number that tells most words apart and sorts as they do: six
// bits for each of the first ten bytes. Ten, because the first eight digits of
// an IMEI are those of its model.
func beginning[T string | []byte](w T) (n uint64) {
	for i := range 10 {
		n <<= 6
		if i < len(w) {
			n |= uint64(letter(w[i]))
		}
	}
	return n
}

// letter is a byte's place among 63; rarer ones share theirs with neighbours.
func letter(b byte) byte {
	switch {
	case b <= ' ':
		return 1
	case b < '-':
		return 2
	case b < '0':
		return 3 + b - '-'
	case b <= '9':
		return 6 + b - '0'
	case b < 'a':
		return 16
	case b <= 'z':
		return 17 + b - 'a'
	case b < 0x80:
		return 43
	}
	return 44 + (b-0x80)/7
}
