package models_test

import (
	"strings"
	"testing"

	"medbill/models"
)

func TestATenantIsNamedByLettersDigitsAndHyphens(t *testing.T) {
	for _, good := range []models.TenantID{"a", "Zzyzx-Road-7", "-", models.TenantID(strings.Repeat("t", 64))} {
		if !good.IsValid() {
			t.Errorf("%q is refused, want accepted", good)
		}
	}
	for _, bad := range []models.TenantID{"", "bad name!", "a/b", "a.b", "a\n", "\x00", "é", models.TenantID(strings.Repeat("t", 65))} {
		if bad.IsValid() {
			t.Errorf("%q is accepted, want refused", bad)
		}
	}
}
