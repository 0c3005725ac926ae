package models

import "slices"

// ClaimState is the claim's lifecycle, finer than Claim.status.
type ClaimState string

// The states of a claim.
const (
	ClaimDraft       ClaimState = "draft"
	ClaimHeld        ClaimState = "held"
	ClaimReady       ClaimState = "ready"
	ClaimTransmitted ClaimState = "transmitted"
	ClaimReceived    ClaimState = "received"           // the payer has it
	ClaimAccepted    ClaimState = "accepted"           // the payer took it in and will judge it
	ClaimPending     ClaimState = "pending"            // the payer works on it
	ClaimAsked       ClaimState = "info-requested"     // the payer waits for documents
	ClaimLost        ClaimState = "lost"               // the payer does not find it
	ClaimFinalized   ClaimState = "finalized-no-era"   // the payer is done with it, and its answer did not come
	ClaimSyntax      ClaimState = "rejected-syntax"    // the payer could not read it; mended and sent again
	ClaimRejected    ClaimState = "rejected"           // turned away at the door; mended and sent again
	ClaimPartly      ClaimState = "partly-adjudicated" // some lines are judged, the others are still answerable
	ClaimAdjudicated ClaimState = "adjudicated"
	ClaimReversed    ClaimState = "reversed"
	ClaimReplacing   ClaimState = "replacement-pending"
	ClaimReplaced    ClaimState = "replaced"
	ClaimVoiding     ClaimState = "void-pending"
	ClaimVoided      ClaimState = "voided"           // the payer confirmed it
	ClaimForwarded   ClaimState = "forwarded"        // the payer before gave it to its payer; never sent by us
	ClaimWithdrawn   ClaimState = "entered-in-error" // never sent
)

// ClaimFacts is what there is to know about a state of a claim: Claim.status, whether its payer has it (from then on only the
// state changes), whether its payer may see it, whether it is still made from its case, and whether an answer is awaited.
// https://hl7.org/fhir/R4/codesystem-fm-status.html
type ClaimFacts struct {
	State     ClaimState
	Status    string
	Sent      bool
	PayerSees bool
	Editable  bool
	Awaited   bool
}

// ClaimStates is the table of states, in the order of a claim's life.
var ClaimStates = []ClaimFacts{
	{State: ClaimDraft, Status: "draft", Editable: true},
	{State: ClaimHeld, Status: "draft", Editable: true},
	{State: ClaimReady, Status: "draft", Editable: true},
	{State: ClaimTransmitted, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimReceived, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimAccepted, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimPending, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimAsked, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimLost, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimFinalized, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimSyntax, Status: "draft", PayerSees: true, Editable: true},
	{State: ClaimRejected, Status: "draft", PayerSees: true, Editable: true},
	{State: ClaimPartly, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimAdjudicated, Status: "active", Sent: true, PayerSees: true},
	{State: ClaimReversed, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimReplacing, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimReplaced, Status: "cancelled", Sent: true, PayerSees: true},
	{State: ClaimVoiding, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimVoided, Status: "cancelled", Sent: true, PayerSees: true},
	{State: ClaimForwarded, Status: "active", Sent: true, PayerSees: true, Awaited: true},
	{State: ClaimWithdrawn, Status: "entered-in-error"},
}

// Facts gives the row of the table; the zero row for an unknown state.
func (s ClaimState) Facts() ClaimFacts {
	for _, facts := range ClaimStates {
		if facts.State == s {
			return facts
		}
	}
	return ClaimFacts{}
}

// IsTurnedAway reports whether the payer did not take the claim in, so that it is mended and sent again.
func (f ClaimFacts) IsTurnedAway() bool { return f.PayerSees && f.Editable }

// IsLive reports whether a claim in this state asks for money, or may yet.
func (s ClaimState) IsLive() bool {
	return s != ClaimWithdrawn && s != ClaimVoided && s != ClaimReplaced
}

// ClaimStatesWhere gives the states of which a fact holds, in the table's order.
func ClaimStatesWhere(holds func(ClaimFacts) bool) []ClaimState {
	var states []ClaimState
	for _, facts := range ClaimStates {
		if holds(facts) {
			states = append(states, facts.State)
		}
	}
	return states
}

// Limits of a professional claim. X12 005010X222A1: HI segments, loop 2400, SV107, CLM01.
const (
	ClaimLinesMax     = 50
	ClaimDiagnosesMax = 12
	LinePointersMax   = 4
	LineModifiersMax  = 4
	ClaimNumberMax    = 20
)

// Claim is what we ask one payer to pay for one case. Number is ours, unique in the tenant, opaque to the payer. Rendering is
// the claim's provider, of an institutional claim its attending; a line names its own where another one did it (837 loops 2310B and 2420A).
type Claim struct {
	TenantID       TenantID `gorm:"primaryKey"`
	ID             ClaimID  `gorm:"primaryKey"`
	Number         string
	Type           ClaimType
	CaseID         CaseID
	PatientID      PatientID
	CoverageID     CoverageID
	InsurerID      OrganizationID
	BillingID      OrganizationID
	Rendering      Performer `gorm:"embedded;embeddedPrefix:rendering_"`
	State          ClaimState
	Position       int // place of the payer in the coverage order, from 1
	Part           int // from 1; what does not fit on one claim has several
	ServiceFrom    Date
	ServiceUntil   Date
	PlaceOfService string // of a professional claim
	Stay           Stay   // of an institutional claim
	Billed         Cents
	Frequency      ClaimFrequency
	Replaces       ClaimID         // the claim that this one corrects or voids; "" for the first of its number
	PayerNumber    string          // by which the payer knows that one, as system|value
	Prior          List[Prior]     // what payers before said, first payer first
	Authorizations Codes           // numbers of authorizations that go out with it. X12 REF*G1
	Authorized     Codes           // those that a person gave for it, or its front end; they count for all lines
	Sent           Date            // first given to its payer; "" until then, and once more sent it stays
	AnswerDue      Instant         // when the payer's silence becomes work; 0 where it is not the payer's turn, or is work already
	KnownAs        string          // by which its payer knows it, of the latest judgement, as system|value; "" until then. X12 CLP07
	Moves          List[ClaimMove] // every state it came to, the first one first
	Cause          Cause
	Created        Instant
	Updated        Instant
	Lines          []ClaimLine      `gorm:"-"`
	Diagnoses      []ClaimDiagnosis `gorm:"-"`
}

// ClaimMove is a state that a claim came to: when, by whom, and from what document, an answer or the work that somebody decided; the zero Ref where a step or who asked did it.
type ClaimMove struct {
	State ClaimState `json:"state"`
	At    Instant    `json:"at"`
	By    string     `json:"by"`
	From  Ref        `json:"from,omitzero"`
}

// ClaimFrequency says what a claim is to those before it with the same number. X12 CLM05-3.
type ClaimFrequency string

// The frequencies. A first claim says none.
const (
	FrequencyFirst   ClaimFrequency = ""
	FrequencyAnew    ClaimFrequency = "1" // the payer did not process the one before, so that it is a first one to the payer
	FrequencyReplace ClaimFrequency = "7" // it comes in the place of the one before
	FrequencyVoid    ClaimFrequency = "8" // it takes that one back
)

// Prior is a payer that was asked before, and its answer that stood when the claim was made.
type Prior struct {
	CoverageID CoverageID
	AnswerID   AnswerID
}

// IsDrafted reports whether a front end wrote the claim; any other is made from its case.
func (c Claim) IsDrafted() bool { return c.Cause == CauseOfDraft(c.ID) }

// IsTurnedAway reports whether its payer did not take the claim in when it got it last; whoever mends it sends it again.
func (c Claim) IsTurnedAway() bool {
	for _, m := range slices.Backward(c.Moves) {
		facts := m.State.Facts()
		if facts.Sent || facts.IsTurnedAway() {
			return facts.IsTurnedAway()
		}
	}
	return false
}

// Bills reports whether a charge stands on the claim.
func (c Claim) Bills(id ChargeID) bool {
	return slices.ContainsFunc(c.Lines, func(l ClaimLine) bool { return l.ChargeID == id })
}

// ClaimLine is one charge on a claim. Where it has no code but its revenue code, that is its code.
type ClaimLine struct {
	TenantID    TenantID `gorm:"primaryKey"`
	ClaimID     ClaimID  `gorm:"primaryKey"`
	Sequence    int      `gorm:"primaryKey"`
	ChargeID    ChargeID // "" while a front end's draft is not in the books
	System      string
	Code        string
	Revenue     string // of an institutional claim
	Modifiers   Codes
	Added       Codes // those of them that a rule of the practice set
	Units       Units
	Measure     Measure
	Drug        Drug `gorm:"embedded;embeddedPrefix:drug_"`
	Pointers    Numbers
	ServiceDate Date      // "" on a stay, whose lines name no day
	Rendering   Performer `gorm:"embedded;embeddedPrefix:rendering_"`
	Billed      Cents
}

// Coded gives the claim without the modifiers that rules of the practice set: as it was coded.
func (c Claim) Coded() Claim {
	if !slices.ContainsFunc(c.Lines, func(l ClaimLine) bool { return len(l.Added) > 0 }) {
		return c
	}
	c.Lines = slices.Clone(c.Lines)
	for i := range c.Lines {
		c.Lines[i] = c.Lines[i].Coded()
	}
	return c
}

// Count is how often the service was done: once, where its time is counted.
func (l ClaimLine) Count() Units {
	if l.Measure == InMinutes {
		return OneUnit
	}
	return l.Units
}

// Coded gives the line without the modifiers that rules of the practice set.
func (l ClaimLine) Coded() ClaimLine {
	if len(l.Added) == 0 {
		return l
	}
	l.Modifiers = slices.DeleteFunc(slices.Clone(l.Modifiers), func(m string) bool { return slices.Contains(l.Added, m) })
	l.Added = nil
	return l
}

// ClaimDiagnosis is one diagnosis of a claim. What it is to the visit, whether it was there at admission and the DRG it led to are
// an institutional claim's.
type ClaimDiagnosis struct {
	TenantID   TenantID `gorm:"primaryKey"`
	ClaimID    ClaimID  `gorm:"primaryKey"`
	Sequence   int      `gorm:"primaryKey"`
	Code       string
	InHospital `gorm:"embedded"`
}
