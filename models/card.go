package models

import "medbill/models/fault"

// A card number has 13 to 19 digits, of which the first says who issued it (2 to 6 for cards that people pay with), and the last makes Luhn's sum one of tens. ISO/IEC 7812-1.
const (
	cardDigitsMin = 13
	cardDigitsMax = 19
)

// CheckReference is CheckLineOrNone for what names a payment, and refuses (Invalid, card-number) what holds a card's number, which is kept nowhere.
func CheckReference(text string) error {
	if err := CheckLineOrNone(text); err != nil {
		return err
	}
	return CheckNoCard(text)
}

// CheckNoCard refuses (Invalid, card-number) a text that holds a card's number, also one in groups between blanks or hyphens.
func CheckNoCard(text string) error {
	var run []byte
	for i := range len(text) + 1 {
		switch {
		case i < len(text) && text[i] >= '0' && text[i] <= '9':
			run = append(run, text[i]-'0')
			continue
		case i < len(text) && (text[i] == ' ' || text[i] == '-') && len(run) > 0 && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			continue
		}
		if isCardNumber(run) {
			return fault.New(fault.Invalid, "card-number", "The text holds what looks like the number of a card, which is never kept; send the processor's reference in its place.")
		}
		run = run[:0]
	}
	return nil
}

// isCardNumber reports whether digits have a card's length, beginning and sum.
func isCardNumber(digits []byte) bool {
	if len(digits) < cardDigitsMin || len(digits) > cardDigitsMax || digits[0] < 2 || digits[0] > 6 {
		return false
	}
	sum := 0
	for i, digit := range digits {
		d := int(digit)
		if (len(digits)-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
