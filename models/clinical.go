package models

// What the EHR says about a visit, as far as billing reads it. The documents stay the truth; these are views of them. A
// Condition that a document holds itself has the id "#" and its own; references to it are written alike.
type (
	// Encounter is FHIR Encounter.
	Encounter struct {
		ID            VisitID
		Status        string
		Class         string // v3-ActCode: AMB, IMP, EMER, VR …; "" where it has none of that system
		PatientID     PatientID
		Participants  []Participant
		PracticeID    OrganizationID // serviceProvider
		Locations     []VisitLocation
		Start, End    Date
		Stay          Stay           // as far as an Encounter tells it: no type of bill
		ReasonCodes   []string       // ICD-10-CM codes of reasonCode
		DiagnosisRefs []DiagnosisRef // diagnosis[], then reasonReference[], as far as they name a Condition
		Contained     []Condition
		Account       string
		Identifiers   []string // business identifiers as system|value; account numbers, which many visits share, left out
	}
	// VisitLocation is Encounter.location: where the visit was, and whether the patient is still (active), was (completed)
	// or was to be there (planned, reserved). The Location has an id alone where it is a record, and none where the
	// Encounter holds it itself.
	VisitLocation struct {
		Status   string
		Location Location
	}
	// DiagnosisRef is Encounter.diagnosis: which Condition, how important.
	DiagnosisRef struct {
		Reference string // "Condition/…"
		Rank      int    // 0 where it says nothing
		Use       string // AD, DD, CC, CM, billing …
	}
	// Condition is FHIR Condition with an ICD-10-CM code; Code is "" where it has none.
	Condition struct {
		ID          string
		PatientID   PatientID
		VisitID     VisitID // "" where Condition.encounter is missing
		Code        string
		Recorded    Date // recordedDate, else onset
		Onset       Date
		Abated      Date
		IsRefuted   bool // verificationStatus refuted or entered-in-error
		IsUncertain bool // verificationStatus unconfirmed, provisional or differential
	}
	// Procedure is FHIR Procedure with a CPT or HCPCS code; Code is "" where it has none. Hospital is its code of ICD-10-PCS.
	Procedure struct {
		ID          string
		PatientID   PatientID
		VisitID     VisitID
		Status      string
		System      string
		Code        string
		Hospital    string
		Modifiers   Codes
		Performed   Date
		Performers  []Participant
		ReasonRefs  []string // "Condition/…"
		ReasonCodes []string // ICD-10-CM
	}
	// Order is FHIR ServiceRequest with a CPT or HCPCS code; Code is "" where it has none, or where it was taken back.
	Order struct {
		System      string
		Code        string
		ReasonCodes []string // ICD-10-CM
	}
	// ChargeItem is FHIR ChargeItem as an EHR sends it; Code is "" where it has none of CPT or HCPCS and no revenue code. Problems is what of it
	// cannot be read as billing needs it.
	ChargeItem struct {
		ID          ChargeID
		PatientID   PatientID
		VisitID     VisitID
		Status      string
		System      string
		Code        string
		Revenue     string
		Modifiers   Codes
		Units       Units // one where it states none; 0 where what it states cannot be read
		Measure     Measure
		Drug        Drug // its Quantity is 0 where it states none
		Occurred    Date
		Performers  []Participant
		ReasonRefs  []string // "Condition/…" in supportingInformation
		ReasonCodes []string // ICD-10-CM
		ServiceRefs []string // "Procedure/…" that it charges
		Stated      *Cents   // priceOverride: the price of all units
		Problems    []Finding
	}
)
