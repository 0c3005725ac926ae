package claim_test

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"medbill/billing/rules/claim"
	"medbill/models"
)

// carry does what a plan says to the claims of a case, as the claims desk does, and gives the live ones in order.
func carry(t *rapid.T, in *claim.Input, moves []claim.Move) []models.Claim {
	var live []models.Claim
	for _, m := range moves {
		at := slices.IndexFunc(in.Existing, func(c models.Claim) bool { return c.ID == m.Claim.ID })
		if (m.Kind == claim.Create) != (at < 0) {
			t.Fatalf("%s of a claim that is at place %d", m.Kind, at)
		}
		switch m.Kind {
		case claim.Create:
			if slices.ContainsFunc(in.Existing, func(c models.Claim) bool { return c.Cause == m.Claim.Cause || c.Number == m.Claim.Number }) {
				t.Fatalf("%+v is there before", m.Claim)
			}
			in.Existing = append(in.Existing, m.Claim)
		case claim.Rebuild, claim.Keep:
			before := in.Existing[at]
			if before.Number != m.Claim.Number || before.Cause != m.Claim.Cause || before.State != m.Claim.State {
				t.Fatalf("%+v became %+v", before, m.Claim)
			}
			in.Existing[at] = m.Claim
		case claim.Withdraw:
			in.Existing[at].State = models.ClaimWithdrawn
			continue
		default:
			t.Fatalf("%s of %+v", m.Kind, m.Claim)
		}
		live = append(live, m.Claim)
	}
	return live
}

func only(moves []claim.Move, kind claim.MoveKind) bool {
	return !slices.ContainsFunc(moves, func(m claim.Move) bool { return m.Kind != kind })
}

// Whatever a case says one after the other, its claims say afterwards what it says last, under numbers that stay.
func TestUnsentClaimsSayWhatTheCaseSaysLast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		for range rapid.IntRange(1, 4).Draw(t, "plans") {
			holdsEveryCharge(t, in, carry(t, &in, claim.Plan(in)))
			for i := range in.Existing {
				if in.Existing[i].State.Facts().Editable {
					in.Existing[i].State = rapid.SampledFrom([]models.ClaimState{models.ClaimDraft, models.ClaimHeld, models.ClaimReady, models.ClaimRejected}).Draw(t, "state")
				}
			}
			before := slices.Clone(in.Existing)
			again := claim.Plan(in)
			if !only(again, claim.Keep) {
				t.Fatalf("the same once more gives %+v", again)
			}
			if carry(t, &in, again); !reflect.DeepEqual(before, in.Existing) {
				t.Fatalf("what is kept became %+v", in.Existing)
			}
			change(t, &in)
		}
	})
}

// From the moment its payer has it, a claim stands as it was sent; what differs is work for a person.
func TestSentClaimIsNeverTouched(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		carry(t, &in, claim.Plan(in))
		if len(in.Existing) == 0 {
			return
		}
		sent := models.ClaimStatesWhere(func(f models.ClaimFacts) bool { return f.Sent })
		at := rapid.IntRange(0, len(in.Existing)-1).Draw(t, "sent")
		in.Existing[at].State = rapid.SampledFrom(sent).Draw(t, "state")
		change(t, &in)
		for _, m := range claim.Plan(in) {
			if m.Kind != claim.NextPayer {
				t.Fatalf("a claim was sent, and the plan is to %s %+v", m.Kind, m.Claim)
			}
		}
	})
}

// What a front end wrote is the claim of its case: it stands, and what was made before it is taken back.
func TestDraftStandsInPlaceOfWhatWouldBeMade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawCase(t)
		carry(t, &in, claim.Plan(in))
		draft := models.Claim{Type: models.ClaimProfessional, ID: "draft", Number: "theirs", CaseID: in.Case.ID, Cause: models.CauseOfDraft("draft"), State: models.ClaimHeld, Billed: 4711}
		in.Existing = append(in.Existing, draft)
		if got := carry(t, &in, claim.Plan(in)); !reflect.DeepEqual(got, []models.Claim{draft}) {
			t.Fatalf("there stand %+v", got)
		}
		if again := claim.Plan(in); !only(again, claim.Keep) || len(again) != 1 {
			t.Fatalf("the same once more gives %+v", again)
		}
		in.Existing[len(in.Existing)-1].State = models.ClaimWithdrawn
		holdsEveryCharge(t, in, carry(t, &in, claim.Plan(in)))
	})
}

// Whatever of an unsent claim says something else now, the same claim is made anew.
func TestEveryChangeRebuildsTheClaim(t *testing.T) {
	for name, change := range map[string]func(in *claim.Input){
		"another place":    func(in *claim.Input) { in.Case.PlaceOfService = "22" },
		"another practice": func(in *claim.Input) { in.Case.BillingID = "other" },
		"another provider": func(in *claim.Input) { in.Case.Rendering.ID = "jones" },
		"another payer of the plan": func(in *claim.Input) {
			in.Payers = func(models.Date) []models.Coverage { return []models.Coverage{{ID: "cov", PayerID: "beta"}} }
		},
		"another diagnosis": func(in *claim.Input) { in.Diagnoses[0].Code = "E78.5" },
		"one diagnosis more": func(in *claim.Input) {
			in.Diagnoses = append(in.Diagnoses, models.Diagnosis{Sequence: 3, Code: "E11.9"})
		},
		"one service more": func(in *claim.Input) {
			in.Charges = append(in.Charges, models.Charge{ID: "b", Sequence: 3, State: models.ChargePosted, PayerID: "acme", ServiceDate: "2026-03-02"})
		},
		"another charge":      func(in *claim.Input) { in.Charges[0].ID = "c" },
		"another code":        func(in *claim.Input) { in.Charges[0].Code = "99215" },
		"another code system": func(in *claim.Input) { in.Charges[0].System = models.SystemHCPCS },
		"another modifier":    func(in *claim.Input) { in.Charges[0].Modifiers = models.Codes{"25"} },
		"other units":         func(in *claim.Input) { in.Charges[0].Units = 2 * models.OneUnit },
		"another pointer":     func(in *claim.Input) { in.Charges[0].Pointers = models.Numbers{2} },
		"another day":         func(in *claim.Input) { in.Charges[0].ServiceDate = "2026-03-03" },
		"who did the line":    func(in *claim.Input) { in.Charges[0].Rendering = models.Performer{NPI: "1999999984"} },
		"another amount":      func(in *claim.Input) { in.Charges[0].Billed = 101 },
	} {
		in := newInput()
		in.Diagnoses = append(in.Diagnoses, models.Diagnosis{Sequence: 2, Code: "E78.0"})
		in.Charges = []models.Charge{
			{ID: "a", Sequence: 1, State: models.ChargePosted, PayerID: "acme", System: models.SystemCPT, Code: "99214", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Billed: 100},
			{ID: "z", Sequence: 2, State: models.ChargePosted, PayerID: "acme", ServiceDate: "2026-03-02", Pointers: models.Numbers{1}},
		}
		before := claim.Plan(in)[0].Claim
		before.State, before.Created = models.ClaimHeld, 7
		in.Existing = []models.Claim{before}
		if got := claim.Plan(in); len(got) != 1 || got[0].Kind != claim.Keep || !reflect.DeepEqual(got[0].Claim, before) {
			t.Fatalf("the same gives %+v", got)
		}
		change(&in)
		got := claim.Plan(in)
		if len(got) != 1 || got[0].Kind != claim.Rebuild {
			t.Errorf("%s: got %+v", name, got)
			continue
		}
		if after := got[0].Claim; after.ID != before.ID || after.Number != before.Number || after.Cause != before.Cause || after.State != before.State || after.Created != before.Created {
			t.Errorf("%s: %+v became %+v", name, before, after)
		}
	}
}

// A claim that is taken back keeps its cause; the next in its place has another, however often that happens.
func TestClaimThatComesAgainHasAnotherCause(t *testing.T) {
	in := newInput()
	charges := []models.Charge{{ID: "a", Sequence: 1, State: models.ChargePosted, PayerID: "acme", ServiceDate: "2026-03-02"}}
	for n := range 4 {
		in.Charges = charges
		created := claim.Plan(in)
		if want := models.CauseOfClaim("Encounter/v", models.ClaimProfessional, 1, "cov", 1, n+1); len(created) != 1 || created[0].Claim.Cause != want {
			t.Fatalf("got %+v, want %s", created, want)
		}
		in.Existing, in.Charges = append(in.Existing, created[0].Claim), nil
		if taken := claim.Plan(in); len(taken) != 1 || taken[0].Kind != claim.Withdraw {
			t.Fatalf("got %+v", taken)
		}
		in.Existing[n].State = models.ClaimWithdrawn
	}
}

// A coverage that is another patient's makes another claim, although its place among the payers is the same.
func TestClaimIsNotRebuiltForAnotherPatient(t *testing.T) {
	in := newInput()
	in.Charges = []models.Charge{{ID: "a", Sequence: 1, State: models.ChargePosted, PayerID: "acme", Billed: 100, ServiceDate: "2026-03-02"}}
	in.Existing = []models.Claim{claim.Plan(in)[0].Claim}
	in.Case.PatientID = "other"
	got := claim.Plan(in)
	if len(got) != 2 || got[0].Kind != claim.Create || got[1].Kind != claim.Withdraw || got[0].Claim.PatientID != "other" || got[0].Claim.Cause == got[1].Claim.Cause {
		t.Errorf("got %+v", got)
	}
}

func TestNextPayerComesBeforeThePatient(t *testing.T) {
	two := func(models.Date) []models.Coverage { return []models.Coverage{{ID: "cov"}, {ID: "second"}} }
	left := models.Answer{ClaimType: models.ClaimProfessional, ClaimID: "c", Posted: true, Adjustments: []models.Adjustment{{GroupCode: "PR", ReasonCode: "2", Amount: 2000}}}
	base := claim.Input{
		Payers: two, Answers: []models.Answer{left},
		Existing: []models.Claim{{ID: "c", CoverageID: "cov", Position: 1, State: models.ClaimAdjudicated, ServiceFrom: "2026-03-02"}},
	}
	for _, row := range []struct {
		name   string
		change func(in *claim.Input)
		want   bool
	}{
		{"another plan, and something is left", func(*claim.Input) {}, true},
		{"no other plan", func(in *claim.Input) { in.Payers = always("cov") }, false},
		{"the last of two", func(in *claim.Input) { in.Existing[0].Position, in.Existing[0].CoverageID = 2, "second" }, false},
		{"another plan comes first by now", func(in *claim.Input) { in.Existing[0].CoverageID = "older" }, false},
		{"nothing is left", func(in *claim.Input) { in.Answers = nil }, false},
		{"the answer is not in the books", func(in *claim.Input) { in.Answers[0].Posted = false }, false},
		{"the answer is to another claim", func(in *claim.Input) { in.Answers[0].ClaimID = "d" }, false},
		{"only a contract amount is off", func(in *claim.Input) { in.Answers[0].Adjustments[0].GroupCode = "CO" }, false},
		{"the claim is not answered", func(in *claim.Input) { in.Existing[0].State = models.ClaimTransmitted }, false},
	} {
		in := base
		in.Existing, in.Answers = slices.Clone(in.Existing), []models.Answer{left}
		in.Answers[0].Adjustments = slices.Clone(left.Adjustments)
		row.change(&in)
		got := claim.Plan(in)
		if row.want != (len(got) == 1) || row.want && (got[0].Kind != claim.NextPayer || got[0].Reason == "") {
			t.Errorf("%s: got %+v", row.name, got)
		}
	}
}
