package models_test

import (
	"testing"

	"medbill/models"
)

func TestAgeIsCountedByBirthdays(t *testing.T) {
	for day, want := range map[models.Date]int{"2026-03-01": 64, "2026-03-02": 65, "1961-03-02": 0, "1961-03-01": -1, "": -1} {
		if got := models.Date("1961-03-02").YearsUntil(day); got != want {
			t.Errorf("on %s: %d, want %d", day, got, want)
		}
	}
}
