package store_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/contracts"
	"medbill/internal/payers"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// zones are where the tenants of this test take their days; neither is the default.
var zones = map[string]string{"alpha": "America/Denver", "beta": "Asia/Tokyo"}

// fill writes one of everything under ids that every tenant uses, with word in it.
func fill(t *testing.T, s *store.Session, word string) {
	t.Helper()
	storetest.Update(t, s, func(tx *store.Tx) error {
		return errors.Join(fillDocuments(t, tx, word), fillChart(tx, word), fillMoney(tx, word))
	})
}

func fillDocuments(t *testing.T, tx *store.Tx, word string) error {
	return errors.Join(
		books.SaveSettings(tx, models.Settings{Name: word, TimeZone: zones[word], DueDays: 30}),
		books.SaveConnections(tx, models.PayerConnection{PayerID: "acme", Kind: models.ConnectionFolder}),
		savePayers(tx, "payer,name,aliases,identifiers,transactions\nacme,"+word+",,,\n", "payer,subject,code,value,from,until\nacme,filing-limit,,90,,\n", "payer,npi,from,until\nacme,1234567893,,\n"),
		saveContracts(tx, "contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\nc1,acme,"+word+",,,,,,,,,,,\n",
			"contract,kind,code,modifiers,place,provider,value,from,until\nc1,flat,99214,,,,150,,\n"),
		books.SavePracticeRules(tx, models.PracticeRule{ID: "r1", Version: 1, Title: word, Text: "Why.", When: "true", Each: models.ReachClaim, Action: models.RuleWarning, State: models.RuleOn}),
		documents.Put(tx, storetest.Indexed(t, 1, storetest.Patient("p1", word)), storetest.Indexed(t, 1, storetest.Patient("p2", word)), storetest.Indexed(t, 1, storetest.Observation("o1", "Patient/p1")),
			storetest.Indexed(t, 1, `{"resourceType":"Encounter","id":"e-`+word+`","subject":{"reference":"Patient/p1"},"serviceProvider":{"identifier":{"system":"urn:org","value":"1"}}}`)),
		documents.Put(tx, storetest.Indexed(t, 2, storetest.Patient("p2", word+"-again"))),
		documents.SaveSent(tx, models.Ref{Type: "Basic", ID: "b1"}, []byte(`{"word":"`+word+`"}`)),
	)
}

func fillChart(tx *store.Tx, word string) error {
	price := models.Cents(25000)
	visit := models.Case{ID: "Encounter/v1", PatientID: "p1", State: models.CaseHeld, Reason: word, Due: models.StepPlan, DueAt: 1, ServiceDate: "2026-03-02", LocationID: "room1"}
	twin, failed := visit, visit
	twin.ID = "Encounter/v2"
	failed.ID, failed.PatientID, failed.LocationID, failed.Due = "Encounter/v3", "p3", "room3", models.StepNone
	return errors.Join(
		books.SaveCase(tx, visit), books.SaveCase(tx, twin), books.SaveCase(tx, failed),
		saveWork(tx, models.WorkItem{Kind: models.WorkStep, Role: models.ForManager, Status: models.WorkRequested, CaseID: failed.ID, Subject: failed.ID.Origin(), PatientID: "p3", Reason: "Mend " + word + "."}),
		books.SaveCharges(tx, models.Charge{ID: "ch2", CaseID: twin.ID, PatientID: "p1", Sequence: 1, State: models.ChargeBilled, System: models.SystemCPT, Code: "93000", Units: models.OneUnit,
			ServiceDate: "2026-03-02", UnitPrice: &price, Billed: price, Source: "Procedure/" + word}),
		books.SaveDiagnoses(tx, "Encounter/v1", []models.Diagnosis{{Sequence: 1, Code: "I10"}}),
		books.SaveCharges(tx, models.Charge{ID: "ch1", CaseID: "Encounter/v1", PatientID: "p1", Sequence: 1, State: models.ChargePosted, System: models.SystemCPT, Code: "99214", Units: models.OneUnit,
			ServiceDate: "2026-03-02", UnitPrice: &price, Billed: price, Source: word}),
		books.SaveFeeSchedule(tx, models.FeeSchedule{ID: "fee", Name: "standard", From: "2026-01-01", Prices: 1}),
		books.SavePrices(tx, "fee", []models.Price{{Sequence: 1, System: models.SystemCPT, Code: "99214", From: "2026-01-01", Amount: price}}),
		saveWork(tx, models.WorkItem{Kind: models.WorkClaim, Role: models.ForBiller, Status: models.WorkRequested, CaseID: "Encounter/v1", Subject: models.Ref{Type: "Claim", ID: "c1"}, PatientID: "p1", Reason: "Mend " + word + "."}),
		saveWork(tx, models.WorkItem{Kind: models.WorkLateCharge, Role: models.ForCoder, Status: models.WorkDeclined, Decision: models.DecideIgnore, CaseID: "Encounter/v1", Subject: models.Ref{Type: "Encounter", ID: "v1"}, PatientID: "p1", Reason: "Leave " + word + "."}),
		books.UseKey(tx, models.UsedKey{Caller: "desk", Key: "call1", Operation: "submit", InputHash: word, Type: "Claim", Record: "c1"}, models.UsedKey{Caller: "desk", Key: "call1", Entry: 1, InputHash: word}),
	)
}

func saveContracts(tx *store.Tx, texts ...string) error {
	for _, text := range texts {
		file, err := contracts.ReadCSV(strings.NewReader(text))
		if err == nil {
			err = books.SaveContracts(tx, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func savePayers(tx *store.Tx, texts ...string) error {
	for _, text := range texts {
		file, err := payers.ReadCSV(strings.NewReader(text))
		if err == nil {
			err = books.SavePayers(tx, file)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func saveWork(tx *store.Tx, w models.WorkItem) error {
	_, err := books.SaveWork(tx, models.WorkItem{}, w, models.WorkOpened, w.Reason)
	return err
}

// guarantor is who answers for what fill wrote.
var guarantor = models.Ref{Type: "Patient", ID: "p1"}

// fillStatements writes them for several guarantors: a database that saw one takes the tenant for as good a key.
func fillStatements(tx *store.Tx, word string) error {
	text := strings.TrimSpace(strings.Repeat(word+" ", 60))
	var errs []error
	for n := range 20 {
		who := guarantor
		if n > 0 {
			who.ID = fmt.Sprint("other", n)
		}
		sent := models.Statement{
			ID: models.StatementID(fmt.Sprint("st", n)), Guarantor: who, Day: models.Date("2026-03-02").AddDays(n), Step: models.StatementFirst, Amount: 7000, Latest: true,
			Lines: models.List[models.StatementLine]{{Subject: models.Ref{Type: "Invoice", ID: text}, Amount: 7000}},
		}
		sent.Cause = models.CauseOfStatement(who, sent.Day)
		plan := models.PaymentPlan{ID: models.PlanID(fmt.Sprint("pl", n)), Guarantor: who, State: models.PlanActive, Amount: 7000, By: text}
		for part := range 5 {
			plan.Parts = append(plan.Parts, models.PlanPart{Sequence: part + 1, Day: "2026-03-02", Amount: 1400})
		}
		hold := models.StatementHold{ID: models.HoldID(fmt.Sprint("ho", n)), Guarantor: who, Kind: models.HoldManual, From: "2026-03-02", Reason: text}
		errs = append(errs, books.AddStatements(tx, sent), books.SaveHold(tx, hold), books.SavePlan(tx, plan))
	}
	return errors.Join(errs...)
}

func fillMoney(tx *store.Tx, word string) error {
	claim := models.Claim{
		Type: models.ClaimProfessional,
		ID:   "c1", Number: "C1" + word, CaseID: "Encounter/v1", PatientID: "p1", CoverageID: "cov1", InsurerID: "acme", BillingID: "practice", Rendering: models.Performer{ID: "doc"}, State: models.ClaimHeld,
		Position: 1, Part: 1, ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-02", PlaceOfService: "11", Billed: 25000, Cause: models.CauseOfDraft("c1"),
		Lines:     []models.ClaimLine{{Sequence: 1, ChargeID: "ch1", System: models.SystemCPT, Code: "99214", Units: models.OneUnit, ServiceDate: "2026-03-02", Billed: 25000}},
		Diagnoses: []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}},
	}
	answer := models.Answer{ClaimType: models.ClaimProfessional, ID: "an1", ClaimID: "c1", CaseID: "Encounter/v1", PayerID: "acme", Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete, Key: "k1", Trace: "t1", BodyHash: word, Billed: 25000, Paid: 18000,
		Lines:       []models.AnswerLine{{LineSequence: 1, ChargeID: "ch1", Billed: 25000, Paid: 18000}},
		Adjustments: []models.Adjustment{{Sequence: 1, LineSequence: 1, GroupCode: "PR", ReasonCode: "1", Amount: 7000}}}
	judged := answer
	judged.ID, judged.Key, judged.Trace, judged.Posted, judged.Effective = "an2", "k3", "", true, "2026-03-20"
	invoice := models.Invoice{
		ID: "i1", Number: "V1" + word, CaseID: "Encounter/v1", PatientID: "p1", Recipient: patientOne, AccountID: "a1", IssuerID: "practice", Status: models.InvoiceIssued, Issued: "2026-03-02", DueDate: "2026-04-01",
		Billed: 25000, Net: 7000, Due: 7000, Cause: models.CauseOfInvoice("Encounter/v1", 1), Lines: []models.InvoiceLine{{Sequence: 1, ChargeID: "ch1", Billed: 25000, Net: 7000, Due: 7000}},
	}
	about := models.Dimensions{PatientID: "p1", CaseID: "Encounter/v1", ChargeID: "ch1", ClaimID: "c1"}
	opened, account := books.OpenAccount(tx, "p1")
	return errors.Join(
		account,
		books.SaveClaim(tx, claim),
		books.SaveCodingWord(tx, models.CodingWord{CaseID: "Encounter/v1", PatientID: "p1", Kind: models.CodingCoded, ProviderID: "doc", Diagnoses: models.Codes{word}}),
		books.SaveFindings(tx, models.Claim{Type: models.ClaimProfessional, ID: "c1", CaseID: "Encounter/v1"}, []models.Finding{{Rule: "scrub.npi", Severity: models.SeverityError, Text: word}}),
		books.SaveAnswer(tx, answer, claim),
		books.SaveAnswer(tx, judged, claim),
		saveWork(tx, models.WorkItem{Kind: models.WorkAppeal, Role: models.ForBiller, Status: models.WorkCompleted, CaseID: "Encounter/v1", Subject: models.Ref{Type: "ClaimResponse", ID: "an2"}, PatientID: "p1", Reason: "Await " + word + "."}),
		books.SaveUnmatched(tx, models.Unmatched{ID: "un1", PayerID: "acme", Kind: models.AnswerOriginal, Key: "k2", BodyHash: word}),
		books.CompleteRemittance(tx, models.Remittance{ID: "r1", PayerID: "acme", Trace: "t1", Outcome: models.RemittanceComplete, Day: "2026-03-20", Source: models.SourceFHIR, BodyHash: word,
			Details: []models.RemittanceDetail{{Sequence: 1, Code: "FB", Reference: "t1", Amount: 100}}}),
		books.SaveAuthorization(tx, models.Authorization{ID: "pre1", Number: "urn:requests|1", CoverageID: "cov1", PatientID: "p1", PayerID: "acme", State: models.AuthorizationDenied, Services: models.List[models.AuthorizedService]{{Sequence: 1, Code: "90001", Reason: word}}}),
		books.SaveChecks(tx, models.CoverageCheck{ID: "q1", CoverageID: "cov1", PatientID: "p1", PayerID: "acme", Service: models.ServiceAny, Day: "2026-03-02", Cause: word, State: models.CheckAnswered, Latest: true}),
		books.SaveAccount(tx, opened, models.Guarantor{Party: models.Ref{Type: "RelatedPerson", ID: "mum"}}),
		books.SaveEstimate(tx, models.GoodFaithEstimate{ID: "gfe1", Number: "E1" + word, PatientID: "p1", AppointmentID: "ap1", Day: "2026-03-20", Made: "2026-03-02", Total: 7000}),
		fillStatements(tx, word),
		books.SaveInvoices(tx, invoice),
		books.CompleteRemittance(tx, models.Remittance{ID: "r2", PayerID: "acme", Trace: "t2", Outcome: models.RemittanceComplete, Day: "2026-03-20", Amount: 900, Source: models.SourceFHIR, BodyHash: word}),
		books.AddDeposits(tx, models.Deposit{ID: "d1", Day: "2026-03-20", Amount: 900, Trace: "t9", PayerID: "acme", Reference: "b1", Text: word, Source: models.BankCSV, LineKey: "k1", State: models.DepositUnmatched}),
		books.SaveOpenings(tx, models.Opening{Number: "OLD-1", ChargeID: "old1", PatientID: "p1", ServiceDate: "2026-01-12", System: models.SystemCharge, Code: word, Amount: 1200, Due: 1200, Recipient: patientOne}),
		books.SaveRefunds(tx, models.Refund{ID: "ref1", PaymentID: "pay1", PatientID: "p1", Amount: 100, State: models.RefundPaid, Till: "front", PaidDay: "2026-03-02", Reason: word}),
		books.SaveWriteOffs(tx, models.WriteOff{ID: "off1", PatientID: "p1", InvoiceID: "i1", CaseID: "Encounter/v1", Kind: models.WriteOffCharity, Amount: 100, Reason: word, Moves: 1, Lines: models.List[models.WriteOffLine]{{ChargeID: "ch1", Amount: 100}}}),
		books.AddPayment(tx, models.Payment{ID: "pay1", PatientID: "p1", State: models.PaymentSucceeded, Amount: 7000, Unapplied: 100, Allocations: []models.Allocation{{ChargeID: "ch1", PatientID: "p1", InvoiceID: "i1", CaseID: "Encounter/v1", Amount: 6900}}, Method: models.PaymentCard, Reference: "ref1", Caller: "desk", Key: "key1", BodyHash: word}),
		books.AddPayment(tx, models.Payment{ID: "pay4", PatientID: "p1", State: models.PaymentFailed, Amount: 500, Allocations: []models.Allocation{{ChargeID: "ch1", InvoiceID: "i1", CaseID: "Encounter/v1"}}, Method: models.PaymentCheck, Caller: "desk", Key: "key4", BodyHash: word}),
		books.AddPayment(tx, models.Payment{ID: "pay2", PatientID: "p1", State: models.PaymentSucceeded, Amount: 100, Method: models.PaymentCash, Till: "front", Day: "2026-03-02", Caller: "desk", Key: "key2", BodyHash: word}),
		books.AddPayment(tx, models.Payment{ID: "pay3", PatientID: "p1", State: models.PaymentPending, Amount: 100, Method: models.PaymentCard, Processor: "cards", Reference: "ch_1", Caller: "desk", Key: "key3", BodyHash: word}),
		books.SaveEvents(tx, models.ProcessorEvent{Processor: "cards", ID: "evt_1", Type: models.EventSucceeded, Reference: "ch_1", Amount: 100, PatientID: "p1", BodyHash: word},
			models.ProcessorEvent{Processor: "cards", ID: "po_1", Type: models.EventPayout, Reference: "po_1", Amount: 100, BodyHash: word},
			models.ProcessorEvent{Processor: "cards", ID: "po_2", Type: models.EventPayout, Reference: "po_2", Amount: 100, DepositID: "d1", BodyHash: word}),
		books.AddTillClose(tx, models.TillClose{ID: "close1", Till: "front", Day: "2026-03-02", Cash: 100, Who: word}),
		journal.Post(tx, models.Entry{ID: "e1", Kind: models.EntryCharge, Cause: models.CauseOfCharge("ch1", 1), Effective: "2026-03-02", Postings: []models.Posting{
			{Account: models.AccountARPatient, Amount: 7000, Dimensions: about}, {Account: models.AccountRevenue, Amount: -7000, Dimensions: about}}}),
		journal.Post(tx, models.Entry{ID: "e2", Kind: models.EntryTransfer, Cause: models.CauseOfDecision("an1", 1), Effective: "2026-03-02", Postings: []models.Posting{
			{Account: models.AccountARInsurance, Amount: 100, Dimensions: models.Dimensions{PatientID: "p1", CaseID: "Encounter/v1", ChargeID: "ch1", PayerID: "acme"}},
			{Account: models.AccountPayerOverpaid, Amount: -100, Dimensions: models.Dimensions{ChargeID: "ch1", PayerID: "acme", RemittanceID: "icn1"}}}}),
	)
}

// readings calls every reading method of View for what fill wrote.
func readings(t *testing.T, account models.AccountID, item models.WorkItemID) map[string]func(v *store.View) (any, error) {
	none := documents.Guard{}
	byNumber, err := fhir.Parse([]byte(`{"resourceType":"Observation","subject":{"identifier":{"system":"urn:mrn","value":"MRN-p1"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	p2 := models.Ref{Type: "Patient", ID: "p2"}
	one := func(value any, ok bool, err error) (any, error) {
		if !ok {
			return nil, err
		}
		return value, err
	}
	collect := func(v *store.View, each func(*store.View, func(models.Document) error) error) (any, error) {
		var found []models.Document
		err := each(v, func(d models.Document) error { found = append(found, d); return nil })
		return found, err
	}
	collectPages := func(v *store.View, each func(*store.View, func([]models.Document) error) error) (any, error) {
		var found []models.Document
		err := each(v, func(page []models.Document) error { found = append(found, page...); return nil })
		return found, err
	}
	return map[string]func(v *store.View) (any, error){
		"books.Case":            func(v *store.View) (any, error) { x, ok, err := books.Case(v, "Encounter/v1"); return one(x, ok, err) },
		"books.CasesOfPatients": func(v *store.View) (any, error) { return books.CasesOfPatients(v, []models.PatientID{"p1"}) },
		"books.CasesOfVisits":   func(v *store.View) (any, error) { return books.CasesOfVisits(v, []models.VisitID{"v1"}) },
		"books.Charges":         func(v *store.View) (any, error) { return books.Charges(v, "Encounter/v1") },
		"books.ClaimsOfCase":    func(v *store.View) (any, error) { return books.ClaimsOfCase(v, "Encounter/v1") },
		"books.Connections":     func(v *store.View) (any, error) { return books.Connections(v) },
		"books.Diagnoses":       func(v *store.View) (any, error) { return books.Diagnoses(v, "Encounter/v1") },
		"books.DueCases":        func(v *store.View) (any, error) { return books.DueCases(v, 2, 10) },
		"books.FeeSchedule":     func(v *store.View) (any, error) { x, ok, err := books.FeeSchedule(v, "fee"); return one(x, ok, err) },
		"books.FeeSchedules":    func(v *store.View) (any, error) { return books.FeeSchedules(v) },
		"books.FeeVersions":     func(v *store.View) (any, error) { return books.FeeVersions(v, "standard") },
		"books.InvoicesOfCase":  func(v *store.View) (any, error) { return books.InvoicesOfCase(v, "Encounter/v1") },
		"books.KeyUsed": func(v *store.View) (any, error) {
			x, ok, err := books.KeyUsed(v, "desk", "call1", 0)
			return one(x, ok, err)
		},
		"books.BilledElsewhere": func(v *store.View) (any, error) {
			return books.BilledElsewhere(v, "Encounter/v1", []string{"Procedure/alpha", "Procedure/beta"})
		},
		"books.CasesByID":    func(v *store.View) (any, error) { return books.CasesByID(v, []models.CaseID{"Encounter/v1"}) },
		"books.CasesInState": func(v *store.View) (any, error) { return books.CasesInState(v, models.CaseHeld, "", 10) },
		"books.CountCases":   func(v *store.View) (any, error) { return books.CountCases(v, models.CaseHeld) },
		"books.FailedCases":  func(v *store.View) (any, error) { return books.FailedCases(v, 10) },
		"books.KeyEntries":   func(v *store.View) (any, error) { return books.KeyEntries(v, "desk", "call1") },
		"books.OfCases":      func(v *store.View) (any, error) { return books.OfCases(v, "Claim", []models.CaseID{"Encounter/v1"}) },
		"documents.Seen": func(v *store.View) (any, error) {
			return documents.Seen(v, "Patient", []string{"p2"}, documents.Guard{Patient: "p2"})
		},
		"books.OpenItem": func(v *store.View) (any, error) {
			x, ok, err := books.OpenItem(v, models.WorkClaim, models.Ref{Type: "Claim", ID: "c1"})
			return one(x, ok, err)
		},
		"books.OpenWork":            func(v *store.View) (any, error) { return books.OpenWork(v, "Encounter/v1") },
		"books.Stands":              func(v *store.View) (any, error) { return books.Stands(v, models.Ref{Type: "Claim", ID: "c1"}) },
		"books.Payment":             func(v *store.View) (any, error) { x, ok, err := books.Payment(v, "pay1"); return one(x, ok, err) },
		"books.Refund":              func(v *store.View) (any, error) { x, ok, err := books.Refund(v, "ref1"); return one(x, ok, err) },
		"books.RefundsOfTill":       func(v *store.View) (any, error) { return books.RefundsOfTill(v, "front", "2026-03-02") },
		"books.RefundsOfPatients":   func(v *store.View) (any, error) { return books.RefundsOfPatients(v, "p1") },
		"books.WriteOff":            func(v *store.View) (any, error) { x, ok, err := books.WriteOff(v, "off1"); return one(x, ok, err) },
		"books.WriteOffsOfPatients": func(v *store.View) (any, error) { return books.WriteOffsOfPatients(v, "p1") },
		"books.WriteOffsOfCase":     func(v *store.View) (any, error) { return books.WriteOffsOfCase(v, "Encounter/v1") },
		"books.PaymentsOfCharges":   func(v *store.View) (any, error) { return books.PaymentsOfCharges(v, []models.ChargeID{"ch1"}) },
		"books.ChargesTakenBack":    func(v *store.View) (any, error) { return books.ChargesTakenBack(v, []models.ChargeID{"ch1"}) },
		"books.StatementByID": func(v *store.View) (any, error) {
			found, ok, err := books.StatementByID(v, "st1")
			return one(found, ok, err)
		},
		"books.PaymentPage":        func(v *store.View) (any, error) { return books.PaymentPage(v, models.PaymentFilter{}, "", 5) },
		"books.CreditPage":         func(v *store.View) (any, error) { return books.CreditPage(v, "", models.Payment{}, 5) },
		"books.PaymentsOfPatients": func(v *store.View) (any, error) { return books.PaymentsOfPatients(v, "p1") },
		"books.SamePayments": func(v *store.View) (any, error) {
			return books.SamePayments(v, models.Payment{Caller: "desk", Key: "key1", Method: models.PaymentCard, Reference: "ref1"})
		},
		"books.ContractData": func(v *store.View) (any, error) {
			data, err := books.ContractData(v)
			return one(data, len(data.Rates) > 0, err)
		},
		"books.ContractBook": func(v *store.View) (any, error) {
			book, err := books.ContractBook(v, "edition of "+string(v.Tenant()))
			return one(book.Data(), len(book.Data().Rates) > 0, err)
		},
		"books.PayerData": func(v *store.View) (any, error) {
			data, err := books.PayerData(v)
			return one(data, len(data.Facts) > 0, err)
		},
		"books.PayerBook": func(v *store.View) (any, error) {
			book, err := books.PayerBook(v, "edition of "+string(v.Tenant()))
			return one(book.Data(), len(book.Data().Facts) > 0, err)
		},
		"books.PricesOf": func(v *store.View) (any, error) { return books.PricesOf(v, "fee") },
		"books.CasesOfDay": func(v *store.View) (any, error) {
			return books.CasesOfDay(v, "p1", "2026-03-02")
		},
		"books.UnsentCasesNaming": func(v *store.View) (any, error) {
			return books.UnsentCasesNaming(v, models.Ref{Type: "Practitioner", ID: "doc"})
		},
		"books.UnsentCasesPriced": func(v *store.View) (any, error) { return books.UnsentCasesPriced(v, []string{"99214"}) },
		"documents.InCompartment": func(v *store.View) (any, error) { return documents.InCompartment(v, byNumber, "p1") },
		"documents.LeadsToOthers": func(v *store.View) (any, error) {
			leads, err := documents.LeadsToOthers(v, byNumber, "nobody")
			return one(leads, leads, err)
		},
		"documents.Resolve": func(v *store.View) (any, error) {
			resolved, err := documents.Resolve(v, byNumber)
			return one(resolved, err == nil && resolved[0] != byNumber, err)
		},
		"documents.Holder": func(v *store.View) (any, error) {
			id, err := documents.Holder(v, "Patient", models.Identifier{System: "urn:mrn", Value: "MRN-p1"})
			return one(id, id != "", err)
		},
		"documents.Zone": func(v *store.View) (any, error) {
			zone, err := documents.Zone(v)
			return one(zone, zone.String() != models.DefaultSettings.TimeZone, err)
		},
		"journal.EntriesByCause": func(v *store.View) (any, error) {
			return journal.EntriesByCause(v, []models.Cause{models.CauseOfCharge("ch1", 1)})
		},
		"books.Account":             func(v *store.View) (any, error) { x, ok, err := books.Account(v, "p1"); return one(x, ok, err) },
		"books.AccountsOfPatients":  func(v *store.View) (any, error) { return books.AccountsOfPatients(v, []models.PatientID{"p1"}) },
		"books.Guarantors":          func(v *store.View) (any, error) { return books.Guarantors(v, []models.AccountID{account}) },
		"books.GuarantorsOfPatient": func(v *store.View) (any, error) { return books.GuarantorsOfPatient(v, "p1") },
		"books.OpenWorkOfParty": func(v *store.View) (any, error) {
			return books.OpenWorkOfParty(v, models.WorkClaim, models.Ref{Type: "RelatedPerson", ID: "mum"})
		},
		"books.AccountsByID": func(v *store.View) (any, error) { return books.AccountsByID(v, []models.AccountID{account}) },
		"books.Answer":       func(v *store.View) (any, error) { x, ok, err := books.Answer(v, "an1"); return one(x, ok, err) },
		"books.AnswerByKey": func(v *store.View) (any, error) {
			x, ok, err := books.AnswerByKey(v, models.Answer{ClaimType: models.ClaimProfessional, ClaimID: "c1", PayerID: "acme", Kind: models.AnswerOriginal, Key: "k1", Trace: "t1"})
			return one(x, ok, err)
		},
		"books.AnswersOfCase": func(v *store.View) (any, error) { return books.AnswersOfCase(v, "Encounter/v1") },
		"books.ClaimsOfNumber": func(v *store.View) (any, error) {
			var found []models.Claim
			var errs []error
			for word := range zones {
				claims, err := books.ClaimsOfNumber(v, "C1"+word)
				found, errs = append(found, claims...), append(errs, err)
			}
			return found, errors.Join(errs...)
		},
		"books.UnmatchedByKey": func(v *store.View) (any, error) {
			x, ok, err := books.UnmatchedByKey(v, models.Answer{PayerID: "acme", Key: "k2"})
			return one(x, ok, err)
		},
		"books.UnmatchedByID":       func(v *store.View) (any, error) { return books.UnmatchedByID(v, []models.AnswerID{"un1"}) },
		"books.AnswersOfPayment":    func(v *store.View) (any, error) { return books.AnswersOfPayment(v, "acme", "t1") },
		"books.RemittancesByID":     func(v *store.View) (any, error) { return books.RemittancesByID(v, []models.RemittanceID{"r1"}) },
		"books.Remittance":          func(v *store.View) (any, error) { x, ok, err := books.Remittance(v, "r1"); return one(x, ok, err) },
		"books.DepositsByKey":       func(v *store.View) (any, error) { return books.DepositsByKey(v, []string{"k1"}) },
		"books.DepositsByReference": func(v *store.View) (any, error) { return books.DepositsByReference(v, []string{"b1"}) },
		"books.DepositsByID":        func(v *store.View) (any, error) { return books.DepositsByID(v, []models.DepositID{"d1"}) },
		"books.Deposit":             func(v *store.View) (any, error) { x, ok, err := books.Deposit(v, "d1"); return one(x, ok, err) },
		"books.Deposits": func(v *store.View) (any, error) {
			return books.Deposits(v, models.DepositFilter{}, models.Deposit{}, 5)
		},
		"books.Remittances": func(v *store.View) (any, error) {
			return books.Remittances(v, models.RemittanceFilter{}, models.Remittance{}, 5)
		},
		"books.RemittancesOfTraces": func(v *store.View) (any, error) { return books.RemittancesOfTraces(v, []string{"t2"}) },
		"books.OpenRemittances":     func(v *store.View) (any, error) { return books.OpenRemittances(v, "acme") },
		"books.WaitingDeposits":     func(v *store.View) (any, error) { return books.WaitingDeposits(v, "t9") },
		"books.IsBegun":             func(v *store.View) (any, error) { x, err := books.IsBegun(v, "acme", "t1"); return one(x, x, err) },
		"books.Joined":              func(v *store.View) (any, error) { return books.Joined(v, "acme", []string{"FB"}, []string{"t1"}) },
		"books.OwedBack":            func(v *store.View) (any, error) { return books.OwedBack(v, "acme", []string{"icn1"}) },
		"books.Authorization": func(v *store.View) (any, error) {
			x, ok, err := books.Authorization(v, "pre1")
			return one(x, ok, err)
		},
		"books.AuthorizationNumbered": func(v *store.View) (any, error) {
			x, ok, err := books.AuthorizationNumbered(v, "acme", []string{"urn:requests|1"})
			return one(x, ok, err)
		},
		"books.AuthorizationsOfPatients": func(v *store.View) (any, error) { return books.AuthorizationsOfPatients(v, []models.PatientID{"p1"}) },
		"books.Authorizations":           func(v *store.View) (any, error) { return books.Authorizations(v, "p1") },
		"books.CoverageCheck": func(v *store.View) (any, error) {
			x, ok, err := books.CoverageCheck(v, "q1")
			return one(x, ok, err)
		},
		"books.GuarantorsOwing": func(v *store.View) (any, error) { return books.GuarantorsOwing(v, models.Ref{}, 5) },
		"books.IsAsked":         func(v *store.View) (any, error) { return books.IsAsked(v, patientOne) },
		"books.CountOwing":      func(v *store.View) (any, error) { n, err := books.CountOwing(v); return one(n, n > 0, err) },
		"books.InvoicesAsking": func(v *store.View) (any, error) {
			return books.InvoicesAsking(v, patientOne, patientOne)
		},
		"books.LinesOfInvoices": func(v *store.View) (any, error) { return books.LinesOfInvoices(v, []models.InvoiceID{"i1"}) },
		"books.OpeningsAsking": func(v *store.View) (any, error) {
			return books.OpeningsAsking(v, patientOne, patientOne)
		},
		"books.CasesWithClaims": func(v *store.View) (any, error) {
			return books.CasesWithClaims(v, []models.CaseID{"Encounter/v1"}, models.ClaimHeld)
		},
		"books.LatestStatements": func(v *store.View) (any, error) { return books.LatestStatements(v, []models.Ref{guarantor}) },
		"books.StatementsOf":     func(v *store.View) (any, error) { return books.StatementsOf(v, guarantor, 5) },
		"books.StatementPage":    func(v *store.View) (any, error) { return books.StatementPage(v, guarantor, "", 5) },
		"books.SentCauses": func(v *store.View) (any, error) {
			return books.SentCauses(v, []models.Cause{models.CauseOfStatement(guarantor, "2026-03-02")})
		},
		"books.HoldsOf":             func(v *store.View) (any, error) { return books.HoldsOf(v, []models.Ref{guarantor}) },
		"books.PlansOf":             func(v *store.View) (any, error) { return books.PlansOf(v, []models.Ref{guarantor}) },
		"books.ActivePlans":         func(v *store.View) (any, error) { return books.ActivePlans(v, []models.Ref{guarantor}) },
		"books.EstimatesByID":       func(v *store.View) (any, error) { return books.EstimatesByID(v, []models.EstimateID{"gfe1"}) },
		"books.EstimatesOfPatients": func(v *store.View) (any, error) { return books.EstimatesOfPatients(v, []models.PatientID{"p1"}) },
		"books.IsEstimated":         func(v *store.View) (any, error) { x, err := books.IsEstimated(v, "ap1"); return one(x, x, err) },
		"books.OpenWorkOfPatients": func(v *store.View) (any, error) {
			return books.OpenWorkOfPatients(v, models.WorkClaim, []models.PatientID{"p1"})
		},
		"books.ChecksOfCoverage": func(v *store.View) (any, error) {
			return books.ChecksOfCoverage(v, "cov1", models.ServiceAny, "2026-03-02")
		},
		"books.AnsweredChecks": func(v *store.View) (any, error) { return books.AnsweredChecks(v, "cov1") },
		"books.ChecksOfPlans":  func(v *store.View) (any, error) { return books.ChecksOfPlans(v, []models.CoverageID{"cov1"}) },
		"books.LatestChecks":   func(v *store.View) (any, error) { return books.LatestChecks(v, "p1") },
		"books.AnswersByID":    func(v *store.View) (any, error) { return books.AnswersByID(v, []models.AnswerID{"an1"}) },
		"journal.EachOwed": func(v *store.View) (any, error) {
			var found []journal.Owed
			err := journal.EachOwed(v, func(page []journal.Owed) error { found = append(found, page...); return nil }, models.AccountARInsurance, models.AccountARPatient)
			return found, err
		},
		"journal.Sums": func(v *store.View) (any, error) {
			return journal.Sums(v, journal.SumQuery{By: []models.Dimension{models.DimensionAccount}, Limit: 10})
		},
		"journal.EachReceivable": func(v *store.View) (any, error) {
			var found []models.Receivable
			err := journal.EachReceivable(v, "2026-12-31", "", func(r models.Receivable) error { found = append(found, r); return nil })
			return found, err
		},
		"journal.EachAged": func(v *store.View) (any, error) {
			var found []models.AgedSum
			var errs []error
			for _, asOf := range []models.Date{"2026-12-31", "2026-03-02"} {
				for _, since := range []models.ReceivableSince{models.SinceService, models.SinceBill} {
					q := journal.ReceivableQuery{AsOf: asOf, Since: since, By: []models.Dimension{models.DimensionPayer, models.DimensionPatient, models.DimensionProvider}}
					errs = append(errs, journal.EachAged(v, q, func(s models.AgedSum) error { found = append(found, s); return nil }))
				}
			}
			return found, errors.Join(errs...)
		},
		"books.Appealed": func(v *store.View) (any, error) {
			x, err := books.Appealed(v)
			return one(x, len(x) > 0, err)
		},
		"books.EachJudged": func(v *store.View) (any, error) {
			var found []models.Answer
			err := books.EachJudged(v, models.Span{From: "2026-01-01", Until: "2026-12-31"}, func(first, corrections []models.Answer) error {
				found = append(append(found, first...), corrections...)
				return nil
			})
			return found, err
		},
		"books.Figures": func(v *store.View) (any, error) {
			f, err := books.Figures(v, models.Span{From: "2026-01-01", Until: "2026-12-31"})
			return one(f, f.Unposted+f.Judged+f.Sent > 0, err)
		},
		"journal.Count": func(v *store.View) (any, error) { n, err := journal.Count(v); return one(n, n > 0, err) },
		"documents.Count": func(v *store.View) (any, error) {
			current, _, err := documents.Count(v)
			return one(current, current > 0, err)
		},
		"journal.Balances":  func(v *store.View) (any, error) { return journal.Balances(v) },
		"books.Charge":      func(v *store.View) (any, error) { x, ok, err := books.Charge(v, "ch1"); return one(x, ok, err) },
		"books.ChargesByID": func(v *store.View) (any, error) { return books.ChargesByID(v, []models.ChargeID{"ch1"}) },
		"books.Claim":       func(v *store.View) (any, error) { x, ok, err := books.Claim(v, "c1"); return one(x, ok, err) },
		"books.Claims":      func(v *store.View) (any, error) { return books.Claims(v, []models.ClaimID{"c1"}) },
		"documents.Get":     func(v *store.View) (any, error) { x, ok, err := documents.Get(v, p2, none); return one(x, ok, err) },
		"documents.Some": func(v *store.View) (any, error) {
			list, _, err := documents.Some(v, []models.Ref{p2}, none, 1)
			return list, err
		},
		"documents.Of":           func(v *store.View) (any, error) { return documents.Of(v, []models.Ref{p2}, none) },
		"documents.Each":         func(v *store.View) (any, error) { return collect(v, documents.Each) },
		"documents.EachPage":     func(v *store.View) (any, error) { return collectPages(v, documents.EachPage) },
		"documents.EachPastPage": func(v *store.View) (any, error) { return collectPages(v, documents.EachPastPage) },
		"journal.Each": func(v *store.View) (any, error) {
			var found []models.Entry
			err := journal.Each(v, func(e models.Entry) error { found = append(found, e); return nil })
			return found, err
		},
		"journal.EachPage": func(v *store.View) (any, error) {
			var found []models.Entry
			err := journal.EachPage(v, func(page []models.Entry) error { found = append(found, page...); return nil })
			return found, err
		},
		"journal.EntriesByID": func(v *store.View) (any, error) { return journal.EntriesByID(v, []models.EntryID{"e1"}) },
		"journal.EntryByCause": func(v *store.View) (any, error) {
			x, ok, err := journal.EntryByCause(v, models.CauseOfCharge("ch1", 1))
			return one(x, ok, err)
		},
		"books.CodingWords":        func(v *store.View) (any, error) { return books.CodingWords(v, "Encounter/v1") },
		"books.CodingWordsOf":      func(v *store.View) (any, error) { return books.CodingWordsOf(v, "doc", 10) },
		"books.CodingWordsOfCases": func(v *store.View) (any, error) { return books.CodingWordsOfCases(v, []models.CaseID{"Encounter/v1"}) },
		"books.CodingWordsAt":      func(v *store.View) (any, error) { return books.CodingWordsAt(v, 0, 1<<62, 10) },
		"books.DiagnosesOfCases": func(v *store.View) (any, error) {
			return books.DiagnosesOfCases(v, []models.CaseID{"Encounter/v1"})
		},
		"books.FindingsOf": func(v *store.View) (any, error) {
			return books.FindingsOf(v, models.Claim{ID: "c1", CaseID: "Encounter/v1"})
		},
		"books.Findings": func(v *store.View) (any, error) { return books.Findings(v, []models.ClaimID{"c1"}) },
		"documents.HasKeys": func(v *store.View) (any, error) {
			return documents.HasKeys(v, p2, storetest.Indexed(t, 1, storetest.Patient("p2", "alpha-again")).Keys)
		},
		"documents.History": func(v *store.View) (any, error) {
			list, _, err := documents.History(v, p2, 0, 10, 0, none)
			return list, err
		},
		"books.Invoice":  func(v *store.View) (any, error) { x, ok, err := books.Invoice(v, "i1"); return one(x, ok, err) },
		"books.Invoices": func(v *store.View) (any, error) { return books.Invoices(v, []models.InvoiceID{"i1"}) },
		"books.DuesOfPatient": func(v *store.View) (any, error) {
			dues, err := books.DuesOfPatient(v, "p1")
			var all []any
			for _, i := range dues.Invoices {
				all = append(all, i)
			}
			for _, o := range dues.Openings {
				all = append(all, o)
			}
			for _, p := range dues.Credits {
				all = append(all, p)
			}
			return all, err
		},
		"journal.EachFact": func(v *store.View) (any, error) {
			var lines []string
			err := journal.EachFact(v, func(line []byte) error { lines = append(lines, string(line)); return nil })
			return lines, err
		},
		"books.ProcessorEvent": func(v *store.View) (any, error) {
			e, found, err := books.ProcessorEvent(v, "cards", "evt_1")
			return one(e, found, err)
		},
		"books.EventsOfReference": func(v *store.View) (any, error) { return books.EventsOfReference(v, "cards", "ch_1") },
		"books.OpenPayouts":       func(v *store.View) (any, error) { return books.OpenPayouts(v, 0) },
		"books.PayoutsOfDeposit":  func(v *store.View) (any, error) { return books.PayoutsOfDeposit(v, "d1") },
		"books.UnmatchedDeposits": func(v *store.View) (any, error) {
			return books.UnmatchedDeposits(v, 900, models.Span{From: "2026-01-01", Until: "2026-12-31"})
		},
		"books.EventsWithoutPayment": func(v *store.View) (any, error) { return books.EventsWithoutPayment(v, "p1") },
		"books.PaymentAtProcessor": func(v *store.View) (any, error) {
			p, found, err := books.PaymentAtProcessor(v, "cards", "ch_1")
			return one(p, found, err)
		},
		"books.TillClosesFrom": func(v *store.View) (any, error) { return books.TillClosesFrom(v, "front", "2026-03-01") },
		"books.TillClosesWithin": func(v *store.View) (any, error) {
			return books.TillClosesWithin(v, "front", models.Span{From: "2026-03-01"}, 10)
		},
		"books.PaymentsOfTill":   func(v *store.View) (any, error) { return books.PaymentsOfTill(v, "front", "2026-03-02") },
		"journal.LawsBroken":     func(v *store.View) (any, error) { return journal.LawsBroken(v, 5) },
		"journal.OpeningsAmiss":  func(v *store.View) (any, error) { return journal.OpeningsAmiss(v, 5) },
		"books.OpeningsByNumber": func(v *store.View) (any, error) { return books.OpeningsByNumber(v, []string{"OLD-1"}) },
		"books.OpeningOf": func(v *store.View) (any, error) {
			o, found, err := books.OpeningOf(v, "Opening/old1")
			if !found {
				return nil, err
			}
			return o, err
		},
		"books.ClaimNumbers": func(v *store.View) (any, error) { return books.ClaimNumbers(v, []string{"C1alpha", "C1beta"}) },
		"books.LiveClaims":   func(v *store.View) (any, error) { return books.LiveClaims(v, "p1", "2026-01-01", "2026-12-31") },
		"documents.Misindexed": func(v *store.View) (any, error) {
			return documents.Misindexed(v, []documents.Indexed{{Document: models.Document{Type: "Patient", ID: "p1"}}})
		},
		"documents.Pasts": func(v *store.View) (any, error) { return documents.Pasts(v, "Patient", []string{"p2"}) },
		"journal.BalancesOfPatients": func(v *store.View) (any, error) {
			balances, err := journal.BalancesOfPatients(v, []models.PatientID{"p1"})
			return balances, err
		},
		"books.PaymentsOfInvoices":   func(v *store.View) (any, error) { return books.PaymentsOfInvoices(v, []models.InvoiceID{"i1"}) },
		"journal.PostingsOfPatients": func(v *store.View) (any, error) { return journal.PostingsOfPatients(v, []models.PatientID{"p1"}) },
		"books.PaymentsByID":         func(v *store.View) (any, error) { return books.PaymentsByID(v, []models.PaymentID{"pay1"}) },
		"books.DecidedWork": func(v *store.View) (any, error) {
			return books.DecidedWork(v, models.Ref{Type: "Encounter", ID: "v1"})
		},
		"journal.PostingsByClaim": func(v *store.View) (any, error) { return journal.PostingsByClaim(v, []models.ClaimID{"c1"}) },
		"documents.ReferrersByTarget": func(v *store.View) (any, error) {
			return documents.ReferrersByTarget(v, "Observation", "subject", "Patient", []string{"p1"}, 10)
		},
		"journal.PostingsOfCharges": func(v *store.View) (any, error) { return journal.PostingsOfCharges(v, []models.ChargeID{"ch1"}) },
		"books.Prices":              func(v *store.View) (any, error) { return books.Prices(v, []string{"99214"}) },
		"documents.References": func(v *store.View) (any, error) {
			return documents.References(v, "Observation", []string{"o1"}, "*", "", 10)
		},
		"documents.Referrers": func(v *store.View) (any, error) {
			return documents.Referrers(v, "Observation", "subject", "Patient", []string{"p1"}, 10)
		},
		"documents.Referring": func(v *store.View) (any, error) {
			return documents.Referring(v, 10, documents.Reverse{Type: "Observation", Param: "subject", Target: models.Ref{Type: "Patient", ID: "p1"}},
				documents.Reverse{Type: "Observation", Param: "focus", Target: models.Ref{Type: "Patient", ID: "p1"}})
		},
		"documents.NamingByIdentifier": func(v *store.View) (any, error) {
			return documents.NamingByIdentifier(v, []string{"Encounter"}, []models.Identifier{{System: "urn:org", Value: "1"}})
		},
		"documents.VisitsNaming": func(v *store.View) (any, error) {
			return documents.VisitsNaming(v, "Patient", []string{"p1"})
		},
		"documents.Search": func(v *store.View) (any, error) {
			page, err := documents.Search(v, storetest.Query(t, "Patient", "_sort=-family&identifier=urn:mrn|"), none, nil)
			return page.Documents, err
		},
		"books.Renderings": func(v *store.View) (any, error) { return books.Renderings(v, "Claim", []string{"c1"}) },
		"documents.SentOf": func(v *store.View) (any, error) { return documents.SentOf(v, "Basic", []string{"b1"}) },
		"books.Settings":   func(v *store.View) (any, error) { x, ok, err := books.Settings(v); return one(x, ok, err) },
		"journal.Unposted": func(v *store.View) (any, error) { return journal.Unposted(v, 10) },
		"documents.Version": func(v *store.View) (any, error) {
			x, ok, err := documents.Version(v, p2, 1, none)
			return one(x, ok, err)
		},
		"books.PracticeRules":        func(v *store.View) (any, error) { return books.PracticeRules(v) },
		"books.PracticeRulesOn":      func(v *store.View) (any, error) { return books.PracticeRulesOn(v) },
		"books.PracticeRuleVersions": func(v *store.View) (any, error) { return books.PracticeRuleVersions(v, "r1", 9, 9) },
		"books.PracticeRule":         func(v *store.View) (any, error) { x, ok, err := books.PracticeRule(v, "r1", 1); return one(x, ok, err) },
		"books.PracticeBook": func(v *store.View) (any, error) {
			book, err := books.PracticeBook(v, "e1")
			rule, ok := book.Find("r1")
			return one(rule, ok, err)
		},
		"books.ClaimsByDay": func(v *store.View) (any, error) {
			return books.ClaimsByDay(v, models.Span{From: "2026-01-01", Until: "2026-12-31"}, books.ClaimPlace{}, 9)
		},
		"books.WorkItems":  func(v *store.View) (any, error) { return books.WorkItems(v, "", "", 10) },
		"books.LeftWork":   func(v *store.View) (any, error) { return books.LeftWork(v, "Encounter/v1") },
		"books.WorkItem":   func(v *store.View) (any, error) { x, ok, err := books.WorkItem(v, item); return one(x, ok, err) },
		"books.WorkEvents": func(v *store.View) (any, error) { return books.WorkEvents(v, []models.WorkItemID{item}) },
		"books.WorkList": func(v *store.View) (any, error) {
			return books.WorkList(v, models.WorkFilter{}, models.WorkByDue, models.WorkItem{}, 10)
		},
		"books.WorkQueues": func(v *store.View) (any, error) {
			return books.WorkQueues(v, models.WorkFilter{}, models.WorkAsker{Names: []string{"tester"}})
		},
		"books.WorkTotal":     func(v *store.View) (any, error) { n, _, err := books.WorkTotal(v, models.WorkFilter{}); return n, err },
		"books.WorkItemsByID": func(v *store.View) (any, error) { return books.WorkItemsByID(v, []models.WorkItemID{item}) },
	}
}

// notReadings are the functions of the rooms that read nothing of one tenant that fill wrote, and what they are for.
var notReadings = map[string]string{
	"books.CountDueEverywhere":    "it is for all tenants",
	"books.CountFailedEverywhere": "it is for all tenants",
	"books.TenantsDue":            "it is for all tenants",
	"books.TalliesToFold":         "it is for all tenants",
	"books.TalliesDiffer":         "fill leaves them as the items are",
	"books.OrphansEverywhere":     "it is for all tenants",
	"books.NextDueEverywhere":     "it is for all tenants",
	"books.UntoldEverywhere":      "it is for all tenants",
	"books.UndepositedEverywhere": "it is for all tenants",
	"books.AsksDueEverywhere":     "it is for all tenants",
	"books.SilentEverywhere":      "it is for all tenants",
	"books.ChecksDueEverywhere":   "it is for all tenants",

	"books.AuthorizationsDueEverywhere": "it is for all tenants",
	"books.Unpublished":                 "fill leaves no row without its document",
	"documents.ForgetZone":              "it reads nothing",
	"documents.OwnBases":                "they are the server's",
	"documents.Settle":                  "it reads nothing",
}

// readingFunctions gives the exported functions of the rooms that take a View, from their source.
func readingFunctions(t *testing.T) (names []string) {
	t.Helper()
	for _, room := range []string{"documents", "books", "journal"} {
		files, err := filepath.Glob(filepath.Join(room, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, declared := range file.Decls {
				if f, ok := declared.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.IsExported() && takesView(f) {
					names = append(names, room+"."+f.Name.Name)
				}
			}
		}
	}
	return names
}

func takesView(f *ast.FuncDecl) bool {
	if len(f.Type.Params.List) == 0 {
		return false
	}
	pointer, ok := f.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	of, ok := pointer.X.(*ast.SelectorExpr)
	return ok && of.Sel.Name == "View"
}

func isEmpty(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Pointer:
		return v.IsNil() || isEmpty(v.Elem().Interface())
	case reflect.Bool:
		return !v.Bool()
	case reflect.Int64:
		return v.Int() == 0
	}
	return false
}

var patientOne = models.Ref{Type: "Patient", ID: "p1"}

// Every function that reads sees its own tenant only, and what another tenant writes under the same ids changes nothing.
func TestTenantsAreApart(t *testing.T) {
	known := readings(t, "", "")
	for _, name := range readingFunctions(t) {
		if known[name] == nil && notReadings[name] == "" {
			t.Errorf("%s is not in this test", name)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ours, other := storetest.Session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		fill(t, ours, "alpha")
		var calls map[string]func(*store.View) (any, error)
		storetest.View(t, ours, func(v *store.View) error {
			account, _, err := books.Account(v, "p1")
			items, err2 := books.WorkItems(v, "", "", 1)
			calls = readings(t, account.ID, items[0].ID)
			return errors.Join(err, err2)
		})
		read := func(s *store.Session, name string) any {
			var value any
			storetest.View(t, s, func(v *store.View) error {
				var err error
				value, err = calls[name](v)
				return err
			})
			return value
		}
		before := map[string]any{}
		for name := range calls {
			before[name] = read(ours, name)
			if isEmpty(before[name]) {
				t.Errorf("%s gives nothing to its own tenant", name)
			}
			if got := read(other, name); !isEmpty(got) {
				t.Errorf("%s gives another tenant %+v", name, got)
			}
		}
		fill(t, other, "beta")
		for name, want := range before {
			if got := read(ours, name); !reflect.DeepEqual(got, want) {
				t.Errorf("%s changed when another tenant wrote: %+v, was %+v", name, got, want)
			}
			if got := fmt.Sprintf("%+v", read(other, name)); strings.Contains(got, "alpha") {
				t.Errorf("%s gives another tenant ours: %s", name, got)
			}
		}
	})
}

func TestTenantsWithLikeNamesAreApart(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		// A tenant whose name begins as another's is another tenant.
		for i, name := range []models.TenantID{"a", "a/b", "A", "a "} {
			s := db.As(models.Actor{Tenant: name, Subject: "tester"})
			storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", fmt.Sprintf("Family%d", i))))
		}
		for i, name := range []models.TenantID{"a", "a/b", "A", "a "} {
			s := db.As(models.Actor{Tenant: name, Subject: "tester"})
			for j := range 4 {
				want := ""
				if i == j {
					want = "p"
				}
				if got := storetest.Found(t, s, documents.Guard{}, "Patient", fmt.Sprintf("family=family%d", j)); got != want {
					t.Errorf("tenant %q finds %q by the name of tenant %d", name, got, j)
				}
			}
		}
	})
}
