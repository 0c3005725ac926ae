package claim

import (
	"cmp"
	"slices"
	"strings"

	"medbill/models"
)

// institutional gives the lines of what a house gave, by their revenue codes, with what it says of the stay: who attended is whom it
// names, else who did the visit. Its statement covers the visit and every line. A line of somebody who stays names no day.
// X12 005010X223A2, loops 2300 and 2400.
func (in Input) institutional(c models.Claim, d deal) models.Claim {
	c.Stay = in.Case.Stay
	if c.Stay.Provider(models.RoleAttending) == (models.Performer{}) && in.Case.Rendering != (models.Performer{}) {
		c.Stay = c.Stay.With(models.Stay{Providers: []models.StayProvider{{Role: models.RoleAttending, Who: in.Case.Rendering}}})
	}
	c.Rendering = c.Stay.Provider(models.RoleAttending)
	if in.Case.ServiceDate != "" {
		c.ServiceFrom = min(cmp.Or(c.ServiceFrom, in.Case.ServiceDate), in.Case.ServiceDate)
		c.ServiceUntil = max(c.ServiceUntil, in.Case.ServiceDate, in.Case.EndDate)
	}
	for i, diagnosis := range withRoles(in.diagnoses(d)) {
		c.Diagnoses = append(c.Diagnoses, models.ClaimDiagnosis{Sequence: i + 1, Code: diagnosis.Code, InHospital: diagnosis.InHospital})
	}
	for i, charge := range d.charges {
		line := models.ClaimLine{
			Sequence: i + 1, ChargeID: charge.ID, System: charge.System, Code: charge.Code, Revenue: charge.Revenue, Modifiers: charge.Modifiers,
			Units: charge.Units, Measure: charge.Measure, Drug: charge.Drug, ServiceDate: charge.ServiceDate, Billed: charge.Billed,
		}
		if c.Stay.IsInpatient() {
			line.ServiceDate = ""
		}
		c.Lines = append(c.Lines, line)
	}
	return c
}

// externalCauses begin the codes of what hurt somebody, which is never what he is treated for. ICD-10-CM, chapter 20.
const externalCauses = "VWXY"

// withRoles says of each diagnosis what it is to the visit where nobody said so: the first that may be it is the principal one.
func withRoles(diagnoses []models.Diagnosis) []models.Diagnosis {
	isPrincipal := func(d models.Diagnosis) bool { return slices.Contains(d.Roles, models.DiagnosisPrincipal) }
	hasPrincipal := slices.ContainsFunc(diagnoses, isPrincipal)
	list := slices.Clone(diagnoses)
	for i := range list {
		d := &list[i]
		isCause := d.Code != "" && strings.ContainsRune(externalCauses, rune(d.Code[0]))
		isAdmitting := slices.Equal(d.Roles, models.Codes{models.DiagnosisAdmitting})
		switch {
		case len(d.Roles) == 0 && isCause:
			d.Roles = models.Codes{models.DiagnosisExternalCause}
		case !hasPrincipal && (len(d.Roles) == 0 || isAdmitting):
			d.Roles, hasPrincipal = append(models.Codes{models.DiagnosisPrincipal}, d.Roles...), true
		case len(d.Roles) == 0:
			d.Roles = models.Codes{models.DiagnosisOther}
		}
	}
	return list
}
