package models_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"medbill/models"
	"medbill/models/fault"
)

// TestNoCardNumberIsAReference: the test numbers of the card networks are refused, alone, in groups and within a text; what names payments is not.
func TestNoCardNumberIsAReference(t *testing.T) {
	for _, text := range []string{
		"4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242", "ch_4242424242424242", "card 378282246310005 of ann", "5555555555554444", "2223003122003222", "6011111111111117", "4222222222222", "6304000000000000000", "3782 822463 10005", "paid by 4242-4242-4242-4242 on 2026-03-02", "3056 930902 5904", "ref:4242424242424242;x",
	} {
		var f *fault.Fault
		if err := models.CheckReference(text); !errors.As(err, &f) || f.Issues[0].Code != "card-number" {
			t.Errorf("%q is taken: %v", text, err)
		}
	}
	for _, text := range []string{
		"", "ch_3MmlLrLkdIwHu7ix0snN0B15", "R-17", "1001", "4242424242424243", "424242424242", "42424242424242424242", "021000021234567", "2026-03-02 17:05:09", "evt_1700000000", "424242-x-4242424242", "2026030217050905", "01a22588-6286-7451-88c4-bbb08abf94f2",
	} {
		if err := models.CheckReference(text); err != nil {
			t.Errorf("%q is refused: %v", text, err)
		}
	}
}

// TestNoUUIDIsACardNumber, though some have as many digits between their hyphens, of which one in ten has a card's sum.
func TestNoUUIDIsACardNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.StringMatching(`[0-9]{8}-[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{5}[a-f][0-9]{6}`).Draw(t, "id")
		if err := models.CheckReference(id); err != nil {
			t.Fatalf("%q is refused: %v", id, err)
		}
	})
}
