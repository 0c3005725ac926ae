package claim_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/claim"
	"medbill/models"
)

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

// smith is the visit's provider.
var smith = models.Performer{ID: "smith"}

// newInput is a case that nothing was claimed for, with its own ids and numbers.
func newInput() claim.Input {
	ids, numbers := 0, 0
	return claim.Input{
		Case:      models.Case{ID: "Encounter/v", PatientID: "canary", BillingID: "practice", Rendering: smith, PlaceOfService: "11"},
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}},
		Payers:    always("cov"),
		NewID:     func() models.ClaimID { ids++; return models.ClaimID(fmt.Sprint("claim-", ids)) },
		NewNumber: func() string { numbers++; return fmt.Sprint("C", numbers) },
	}
}

// always is one coverage on every day.
func always(id models.CoverageID) func(models.Date) []models.Coverage {
	return func(models.Date) []models.Coverage {
		return []models.Coverage{{ID: id, PatientID: "canary", PayerID: "acme"}}
	}
}

// drawCase gives a case with charges, some of them not in the books, and a plan that changes in the middle of the month.
func drawCase(t *rapid.T) claim.Input {
	in := newInput()
	change(t, &in)
	return in
}

// change draws what a case says anew.
func change(t *rapid.T, in *claim.Input) {
	in.Case.Rendering = models.Performer{ID: models.PractitionerID(rapid.SampledFrom([]string{"smith", "jones"}).Draw(t, "of the case"))}
	in.Case.PlaceOfService = rapid.SampledFrom([]string{"11", "22"}).Draw(t, "place")
	in.Diagnoses, in.Charges = nil, nil
	for i := range rapid.IntRange(1, 20).Draw(t, "diagnoses") {
		in.Diagnoses = append(in.Diagnoses, models.Diagnosis{Sequence: i + 1, Code: fmt.Sprintf("A%02d", i)})
	}
	split := models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 30).Draw(t, "another plan from")))
	second := models.CoverageID(rapid.SampledFrom([]string{"cov", "new", "none"}).Draw(t, "coverage after"))
	in.Payers = func(day models.Date) []models.Coverage {
		switch {
		case day < split:
			return always("cov")(day)
		case second == "none":
			return nil
		}
		return always(second)(day)
	}
	for i := range rapid.IntRange(0, 130).Draw(t, "charges") {
		c := models.Charge{
			ID: models.ChargeID(fmt.Sprint("charge-", i)), Sequence: i + 1, Units: models.OneUnit,
			State:       rapid.SampledFrom([]models.ChargeState{models.ChargePosted, models.ChargePosted, models.ChargePosted, models.ChargeAborted, models.ChargePlanned}).Draw(t, "state"),
			Rendering:   models.Performer{ID: models.PractitionerID(rapid.SampledFrom([]string{"", "smith", "jones"}).Draw(t, "rendering"))},
			ServiceDate: models.Date(fmt.Sprintf("2026-03-%02d", rapid.IntRange(1, 28).Draw(t, "day"))),
			Billed:      models.Cents(rapid.Int64Range(0, 100000).Draw(t, "billed")),
			Pointers:    rapid.SliceOfNDistinct(rapid.IntRange(1, len(in.Diagnoses)+1), 1, min(6, len(in.Diagnoses)+1), rapid.ID[int]).Draw(t, "pointers"),
		}
		if order := in.Payers(c.ServiceDate); len(order) > 0 {
			c.PayerID = order[0].PayerID
		}
		in.Charges = append(in.Charges, c)
	}
	in.Charges = rapid.Permutation(in.Charges).Draw(t, "in any order")
}

// pointed gives the codes that a charge names among the case's diagnoses, at most as many as a line may.
func pointed(in claim.Input, c models.Charge) []string {
	var codes []string
	for _, p := range c.Pointers {
		if at := slices.IndexFunc(in.Diagnoses, func(d models.Diagnosis) bool { return d.Sequence == p }); at >= 0 && len(codes) < models.LinePointersMax {
			codes = append(codes, in.Diagnoses[at].Code)
		}
	}
	return codes
}

// saysCharge checks a line against the charge it stands for, and gives the charge's place in its case.
func saysCharge(t *rapid.T, in claim.Input, c models.Claim, line models.ClaimLine) int {
	at := slices.IndexFunc(in.Charges, func(charge models.Charge) bool { return charge.ID == line.ChargeID })
	if at < 0 {
		t.Fatalf("line %+v is no charge's", line)
	}
	charge := in.Charges[at]
	rendering := charge.Rendering
	if rendering == (models.Performer{}) {
		rendering = in.Case.Rendering
	}
	var got []string
	for _, p := range line.Pointers {
		got = append(got, c.Diagnoses[p-1].Code)
	}
	switch {
	case !charge.IsPosted() || charge.Billed != line.Billed || charge.ServiceDate != line.ServiceDate || rendering != line.Rendering:
		t.Fatalf("line %+v is of charge %+v", line, charge)
	case in.Payers(charge.ServiceDate)[0].ID != c.CoverageID:
		t.Fatalf("the line of %s goes to %s", line.ServiceDate, c.CoverageID)
	case line.ServiceDate < c.ServiceFrom || line.ServiceDate > c.ServiceUntil:
		t.Fatalf("%s lies outside %s to %s", line.ServiceDate, c.ServiceFrom, c.ServiceUntil)
	case !slices.Equal(got, pointed(in, charge)):
		t.Fatalf("the line points to %v, its charge to %v", got, pointed(in, charge))
	}
	return charge.Sequence
}

// holdsEveryCharge checks that every charge in the books with a payer stands on exactly one line of one live claim, each claim
// within the limits of the form, and that nothing else stands on any.
func holdsEveryCharge(t *rapid.T, in claim.Input, claims []models.Claim) {
	seen, parts := map[models.ChargeID]bool{}, map[models.CoverageID]int{}
	var billed, charged models.Cents
	for _, c := range claims {
		var sum models.Cents
		renders, last := false, 0
		parts[c.CoverageID]++
		if len(c.Lines) == 0 || len(c.Lines) > models.ClaimLinesMax || len(c.Diagnoses) == 0 || len(c.Diagnoses) > models.ClaimDiagnosesMax || c.Part != parts[c.CoverageID] || c.Position != 1 {
			t.Fatalf("part %d has %d lines and %d diagnoses", c.Part, len(c.Lines), len(c.Diagnoses))
		}
		for n, line := range c.Lines {
			if line.Sequence != n+1 || seen[line.ChargeID] {
				t.Fatalf("line %+v of claim %+v", line, c)
			}
			if place := saysCharge(t, in, c, line); place <= last {
				t.Fatalf("line %+v stands before one that the case has later", line)
			} else {
				last = place
			}
			seen[line.ChargeID], sum, renders = true, sum+line.Billed, renders || line.Rendering == in.Case.Rendering
		}
		if want := c.Lines[0].Rendering; sum != c.Billed || renders && c.Rendering != in.Case.Rendering || !renders && c.Rendering != want {
			t.Fatalf("claim %+v bills %s", c, sum)
		}
		billed += c.Billed
	}
	count := 0
	for _, c := range in.Charges {
		if c.IsPosted() && c.PayerID != "" {
			charged, count = charged+c.Billed, count+1
		}
	}
	if billed != charged || len(seen) != count {
		t.Fatalf("claims bill %s on %d lines, charges are %s on %d", billed, len(seen), charged, count)
	}
}

// TestRenderingProvidersShareAClaim: a line names its own (837 loop 2420A), so that nothing is split for it.
func TestRenderingProvidersShareAClaim(t *testing.T) {
	in := newInput()
	for i, id := range []models.PractitionerID{"jones", "", "brown"} {
		in.Charges = append(in.Charges, models.Charge{ID: models.ChargeID(fmt.Sprint(i)), Sequence: i + 1, State: models.ChargePosted, PayerID: "acme", Rendering: models.Performer{ID: id}, ServiceDate: "2026-03-02"})
	}
	got := claim.Plan(in)
	if len(got) != 1 || got[0].Claim.Rendering != smith || got[0].Claim.Lines[0].Rendering.ID != "jones" || got[0].Claim.Lines[1].Rendering != smith {
		t.Fatalf("got %+v", got)
	}
	in.Charges = in.Charges[2:]
	if got := claim.Plan(in); len(got) != 1 || got[0].Claim.Rendering.ID != "brown" {
		t.Errorf("got %+v", got)
	}
}

func TestChargesOutOfTheBooksAreNotClaimed(t *testing.T) {
	in := newInput()
	for _, facts := range models.ChargeStates {
		if !facts.InBooks {
			in.Charges = append(in.Charges, models.Charge{ID: models.ChargeID(facts.State), State: facts.State, Billed: 100, PayerID: "acme"})
		}
	}
	if got := claim.Plan(in); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// A plan that turns up after the patient paid is a person's matter: a claim would ask for the same money again.
func TestWhatThePatientOwesIsAskedOfNobodyElse(t *testing.T) {
	in := newInput()
	in.Charges = []models.Charge{{ID: "a", Sequence: 1, State: models.ChargeBilled, Billed: 100, ServiceDate: "2026-03-02"}}
	if got := claim.Plan(in); len(got) != 0 {
		t.Errorf("got %+v", got)
	}
}

// A no-charge vaccine or a category II code is reported like any other service.
func TestServiceOfNothingIsClaimed(t *testing.T) {
	in := newInput()
	in.Charges = []models.Charge{{ID: "a", Sequence: 1, State: models.ChargePosted, PayerID: "acme", ServiceDate: "2026-03-02"}}
	if got := claim.Plan(in); len(got) != 1 || len(got[0].Claim.Lines) != 1 || got[0].Claim.Billed != 0 {
		t.Errorf("got %+v", got)
	}
}

func TestFiftyOneLinesMakeTwoParts(t *testing.T) {
	in := newInput()
	for i := range models.ClaimLinesMax + 1 {
		in.Charges = append(in.Charges, models.Charge{ID: models.ChargeID(fmt.Sprint(i)), Sequence: i + 1, State: models.ChargePosted, PayerID: "acme", Billed: 100, Pointers: models.Numbers{1}})
	}
	got := claim.Plan(in)
	if len(got) != 2 || got[0].Claim.Cause != "claim/Encounter/v/professional/1/cov/1/1" || got[1].Claim.Cause != "claim/Encounter/v/professional/1/cov/2/1" ||
		len(got[0].Claim.Lines) != 50 || len(got[1].Claim.Lines) != 1 || got[0].Claim.Part != 1 || got[1].Claim.Part != 2 || got[0].Claim.ID == got[1].Claim.ID {
		t.Errorf("got %+v", got)
	}
}
