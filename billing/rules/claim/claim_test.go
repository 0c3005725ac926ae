package claim_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/claim"
	"medbill/models"
)

func ids() func() models.ClaimID {
	n := 0
	return func() models.ClaimID { n++; return models.ClaimID(fmt.Sprint("claim-", n)) }
}

func TestClaimNumberFitsEveryPayer(t *testing.T) {
	seen := map[string]bool{}
	for seq := int64(1); seq < 2000; seq++ {
		number := claim.Number(seq)
		if len(number) > models.ClaimNumberMax || seen[number] {
			t.Fatalf("number %d is %s", seq, number)
		}
		seen[number] = true
	}
}

func input(t *rapid.T) claim.Input {
	in := claim.Input{
		Visit:    models.Visit{ID: "v", PatientID: "canary", BillingID: "practice", RenderingID: "smith", PlaceOfService: "11"},
		Coverage: models.Coverage{ID: "cov", PayerID: "acme"},
		Position: 1,
		NewID:    ids(),
	}
	for i := range rapid.IntRange(1, 20).Draw(t, "diagnoses") {
		in.Diagnoses = append(in.Diagnoses, models.Diagnosis{Sequence: i + 1, Code: fmt.Sprintf("A%02d", i)})
	}
	for i := range rapid.IntRange(0, 130).Draw(t, "charges") {
		in.Charges = append(in.Charges, models.Charge{
			ID:          models.ChargeID(fmt.Sprint("charge-", i)),
			Sequence:    i + 1,
			Status:      models.ChargeBillable,
			Units:       1,
			RenderingID: models.PractitionerID(rapid.SampledFrom([]string{"", "smith", "smith", "jones"}).Draw(t, "rendering")),
			ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))),
			Billed:      models.Cents(rapid.Int64Range(1, 100000).Draw(t, "billed")),
			Pointers:    rapid.SliceOfNDistinct(rapid.IntRange(1, len(in.Diagnoses)+1), 1, min(6, len(in.Diagnoses)+1), rapid.ID[int]).Draw(t, "pointers"),
		})
	}
	return in
}

func TestClaimsHoldEveryChargeOnceWithinTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := input(t)
		rendering, codeOf := map[models.ChargeID]models.PractitionerID{}, map[int]string{}
		pointers := map[models.ChargeID]models.Numbers{}
		var charged, billed models.Cents
		for _, c := range in.Charges {
			rendering[c.ID], pointers[c.ID] = c.RenderingID, c.Pointers
			if c.RenderingID == "" {
				rendering[c.ID] = "smith"
			}
			charged += c.Billed
		}
		for _, d := range in.Diagnoses {
			codeOf[d.Sequence] = d.Code
		}
		seen := map[models.ChargeID]bool{}
		for i, c := range claim.Build(in) {
			var sum models.Cents
			if len(c.Lines) == 0 || len(c.Lines) > models.ClaimLinesMax || len(c.Diagnoses) == 0 || len(c.Diagnoses) > models.ClaimDiagnosesMax || c.Part != i+1 || c.State != models.ClaimDraft {
				t.Fatalf("part %d has %d lines and %d diagnoses", c.Part, len(c.Lines), len(c.Diagnoses))
			}
			for n, line := range c.Lines {
				if line.Sequence != n+1 || line.ClaimID != c.ID || seen[line.ChargeID] || rendering[line.ChargeID] != c.RenderingID {
					t.Fatalf("line %+v of claim of %s", line, c.RenderingID)
				}
				if line.ServiceDate < c.ServiceFrom || line.ServiceDate > c.ServiceUntil {
					t.Fatalf("%s lies outside %s to %s", line.ServiceDate, c.ServiceFrom, c.ServiceUntil)
				}
				var want, got []string
				for _, p := range pointers[line.ChargeID] {
					if codeOf[p] != "" && len(want) < models.LinePointersMax {
						want = append(want, codeOf[p])
					}
				}
				for _, p := range line.Pointers {
					got = append(got, c.Diagnoses[p-1].Code)
				}
				if !slices.Equal(got, want) {
					t.Fatalf("line points to %v, its charge to %v", got, want)
				}
				seen[line.ChargeID], sum = true, sum+line.Billed
			}
			if sum != c.Billed {
				t.Fatalf("claim bills %d, its lines %d", c.Billed, sum)
			}
			billed += c.Billed
		}
		if billed != charged || len(seen) != len(in.Charges) {
			t.Fatalf("claims bill %d on %d lines, charges are %d on %d", billed, len(seen), charged, len(in.Charges))
		}
	})
}

func TestChargesOutOfTheBooksAreNotClaimed(t *testing.T) {
	in := claim.Input{NewID: ids(), Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}}, Charges: []models.Charge{
		{ID: "aborted", Status: models.ChargeAborted, Billed: 100},
		{ID: "planned", Status: models.ChargePlanned, Billed: 100},
	}}
	if got := claim.Build(in); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestFiftyOneLinesMakeTwoParts(t *testing.T) {
	in := claim.Input{Visit: models.Visit{ID: "v"}, Position: 2, Version: 3, NewID: ids(), Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}}}
	for i := range models.ClaimLinesMax + 1 {
		in.Charges = append(in.Charges, models.Charge{ID: models.ChargeID(fmt.Sprint(i)), Sequence: i + 1, Billed: 100, Pointers: models.Numbers{1}})
	}
	got := claim.Build(in)
	if len(got) != 2 || got[0].Cause != "visit/v/payer/2/part/1/3" || got[1].Cause != "visit/v/payer/2/part/2/3" || len(got[0].Lines) != 50 || len(got[1].Lines) != 1 || got[0].Part != 1 || got[1].Part != 2 || got[0].ID == got[1].ID {
		t.Errorf("got %d parts", len(got))
	}
}
