package models

// What the EHR says about a visit, as far as billing reads it. The documents stay the truth; these are views of them.
type (
	// Encounter is FHIR Encounter.
	Encounter struct {
		ID            VisitID
		Status        string
		Class         string // v3-ActCode: AMB, IMP, EMER, VR …
		PatientID     PatientID
		RenderingID   PractitionerID // first participant that is a Practitioner; primary performer before others
		PracticeID    OrganizationID // serviceProvider
		LocationID    string         // first location
		Start, End    Date
		ReasonCodes   []string       // ICD-10-CM codes of reasonCode
		DiagnosisRefs []DiagnosisRef // diagnosis[], as sent
		Account       string
	}
	// DiagnosisRef is Encounter.diagnosis: which Condition (or Procedure), how important.
	DiagnosisRef struct {
		Reference string // "Condition/…"
		Rank      int    // 0 where it says nothing
		Use       string // AD, DD, CC, CM, billing …
	}
	// Condition is FHIR Condition with an ICD-10-CM code; Code is "" where it has none.
	Condition struct {
		ID        string
		PatientID PatientID
		VisitID   VisitID // "" where Condition.encounter is missing
		Code      string
		Recorded  Date // recordedDate, else onset
		Abated    Date
		Refuted   bool // verificationStatus refuted or entered-in-error
	}
	// Procedure is FHIR Procedure with a CPT or HCPCS code; Code is "" where it has none.
	Procedure struct {
		ID          string
		PatientID   PatientID
		VisitID     VisitID
		Status      string
		System      string
		Code        string
		Modifiers   Codes
		Performed   Date
		RenderingID PractitionerID
		ReasonRefs  []string // "Condition/…"
		ReasonCodes []string // ICD-10-CM
	}
	// ChargeItem is FHIR ChargeItem as an EHR sends it.
	ChargeItem struct {
		ID          ChargeID
		PatientID   PatientID
		VisitID     VisitID
		Status      string
		System      string
		Code        string
		Modifiers   Codes
		Units       int // 0 where it says nothing
		Occurred    Date
		RenderingID PractitionerID
		ReasonCodes []string // ICD-10-CM
	}
)
