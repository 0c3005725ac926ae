package invoice_test

import (
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/invoice"
	"medbill/models"
)

// TestNobodyUnderAgeIsAsked holds that whoever is asked is not known to be a child, is the one guarantor in force where there is one, and else the patient;
// and that where nobody is asked it is said why.
func TestNobodyUnderAgeIsAsked(t *testing.T) {
	const day = models.Date("2026-03-02")
	rapid.Check(t, func(t *rapid.T) {
		born := rapid.SampledFrom([]models.Date{"", "1970-01-01", "2008-03-02", "2008-03-03", "2026-03-01"})
		person := func(typ, id string) models.Person {
			return models.Person{Ref: models.Ref{Type: typ, ID: id}, Born: born.Draw(t, id)}
		}
		patient := person("Patient", "kid")
		answering := []models.Person{}
		for _, id := range []string{"mum", "dad"}[:rapid.IntRange(0, 2).Draw(t, "guarantors")] {
			answering = append(answering, person("RelatedPerson", id))
		}
		if len(answering) > 0 && rapid.Bool().Draw(t, "one is not there") {
			answering[0] = models.Person{}
		}
		who, why := invoice.Recipient(patient, answering, day)
		if (who.ID == "") != (why != "") {
			t.Fatalf("%v is asked, and it is said why nobody is: %q", who, why)
		}
		one := patient
		if len(answering) > 0 {
			one = answering[0]
		}
		canBe := len(answering) < 2 && one.Ref.ID != "" && !one.IsChild(day)
		if canBe != (who == one.Ref && who.ID != "") || !canBe && who.ID != "" {
			t.Fatalf("of %v and %v %v is asked", patient, answering, who)
		}
	})
}

// TestGuarantorIsInForceOnItsDays holds that both days of a period count, that an end left out is no end, and that nothing of a guarantor on hold counts.
func TestGuarantorIsInForceOnItsDays(t *testing.T) {
	for _, row := range []struct {
		from, to models.Date
		onHold   bool
		want     string
	}{
		{"", "", false, "yes yes yes"}, {"2026-03-02", "2026-03-02", false, "no yes no"}, {"2026-03-02", "", false, "no yes yes"}, {"", "2026-03-02", false, "yes yes no"}, {"", "", true, "no no no"},
	} {
		got := ""
		for _, day := range []models.Date{"2026-03-01", "2026-03-02", "2026-03-03"} {
			word := " no"
			if (models.Guarantor{PeriodFrom: row.from, PeriodTo: row.to, OnHold: row.onHold}).IsInForce(day) {
				word = " yes"
			}
			got += word
		}
		if got[1:] != row.want {
			t.Errorf("%+v: %s", row, got)
		}
	}
}
