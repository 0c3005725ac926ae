package inquiry_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"medbill/billing/inquiry"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func TestMain(m *testing.M) { storetest.Main(m) }

const tenant = models.TenantID("zzyzx")

// the two patients' records of each kind have the patient's name as id; acme was asked for ann, zenith for bob.
var both = []string{"ann", "bob"}

func furnished(t *testing.T, db *store.DB) *inquiry.Books {
	t.Helper()
	machine, err := records.New(db, records.Config{BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []models.TenantID{tenant, "other"} {
		err := db.As(models.Actor{Tenant: in, Subject: "test"}).Update(context.Background(), func(tx *store.Tx) error {
			if err := books.SaveSettings(tx, models.DefaultSettings); err != nil {
				return err
			}
			for patient, payer := range map[string]string{"ann": "acme", "bob": "zenith"} {
				if err := furnish(tx, patient, models.OrganizationID(payer)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return inquiry.New(machine)
}

// furnish writes a case of a patient with one record of each kind.
func furnish(tx *store.Tx, patient string, payer models.OrganizationID) error {
	id, kase := models.PatientID(patient), models.CaseOf(models.VisitID(patient))
	charge := models.Charge{ID: models.ChargeID(patient), CaseID: kase, PatientID: id, Sequence: 1, State: models.ChargeBilled, System: models.SystemCPT, Code: "99213", Units: models.OneUnit, ServiceDate: "2026-03-02", Billed: 10000, PayerID: payer, Posting: 1}
	claim := models.Claim{
		Type: models.ClaimProfessional,
		ID:   models.ClaimID(patient), Number: "C" + patient, CaseID: kase, PatientID: id, CoverageID: models.CoverageID(patient), InsurerID: payer, State: models.ClaimAdjudicated, Position: 1, Part: 1,
		ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-02", Billed: 10000, Cause: models.CauseOfClaim(kase, models.ClaimProfessional, 1, models.CoverageID(patient), 1, 1),
		Lines: []models.ClaimLine{{Sequence: 1, ChargeID: charge.ID, System: charge.System, Code: charge.Code, Units: charge.Units, ServiceDate: charge.ServiceDate, Billed: 10000}},
	}
	answer := models.Answer{ClaimType: models.ClaimProfessional, ID: models.AnswerID(patient), ClaimID: claim.ID, CaseID: kase, PayerID: payer, Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete, Key: "k", Posted: true, Effective: "2026-03-20", Billed: 10000, Paid: 10000}
	if err := books.SaveCase(tx, models.Case{ID: kase, PatientID: id, State: models.CasePatient, ServiceDate: "2026-03-02"}); err != nil {
		return err
	}
	if err := books.SaveCharges(tx, charge); err != nil {
		return err
	}
	if err := books.SaveClaim(tx, claim); err != nil {
		return err
	}
	if err := books.SaveAnswer(tx, answer, claim); err != nil {
		return err
	}
	account, err := books.OpenAccount(tx, id)
	if err != nil {
		return err
	}
	invoice := models.Invoice{ID: models.InvoiceID(patient), Number: "V" + patient, CaseID: kase, PatientID: id, AccountID: account.ID, Status: models.InvoiceIssued, Issued: "2026-03-21", Billed: 10000, Net: 5000, Due: 5000, Cause: models.CauseOfInvoice(kase, 1)}
	if err := books.SaveInvoices(tx, invoice); err != nil {
		return err
	}
	if err := books.AddPayment(tx, models.Payment{ID: models.PaymentID(patient), PatientID: id, Amount: 100, Method: models.PaymentCash, State: models.PaymentSucceeded, Allocations: []models.Allocation{{ChargeID: "c", InvoiceID: invoice.ID, Amount: 100}}, Key: patient, Caller: patient}); err != nil {
		return err
	}
	about := models.Dimensions{PatientID: id, CaseID: kase, ChargeID: charge.ID}
	return journal.Post(tx, models.Entry{
		ID: models.EntryID(patient), Kind: models.EntryCharge, Cause: models.CauseOfCharge(charge.ID, 1), Effective: "2026-03-02",
		Postings: []models.Posting{{Sequence: 1, Account: models.AccountARPatient, Amount: 10000, Dimensions: about}, {Sequence: 2, Account: models.AccountRevenue, Amount: -10000, Dimensions: about}},
	})
}

func as(t *testing.T, role auth.Role) auth.Principal {
	t.Helper()
	scopes, err := auth.RoleScopes(role)
	if err != nil {
		t.Fatal(err)
	}
	p := auth.Principal{Tenant: tenant, Subject: string(role), Scopes: auth.ParseScopes(scopes)}
	switch role {
	case auth.RolePatient:
		p.Patient = "ann"
	case auth.RolePayer:
		p.Organization = "acme"
	}
	return p
}

// asked gives whose records a question found, or the kind of its refusal.
func asked[K ~string, V any](ask func(context.Context, auth.Principal, []K) (map[K]V, error)) func(context.Context, auth.Principal) (string, error) {
	return func(ctx context.Context, p auth.Principal) (string, error) {
		ids := make([]K, len(both))
		for i, id := range both {
			ids[i] = K(id)
		}
		found, err := ask(ctx, p, ids)
		text := ""
		for _, id := range slices.Sorted(maps.Keys(found)) {
			text += string(id) + " "
		}
		return text, err
	}
}

// TestAQuestionIsAnsweredWithinTheAskersRights holds it for ids that the asker has from somewhere else: a question to the books
// does not rest on the door having looked first.
func TestAQuestionIsAnsweredWithinTheAskersRights(t *testing.T) {
	const refused = "refused"
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := furnished(t, db)
		questions := map[string]func(context.Context, auth.Principal) (string, error){
			"findings": asked(b.Findings), "postings": asked(b.Postings), "answers": asked(b.Answers), "charges": asked(b.Charges),
			"invoices": asked(b.Invoices), "payments": asked(b.Payments),
		}
		for _, c := range []struct {
			role auth.Role
			want map[string]string
		}{
			{auth.RoleBiller, map[string]string{"findings": "", "postings": "ann bob ", "answers": "ann bob ", "charges": "ann bob ", "invoices": "ann bob ", "payments": "ann bob "}},
			{auth.RoleCoder, map[string]string{"findings": "", "postings": refused, "answers": refused, "charges": "ann bob ", "invoices": refused, "payments": refused}},
			{auth.RoleFrontDesk, map[string]string{"findings": refused, "postings": "ann bob ", "answers": refused, "charges": refused, "invoices": "ann bob ", "payments": "ann bob "}},
			{auth.RoleEHR, map[string]string{"findings": "", "postings": refused, "answers": "ann bob ", "charges": "ann bob ", "invoices": "ann bob ", "payments": refused}},
			{auth.RolePatient, map[string]string{"findings": refused, "postings": refused, "answers": "ann ", "charges": "ann ", "invoices": "ann ", "payments": "ann "}},
			{auth.RolePayer, map[string]string{"findings": refused, "postings": refused, "answers": "ann ", "charges": refused, "invoices": refused, "payments": refused}},
		} {
			for name, ask := range questions {
				got, err := ask(t.Context(), as(t, c.role))
				if fault.Is(err, fault.Forbidden) {
					got, err = refused, nil
				}
				if want := c.want[name]; err != nil || got != want {
					t.Errorf("%s asks for %s and gets %q, %v; want %q", c.role, name, got, err, want)
				}
			}
		}
	})
}

// TestBalancesAreThoseOfAccountsThatAreSeen holds it for a patient who knows the number of another's account.
func TestBalancesAreThoseOfAccountsThatAreSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := furnished(t, db)
		var ids []models.AccountID
		mine := models.AccountID("")
		err := db.As(models.Actor{Tenant: tenant}).View(t.Context(), func(v *store.View) error {
			for _, patient := range both {
				account, _, err := books.Account(v, models.PatientID(patient))
				if err != nil {
					return err
				}
				if ids = append(ids, account.ID); patient == "ann" {
					mine = account.ID
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		found, err := b.Balances(t.Context(), as(t, auth.RolePatient), ids)
		if err != nil || len(found) != 1 || found[mine][models.AccountARPatient] != 10000 {
			t.Errorf("ann sees %v, %v", found, err)
		}
		if found, err = b.Balances(t.Context(), as(t, auth.RoleBiller), ids); err != nil || len(found) != 2 {
			t.Errorf("the biller sees %v, %v", found, err)
		}
	})
}

// TestCasesAreTheOffices holds who sees cases, what hangs on them, and that another tenant's are not there.
func TestCasesAreTheOffices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		b := furnished(t, db)
		ids := []models.CaseID{models.CaseOf("ann"), models.CaseOf("bob"), models.CaseOf("nobody")}
		biller := as(t, auth.RoleBiller)
		if cases, err := b.Cases(t.Context(), biller, ids); err != nil || len(cases) != 2 || cases[0].ID != ids[0] {
			t.Errorf("the biller sees %v, %v", cases, err)
		}
		page, err := b.CasePage(t.Context(), biller, inquiry.CaseList{State: models.CasePatient, Count: 1, Total: true})
		if err != nil || len(page.Cases) != 1 || !page.More || *page.Total != 2 {
			t.Errorf("the first page is %+v, %v", page, err)
		}
		for typ, want := range map[string]models.Ref{"Claim": {Type: "Claim", ID: "ann"}, "ChargeItem": {Type: "ChargeItem", ID: "ann"}, "Invoice": {Type: "Invoice", ID: "ann"}} {
			hanging, err := b.OfCases(t.Context(), biller, typ, ids)
			if err != nil || len(hanging) != 2 || len(hanging[ids[0]]) != 1 || hanging[ids[0]][0] != want {
				t.Errorf("%s of cases are %v, %v", typ, hanging, err)
			}
		}
		if _, err := b.OfCases(t.Context(), as(t, auth.RoleCoder), "Invoice", ids); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a coder's invoices: %v", err)
		}
		for _, role := range []auth.Role{auth.RolePatient, auth.RolePayer} {
			_, cases := b.Cases(t.Context(), as(t, role), ids)
			_, page := b.CasePage(t.Context(), as(t, role), inquiry.CaseList{Count: 1})
			_, hanging := b.OfCases(t.Context(), as(t, role), "Claim", ids)
			for _, err := range []error{cases, page, hanging} {
				if !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s asks for cases: %v", role, err)
				}
			}
		}
		biller.Tenant = "empty"
		if _, err := b.Case(t.Context(), biller, ids[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("another tenant's case: %v", err)
		}
	})
}
