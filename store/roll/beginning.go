package roll

// beginning is a number that tells most words apart and sorts as they do: six
// bits for each of the first ten bytes. Ten, because the first eight digits of
// an IMEI are those of its model. It ends at a byte that shares its place with
// others: what comes after such a byte must not decide between words that
// differ there.
func beginning[T string | []byte](w T) (n uint64) {
	at := 0
	for at < min(10, len(w)) {
		place, shared := letter(w[at])
		n = n<<6 | uint64(place)
		if at++; shared {
			break
		}
	}
	return n << (6 * (10 - at))
}

// letter is a byte's place among 63, and whether others have it too.
func letter(b byte) (place byte, shared bool) {
	switch {
	case b < ' ':
		return 1, true
	case b == ' ':
		return 2, false
	case b < '-':
		return 3, true
	case b < '0':
		return 4 + b - '-', false
	case b <= '9':
		return 7 + b - '0', false
	case b < 'a':
		return 17, true
	case b <= 'z':
		return 18 + b - 'a', false
	case b < 0x80:
		return 44, true
	}
	return 45 + (b-0x80)/8, true // up to 60
}
