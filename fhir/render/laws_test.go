package render_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/render"
	"medbill/models"
	"medbill/models/money"
)

func parsed(t interface{ Fatalf(string, ...any) }, src []byte) *fhir.Document {
	d, err := fhir.Parse(src)
	if err != nil {
		t.Fatalf("%s\n%v", src, err)
	}
	return d
}

func drawCents(t *rapid.T, name string) money.Cents {
	return money.Cents(rapid.Int64Range(0, 99_999_99).Draw(t, name))
}

func drawClaim(t *rapid.T) models.Claim {
	c := models.Claim{
		Type: models.ClaimProfessional,
		ID:   "claim-1", PatientID: "canary", CoverageID: "plan", InsurerID: "acme", BillingID: "practice", State: models.ClaimDraft,
		CaseID:   rapid.SampledFrom([]models.CaseID{"", "Encounter/visit-1"}).Draw(t, "case"),
		Position: 1, Part: 1, ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-05",
		PlaceOfService: rapid.SampledFrom([]string{"", "11", "21"}).Draw(t, "place"),
	}
	diagnoses := rapid.IntRange(0, models.ClaimDiagnosesMax).Draw(t, "diagnoses")
	for n := range diagnoses {
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: n + 1, Code: rapid.StringMatching(`[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?`).Draw(t, "diagnosis")})
	}
	team := rapid.SampledFrom([][]models.Performer{{{}}, {{ID: "smith"}}, {{ID: "smith"}, {ID: "jones"}, {NPI: "1999999984"}}}).Draw(t, "team")
	for n := range rapid.IntRange(1, 8).Draw(t, "lines") {
		line := models.ClaimLine{
			Rendering: rapid.SampledFrom(team).Draw(t, "rendering"),
			Sequence:  n + 1, System: models.SystemCPT, Code: rapid.StringMatching(`[0-9]{5}`).Draw(t, "code"),
			Units: models.Units(rapid.IntRange(1, 99_999).Draw(t, "units")), Billed: drawCents(t, "billed"),
			ServiceDate: rapid.SampledFrom([]models.Date{"", "2026-03-02", "2026-03-05"}).Draw(t, "date"),
		}
		if rapid.Bool().Draw(t, "hcpcs") {
			line.System, line.Code = models.SystemHCPCS, rapid.StringMatching(`[A-V][0-9]{4}`).Draw(t, "code")
		}
		if modifiers := rapid.SliceOfN(rapid.StringMatching(`[A-Z0-9]{2}`), 0, models.LineModifiersMax).Draw(t, "modifiers"); len(modifiers) > 0 {
			line.Modifiers = modifiers
		}
		if diagnoses > 0 {
			if pointers := rapid.SliceOfN(rapid.IntRange(1, diagnoses), 0, models.LinePointersMax).Draw(t, "pointers"); len(pointers) > 0 {
				line.Pointers = pointers
			}
		}
		c.Lines = append(c.Lines, line)
		c.Billed += line.Billed
	}
	c.Rendering = rapid.SampledFrom(c.Lines).Draw(t, "head").Rendering
	return c
}

func TestDraftClaimComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawClaim(t)
		document := render.Claim(want)
		got, err := intake.DraftClaim(parsed(t, document), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the draft changed (-want +got):\n%s", diff)
		}
	})
}

// drawDraft gives a draft as a front end may write it: members of a care team that the books do not know, in any order, and
// lines that name some of them.
func drawDraft(t *rapid.T) []byte {
	c := drawClaim(t)
	c.Rendering = models.Performer{}
	for i := range c.Lines {
		c.Lines[i].Rendering = models.Performer{}
	}
	numbers := rapid.Permutation([]int{1, 2, 5, 9}).Draw(t, "numbers")
	var team, items []string
	for i, role := range []string{"primary", "other", "assist", "supervisor"} {
		team = append(team, fmt.Sprintf(`{"sequence":%d,"provider":{"reference":"Practitioner/p%d"},"role":{"coding":[{"system":%q,"code":%q}]}}`,
			numbers[i], rapid.IntRange(1, 3).Draw(t, "who"), fhir.SystemCareTeamRole, role))
	}
	for _, line := range c.Lines {
		named := ""
		if members := rapid.SliceOfNDistinct(rapid.SampledFrom(numbers), 0, 3, rapid.ID).Draw(t, "named"); len(members) > 0 {
			named = `,"careTeamSequence":` + strings.ReplaceAll(fmt.Sprint(members), " ", ",")
		}
		items = append(items, fmt.Sprintf(`{"sequence":%d%s}`, line.Sequence, named))
	}
	front := `{"resourceType":"Claim","careTeam":[` + strings.Join(team, ",") + `],"item":[` + strings.Join(items, ",") + `]}`
	return fhir.Overlay(parsed(t, render.Claim(c)), parsed(t, []byte(front)))
}

// What a front end wrote of who took part stays, and says the same of every line when it is read again.
func TestDraftSaysTheSameWhenItIsPublished(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := parsed(t, drawDraft(t))
		want, err := intake.DraftClaim(sent, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, sent.Bytes())
		}
		booked := want
		booked.Number, booked.Cause = "C1001", models.CauseOfDraft(want.ID)
		published := parsed(t, fhir.Overlay(sent, parsed(t, render.Claim(booked))))
		got, err := intake.DraftClaim(published, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, published.Bytes())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the draft changed (-want +got):\n%s\n%s", diff, published.Bytes())
		}
		if before, after := sent.Root().Get("careTeam").Raw(), published.Root().Get("careTeam").Raw(); !bytes.Equal(before, after) {
			t.Fatalf("the care team changed from\n%s\nto\n%s", before, after)
		}
	})
}

func drawAnswer(t *rapid.T) models.Answer {
	a := models.Answer{
		ClaimType: models.ClaimProfessional,
		ID:        "answer-1", ClaimID: "claim-1", PayerID: "acme", Key: rapid.SampledFrom([]string{"", "|1", "urn:x|a|b"}).Draw(t, "key"),
		Kind:    rapid.SampledFrom([]models.AnswerKind{models.AnswerOriginal, models.AnswerReversal}).Draw(t, "kind"),
		Outcome: rapid.SampledFrom([]models.AnswerOutcome{models.OutcomeComplete, models.OutcomePartial, models.OutcomeQueued, models.OutcomeError}).Draw(t, "outcome"),
		Created: changed, Effective: "2026-03-07", Source: rapid.SampledFrom([]models.AnswerSource{models.SourceFHIR, models.SourcePaper}).Draw(t, "source"),
	}
	if a.Kind == models.AnswerReversal {
		a.Status = models.StatusReversal
	} else {
		a.Status = rapid.SampledFrom([]string{"", "1", "2", "4"}).Draw(t, "status")
	}
	if remarks := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"N781", "MA130", "M1"}), 0, 3, rapid.ID).Draw(t, "remarks"); len(remarks) > 0 {
		a.Remarks = remarks
	}
	if a.Outcome == models.OutcomeQueued || a.Outcome == models.OutcomeError {
		a.Category = rapid.SampledFrom([]string{"", "A1", "P2"}).Draw(t, "category")
		return a
	}
	adjust := func(line int) money.Cents {
		var sum money.Cents
		for range rapid.IntRange(0, 4).Draw(t, "adjustments") {
			adjustment := models.Adjustment{
				Sequence: len(a.Adjustments) + 1, LineSequence: line,
				GroupCode:  rapid.SampledFrom([]string{"CO", "PR", "OA", "PI"}).Draw(t, "group"),
				ReasonCode: rapid.SampledFrom([]string{"1", "45", "253", "B7"}).Draw(t, "reason"),
				RemarkCode: rapid.SampledFrom([]string{"", "N130", "MA01"}).Draw(t, "remark"),
				Amount:     drawCents(t, "amount") - 50_000_00,
			}
			a.Adjustments = append(a.Adjustments, adjustment)
			sum += adjustment.Amount
		}
		return sum
	}
	for n := range rapid.IntRange(0, 6).Draw(t, "lines") {
		line := models.AnswerLine{LineSequence: n + 1, Billed: drawCents(t, "billed")}
		line.Paid = line.Billed - adjust(n+1)
		if rapid.Bool().Draw(t, "states allowed") {
			line.Allowed = amount(drawCents(t, "allowed"))
		}
		a.Lines = append(a.Lines, line)
		a.Billed += line.Billed
		a.Paid += line.Paid
	}
	a.Paid -= adjust(0)
	return a
}

func TestAnswerComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawAnswer(t)
		document := render.Answer(want)
		got, err := intake.Answer(parsed(t, document), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		want.Created, want.ClaimType = 0, "" // the document's and the claim's, not the payer's
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the answer changed (-want +got):\n%s", diff)
		}
	})
}

// The document of an answer is written again from its row, which does not hold what the payer states besides.
func TestAnswerIsWrittenFromItsRowAlone(t *testing.T) {
	stated := answer()
	stated.StatedSubmitted, stated.StatedPaid, stated.StatedPayment = amount(32500), amount(9500), amount(9500)
	if got, want := render.Answer(stated), render.Answer(answer()); !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestChargeComesBackAsTheChargeItemItIs(t *testing.T) {
	stated := models.Cents(25000)
	want := models.ChargeItem{ID: "charge-1", PatientID: "canary", VisitID: "visit-1", Status: "billed", System: models.SystemCPT,
		Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Occurred: "2026-03-02",
		Performers: []models.Participant{{Provider: models.Provider{PractitionerID: "smith"}}}, ServiceRefs: []string{"Procedure/p-1"}, Stated: &stated}
	got := intake.ChargeItem(parsed(t, render.ChargeItem(charge())), nil)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the charge changed (-want +got):\n%s", diff)
	}
}

func TestTheSameRowGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, a := drawClaim(t), drawAnswer(t)
		if !bytes.Equal(render.Claim(c), render.Claim(c)) || !bytes.Equal(render.Answer(a), render.Answer(a)) {
			t.Fatalf("two renderings differ")
		}
	})
}
