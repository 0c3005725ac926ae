package render_test

import (
	"bytes"
	"strconv"
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
		ID: "claim-1", PatientID: "canary", CoverageID: "plan", InsurerID: "acme", BillingID: "practice", State: models.ClaimDraft,
		RenderingID: rapid.SampledFrom([]models.PractitionerID{"", "smith"}).Draw(t, "rendering"),
		Position:    1, Part: 1, ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-05",
		PlaceOfService: rapid.SampledFrom([]string{"", "11", "21"}).Draw(t, "place"),
	}
	diagnoses := rapid.IntRange(0, models.ClaimDiagnosesMax).Draw(t, "diagnoses")
	for n := range diagnoses {
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: n + 1, Code: rapid.StringMatching(`[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?`).Draw(t, "diagnosis")})
	}
	for n := range rapid.IntRange(1, 8).Draw(t, "lines") {
		line := models.ClaimLine{
			Sequence: n + 1, System: models.SystemCPT, Code: rapid.StringMatching(`[0-9]{5}`).Draw(t, "code"),
			Units: rapid.IntRange(1, 99).Draw(t, "units"), Billed: drawCents(t, "billed"),
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
	return c
}

func TestDraftClaimComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawClaim(t)
		document := render.Claim(want)
		got, err := intake.DraftClaim(parsed(t, document))
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the draft changed (-want +got):\n%s", diff)
		}
	})
}

func drawAnswer(t *rapid.T) models.Answer {
	a := models.Answer{ID: "answer-1", ClaimID: "claim-1", PayerID: "acme", Key: rapid.SampledFrom([]string{"", "|1", "urn:x|a|b"}).Draw(t, "key")}
	adjust := func(line int) money.Cents {
		var sum money.Cents
		for range rapid.IntRange(0, 4).Draw(t, "adjustments") {
			adjustment := models.Adjustment{
				Sequence: len(a.Adjustments) + 1, LineSequence: line,
				GroupCode:  rapid.SampledFrom([]string{"CO", "PR", "OA", "PI"}).Draw(t, "group"),
				ReasonCode: rapid.SampledFrom([]string{"1", "45", "253", "B7"}).Draw(t, "reason"),
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
	if rapid.Bool().Draw(t, "states totals") {
		a.StatedSubmitted, a.StatedPaid = amount(a.Billed), amount(a.Paid)
	}
	if rapid.Bool().Draw(t, "states payment") {
		a.StatedPayment = amount(a.Paid)
	}
	return a
}

func TestAnswerComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawAnswer(t)
		document := render.Answer(want, claim(models.ClaimAdjudicated))
		got, err := intake.Answer(parsed(t, document))
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the answer changed (-want +got):\n%s", diff)
		}
	})
}

func TestChargeComesBackAsTheChargeItemItIs(t *testing.T) {
	want := models.ChargeItem{ID: "charge-1", PatientID: "canary", VisitID: "visit-1", Status: "billed", System: models.SystemCPT,
		Code: "99214", Modifiers: models.Codes{"25"}, Units: 1, Occurred: "2026-03-02", RenderingID: "smith"}
	got := intake.ChargeItem(parsed(t, render.ChargeItem(charge())), nil)
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the charge changed (-want +got):\n%s", diff)
	}
}

func TestInvoiceLinesAddUpToWhatIsOwed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i := invoice()
		i.Lines, i.Billed, i.Due = nil, 0, 0
		for n := range rapid.IntRange(1, 5).Draw(t, "lines") {
			line := models.InvoiceLine{
				Sequence: n + 1, ChargeID: models.ChargeID("charge-" + strconv.Itoa(n)), Adjusted: drawCents(t, "adjusted"), PayerPaid: drawCents(t, "payer"),
				Deductible: drawCents(t, "deductible"), Coinsurance: drawCents(t, "coinsurance"), Copay: drawCents(t, "copay"),
			}
			responsibility := line.Deductible + line.Coinsurance + line.Copay
			line.Billed = line.Adjusted + line.PayerPaid + responsibility
			line.PatientPaid = min(drawCents(t, "patient"), responsibility)
			line.Due = responsibility - line.PatientPaid
			i.Lines = append(i.Lines, line)
			i.Billed += line.Billed
			i.Due += line.Due
		}
		root := parsed(t, render.Invoice(i)).Root()
		var gross, net money.Cents
		for item := range root.Get("lineItem").Children() {
			for component := range item.Get("priceComponent").Children() {
				cents, err := money.Parse(component.In("amount", "value").Text())
				if err != nil {
					t.Fatalf("%v", err)
				}
				switch component.Get("type").Text() {
				case "base":
					gross += cents
					net += cents
				case "deduction":
					net -= cents
				}
			}
		}
		if gross.String() != root.In("totalGross", "value").Text() || net.String() != root.In("totalNet", "value").Text() {
			t.Fatalf("lines add up to %s gross and %s net:\n%s", gross, net, root.Raw())
		}
	})
}

func TestTheSameRowGivesTheSameBytes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, a := drawClaim(t), drawAnswer(t)
		if !bytes.Equal(render.Claim(c), render.Claim(c)) || !bytes.Equal(render.Answer(a, c), render.Answer(a, c)) {
			t.Fatalf("two renderings differ")
		}
	})
}
