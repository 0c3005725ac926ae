package models_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"medbill/models"
)

// id draws an id of FHIR, of few letters, so that two meet.
func id(t *rapid.T, label string) string { return rapid.StringMatching(`[1a.-]{1,3}`).Draw(t, label) }

// event draws something that happens, as text that no other has, and its cause.
func event(t *rapid.T) (text string, cause models.Cause) {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	one := id(t, "id")
	kase := rapid.SampledFrom([]models.CaseID{models.CaseOf(models.VisitID(one)), models.CaseOfDraft(models.ClaimID(one))}).Draw(t, "case")
	kind := rapid.IntRange(0, 8).Draw(t, "event")
	switch kind {
	case 0:
		return fmt.Sprintf("%d %q %d", kind, one, n), models.CauseOfCharge(models.ChargeID(one), n)
	case 1:
		return fmt.Sprintf("%d %q", kind, one), models.CauseOfAnswer(models.AnswerID(one))
	case 2:
		return fmt.Sprintf("%d %q", kind, one), models.CauseOfResponsibility(models.AnswerID(one))
	case 3:
		return fmt.Sprintf("%d %q", kind, one), models.CauseOfPayment(models.PaymentID(one))
	case 4:
		return fmt.Sprintf("%d %q", kind, one), models.CauseOfReversal(models.EntryID(one))
	case 5:
		return fmt.Sprintf("%d %q %d", kind, one, n), models.CauseOfAllocation(models.PaymentID(one), n)
	case 6:
		coverage := models.CoverageID(id(t, "coverage"))
		position, part := rapid.IntRange(1, 3).Draw(t, "position"), rapid.IntRange(1, 12).Draw(t, "part")
		form := rapid.SampledFrom(models.ClaimTypes).Draw(t, "type").Type
		return fmt.Sprintf("%d %q %s %d %q %d %d", kind, kase, form, position, coverage, part, n), models.CauseOfClaim(kase, form, position, coverage, part, n)
	case 7:
		return fmt.Sprintf("%d %q", kind, one), models.CauseOfDraft(models.ClaimID(one))
	}
	return fmt.Sprintf("%d %q %d", kind, kase, n), models.CauseOfInvoice(kase, n)
}

// A cause is what keeps an event from happening twice; one that another event has too would keep that one from happening at all.
func TestTwoEventsNeverHaveOneCause(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := map[models.Cause]string{}
		for range 200 {
			text, cause := event(t)
			if before, taken := events[cause]; taken && before != text {
				t.Fatalf("%s and %s are both %s", before, text, cause)
			}
			events[cause] = text
		}
	})
}

func TestCaseKnowsWhatOpenedIt(t *testing.T) {
	for _, row := range []struct {
		kase  models.CaseID
		text  string
		visit models.VisitID
		typ   string
	}{
		{models.CaseOf("v1"), "Encounter/v1", "v1", models.OriginVisit},
		{models.CaseOfDraft("c1"), "Claim/c1", "", models.OriginDraft},
		{"", "", "", ""},
	} {
		if string(row.kase) != row.text || row.kase.Visit() != row.visit || row.kase.Origin().Type != row.typ {
			t.Errorf("%q is of %q and visit %q", row.kase, row.kase.Origin(), row.kase.Visit())
		}
	}
}

func TestReferenceComesBackFromItsColumn(t *testing.T) {
	for _, want := range []models.Ref{{}, {Type: "Encounter", ID: "v1"}, {Type: "Claim", ID: "c-1.2"}} {
		text, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		var got models.Ref
		if err := got.Scan(text); err != nil || got != want {
			t.Errorf("%v comes back as %v, %v", want, got, err)
		}
	}
	for _, text := range []string{"Encounter", "/v1", "Encounter/"} {
		if got := models.RefOf(text); got != (models.Ref{}) {
			t.Errorf("%q is %v", text, got)
		}
	}
}
