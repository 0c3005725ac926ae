package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/casework"
	"medbill/models"
)

func sentCharge(source, code string, billed models.Cents) models.Charge {
	return models.Charge{
		Source: source, System: models.SystemCPT, Code: code, Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1},
		ServiceDate: "2026-03-02", Rendering: models.Performer{ID: "smith"}, Billed: billed,
	}
}

// asked is a visit as it stood when its payer was asked.
func asked() casework.Snapshot {
	return casework.Snapshot{
		Status: "finished", PatientID: "canary", BillingID: "practice", Place: "11", Usable: true, Payers: map[models.CoverageID]models.OrganizationID{"cov": "acme"},
		Charges:   []models.Charge{sentCharge("ChargeItem/1", "99214", 25000), sentCharge("Procedure/2", "93000", 6000)},
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}},
	}
}

func TestEveryChangeAfterSendingIsWorkOfItsKind(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(s *casework.Snapshot)
		kind   models.WorkKind
		tells  string
	}{
		{"a service more", func(s *casework.Snapshot) { s.Charges = append(s.Charges, sentCharge("Procedure/3", "36415", 1500)) }, models.WorkLateCharge, "36415 of 15.00, 15.00 in all"},
		{"the same service again", func(s *casework.Snapshot) { s.Charges = append(s.Charges, s.Charges[1]) }, models.WorkLateCharge, "93000 of 60.00"},
		{"a service less", func(s *casework.Snapshot) { s.Charges = s.Charges[:1] }, models.WorkChangedSent, "93000 of 60.00, which is gone"},
		{"another code", func(s *casework.Snapshot) { s.Charges[0].Code, s.Charges[0].Billed = "99215", 30000 }, models.WorkChangedSent, "99214 of 250.00 to 99215 of 300.00"},
		{"another code system", func(s *casework.Snapshot) { s.Charges[1].System = models.SystemHCPCS }, models.WorkChangedSent, "93000"},
		{"more units", func(s *casework.Snapshot) { s.Charges[1].Units = 2 * models.OneUnit }, models.WorkChangedSent, "93000"},
		{"another modifier", func(s *casework.Snapshot) { s.Charges[1].Modifiers = nil }, models.WorkChangedSent, "93000"},
		{"another diagnosis for a service", func(s *casework.Snapshot) { s.Charges[1].Pointers = models.Numbers{1, 2} }, models.WorkChangedSent, "93000"},
		{"another day", func(s *casework.Snapshot) { s.Charges[1].ServiceDate = "2026-03-03" }, models.WorkChangedSent, "93000"},
		{"somebody else did it", func(s *casework.Snapshot) { s.Charges[1].Rendering.ID = "jones" }, models.WorkChangedSent, "93000"},
		{"another diagnosis", func(s *casework.Snapshot) { s.Diagnoses[0].Code = "E78.5" }, models.WorkChangedSent, "the diagnoses"},
		{"another patient", func(s *casework.Snapshot) { s.PatientID = "other" }, models.WorkChangedSent, "the patient"},
		{"another practice", func(s *casework.Snapshot) { s.BillingID = "other" }, models.WorkChangedSent, "the practice"},
		{"another place", func(s *casework.Snapshot) { s.Place = "22" }, models.WorkChangedSent, "the place of service"},
		{"it is open again", func(s *casework.Snapshot) { s.Status = "in-progress" }, models.WorkChangedSent, "its status"},
		{"billed elsewhere", func(s *casework.Snapshot) { s.External = true }, models.WorkChangedSent, "who bills it"},
		{"codes that are none", func(s *casework.Snapshot) { s.Usable, s.Charges, s.Diagnoses = false, nil, nil }, models.WorkChangedSent, "its codes so that they cannot be billed"},
		{"a record of somebody else", func(s *casework.Snapshot) { s.Strangers = true }, models.WorkChangedSent, "patient of a record"},
		{"another coverage", func(s *casework.Snapshot) { s.Payers = map[models.CoverageID]models.OrganizationID{"new": "acme"} }, models.WorkCoverageChanged, "310.00"},
		{"another payer of the coverage", func(s *casework.Snapshot) { s.Payers = map[models.CoverageID]models.OrganizationID{"cov": "beta"} }, models.WorkCoverageChanged, "310.00"},
		{"no coverage", func(s *casework.Snapshot) { s.Payers = nil }, models.WorkCoverageChanged, "310.00"},
		{"nobody can say who pays", func(s *casework.Snapshot) { s.Unclear = true }, models.WorkCoverageChanged, "310.00"},
		{"cancelled", func(s *casework.Snapshot) { s.Status = "cancelled" }, models.WorkCancelled, "310.00"},
		{"deleted, and much else besides", func(s *casework.Snapshot) { *s = casework.Snapshot{} }, models.WorkCancelled, "310.00"},
	} {
		now := asked()
		row.change(&now)
		got := casework.Differences(asked(), now)
		if len(got) != 1 || got[0].Kind != row.kind || !strings.Contains(got[0].Reason, row.tells) || !strings.HasSuffix(got[0].Reason, ".") {
			t.Errorf("%s: got %+v, want %s that tells %q", row.name, got, row.kind, row.tells)
		}
	}
}

// What a service costs is a matter of the fee schedule, which may change after a claim went out.
func TestNewPriceIsNoDifference(t *testing.T) {
	now := asked()
	now.Charges[0].Billed = 30000
	if got := casework.Differences(asked(), now); len(got) > 0 {
		t.Errorf("got %+v", got)
	}
}

// A code that moves to where another stood changed in one place: the other source still says what was sent.
func TestServiceIsComparedWithItsOwnSourceFirst(t *testing.T) {
	sent, now := asked(), asked()
	now.Charges[0].Code, now.Charges[0].Billed = "93000", 6000
	now.Charges[1].Code, now.Charges[1].Modifiers = "93000", models.Codes{"25"}
	slices.Reverse(now.Charges)
	for range 2 {
		got := casework.Differences(sent, now)
		if len(got) != 1 || got[0].Kind != models.WorkChangedSent || !strings.Contains(got[0].Reason, "99214 of 250.00 to 93000 of 60.00") {
			t.Errorf("got %+v", got)
		}
		slices.Reverse(now.Charges)
	}
}

// The same said in another order is the same, and every service is told exactly once, as come, as gone or as changed.
func TestEveryServiceIsAccountedForOnce(t *testing.T) {
	draw := func(t *rapid.T, label string) []models.Charge {
		var list []models.Charge
		for i := range rapid.IntRange(0, 5).Draw(t, label) {
			source := rapid.SampledFrom([]string{"", fmt.Sprint("ChargeItem/", i), fmt.Sprint("Procedure/", i)}).Draw(t, "source")
			list = append(list, sentCharge(source, rapid.SampledFrom([]string{"99213", "99214"}).Draw(t, "code"), 100))
		}
		return list
	}
	rapid.Check(t, func(t *rapid.T) {
		sent, now := asked(), asked()
		sent.Charges = draw(t, "sent")
		now.Charges = rapid.Permutation(sent.Charges).Draw(t, "order")
		if got := casework.Differences(sent, now); len(got) > 0 {
			t.Fatalf("the same gives %+v", got)
		}
		now.Charges = draw(t, "now")
		text := ""
		for _, w := range casework.Differences(sent, now) {
			text += w.Reason
		}
		gone, changed := strings.Count(text, "which is gone"), strings.Count(text, " to 99")
		came := strings.Count(strings.Split(text, " in all")[0]+" ", " of 1.00") * min(1, strings.Count(text, "in all"))
		if len(now.Charges)-len(sent.Charges) != came-gone {
			t.Fatalf("%d became %d: %s", len(sent.Charges), len(now.Charges), text)
		}
		if gone+changed > len(sent.Charges) || came+changed > len(now.Charges) {
			t.Fatalf("%d became %d: %s", len(sent.Charges), len(now.Charges), text)
		}
	})
}

func TestStandingIsWhoseTurnItIs(t *testing.T) {
	claims := func(states ...models.ClaimState) (list []models.Claim) {
		for _, s := range states {
			list = append(list, models.Claim{Type: models.ClaimProfessional, State: s})
		}
		return list
	}
	issued, balanced := models.Invoice{Status: models.InvoiceIssued}, models.Invoice{Status: models.InvoiceBalanced}
	for _, row := range []struct {
		name     string
		claims   []models.Claim
		invoices []models.Invoice
		items    int
		want     models.CaseState
	}{
		{"nothing is owed", nil, nil, 0, models.CaseClosed},
		{"all is answered and paid", claims(models.ClaimAdjudicated), []models.Invoice{balanced}, 0, models.CaseClosed},
		{"an invoice is open", claims(models.ClaimAdjudicated), []models.Invoice{balanced, issued}, 0, models.CasePatient},
		{"an answer waits for a person", claims(models.ClaimAdjudicated), []models.Invoice{issued}, 1, models.CaseHeld},
		{"one part is out", claims(models.ClaimAdjudicated, models.ClaimTransmitted), nil, 0, models.CaseSent},
		{"one part is out, and something came late", claims(models.ClaimTransmitted), nil, 1, models.CaseSent},
		{"one part can go out", claims(models.ClaimTransmitted, models.ClaimReady), nil, 0, models.CaseReady},
		{"one part cannot go out", claims(models.ClaimReady, models.ClaimHeld), nil, 0, models.CaseHeld},
		{"one part came back", claims(models.ClaimReady, models.ClaimRejected), nil, 0, models.CaseHeld},
		{"what was taken back does not count", claims(models.ClaimWithdrawn, models.ClaimVoided, models.ClaimReplaced), nil, 0, models.CaseClosed},
	} {
		if got := casework.Standing(row.claims, row.invoices, 0, row.items); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}

func TestStandingFollowsTheTableOfStates(t *testing.T) {
	for _, facts := range models.ClaimStates {
		want := models.CaseClosed
		switch {
		case facts.State == models.ClaimReady:
			want = models.CaseReady
		case facts.Editable:
			want = models.CaseHeld
		case facts.Awaited:
			want = models.CaseSent
		}
		if got := casework.Standing([]models.Claim{{State: facts.State}}, nil, 0, 0); got != want {
			t.Errorf("a case whose claim is %s is %s, want %s", facts.State, got, want)
		}
	}
}
