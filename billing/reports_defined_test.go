package billing_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/billing"
	"medbill/billing/rules/reports"
	"medbill/internal/openings"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// Whatever happened to the books, a report says what the plainest loop over their rows says: aging in all its forms and every figure of the practice,
// as of any day. naive_books_test.go and naive_figures_test.go count them.
func TestReportsSayWhatTheRowsSay(t *testing.T) {
	count := "25"
	if underRace {
		count = "6"
	}
	part(t, count)
	storetest.EachURL(t, func(t *testing.T, url string) {
		house, told := openHouse(t, url), 0
		rapid.Check(t, func(t *rapid.T) {
			told++
			auto := oneOf(t, "by themselves", true, true, false)
			practice := models.OrganizationID("practice")
			h := start(ward{house: house, t: t, tenant: models.TenantID(fmt.Sprintf("reports-%d", told))}, models.SettingsChange{AutoSubmit: &auto, PracticeID: &practice}, oneOf(t, "visits", 2, 2, 1))
			first, began := h.day(), h.clock.Clock().Now()
			defer func() { h.pass(-h.clock.Clock().Now().Sub(began)) }() // the next history begins where this one did
			h.put(p3, done(p3, v1, "99214"))
			if oneOf(t, "moved in", true, false) {
				h.opens()
			}
			for _, step := range rapid.SliceOfN(anyAnswer(), 8, 24).Draw(t, "history") {
				h.answersOn = h.day()
				step.do(h)
				h.watch()
				h.pass(moment + time.Duration(oneOf(t, "days", 0, 0, 0, 1, 7, 31, 60))*24*time.Hour)
			}
			h.drain()
			rows := h.rowsOfBooks()
			for range 3 {
				span := first.AddDays(-10).DaysUntil(h.day()) + 130
				h.reportsEqual(t, rows, first.AddDays(rapid.IntRange(-10, span).Draw(t, "as of")))
			}
			h.reportsEqual(t, rows, h.day())
		})
	})
}

func (h *history) day() models.Date {
	return models.Date(h.db.Now().Time().Format(time.DateOnly))
}

// opens takes balances from before over, of a payer and of a patient.
func (h *history) opens() {
	h.t.Helper()
	file, err := openings.ReadCSV(strings.NewReader(openingHeader + "ann,acme,k1,OLD-1,ICN-OLD-1,2025-12-01,cpt,99213,40.00\nann,,,OLD-2,,2025-10-01,,,12.50\n"))
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.office.OpenBalances(context.Background(), h.admin(), billing.Call{}, file); err != nil {
		h.t.Fatal(err)
	}
}

// groupings are the ways in which an aging may be grouped.
var groupings = []string{"", "party", "payer", "patient", "provider", "payer,provider", "party,patient,payer,provider"}

// reportsEqual compares every report of receivables, and the figures, with the rows.
func (h *history) reportsEqual(t *rapid.T, rows naive, asOf models.Date) {
	h.t.Helper()
	for _, from := range []models.ReceivableSince{models.SinceService, models.SinceBill, models.SinceResponsible} {
		by, of := rapid.SampledFrom(groupings).Draw(t, "by"), oneOf(t, "of", "all", "insurance", "patient")
		h.reportEquals(rows.aging(asOf, from, by, of), "aging", map[string][]string{"asOf": {string(asOf)}, "from": {string(from)}, "by": {by}, "of": {of}})
	}
	h.reportEquals(rows.figures(asOf), "kpi", map[string][]string{"asOf": {string(asOf)}})
}

// reportEquals compares a report with lines of cells. Words at the end of a line that explain it are left out.
func (h *history) reportEquals(want []string, name string, parameters map[string][]string) {
	h.t.Helper()
	ask, err := reports.Read(name, parameters)
	if err != nil {
		h.t.Fatal(err)
	}
	table, err := h.office.Report(context.Background(), h.admin(), ask)
	if err != nil {
		h.t.Fatal(err)
	}
	var got []string
	for _, row := range table.Rows {
		cells := reports.Texts(row)
		if name == reports.KPI {
			cells = slices.Delete(cells[:5], 2, 3) // without unit and words
		}
		got = append(got, strings.Join(cells, " "))
	}
	if !slices.Equal(got, want) {
		h.t.Errorf("%s of %v is\n%s\nand the rows say\n%s", name, parameters, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// tenths writes times × numerator ÷ denominator with one decimal, halves away from zero, "" where nothing can be divided by.
func tenths(numerator, denominator, times int64) string {
	if denominator == 0 {
		return ""
	}
	exact := float64(numerator) * float64(times) / float64(denominator) * 10
	whole := int64(math.Round(exact))
	sign := ""
	if whole < 0 {
		sign, whole = "-", -whole
	}
	return fmt.Sprintf("%s%d.%d", sign, whole/10, whole%10)
}
