package coverage_test

import (
	"slices"
	"testing"

	"medbill/billing/rules/coverage"
	"medbill/models"
)

func TestActiveCoveragesPayInTheirOrder(t *testing.T) {
	coverages := []models.Coverage{
		{ID: "unordered", Active: true},
		{ID: "second", Active: true, Order: 2},
		{ID: "first-b", Active: true, Order: 1},
		{ID: "first-a", Active: true, Order: 1, Period: models.Span{From: "2026-03-02", Until: "2026-03-02"}},
		{ID: "cancelled", Order: 1},
		{ID: "ended", Active: true, Order: 1, Period: models.Span{Until: "2026-03-01"}},
		{ID: "not-begun", Active: true, Order: 1, Period: models.Span{From: "2026-03-03"}},
	}
	var got []models.CoverageID
	for _, c := range coverage.Order(coverages, "2026-03-02") {
		got = append(got, c.ID)
	}
	want := []models.CoverageID{"first-a", "first-b", "second", "unordered"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if coverages[0].ID != "unordered" {
		t.Error("the argument was changed")
	}
}
