package models_test

import (
	"testing"

	"pgregory.net/rapid"

	"medbill/models"
)

func TestOneWrongDigitIsNoNumberOfOurs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.Int64Range(1, 99_999_999).Draw(t, "seq")
		number := models.NumberOf("C", seq)
		wrong := []byte(number)
		at := rapid.IntRange(1, 8).Draw(t, "at")
		if rapid.Bool().Draw(t, "swap") && at < 8 {
			wrong[at], wrong[at+1] = wrong[at+1], wrong[at]
		} else {
			wrong[at] = '0' + (wrong[at]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		}
		var mistyped int64
		for _, d := range wrong[1:9] {
			mistyped = mistyped*10 + int64(d-'0')
		}
		if mistyped != seq && mistyped > 0 && models.NumberOf("C", mistyped) == string(wrong) {
			t.Fatalf("%s and %s are both numbers", number, wrong)
		}
	})
}

func TestNumberFitsTheClaim(t *testing.T) {
	for seq, want := range map[int64]string{1: "C00000001B", 23: "C00000023A", 999_999_999_999_999_999: ""} {
		got := models.NumberOf("C", seq)
		if want != "" && got != want || len(got) > models.ClaimNumberMax {
			t.Errorf("NumberOf(%d) = %s, want %s of at most %d characters", seq, got, want, models.ClaimNumberMax)
		}
	}
}
