package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Role is what `medbill token --role` asks for: a set of scopes under a name of the office.
type Role string

// The roles.
const (
	RoleAdmin   Role = "admin"   // the tenant's own administrator
	RoleEHR     Role = "ehr"     // the practice's record system: writes visits, follows claims
	RoleCoder   Role = "coder"   // codes visits; sees no bank and no payments
	RoleBiller  Role = "biller"  // the billing desk
	RolePayer   Role = "payer"   // one insurer; needs an organization
	RolePatient Role = "patient" // one patient; needs a patient
)

// Roles lists all roles, for help texts and for tests over all of them.
func Roles() []Role {
	return []Role{RoleAdmin, RoleEHR, RoleCoder, RoleBiller, RolePayer, RolePatient}
}

// coderTypes is what a coder reads: the clinical record of a visit, who and where, the work list, and what coding makes.
var coderTypes = []string{
	"AllergyIntolerance", "CarePlan", "CareTeam", "ChargeItem", "Claim", "ClinicalImpression", "Composition", "Condition",
	"Device", "DeviceUseStatement", "DiagnosticReport", "DocumentReference", "Encounter", "EpisodeOfCare",
	"FamilyMemberHistory", "Goal", "ImagingStudy", "Immunization", "Location", "Media", "Medication",
	"MedicationAdministration", "MedicationDispense", "MedicationRequest", "MedicationStatement", "Observation",
	"Organization", "Patient", "Practitioner", "PractitionerRole", "Procedure", "QuestionnaireResponse", "RelatedPerson",
	"ServiceRequest", "Specimen", "Task",
}

// RoleScopes gives the scope claim of role; kept are the names of the types the EHR owns, from the register. It refuses an
// unknown role. What a role sees beyond its scopes (drafts only, own claims only) is decided where the record is known.
func RoleScopes(role Role, kept []string) (string, error) {
	switch role {
	case RoleAdmin:
		return "system/*.cruds operation/*", nil
	case RoleEHR:
		own := each("system", kept, permissionAll)
		return own + " system/ChargeItem.cruds system/Claim.cruds system/Invoice.rs", nil
	case RoleCoder:
		return each("user", coderTypes, PermissionRead|PermissionSearch) + " operation/code operation/validate", nil
	case RoleBiller:
		return "user/*.rs user/Claim.cu operation/code operation/validate operation/submit operation/pay operation/invoice", nil
	case RolePayer:
		return "system/Claim.rs system/ClaimResponse.crs", nil
	case RolePatient:
		return "patient/*.rs operation/pay", nil
	}
	return "", fmt.Errorf("the role is unknown; choose one of %s", join(Roles()))
}

// RoleClaims gives who with the scopes of role. It refuses a payer without an organization and a patient without a
// patient: such a token would see too much or nothing.
func RoleClaims(role Role, kept []string, who Claims) (Claims, error) {
	scope, err := RoleScopes(role, kept)
	if err != nil {
		return Claims{}, err
	}
	if role == RolePayer && who.Organization == "" {
		return Claims{}, errors.New("the role payer needs an organization: the id of the payer's Organization")
	}
	if role == RolePatient && who.Patient == "" {
		return Claims{}, errors.New("the role patient needs a patient: the id of the Patient")
	}
	who.Scope = scope
	return who, nil
}

func each(context string, types []string, permissions Permission) string {
	scopes := make([]string, len(types))
	for i, name := range slices.Sorted(slices.Values(types)) {
		scopes[i] = context + "/" + name + "." + permissions.String()
	}
	return strings.Join(scopes, " ")
}

func join(roles []Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}
