package models

import (
	"database/sql/driver"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Stay is what a hospital says of a visit beside its services and diagnoses: the form locators of the UB-04 that stand in the head
// of an institutional claim. Its moments are dateTimes as they were written, with the offset of where the house is, because a payer
// is told the hour. Everything may be missing. X12 005010X223A2, loop 2300.
type Stay struct {
	BillType        string            `json:"billType,omitempty"` // three digits: facility, care, frequency
	Admitted        string            `json:"admitted,omitempty"`
	Discharged      string            `json:"discharged,omitempty"`
	Priority        string            `json:"priority,omitempty"` // of the admission or visit
	PointOfOrigin   string            `json:"pointOfOrigin,omitempty"`
	DischargeStatus string            `json:"dischargeStatus,omitempty"`
	Information     []StayInformation `json:"information,omitempty"`
	Providers       []StayProvider    `json:"providers,omitempty"`
	Procedures      []StayProcedure   `json:"procedures,omitempty"`
}

// StayInformation is an occurrence, occurrence span, condition or value code. Amount is money where IsMoney, else a number of
// thousandths; both are of value codes alone.
type StayInformation struct {
	Kind   InformationKind `json:"kind"`
	Code   string          `json:"code"`
	From   Date            `json:"from,omitempty"`
	Until  Date            `json:"until,omitempty"`
	Amount *Cents          `json:"amount,omitempty"`
	Number *Units          `json:"number,omitempty"`
}

// InformationKind says what a code of the UB-04 tells. NUBC form locators 18 to 28, 31 to 34, 35 and 36, 39 to 41.
type InformationKind string

// The kinds.
const (
	InformationOccurrence InformationKind = "occurrence"
	InformationSpan       InformationKind = "occurrence-span"
	InformationCondition  InformationKind = "condition"
	InformationValue      InformationKind = "value"
)

// StayProvider is who took part in a stay, and as what.
type StayProvider struct {
	Role ProviderRole `json:"role"`
	Who  Performer    `json:"who"`
}

// ProviderRole is a role on an institutional claim. X12 005010X223A2, loops 2310A to 2310F.
// https://hl7.org/fhir/us/carin-bb/CodeSystem-C4BBClaimCareTeamRole.html
type ProviderRole string

// The roles.
const (
	RoleAttending      ProviderRole = "attending"
	RoleOperating      ProviderRole = "operating"
	RoleOtherOperating ProviderRole = "otheroperating"
	RoleReferring      ProviderRole = "referring"
	RoleRendering      ProviderRole = "rendering"
)

// ProviderRoles are the roles in the order in which a claim names them.
var ProviderRoles = []ProviderRole{RoleAttending, RoleOperating, RoleOtherOperating, RoleReferring, RoleRendering}

// StayProcedure is an ICD-10-PCS code with its day; the first one is the principal.
type StayProcedure struct {
	Code string `json:"code"`
	Day  Date   `json:"day,omitempty"`
}

// Roles of a diagnosis on an institutional claim. X12 005010X223A2, HI: ABK, ABJ, APR, ABN, ABF.
// https://hl7.org/fhir/us/carin-bb/CodeSystem-C4BBClaimDiagnosisType.html
const (
	DiagnosisPrincipal     = "principal"
	DiagnosisAdmitting     = "admitting"
	DiagnosisReason        = "patientreasonforvisit"
	DiagnosisExternalCause = "externalcauseofinjury"
	DiagnosisOther         = "other"
)

// DiagnosisRoles are all of them.
var DiagnosisRoles = []string{DiagnosisPrincipal, DiagnosisAdmitting, DiagnosisReason, DiagnosisExternalCause, DiagnosisOther}

// BillType gives the three digits of a type of bill, before which CMS writes a 0.
func BillType(code string) string {
	if len(code) == 4 {
		return strings.TrimPrefix(code, "0")
	}
	return code
}

// inpatientBills begin the types of bill of patients who stay: hospital, swing bed, nursing facility, religious house.
var inpatientBills = []string{"11", "18", "21", "41"}

// IsInpatient reports whether the type of bill is of a patient who stays over night, by its first two digits.
func (s Stay) IsInpatient() bool {
	return len(s.BillType) == 3 && slices.Contains(inpatientBills, s.BillType[:2])
}

// Frequency gives the last digit of the type of bill, "" where there is none.
func (s Stay) Frequency() string { return s.BillType[min(len(s.BillType), 2):] }

// AdmittedOn gives the day of the admission, "" where it is not told.
func (s Stay) AdmittedOn() Date { return dayOf(s.Admitted) }

// DischargedOn gives the day of the discharge, "" where it is not told.
func (s Stay) DischargedOn() Date { return dayOf(s.Discharged) }

// dayOf gives the day that a dateTime names where it was written.
func dayOf(moment string) Date {
	day, _, _ := strings.Cut(moment, "T")
	if len(day) != len("2006-01-02") {
		return ""
	}
	return Date(day)
}

// Provider gives who has a role, the zero Performer where nobody has.
func (s Stay) Provider(role ProviderRole) Performer {
	for _, p := range s.Providers {
		if p.Role == role {
			return p.Who
		}
	}
	return Performer{}
}

// IsEmpty reports whether nothing is said.
func (s Stay) IsEmpty() bool { return s.Equal(Stay{}) }

// Equal reports whether two stays say the same.
func (s Stay) Equal(other Stay) bool { return reflect.DeepEqual(s, other) }

// With gives s as somebody says it over again: what he says counts, what he leaves out stays. Of codes, procedures and roles he
// names all or none; a role that he leaves out stays.
func (s Stay) With(said Stay) Stay {
	for _, word := range []struct{ at, by *string }{
		{&s.BillType, &said.BillType},
		{&s.Admitted, &said.Admitted},
		{&s.Discharged, &said.Discharged},
		{&s.Priority, &said.Priority},
		{&s.PointOfOrigin, &said.PointOfOrigin},
		{&s.DischargeStatus, &said.DischargeStatus},
	} {
		if *word.by != "" {
			*word.at = *word.by
		}
	}
	if len(said.Information) > 0 {
		s.Information = said.Information
	}
	if len(said.Procedures) > 0 {
		s.Procedures = said.Procedures
	}
	providers := slices.Clone(said.Providers)
	for _, p := range s.Providers {
		if said.Provider(p.Role) == (Performer{}) {
			providers = append(providers, p)
		}
	}
	slices.SortStableFunc(providers, func(a, b StayProvider) int {
		return slices.Index(ProviderRoles, a.Role) - slices.Index(ProviderRoles, b.Role)
	})
	s.Providers = providers
	return s
}

// Value writes the stay as JSON, "" where nothing is said; nothing searches in it.
func (s Stay) Value() (driver.Value, error) {
	if s.IsEmpty() {
		return "", nil
	}
	text, err := json.Marshal(s)
	return string(text), err
}

// Scan reads what Value wrote.
func (s *Stay) Scan(src any) error {
	text, err := scannedText(src)
	*s = Stay{}
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), s)
}
