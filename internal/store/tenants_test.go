package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// fill writes one of everything under ids that every tenant uses, with word in it.
func fill(t *testing.T, s *store.Session, word string) {
	t.Helper()
	update(t, s, func(tx *store.Tx) error {
		claim := models.Claim{
			ID: "c1", Number: "C1" + word, VisitID: "v1", PatientID: "p1", CoverageID: "cov1", InsurerID: "acme", BillingID: "practice", RenderingID: "doc", State: models.ClaimHeld,
			Position: 1, Part: 1, ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-02", PlaceOfService: "11", Billed: 25000, Cause: "draft/c1",
			Lines:     []models.ClaimLine{{Sequence: 1, ChargeID: "ch1", System: models.SystemCPT, Code: "99214", Units: 1, ServiceDate: "2026-03-02", Billed: 25000}},
			Diagnoses: []models.ClaimDiagnosis{{Sequence: 1, Code: "I10"}},
		}
		invoice := models.Invoice{
			ID: "i1", Number: "V1" + word, PatientID: "p1", VisitID: "v1", AccountID: "a1", IssuerID: "practice", Status: models.InvoiceIssued, Issued: "2026-03-02", DueDate: "2026-04-01",
			Billed: 25000, Due: 7000, Cause: "visit/v1", Lines: []models.InvoiceLine{{Sequence: 1, ChargeID: "ch1", Billed: 25000, Due: 7000}},
		}
		_, account := tx.OpenAccount("p1")
		return errors.Join(
			tx.SaveSettings(models.Settings{Name: word, TimeZone: "UTC", DueDays: 30}),
			tx.PutDocuments(put(t, 1, patient("p1", word)), put(t, 1, patient("p2", word)), put(t, 1, observation("o1", "Patient/p1"))),
			tx.PutDocuments(put(t, 2, patient("p2", word+"-again"))),
			tx.SaveSent(models.Ref{Type: "Basic", ID: "b1"}, []byte(`{"word":"`+word+`"}`)),
			tx.MarkExternalVisits([]models.VisitID{"ext1"}),
			tx.SaveVisit(models.Visit{ID: "v1", PatientID: "p1", State: models.VisitCharged, ServiceDate: "2026-03-02"}),
			tx.SaveDiagnoses("v1", []models.Diagnosis{{Sequence: 1, Code: "I10"}}),
			tx.SaveCharges(models.Charge{ID: "ch1", VisitID: "v1", PatientID: "p1", Sequence: 1, Status: models.ChargeBilled, System: models.SystemCPT, Code: "99214", Units: 1, ServiceDate: "2026-03-02", UnitPrice: 25000, Billed: 25000, Source: word}),
			tx.SavePrices("fee", []models.Price{{System: models.SystemCPT, Code: "99214", Amount: 25000}}),
			account,
			tx.SaveClaim(claim),
			tx.SaveFindings("c1", []models.Finding{{Rule: "scrub.npi", Severity: models.SeverityError, Text: word}}),
			tx.SaveAnswer(models.Answer{ID: "an1", ClaimID: "c1", PayerID: "acme", Key: "k1", BodyHash: word, Billed: 25000, Paid: 18000,
				Lines:       []models.AnswerLine{{LineSequence: 1, ChargeID: "ch1", Billed: 25000, Paid: 18000}},
				Adjustments: []models.Adjustment{{Sequence: 1, LineSequence: 1, GroupCode: "PR", ReasonCode: "1", Amount: 7000}}}, claim),
			tx.SaveInvoice(invoice),
			tx.SavePayment(models.Payment{ID: "pay1", PatientID: "p1", InvoiceID: "i1", Amount: 7000, Method: models.PaymentCard, Key: "key1", BodyHash: word}),
			tx.Post(models.Entry{ID: "e1", Kind: models.EntryCharge, Cause: "charge/ch1", Postings: []models.Posting{
				{Account: models.AccountARPatient, Amount: 7000, PatientID: "p1", ChargeID: "ch1", ClaimID: "c1"}, {Account: models.AccountRevenue, Amount: -7000, PatientID: "p1", ChargeID: "ch1", ClaimID: "c1"}}}),
			tx.OpenWork(models.WorkClaim, "Claim/c1", "p1", "Mend "+word+"."),
		)
	})
}

// readings calls every reading method of View for what fill wrote.
func readings(t *testing.T, account models.AccountID, item models.WorkItemID) map[string]func(v *store.View) (any, error) {
	none := store.Guard{}
	p2 := models.Ref{Type: "Patient", ID: "p2"}
	one := func(value any, ok bool, err error) (any, error) {
		if !ok {
			return nil, err
		}
		return value, err
	}
	collect := func(each func(func(models.Document) error) error) (any, error) {
		var found []models.Document
		err := each(func(d models.Document) error { found = append(found, d); return nil })
		return found, err
	}
	collectPages := func(each func(func([]models.Document) error) error) (any, error) {
		var found []models.Document
		err := each(func(page []models.Document) error { found = append(found, page...); return nil })
		return found, err
	}
	return map[string]func(v *store.View) (any, error){
		"Account":      func(v *store.View) (any, error) { x, ok, err := v.Account("p1"); return one(x, ok, err) },
		"AccountByID":  func(v *store.View) (any, error) { x, ok, err := v.AccountByID(account); return one(x, ok, err) },
		"AccountsByID": func(v *store.View) (any, error) { return v.AccountsByID([]models.AccountID{account}) },
		"Answer":       func(v *store.View) (any, error) { x, ok, err := v.Answer("an1"); return one(x, ok, err) },
		"AnswerByKey": func(v *store.View) (any, error) {
			x, ok, err := v.AnswerByKey("c1", "acme", "k1")
			return one(x, ok, err)
		},
		"Answers":       func(v *store.View) (any, error) { return v.Answers([]models.ClaimID{"c1"}) },
		"AnswersByID":   func(v *store.View) (any, error) { return v.AnswersByID([]models.AnswerID{"an1"}) },
		"Balances":      func(v *store.View) (any, error) { return v.Balances() },
		"Charge":        func(v *store.View) (any, error) { x, ok, err := v.Charge("ch1"); return one(x, ok, err) },
		"Charges":       func(v *store.View) (any, error) { return v.Charges("v1") },
		"ChargesByID":   func(v *store.View) (any, error) { return v.ChargesByID([]models.ChargeID{"ch1"}) },
		"Claim":         func(v *store.View) (any, error) { x, ok, err := v.Claim("c1"); return one(x, ok, err) },
		"Claims":        func(v *store.View) (any, error) { return v.Claims([]models.ClaimID{"c1"}) },
		"ClaimsOfVisit": func(v *store.View) (any, error) { return v.ClaimsOfVisit("v1") },
		"Diagnoses":     func(v *store.View) (any, error) { return v.Diagnoses("v1") },
		"Document":      func(v *store.View) (any, error) { x, ok, err := v.Document(p2, none); return one(x, ok, err) },
		"Documents":     func(v *store.View) (any, error) { return v.Documents([]models.Ref{p2}, none) },
		"Each":          func(v *store.View) (any, error) { return collect(v.Each) },
		"EachPage":      func(v *store.View) (any, error) { return collectPages(v.EachPage) },
		"EachPastPage":  func(v *store.View) (any, error) { return collectPages(v.EachPastPage) },
		"EachEntry": func(v *store.View) (any, error) {
			var found []models.Entry
			err := v.EachEntry(func(e models.Entry) error { found = append(found, e); return nil })
			return found, err
		},
		"EachEntryPage": func(v *store.View) (any, error) {
			var found []models.Entry
			err := v.EachEntryPage(func(page []models.Entry) error { found = append(found, page...); return nil })
			return found, err
		},
		"EntriesByID":       func(v *store.View) (any, error) { return v.EntriesByID([]models.EntryID{"e1"}) },
		"EntryByCause":      func(v *store.View) (any, error) { x, ok, err := v.EntryByCause("charge/ch1"); return one(x, ok, err) },
		"Findings":          func(v *store.View) (any, error) { return v.Findings([]models.ClaimID{"c1"}) },
		"HasKeys":           func(v *store.View) (any, error) { return v.HasKeys(p2, put(t, 1, patient("p2", "alpha-again")).Keys) },
		"HeldVisits":        func(v *store.View) (any, error) { return v.HeldVisits("insurer_id", "acme") },
		"History":           func(v *store.View) (any, error) { return v.History(p2, 0, 10, none) },
		"Invoice":           func(v *store.View) (any, error) { x, ok, err := v.Invoice("i1"); return one(x, ok, err) },
		"InvoiceByCause":    func(v *store.View) (any, error) { x, ok, err := v.InvoiceByCause("visit/v1"); return one(x, ok, err) },
		"Invoices":          func(v *store.View) (any, error) { return v.Invoices([]models.InvoiceID{"i1"}) },
		"InvoicesOfPatient": func(v *store.View) (any, error) { return v.InvoicesOfPatient("p1") },
		"InvoicesOfVisit":   func(v *store.View) (any, error) { return v.InvoicesOfVisit("v1") },
		"IsExternalVisit":   func(v *store.View) (any, error) { return v.IsExternalVisit("ext1") },
		"LiveClaims":        func(v *store.View) (any, error) { return v.LiveClaims("p1", "2026-01-01", "2026-12-31") },
		"Misindexed": func(v *store.View) (any, error) {
			return v.Misindexed([]store.Put{{Document: models.Document{Type: "Patient", ID: "p1"}}})
		},
		"OpenSubjects": func(v *store.View) (any, error) { return v.OpenSubjects(models.WorkClaim) },
		"Pasts":        func(v *store.View) (any, error) { return v.Pasts("Patient", []string{"p2"}) },
		"PaymentByKey": func(v *store.View) (any, error) { x, ok, err := v.PaymentByKey("key1"); return one(x, ok, err) },
		"BalancesOfPatients": func(v *store.View) (any, error) {
			balances, err := v.BalancesOfPatients([]models.PatientID{"p1"})
			return balances, err
		},
		"PaymentsOfInvoices": func(v *store.View) (any, error) { return v.PaymentsOfInvoices([]models.InvoiceID{"i1"}) },
		"PostingsByClaim":    func(v *store.View) (any, error) { return v.PostingsByClaim([]models.ClaimID{"c1"}) },
		"ReferrersByTarget": func(v *store.View) (any, error) {
			return v.ReferrersByTarget("Observation", "subject", "Patient", []string{"p1"}, 10)
		},
		"PaymentsOfInvoice": func(v *store.View) (any, error) { return v.PaymentsOfInvoice("i1") },
		"PostingsOfCharges": func(v *store.View) (any, error) { return v.PostingsOfCharges([]models.ChargeID{"ch1"}) },
		"PostingsOfClaims":  func(v *store.View) (any, error) { return v.PostingsOfClaims([]models.ClaimID{"c1"}) },
		"PostingsOfPatient": func(v *store.View) (any, error) { return v.PostingsOfPatient("p1") },
		"Prices":            func(v *store.View) (any, error) { return v.Prices([]string{"99214"}) },
		"References":        func(v *store.View) (any, error) { return v.References("Observation", []string{"o1"}, "*", "", 10) },
		"Referrers": func(v *store.View) (any, error) {
			return v.Referrers("Observation", "subject", "Patient", []string{"p1"}, 10)
		},
		"Search": func(v *store.View) (any, error) {
			page, err := v.Search(query(t, "Patient", "_sort=-family&identifier=urn:mrn|"), none, nil)
			return page.Documents, err
		},
		"Sent":          func(v *store.View) (any, error) { return v.Sent(models.Ref{Type: "Basic", ID: "b1"}) },
		"SentOf":        func(v *store.View) (any, error) { return v.SentOf("Basic", []string{"b1"}) },
		"Settings":      func(v *store.View) (any, error) { x, ok, err := v.Settings(); return one(x, ok, err) },
		"Unposted":      func(v *store.View) (any, error) { return v.Unposted(10) },
		"Version":       func(v *store.View) (any, error) { x, ok, err := v.Version(p2, 1, none); return one(x, ok, err) },
		"Visit":         func(v *store.View) (any, error) { x, ok, err := v.Visit("v1"); return one(x, ok, err) },
		"WorkItem":      func(v *store.View) (any, error) { x, ok, err := v.WorkItem(item); return one(x, ok, err) },
		"WorkItems":     func(v *store.View) (any, error) { return v.WorkItems("", "", 10) },
		"WorkItemsByID": func(v *store.View) (any, error) { return v.WorkItemsByID([]models.WorkItemID{item}) },
	}
}

// notReadings are the methods of View that read nothing that fill wrote: it leaves no row without its document.
var notReadings = map[string]bool{"Subject": true, "Tenant": true, "Unpublished": true}

func isEmpty(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Bool:
		return !v.Bool()
	}
	return false
}

// Every method that reads sees its own tenant only, and what another tenant writes under the same ids changes nothing.
func TestTenantsAreApart(t *testing.T) {
	known := readings(t, "", "")
	methods := reflect.TypeFor[*store.View]()
	for i := range methods.NumMethod() {
		if name := methods.Method(i).Name; known[name] == nil && !notReadings[name] {
			t.Errorf("View.%s is not in this test", name)
		}
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ours, other := session(db), db.As(models.Actor{Tenant: "other", Subject: "tester"})
		fill(t, ours, "alpha")
		var calls map[string]func(*store.View) (any, error)
		view(t, ours, func(v *store.View) error {
			account, _, err := v.Account("p1")
			items, err2 := v.WorkItems("", "", 1)
			calls = readings(t, account.ID, items[0].ID)
			return errors.Join(err, err2)
		})
		read := func(s *store.Session, name string) any {
			var value any
			view(t, s, func(v *store.View) error {
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
			save(t, s, put(t, 1, patient("p", fmt.Sprintf("Family%d", i))))
		}
		for i, name := range []models.TenantID{"a", "a/b", "A", "a "} {
			s := db.As(models.Actor{Tenant: name, Subject: "tester"})
			for j := range 4 {
				want := ""
				if i == j {
					want = "p"
				}
				if got := ids(t, s, store.Guard{}, "Patient", fmt.Sprintf("family=family%d", j)); got != want {
					t.Errorf("tenant %q finds %q by the name of tenant %d", name, got, j)
				}
			}
		}
	})
}
