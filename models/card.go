package models

import (
	"slices"
	"strings"

	"medbill/models/fault"
)

// CheckReference is CheckLineOrNone for what names a payment, and refuses (Invalid, card-number) what holds a card's number, which is kept nowhere.
func CheckReference(text string) error {
	if err := CheckLineOrNone(text); err != nil {
		return err
	}
	return CheckNoCard(text)
}

// CheckNoCard refuses (Invalid, card-number) a text that holds a card's number, in one piece or in the groups in which cards show it, between blanks or hyphens. A UUID never does.
func CheckNoCard(text string) error {
	pieces := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '-' })
	for i, piece := range pieces {
		if slices.ContainsFunc(strings.FieldsFunc(piece, isNoDigit), isCardNumber) || isInGroups(pieces[i:]) {
			return fault.New(fault.Invalid, "card-number", "The text holds what looks like the number of a card, which is never kept; send the processor's reference in its place.")
		}
	}
	return nil
}

func isNoDigit(r rune) bool { return r < '0' || r > '9' }

// cardGroups are the groups in which cards show their numbers, by how many digits each has.
var cardGroups = [][]int{{4, 4, 4, 4}, {4, 4, 4, 4, 3}, {4, 4, 4, 4, 2}, {4, 4, 4, 4, 1}, {4, 4, 4, 1}, {4, 6, 5}, {4, 6, 4}}

// isInGroups reports whether pieces begin with a card's number in its groups.
func isInGroups(pieces []string) bool {
	return slices.ContainsFunc(cardGroups, func(groups []int) bool {
		if len(pieces) < len(groups) {
			return false
		}
		for i, length := range groups {
			if len(pieces[i]) != length {
				return false
			}
		}
		return isCardNumber(strings.Join(pieces[:len(groups)], ""))
	})
}

// cardIssuers are the numbers of those who issue cards that people pay with, from one to another by their first digits, and how long the cards' numbers are. ISO/IEC 7812-1; the ranges that the networks tell.
var cardIssuers = []struct {
	from, to string
	min, max int
}{
	{"2200", "2204", 16, 19},
	{"2221", "2720", 16, 16},
	{"30", "30", 14, 19},
	{"34", "34", 15, 15},
	{"35", "35", 16, 19},
	{"36", "36", 14, 19},
	{"37", "37", 15, 15},
	{"38", "39", 14, 19},
	{"4", "4", 13, 19},
	{"50", "58", 13, 19},
	{"60", "69", 13, 19},
}

// isCardNumber reports whether a text is digits that have a card's beginning, its length and Luhn's sum.
func isCardNumber(text string) bool {
	if strings.ContainsFunc(text, isNoDigit) {
		return false
	}
	for _, issuer := range cardIssuers {
		n := len(issuer.from)
		if len(text) >= issuer.min && len(text) <= issuer.max && text[:n] >= issuer.from && text[:n] <= issuer.to {
			return luhn(text) == 0
		}
	}
	return false
}
