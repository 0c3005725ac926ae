package coverage_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/coverage"
	"medbill/models"
)

var (
	acme     = models.Payor{Ref: models.Ref{Type: "Organization", ID: "acme"}}
	patient  = models.Payor{Ref: models.Ref{Type: "Patient", ID: "canary"}}
	relative = models.Payor{Ref: models.Ref{Type: "RelatedPerson"}}
	inWords  = models.Payor{Name: "Canary Health"}
	held     = models.Payor{Ref: models.Ref{Type: "Organization"}, Name: "Canary Health"}
)

func plan(id models.CoverageID, change func(c *models.Coverage)) models.Coverage {
	c := models.Coverage{ID: id, PatientID: "canary", PayerID: "acme", Payors: []models.Payor{acme}, Active: true}
	change(&c)
	return c
}

func ordered(id models.CoverageID, order int) models.Coverage {
	return plan(id, func(c *models.Coverage) { c.Order = order })
}

func paidBy(id models.CoverageID, order int, payors ...models.Payor) models.Coverage {
	return plan(id, func(c *models.Coverage) { c.Order, c.PayerID, c.Payors = order, "", payors })
}

func TestPayersAreTakenOnlyWhereTheyAreClear(t *testing.T) {
	alone := plan("a", func(*models.Coverage) {})
	ended := plan("ended", func(c *models.Coverage) { c.Period.Until = "2026-03-01" })
	cancelled := plan("cancelled", func(c *models.Coverage) { c.Active = false })
	mistaken := plan("mistaken", func(c *models.Coverage) { c.Active, c.Mistaken = false, true })
	for _, row := range []struct {
		name      string
		coverages []models.Coverage
		want      string // ids, "none", or a word of what is unclear
	}{
		{"no plan", nil, "none"},
		{"a plan that never was", []models.Coverage{mistaken}, "none"},
		{"one plan needs no order", []models.Coverage{alone}, "a"},
		{"two in their order", []models.Coverage{ordered("b", 2), ordered("a", 1)}, "a b"},
		{"gaps in the order are nothing", []models.Coverage{ordered("b", 5), ordered("a", 2)}, "a b"},
		{"a plan that is over leaves the other", []models.Coverage{ended, ordered("b", 2)}, "b"},
		{"a cancelled plan leaves the other", []models.Coverage{cancelled, alone}, "a"},
		{"ended the day before", []models.Coverage{ended}, "on the day"},
		{"only cancelled", []models.Coverage{cancelled, mistaken}, "on the day"},
		{"a payer in words", []models.Coverage{paidBy("a", 0, inWords)}, "Organization"},
		{"a payer that the plan holds itself", []models.Coverage{paidBy("a", 0, held)}, "Organization"},
		{"no payer", []models.Coverage{paidBy("a", 0)}, "Organization"},
		{"a second payer in words", []models.Coverage{ordered("a", 1), paidBy("b", 2, inWords)}, "Organization"},
		{"a payer in words of a plan that is over", []models.Coverage{ordered("a", 1), plan("b", func(c *models.Coverage) { c.PayerID, c.Payors, c.Active = "", nil, false })}, "a"},
		{"two in the same place", []models.Coverage{ordered("a", 1), ordered("b", 1)}, "order"},
		{"two without a place", []models.Coverage{ordered("a", 0), ordered("b", 0)}, "order"},
		{"one of two without a place", []models.Coverage{ordered("a", 1), ordered("b", 0)}, "order"},
		{"the patient alone", []models.Coverage{paidBy("a", 0, patient)}, "person"},
		{"the patient first", []models.Coverage{paidBy("a", 1, patient, relative), ordered("b", 2)}, "person"},
		{"the patient behind a payer", []models.Coverage{paidBy("b", 2, patient), ordered("a", 1)}, "a"},
		{"a relative between two payers", []models.Coverage{ordered("a", 1), paidBy("b", 2, relative), ordered("c", 3)}, "a c"},
	} {
		got := coverage.Decide(row.coverages, "2026-03-02")
		said := ids(got.Order)
		if got.None {
			said = "none"
		}
		if said != row.want && (got.Unclear == "" || !strings.Contains(got.Unclear, row.want)) {
			t.Errorf("%s: got %q, %q, want %q", row.name, said, got.Unclear, row.want)
		}
	}
}

func ids(coverages []models.Coverage) string {
	var list []string
	for _, c := range coverages {
		list = append(list, string(c.ID))
	}
	return strings.Join(list, " ")
}

func TestDecisionIsOneThingWhateverTheOrderOfReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var coverages []models.Coverage
		for i := range rapid.IntRange(0, 4).Draw(t, "plans") {
			c := ordered(models.CoverageID(fmt.Sprint("c", i)), rapid.IntRange(0, 4).Draw(t, "order"))
			if payors := rapid.SampledFrom([][]models.Payor{nil, nil, nil, {patient}, {inWords}, {patient, relative}}).Draw(t, "payors"); payors != nil {
				c.PayerID, c.Payors = "", payors
			}
			c.Active = rapid.IntRange(0, 5).Draw(t, "active") > 0
			c.Mistaken = !c.Active && rapid.Bool().Draw(t, "mistaken")
			c.Period.From = rapid.SampledFrom([]models.Date{"", "", "2026-03-02", "2026-03-03"}).Draw(t, "from")
			c.Period.Until = rapid.SampledFrom([]models.Date{"", "", "2026-03-01", "2026-03-02"}).Draw(t, "until")
			coverages = append(coverages, c)
		}
		day := rapid.SampledFrom([]models.Date{"", "2026-03-01", "2026-03-02", "2026-03-03"}).Draw(t, "day")
		before := slices.Clone(coverages)
		got := coverage.Decide(coverages, day)
		if again := coverage.Decide(rapid.Permutation(coverages).Draw(t, "mixed"), day); !reflect.DeepEqual(got, again) {
			t.Fatalf("got %+v and %+v", got, again)
		}
		if !reflect.DeepEqual(coverages, before) {
			t.Fatal("the argument was changed")
		}
		said := 0
		for _, one := range []bool{len(got.Order) > 0, got.Unclear != "", got.None} {
			if one {
				said++
			}
		}
		if said != 1 {
			t.Fatalf("%+v says %d things", got, said)
		}
		for i, c := range got.Order {
			if c.PayerID == "" || !coverage.IsActive(c, day) || i > 0 && got.Order[i-1].Order >= c.Order {
				t.Fatalf("%+v", got.Order)
			}
		}
	})
}
