package models

import (
	"reflect"
	"strings"
)

// CaseID names a case by what opened it, written as a reference: "Encounter/1" for a visit, "Claim/2" for a draft that a
// front end wrote, "Opening/3" for a balance taken over from another system. So one visit can have one case only, and what
// arrives before its visit knows to which case it will belong.
type CaseID string

// The types of what opens a case.
const (
	OriginVisit   = "Encounter"
	OriginDraft   = "Claim"
	OriginOpening = "Opening"
)

// CaseOf gives the case of a visit.
func CaseOf(id VisitID) CaseID { return CaseID(Ref{OriginVisit, string(id)}.String()) }

// CaseOfDraft gives the case that a front end's draft opens.
func CaseOfDraft(id ClaimID) CaseID { return CaseID(Ref{OriginDraft, string(id)}.String()) }

// Origin gives what opened the case.
func (id CaseID) Origin() Ref {
	typ, key, _ := strings.Cut(string(id), "/")
	return Ref{typ, key}
}

// Visit gives the Encounter of a case; "" where something else opened it.
func (id CaseID) Visit() VisitID {
	if origin := id.Origin(); origin.Type == OriginVisit {
		return VisitID(origin.ID)
	}
	return ""
}

// Case is what is billed together: a visit, a front end's draft or an opening balance. Charges, claims, answers, invoices and
// work hang on it. Due is the step that comes next, from DueAt on; "" where the turn is somebody else's.
type Case struct {
	TenantID       TenantID `gorm:"primaryKey"`
	ID             CaseID   `gorm:"primaryKey"`
	PatientID      PatientID
	State          CaseState
	Reason         string // why it is not ours or waits, one sentence without values
	Due            CaseStep
	DueAt          Instant
	ServiceDate    Date
	EndDate        Date      // day the visit ended; go-live is judged on it
	PlaceOfService string    // two digits, CMS place of service code set
	Rendering      Performer `gorm:"embedded;embeddedPrefix:rendering_"`
	BillingID      OrganizationID
	LocationID     string
	Stay           Stay
	CodedBy        CodedBy
	Chart          string // digest of what the EHR said when a person coded
	Created        Instant
	Updated        Instant
}

// Version tells one state of what is known about the case from the next: every save makes another.
func (c Case) Version() int64 { return int64(c.Updated) }

// Equal reports whether two cases say the same in everything.
func (c Case) Equal(other Case) bool { return reflect.DeepEqual(c, other) }

// CaseState says whose turn it is.
type CaseState string

// The states of a case. Every case is in exactly one of them, and each says who moves it on.
const (
	CaseNew     CaseState = "new"      // opened, not yet looked at
	CaseNotOurs CaseState = "not-ours" // billed elsewhere, or before the practice went live
	CaseWaiting CaseState = "waiting"  // no coverage is on file; self-pay when the time is over
	CaseHeld    CaseState = "held"     // a person decides; an open work item says what
	CaseReady   CaseState = "ready"    // claims can be sent
	CaseSent    CaseState = "sent"     // a payer has a claim and has not answered
	CasePatient CaseState = "patient"  // an invoice is open
	CaseClosed  CaseState = "closed"   // nothing is owed
	CaseVoided  CaseState = "voided"   // taken back before anything was sent
)

// Turn says who moves a case on.
type Turn string

// The turns.
const (
	TurnOurs    Turn = "ours"    // a step is due, now or at a time
	TurnPerson  Turn = "person"  // somebody works an open item
	TurnBiller  Turn = "biller"  // somebody sends what is ready
	TurnPayer   Turn = "payer"   //
	TurnPatient Turn = "patient" //
	TurnNobody  Turn = "nobody"  // it is at its end, until something new arrives
)

// CaseFacts is what there is to know about a state of a case. Where the payer, or the patient, owes nothing, the receivable of the
// case is even.
type CaseFacts struct {
	State       CaseState
	Turn        Turn
	PayerOwes   bool
	PatientOwes bool
}

// CaseStates is the table of states, in the order of a case's life.
var CaseStates = []CaseFacts{
	{CaseNew, TurnOurs, true, true},
	{CaseNotOurs, TurnNobody, false, false},
	{CaseWaiting, TurnOurs, false, false},
	{CaseHeld, TurnPerson, true, true},
	{CaseReady, TurnBiller, true, true},
	{CaseSent, TurnPayer, true, true},
	{CasePatient, TurnPatient, false, true},
	{CaseClosed, TurnNobody, false, false},
	{CaseVoided, TurnNobody, false, false},
}

// Facts gives the row of the table; one that says nothing for a state that is not in it.
func (s CaseState) Facts() CaseFacts {
	for _, facts := range CaseStates {
		if facts.State == s {
			return facts
		}
	}
	return CaseFacts{State: s}
}

// Turn says who moves a case in this state on.
func (s CaseState) Turn() Turn { return s.Facts().Turn }

// CaseStep is what a case does by itself.
type CaseStep string

// The steps. Planning reads the chart again and brings charges and claims up to it; billing asks the patient for what is
// left.
const (
	StepNone CaseStep = ""
	StepPlan CaseStep = "plan"
	StepBill CaseStep = "bill"
)

// CaseDiagnosis is a Diagnosis of a case as a row.
type CaseDiagnosis struct {
	TenantID   TenantID `gorm:"primaryKey"`
	CaseID     CaseID   `gorm:"primaryKey"`
	Sequence   int      `gorm:"primaryKey"`
	Code       string
	InHospital `gorm:"embedded"`
}
