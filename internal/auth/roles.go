package auth

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"medbill/fhir"
	"medbill/models/operation"
)

// Role is what `medbill token --role` asks for: a set of scopes under a name of the office.
type Role string

// The roles.
const (
	RoleAdmin     Role = "admin"     // the tenant's own administrator
	RoleEHR       Role = "ehr"       // the practice's record system: writes visits, follows claims
	RoleFrontDesk Role = "frontdesk" // who is there, who covers them, what they pay
	RoleCoder     Role = "coder"     // codes visits; sees no bank and no payments
	RoleBiller    Role = "biller"    // the billing desk
	RoleManager   Role = "manager"   // a biller who also sets fees and the tenant's settings and runs failed steps again
	RolePayer     Role = "payer"     // one insurer; needs an organization
	RolePatient   Role = "patient"   // one patient; needs a patient
)

// Roles lists all roles, for help texts and for tests over all of them.
func Roles() []Role {
	return []Role{RoleAdmin, RoleEHR, RoleFrontDesk, RoleCoder, RoleBiller, RoleManager, RolePayer, RolePatient}
}

// coderReads is what a coder reads: the clinical record of a visit, who and where, the work list, and what coding makes.
var coderReads = []string{
	"AllergyIntolerance", "CarePlan", "CareTeam", "ChargeItem", "Claim", "Communication", "Condition", "Device", "DiagnosticReport",
	"DocumentReference", "Encounter", "EpisodeOfCare", "Goal", "ImagingStudy", "Immunization", "Location", "Media",
	"Medication", "MedicationAdministration", "MedicationRequest", "MedicationStatement", "Observation", "Organization",
	"Patient", "Practitioner", "PractitionerRole", "Procedure", "Provenance", "RelatedPerson", "ServiceRequest", "Specimen", "Task",
}

// The front desk writes who a patient is and who covers them, and reads what it needs to ask for both and to collect.
var (
	deskTakes  = []string{"PaymentNotice"}
	deskWrites = []string{"Account", "Appointment", "Coverage", "CoverageEligibilityRequest", "Patient", "RelatedPerson"}
	deskReads  = []string{
		"CoverageEligibilityResponse", "Encounter", "HealthcareService", "InsurancePlan", "Invoice", "Location", "Organization", "Practitioner", "PractitionerRole", "Task",
	}
)

// ehrBills are the billing documents that come with a record from elsewhere. Such an Invoice or ExplanationOfBenefit is
// external whoever writes it.
var ehrBills = []string{"ChargeItem", "Claim", "ExplanationOfBenefit", "Invoice"}

// RoleScopes gives the scope claim of role. It refuses an unknown role. What a role sees beyond its scopes (drafts only, own
// claims only) is decided where the record is known.
func RoleScopes(role Role) (string, error) {
	switch role {
	case RoleAdmin:
		return words("system/*.cruds", operationAny.String(), operation.ScopeCodes.String()), nil
	case RoleEHR:
		// At the user's level a ClaimResponse is a record of billing done elsewhere; at the system's it would be a payer's answer.
		// An Account says who answers for a patient; what the books hold about that is not the EHR's to read.
		return words(each(LevelSystem, kept(), permissionAll), each(LevelSystem, ehrBills, permissionAll), "system/Account.cu", "user/ClaimResponse.cruds"), nil
	case RoleFrontDesk:
		written := each(LevelUser, deskWrites, PermissionCreate|PermissionRead|PermissionUpdate|PermissionSearch)
		taken := each(LevelUser, deskTakes, PermissionCreate|PermissionRead|PermissionSearch)
		return words(written, taken, each(LevelUser, deskReads, PermissionRead|PermissionSearch), operation.ScopePay.String(), operation.ScopeWork.String()), nil
	case RoleCoder:
		return words(each(LevelUser, coderReads, PermissionRead|PermissionSearch), operation.ScopeCode.String(), operation.ScopeValidate.String(), operation.ScopeWork.String()), nil
	case RoleBiller:
		return billing, nil
	case RoleManager:
		return words(billing, operation.ScopeRefund.String(), operation.ScopeSettings.String(), operation.ScopeFees.String(), operation.ScopePayers.String(), operation.ScopeContracts.String(), operation.ScopeOpenings.String(), operation.ScopeRules.String(),
			operation.ScopeRetry.String()), nil
	case RolePayer:
		return "system/Claim.rs system/ClaimResponse.crs system/PaymentReconciliation.crs system/Task.crs system/CoverageEligibilityRequest.rs system/CoverageEligibilityResponse.crs", nil
	case RolePatient:
		return words("patient/*.rs", operation.ScopePay.String()), nil
	}
	return "", fmt.Errorf("the role is unknown; choose one of %s", join(Roles()))
}

// billing is what the billing desk may do.
var billing = words("user/*.rs user/Claim.cu user/ClaimResponse.c user/Coverage.cu user/CoverageEligibilityRequest.cu user/PaymentNotice.c user/PaymentReconciliation.c", operation.ScopeCode.String(), operation.ScopeValidate.String(),
	operation.ScopeSubmit.String(), operation.ScopePay.String(), operation.ScopeAdjust.String(), operation.ScopeWork.String(), operation.ScopeTryRules.String(), operation.ScopeReports.String(), operation.ScopeDeposits.String(), operation.ScopeStatements.String())

// RoleClaims gives who with the scopes of role. It refuses a payer without an organization and a patient without a
// patient: such a token would see too much or nothing.
func RoleClaims(role Role, who Claims) (Claims, error) {
	scope, err := RoleScopes(role)
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

// kept gives the types that an EHR owns.
func kept() []string {
	var names []string
	for _, t := range fhir.Types() {
		if t.Owner == fhir.Kept {
			names = append(names, t.Name)
		}
	}
	return names
}

func each(level Level, types []string, permissions Permission) string {
	scopes := make([]string, len(types))
	for i, name := range slices.Sorted(slices.Values(types)) {
		scopes[i] = level.String() + "/" + name + "." + permissions.String()
	}
	return strings.Join(scopes, " ")
}

func words(scopes ...string) string { return strings.Join(scopes, " ") }

func join(roles []Role) string {
	names := make([]string, len(roles))
	for i, role := range roles {
		names[i] = string(role)
	}
	return strings.Join(names, ", ")
}
