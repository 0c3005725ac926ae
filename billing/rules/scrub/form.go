package scrub

import (
	"slices"

	"medbill/models"
)

// Form is which claims a rule looks at: of those who treat, or of a house, for whom stayed or for whom came and went.
type Form string

// The forms.
const (
	FormProfessional Form = "professional"
	FormInpatient    Form = "inpatient"
	FormOutpatient   Form = "outpatient"
	FormUnclear      Form = "institutional" // its type of bill does not say which
)

// Which forms a rule looks at, as the table of rules says it.
var (
	every      = []Form{FormProfessional, FormInpatient, FormOutpatient, FormUnclear}
	treating   = []Form{FormProfessional}
	house      = []Form{FormInpatient, FormOutpatient, FormUnclear}
	inpatient  = []Form{FormInpatient}
	outpatient = []Form{FormOutpatient}
	byLine     = []Form{FormProfessional, FormOutpatient}
)

// form gives the form of the claim.
func (s Subject) form() Form {
	switch {
	case s.Claim.Type == models.ClaimProfessional:
		return FormProfessional
	case s.Claim.Stay.IsInpatient():
		return FormInpatient
	case !shapeBillType.MatchString(s.Claim.Stay.BillType):
		return FormUnclear
	}
	return FormOutpatient
}

func (r rule) looksAt(s Subject) bool { return slices.Contains(r.forms, s.form()) }
