package claim_test

import (
	"fmt"
	"slices"
	"testing"

	"medbill/billing/rules/claim"
	"medbill/models"
)

// house is a charge of a house, in the books.
func house(sequence int, revenue string, billed models.Cents) models.Charge {
	return models.Charge{
		ID: models.ChargeID(fmt.Sprint("h", sequence)), Sequence: sequence, State: models.ChargePosted, PayerID: "acme", System: models.SystemRevenue, Code: revenue, Revenue: revenue,
		Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-03", Rendering: smith, Billed: billed,
	}
}

// stayed is a case of three days in hospital.
func stayed(charges ...models.Charge) claim.Input {
	in := newInput()
	in.Case.ServiceDate, in.Case.EndDate, in.Case.Stay = "2026-03-02", "2026-03-05", models.Stay{BillType: "111", Admitted: "2026-03-02T14:00:00-05:00"}
	in.Charges = charges
	return in
}

// planned gives the claims of a case.
func planned(in claim.Input) []models.Claim {
	var claims []models.Claim
	for _, m := range claim.Plan(in) {
		claims = append(claims, m.Claim)
	}
	return claims
}

func TestARevenueCodeDecidesOnWhichClaimAChargeStands(t *testing.T) {
	did := house(2, "", 6000)
	did.ID, did.System, did.Code = "did", models.SystemCPT, "93000"
	in := stayed(house(1, "0120", 90000), did, house(3, "0250", 12550))
	got := planned(in)
	if len(got) != 2 || got[0].Type != models.ClaimInstitutional || got[1].Type != models.ClaimProfessional || got[0].Billed != 102550 || got[1].Billed != 6000 {
		t.Fatalf("got %+v", got)
	}
	if got[0].Cause == got[1].Cause {
		t.Errorf("both have the cause %s", got[0].Cause)
	}
	stay, visit := got[0], got[1]
	if stay.Stay.Provider(models.RoleAttending) != smith || stay.Rendering != smith || stay.PlaceOfService != "" || stay.ServiceFrom != "2026-03-02" || stay.ServiceUntil != "2026-03-05" {
		t.Errorf("the hospital's claim is %+v", stay)
	}
	for _, l := range stay.Lines {
		if l.ServiceDate != "" || l.Pointers != nil || l.Rendering != (models.Performer{}) || l.Revenue == "" {
			t.Errorf("a line of the stay is %+v", l)
		}
	}
	if !visit.Stay.IsEmpty() || visit.PlaceOfService != "11" || visit.Lines[0].ServiceDate != "2026-03-03" || len(visit.Lines[0].Pointers) != 1 {
		t.Errorf("the claim of who treated is %+v", visit)
	}
	in.Existing = got
	for _, m := range claim.Plan(in) {
		if m.Kind != claim.Keep {
			t.Errorf("planned again the %s claim is %s, want keep", m.Claim.Type, m.Kind)
		}
	}
	in.Case.Stay.DischargeStatus = "01"
	if moves := claim.Plan(in); moves[0].Kind != claim.Rebuild || moves[1].Kind != claim.Keep {
		t.Errorf("with another status they are %s and %s, want rebuild and keep", moves[0].Kind, moves[1].Kind)
	}
	in.Charges[0].Revenue = "" // the house does not bill it after all
	in.Charges[2].Revenue = ""
	if moves := claim.Plan(in); len(moves) != 2 || moves[0].Claim.Type != models.ClaimProfessional || len(moves[0].Claim.Lines) != 3 || moves[1].Kind != claim.Withdraw {
		t.Errorf("without revenue codes they are %+v", moves)
	}
}

func TestAHospitalsClaimHoldsMoreThanAProfessionalOne(t *testing.T) {
	in := stayed()
	for i := range 1000 {
		in.Charges = append(in.Charges, house(i+1, "0250", 100))
	}
	in.Diagnoses = nil
	for i := range 30 {
		in.Diagnoses = append(in.Diagnoses, models.Diagnosis{Sequence: i + 1, Code: fmt.Sprintf("A%02d", i)})
	}
	got := planned(in)
	if len(got) != 2 || len(got[0].Lines) != 999 || len(got[1].Lines) != 1 || len(got[0].Diagnoses) != 25 {
		t.Errorf("got %d claims of %d and more lines, %d diagnoses", len(got), len(got[0].Lines), len(got[0].Diagnoses))
	}
}

func TestADiagnosisSaysWhatItIsToTheStay(t *testing.T) {
	said := func(code string, roles ...string) models.Diagnosis {
		return models.Diagnosis{Code: code, InHospital: models.InHospital{Roles: roles}}
	}
	for name, row := range map[string]struct {
		diagnoses []models.Diagnosis
		want      string
	}{
		"nobody says anything":         {[]models.Diagnosis{said("J18.9"), said("E11.9")}, "[principal] [other]"},
		"the cause comes first":        {[]models.Diagnosis{said("Y92.9"), said("S52.5")}, "[externalcauseofinjury] [principal]"},
		"another is the principal one": {[]models.Diagnosis{said("J18.9"), said("E11.9", "principal")}, "[other] [principal]"},
		"the first was at admission":   {[]models.Diagnosis{said("J18.9", "admitting"), said("E11.9")}, "[principal admitting] [other]"},
	} {
		in := stayed(house(1, "0120", 90000))
		in.Diagnoses = slices.Clone(row.diagnoses)
		for i := range in.Diagnoses {
			in.Diagnoses[i].Sequence = i + 1
		}
		d := planned(in)[0].Diagnoses
		if got := fmt.Sprint(d[0].Roles, " ", d[1].Roles); got != row.want {
			t.Errorf("%s: got %s, want %s", name, got, row.want)
		}
	}
}
