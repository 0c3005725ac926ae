package attack_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/models"
)

// actor is somebody with a token of our tenant. What limits them stands in patient and organization.
type actor struct {
	name          string
	scope         string // "" for the scopes of the role called name
	patient       models.PatientID
	organization  models.OrganizationID
	authorization string
}

// The roles as `medbill token` makes them, and tokens that no role has.
func (w *world) actors(t testing.TB) []*actor {
	t.Helper()
	var list []*actor
	for _, role := range auth.Roles() {
		a := &actor{name: string(role)}
		switch role {
		case auth.RolePatient:
			a.patient = "ann"
		case auth.RolePayer:
			a.organization = "acme"
		}
		list = append(list, a)
	}
	list = append(list, []*actor{
		{name: "patient who writes", scope: "patient/*.cruds operation/pay", patient: "ann"},
		{name: "patient at a payer", scope: "patient/*.cruds operation/pay", patient: "ann", organization: "acme"},
		{name: "payer who may all", scope: "system/*.cruds operation/*", organization: "acme"},
		{name: "payer of nobody", scope: "system/*.cruds system/ClaimResponse.crs"},
		{name: "patient of nobody", scope: "patient/*.cruds"},
	}...)
	for _, a := range list {
		claims := auth.Claims{Tenant: ours, Subject: a.name, Scope: a.scope, Patient: a.patient, Organization: a.organization}
		if a.scope == "" {
			var err error
			if claims, err = auth.RoleClaims(auth.Role(a.name), claims); err != nil {
				t.Fatal(err)
			}
		}
		a.authorization = w.sign(t, claims)
		if _, known := letters(a, "Patient"); !known {
			t.Errorf("%s is new: say in letters what they may do", a.name)
		}
	}
	return list
}

// What types a role may read beside those that it writes.
var (
	clinical = strings.Fields(`AllergyIntolerance CarePlan CareTeam ChargeItem Claim Communication Condition Device DiagnosticReport DocumentReference
		Encounter EpisodeOfCare Goal ImagingStudy Immunization Location Media Medication MedicationAdministration MedicationRequest MedicationStatement
		Observation Organization Patient Practitioner PractitionerRole Procedure Provenance RelatedPerson ServiceRequest Specimen Task`)
	reception = strings.Fields(`Appointment CoverageEligibilityRequest CoverageEligibilityResponse Encounter HealthcareService InsurancePlan
		Invoice Location Organization Practitioner PractitionerRole Task`)
	ofClaims  = strings.Fields("Claim Coverage Encounter Organization Patient Practitioner RelatedPerson") // what a claim leads its payer to
	fromPaper = strings.Fields("ClaimResponse PaymentReconciliation")                                      // what the billing desk enters where it came on paper, which no record here did
	offices   = strings.Fields("Account PaymentNotice PaymentReconciliation Task")                         // what is not an EHR's, but that it says who answers for a patient
)

// letters says what an actor may do with records of a type that are theirs to see, in SMART's letters; false for an actor of
// whom nothing is said.
func letters(a *actor, typ string) (string, bool) {
	may := func(letters string, types ...string) string {
		if slices.Contains(types, typ) {
			return letters
		}
		return ""
	}
	switch a.name {
	case "admin", "patient who writes":
		return "cruds", true
	case "patient at a payer", "payer who may all":
		return "rs" + may("cu", "ClaimResponse", "CoverageEligibilityResponse", "PaymentReconciliation") + may("c", "Task"), true
	case "payer of nobody", "patient of nobody":
		return "", true
	case "ehr":
		if slices.Contains(offices, typ) {
			return may("cu", "Account"), true
		}
		return "cruds", true
	case "frontdesk":
		return may("crus", "Account", "Appointment", "Patient", "Coverage", "CoverageEligibilityRequest", "RelatedPerson") + may("crs", "PaymentNotice") + may("rs", reception...), true
	case "coder":
		return may("rs", clinical...), true
	case "biller", "manager":
		return "rs" + may("cu", "Claim", "Coverage", "CoverageEligibilityRequest") + may("c", "PaymentNotice") + may("c", fromPaper...), true
	case "payer":
		return may("rs", ofClaims...) + may("rs", "CoverageEligibilityRequest", "DocumentReference") + may("crs", "ClaimResponse", "CoverageEligibilityResponse", "PaymentReconciliation", "Task"), true
	case "patient":
		return "rs", true
	}
	return "", false
}

func may(a *actor, typ, letter string) bool {
	all, _ := letters(a, typ)
	return strings.Contains(all, letter)
}

// sees says whether a record is an actor's to see, where they may read its type at all.
func sees(a *actor, r *record) bool {
	return r.tenant == ours &&
		(a.organization == "" || slices.Contains(r.payers, string(a.organization))) &&
		(a.patient == "" || r.person == string(a.patient) || slices.Contains(r.near, string(a.patient)))
}
