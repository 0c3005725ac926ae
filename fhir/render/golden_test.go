package render_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

var update = flag.Bool("update", false, "write the golden files anew")

// written is 2026-03-04T12:00:00Z, three days after it 2026-03-07.
const (
	written = models.Instant(1_772_625_600_000_000)
	changed = written + 3*24*60*60*1_000_000
)

func amount(c money.Cents) *money.Cents { return &c }

func charge() models.Charge {
	return models.Charge{
		TenantID: "t", ID: "charge-1", CaseID: "Encounter/visit-1", PatientID: "canary", Sequence: 1, State: models.ChargeBilled,
		System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2},
		ServiceDate: "2026-03-02", Rendering: models.Performer{ID: "smith"}, Source: "Procedure/p-1", UnitPrice: amount(25000), Billed: 25000, PayerID: "acme",
		Posting: 1, Created: written,
	}
}

func claim(state models.ClaimState) models.Claim {
	return models.Claim{
		Type:     models.ClaimProfessional,
		TenantID: "t", ID: "claim-1", Number: "C1001", CaseID: "Encounter/visit-1", PatientID: "canary", CoverageID: "plan", InsurerID: "acme",
		BillingID: "practice", Rendering: models.Performer{ID: "smith"}, State: state, Position: 1, Part: 1, ServiceFrom: "2026-03-02",
		ServiceUntil: "2026-03-02", PlaceOfService: "11", Billed: 32500, Created: written, Updated: changed,
		Diagnoses: []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}, {Sequence: 2, Code: "E78.5"}},
		Lines: []models.ClaimLine{
			{Sequence: 1, ChargeID: "charge-1", System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Pointers: models.Numbers{1, 2}, ServiceDate: "2026-03-02", Billed: 25000},
			{Sequence: 2, ChargeID: "charge-2", System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Billed: 6000},
			{Sequence: 3, ChargeID: "charge-3", System: models.SystemHCPCS, Code: "G0008", Units: models.UnitsOf(2), Pointers: models.Numbers{1}, ServiceDate: "2026-03-02", Billed: 1501},
		},
	}
}

// stay is a claim for three days in hospital.
func stay() models.Claim {
	c := claim(models.ClaimReady)
	number, amount := models.UnitsOf(3), money.Cents(12550)
	line := func(sequence int, revenue string, units models.Units, billed money.Cents) models.ClaimLine {
		return models.ClaimLine{Sequence: sequence, System: models.SystemRevenue, Code: revenue, Revenue: revenue, Units: units, Billed: billed}
	}
	c.Type, c.PlaceOfService, c.ServiceUntil, c.Billed = models.ClaimInstitutional, "", "2026-03-05", 313550
	c.Lines = []models.ClaimLine{line(1, "0120", models.UnitsOf(3), 270000), line(2, "0450", models.OneUnit, 31000), line(3, "0250", models.OneUnit, 12550)}
	c.Lines[1].System, c.Lines[1].Code = models.SystemCPT, "99285"
	c.Diagnoses = []models.ClaimDiagnosis{
		{Sequence: 1, Code: "J18.9", InHospital: models.InHospital{Roles: models.Codes{models.DiagnosisPrincipal, models.DiagnosisAdmitting}, OnAdmission: "Y", Package: "195"}},
		{Sequence: 2, Code: "Y92.9", InHospital: models.InHospital{Roles: models.Codes{models.DiagnosisExternalCause}}},
	}
	c.Stay = models.Stay{
		BillType: "111", Admitted: "2026-03-02T14:00:00-05:00", Discharged: "2026-03-05T10:00:00-05:00", Priority: "1", PointOfOrigin: "1", DischargeStatus: "01",
		Information: []models.StayInformation{
			{Kind: models.InformationOccurrence, Code: "11", From: "2026-03-01"}, {Kind: models.InformationSpan, Code: "72", From: "2026-03-01", Until: "2026-03-02"},
			{Kind: models.InformationCondition, Code: "09"}, {Kind: models.InformationValue, Code: "80", Number: &number}, {Kind: models.InformationValue, Code: "A2", Amount: &amount},
		},
		Providers:  []models.StayProvider{{Role: models.RoleAttending, Who: c.Rendering}, {Role: models.RoleOperating, Who: models.Performer{NPI: "1999999984"}}},
		Procedures: []models.StayProcedure{{Code: "0BJ08ZZ", Day: "2026-03-03"}, {Code: "3E0234Z"}},
	}
	return c
}

func answer() models.Answer {
	return models.Answer{
		ClaimType: models.ClaimProfessional,
		TenantID:  "t", ID: "answer-1", ClaimID: "claim-1", PatientID: "canary", BillingID: "practice", PayerID: "acme",
		Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete,
		Key: "https://acme.example/icn|A-ICN-1", Billed: 32500, Paid: 9500,
		Created: changed, Remarks: models.Codes{"N381"},
		Lines: []models.AnswerLine{
			{LineSequence: 1, Billed: 25000, Allowed: amount(15000), Paid: 8000},
			{LineSequence: 2, Billed: 6000, Allowed: amount(2000), Paid: 1600},
			{LineSequence: 3, Billed: 1500, Paid: 0},
		},
		Adjustments: []models.Adjustment{
			{Sequence: 1, LineSequence: 1, GroupCode: "CO", ReasonCode: "45", Amount: 10000},
			{Sequence: 2, LineSequence: 1, GroupCode: "PR", ReasonCode: "1", Amount: 5000},
			{Sequence: 3, LineSequence: 1, GroupCode: "PR", ReasonCode: "2", Amount: 2000},
			{Sequence: 4, LineSequence: 2, GroupCode: "CO", ReasonCode: "45", Amount: 4000},
			{Sequence: 5, LineSequence: 2, GroupCode: "PR", ReasonCode: "2", Amount: 400},
			{Sequence: 6, LineSequence: 3, GroupCode: "CO", ReasonCode: "97", RemarkCode: "M15", Amount: 1500},
			{Sequence: 7, GroupCode: "CO", ReasonCode: "253", Amount: 100},
		},
	}
}

func invoice() models.Invoice {
	return models.Invoice{
		Recipient: models.Ref{Type: "RelatedPerson", ID: "mum"},
		TenantID:  "t", ID: "invoice-1", Number: "INV-1", PatientID: "canary", CaseID: "Encounter/visit-1", AccountID: "account-1", IssuerID: "practice",
		Status: models.InvoiceIssued, Issued: "2026-03-20", DueDate: "2026-04-19", Billed: 31000, Net: 7400, Credit: 1000, Due: 6400, Earlier: 1200, Created: written,
		Lines: []models.InvoiceLine{
			{Sequence: 1, ChargeID: "charge-1", Billed: 25000, Adjusted: 10000, PayerPaid: 8000, Deductible: 5000, Coinsurance: 2000, Net: 7000, Due: 6000},
			{Sequence: 2, ChargeID: "charge-2", Billed: 6000, Adjusted: 4000, PayerPaid: 1600, Copay: 400, Net: 400, Due: 400},
		},
	}
}

// remittance is a payment that takes back more than it pays.
func remittance() models.Remittance {
	return models.Remittance{
		TenantID: "t", ID: "remittance-1", PayerID: "acme", Trace: "REM0003", Outcome: models.RemittanceComplete, Day: "2026-06-15", Method: models.MethodNone,
		Source: models.SourcePaper, Created: written, Details: []models.RemittanceDetail{
			{Sequence: 1, ClaimID: "claim-1", AnswerID: "answer-2", Amount: -9600}, {Sequence: 2, ClaimID: "claim-1", AnswerID: "answer-3", Amount: 8000},
			{Sequence: 3, Code: "L6", Amount: 150}, {Sequence: 4, Code: "FB", Reference: "REM0003", Amount: 1350}, {Sequence: 5, Code: "AP", Amount: 100},
		},
	}
}

// documents gives one document of every kind that is written, and of those that look otherwise, by name.
func documents() map[string][]byte {
	follows := claim(models.ClaimTransmitted)
	follows.ID, follows.Frequency, follows.Replaces, follows.PayerNumber = "claim-7", models.FrequencyReplace, "claim-1", "https://acme.example/icn|A-ICN-1"
	follows.Sent, follows.KnownAs = "2026-03-09", "https://acme.example/icn|A-ICN-2"
	given := charge()
	given.System, given.Code, given.Source = models.SystemHCPCS, "J0702", ""
	given.Drug = models.Drug{NDC: "00071015523", Unit: models.DrugMilliliter, Quantity: 1500}
	asleep := claim(models.ClaimDraft)
	asleep.Lines[0].Code, asleep.Lines[0].Units, asleep.Lines[0].Measure = "00790", models.UnitsOf(95), models.InMinutes
	asleep.Lines[1].Drug = given.Drug
	asleep.Lines[2].Drug = models.Drug{NDC: "00071015523"}
	planned := charge()
	planned.State, planned.UnitPrice, planned.Billed, planned.Source = models.ChargePlanned, nil, 0, "ChargeItem/charge-1"
	selfPay := charge()
	selfPay.State, selfPay.PayerID, selfPay.Units, selfPay.Billed, selfPay.Source = models.ChargePosted, "", models.UnitsOf(2), 50000, "ChargeItem/other"
	ofHouse := charge()
	ofHouse.Revenue, ofHouse.Modifiers, ofHouse.Pointers = "0450", nil, nil
	free := charge()
	free.UnitPrice, free.Billed, free.State, free.Rendering = amount(0), 0, models.ChargePosted, models.Performer{NPI: "1999999984"}
	several := claim(models.ClaimTransmitted)
	several.Lines[1].Rendering, several.Lines[2].Rendering = models.Performer{ID: "jones"}, models.Performer{NPI: "1999999984"}
	queued := answer()
	queued.Outcome, queued.Lines, queued.Adjustments, queued.Category = models.OutcomeQueued, nil, nil, "A1"
	entered := answer()
	entered.Source = models.SourcePaper
	begun := models.Remittance{ID: "remittance-2", PayerID: "acme", Trace: "EFT1", Outcome: models.RemittanceQueued, Day: "2026-03-20", Amount: 9600, Source: models.SourceFHIR, Created: written}
	paid := models.Payment{
		TenantID: "t", ID: "payment-1", PatientID: "canary", RecipientID: "practice", For: "Encounter/visit-1", Amount: 3000, Method: models.PaymentCard, Reference: "R-17", State: models.PaymentSucceeded, Day: "2026-03-20",
		Unapplied: 800, Received: written, Allocations: []models.Allocation{{ChargeID: "charge-1", InvoiceID: "invoice-1", Amount: 1000}, {ChargeID: "opening-1", Amount: 1200}},
	}
	pending := paid
	pending.State, pending.Unapplied, pending.RecipientID, pending.For, pending.Allocations = models.PaymentPending, 0, "", "", nil
	inTill := paid
	inTill.Method, inTill.Till, inTill.Reference = models.PaymentCash, "front", "R-18"
	undone := answer()
	undone.Reversed = "answer-2"
	balanced := invoice()
	balanced.Status, balanced.Due, balanced.Credit, balanced.Earlier = models.InvoiceBalanced, 0, 0, 0
	balanced.Lines[0].Due, balanced.Lines[1].Due = 0, 0
	bare := claim(models.ClaimDraft)
	bare.Number, bare.CaseID, bare.Rendering, bare.PlaceOfService, bare.Diagnoses = "", "", models.Performer{}, "", nil
	bare.Lines = []models.ClaimLine{{Sequence: 1, System: models.SystemCPT, Code: "99214", Units: models.OneUnit, Billed: 32500}}
	refused := &fault.Fault{Kind: fault.Invalid, Issues: []fault.Issue{
		{Code: "required", Path: "Claim.item[0].net", Text: "The item has no amount; state net or unitPrice."},
		{Code: "money.fraction", Path: "Claim.total.value", Text: "The amount has a fraction of a cent."},
	}}
	findings := []models.Finding{
		{Rule: "scrub.npi", Severity: models.SeverityError, Path: "Claim.provider", Text: "The billing provider has no NPI.", Remedy: "Add it."},
		{Rule: "scrub.dates", Severity: models.SeverityWarning, Path: "Claim.item[0].serviced", Text: "The service is old."},
		{Rule: "scrub.mue", Severity: models.SeverityError, Path: "Claim.item[0].quantity", Text: "More units than are likely.", Mark: "9f1c", Override: models.Override{Role: models.ForBiller}},
		{Rule: "scrub.mue", Severity: models.SeverityWarning, Path: "Claim.item[1].quantity", Text: "More units than are likely.", Mark: "2ab0", Override: models.Override{Role: models.ForBiller, By: "bill", At: 1, Reason: "Two rounds."}},
	}
	return map[string][]byte{
		"Claim-good-faith-estimate": render.GoodFaithEstimate(models.GoodFaithEstimate{
			TenantID: "t", ID: "estimate-1", Number: "E1001", PatientID: "canary", AppointmentID: "appointment-1", PracticeID: "practice", RenderingID: "smith", Place: "11", Day: "2026-03-20", Made: "2026-03-04", Total: 31000, Prepayment: 5000,
			Lines: []models.EstimateLine{{Sequence: 1, System: models.SystemCPT, Code: "99214", Modifiers: models.Codes{"25"}, Units: models.OneUnit, Charge: 25000}, {Sequence: 2, System: models.SystemCPT, Code: "93000", Units: models.OneUnit, Charge: 6000}}, Created: written,
		}),
		"ChargeItem-billed":              render.ChargeItem(charge()),
		"ChargeItem-drug":                render.ChargeItem(given),
		"Claim-drugs":                    render.Claim(asleep),
		"ChargeItem-planned":             render.ChargeItem(planned),
		"ChargeItem-self-pay":            render.ChargeItem(selfPay),
		"ChargeItem-free":                render.ChargeItem(free),
		"Claim-transmitted":              render.Claim(several),
		"Claim-institutional":            render.Claim(stay()),
		"Claim-replacement":              render.Claim(follows),
		"ChargeItem-revenue":             render.ChargeItem(ofHouse),
		"Claim-bare-draft":               render.Claim(bare),
		"ClaimResponse-answer":           render.Answer(answer()),
		"ClaimResponse-paper":            render.Answer(entered),
		"PaymentReconciliation-complete": render.Remittance(remittance()),
		"PaymentReconciliation-queued":   render.Remittance(begun),
		"PaymentNotice-cleared":          render.PaymentNotice(paid),
		"PaymentNotice-paid":             render.PaymentNotice(pending),
		"PaymentNotice-till":             render.PaymentNotice(inTill),
		"PaymentReconciliation-receipt":  render.Receipt(paid),
		"ClaimResponse-crossed-over":     render.Answer(models.Answer{ClaimType: models.ClaimProfessional, ID: "answer-3", ClaimID: "claim-1", PatientID: "canary", BillingID: "practice", PayerID: "acme", Kind: models.AnswerOriginal, Status: models.StatusCrossedFirst, Carrier: "beta", Outcome: models.OutcomeComplete, Created: changed}),
		"ClaimResponse-reversal":         render.Answer(models.Answer{ClaimType: models.ClaimProfessional, ID: "answer-2", ClaimID: "claim-1", PatientID: "canary", BillingID: "practice", PayerID: "acme", Kind: models.AnswerReversal, Status: models.StatusReversal, Reverses: "answer-1", Outcome: models.OutcomeComplete, Created: changed}),
		"ClaimResponse-reversed":         render.Answer(undone),
		"ClaimResponse-queued":           render.Answer(queued),
		"Invoice-balanced":               render.Invoice(balanced),
		"Invoice-issued":                 render.Invoice(invoice()),
		"Task-requested": render.Task(models.WorkItem{ID: "work-1", Kind: models.WorkCode, Status: models.WorkRequested, CaseID: "Encounter/visit-1", Subject: models.Ref{Type: "Encounter", ID: "visit-1"}, PatientID: "canary", Reason: "The visit has no billable service; code it.", Created: written, Updated: changed,
			Role: models.ForCoder, Priority: models.PriorityUrgent, Due: "2026-03-05", Amount: 32500, PayerID: "acme", Assignee: "coder-1", TakenBy: "coder-2", TakenUntil: changed, SnoozedUntil: changed,
			Labels: models.Codes{"call", "monday"}, Notes: models.List[models.WorkNote]{{By: "coder-1", At: changed, Text: "Asked the doctor."}},
			Reasons: models.List[models.WorkReason]{{Code: "coding.none", Path: "Encounter", Text: "There is none."}}}),
		"Task-completed":              render.Task(models.WorkItem{ID: "work-2", Kind: models.WorkClaim, Status: models.WorkCompleted, Subject: models.Ref{Type: "Claim", ID: "claim-1"}, PatientID: "canary", Category: "scrub.npi", Assignee: "Practitioner/doc", Decision: models.DecideRecheck, Created: written}),
		"Account-active":              render.Account(models.Account{ID: "account-1", PatientID: "canary", Created: written}),
		"OperationOutcome-refused":    render.Outcome(refused),
		"OperationOutcome-findings":   render.Findings(findings),
		"OperationOutcome-no-finding": render.Findings(nil),
	}
}

func TestEachDocumentIsWrittenAsItsGoldenFile(t *testing.T) {
	written := documents()
	for name, got := range written {
		compareGolden(t, name, got)
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) != len(written) {
		t.Errorf("%d golden files for %d documents, %v; remove those that nothing writes", len(files), len(written), err)
	}
}

// compareGolden compares got with the golden file, which is indented for the reader.
func compareGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	if _, err := fhir.Parse(got); err != nil {
		t.Errorf("%s is not a document: %v", name, err)
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, got, "", "  "); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	indented.WriteByte('\n')
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(indented.Bytes(), want) {
		t.Errorf("%s differs from its golden file; got\n%s", name, indented.Bytes())
	}
}

func TestEveryKindOfFaultHasAnIssueTypeOfHL7(t *testing.T) {
	want := []string{"exception", "invalid", "business-rule", "login", "forbidden", "not-found", "deleted", "conflict", "conflict",
		"multiple-matches", "not-supported", "not-supported", "not-supported", "too-long", "transient"}
	if len(want) != fault.KindCount {
		t.Fatalf("the table has %d kinds, fault has %d", len(want), fault.KindCount)
	}
	for kind, code := range want {
		for _, f := range []*fault.Fault{fault.New(fault.Kind(kind), "some.code", "Do it."), {Kind: fault.Kind(kind)}} {
			d, err := fhir.Parse(render.Outcome(f))
			if err != nil {
				t.Fatal(err)
			}
			if got := d.Root().In("issue", "code").Text(); got != code {
				t.Errorf("kind %d has issue type %s, want %s", kind, got, code)
			}
		}
	}
	own, _ := fhir.Parse(render.Outcome(fault.New(fault.Conflict, "duplicate", "It is there.")))
	if got := own.Root().In("issue", "code").Text(); got != "duplicate" {
		t.Errorf("a code of HL7 is shown as %s, want itself", got)
	}
}

func TestInternalCauseIsNotShown(t *testing.T) {
	got := render.Outcome(fault.From(os.ErrPermission))
	if bytes.Contains(got, []byte("permission")) {
		t.Errorf("the outcome shows the cause: %s", got)
	}
}
