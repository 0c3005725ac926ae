package models

import "fmt"

// checkLetters has no I, L or O, which are misread on paper. It has 23 letters, a prime: neither one wrong digit nor two
// swapped neighbours leave the remainder as it was.
const checkLetters = "ABCDEFGHJKMNPQRSTUVWXYZ"

// numberSequenceMax keeps prefix, eighteen digits and the letter within ClaimNumberMax for a prefix of one character.
const numberSequenceMax = 999_999_999_999_999_999

// NumberOf gives the number a person reads out: prefix, at least eight digits, a check letter ("C00000001B"). Two sequences
// never share one. It panics where seq is not between 1 and 10^18−1.
func NumberOf(prefix string, seq int64) string {
	if seq < 1 || seq > numberSequenceMax {
		panic("models: sequence out of range")
	}
	return fmt.Sprintf("%s%08d%c", prefix, seq, checkLetters[seq%int64(len(checkLetters))])
}
