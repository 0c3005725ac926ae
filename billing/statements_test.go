package billing_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// answersFor gives who is asked for what the i-th debtor owes: itself, the one before it, or somebody who is no patient and answers for two.
func answersFor(i int) models.Ref {
	switch i % 5 {
	case 1:
		i--
	case 3, 4:
		return models.Ref{Type: "RelatedPerson", ID: fmt.Sprintf("r%06d", i/5)}
	}
	return models.Ref{Type: "Patient", ID: fmt.Sprintf("p%06d", i)}
}

// guarantors gives how many are asked for what n debtors owe.
func guarantors(n int) int {
	asked := map[models.Ref]bool{}
	for i := range n {
		asked[answersFor(i)] = true
	}
	return len(asked)
}

// debtors has n patients owe balances from before and open invoices: amounts gives those of each.
func debtors(t testing.TB, db *store.DB, tenant models.TenantID, n int, amounts func(patient int) []models.Cents) (sum models.Cents) {
	t.Helper()
	for from := 0; from < n; from += 1000 {
		err := db.As(models.Actor{Tenant: tenant, Subject: "test"}).Update(context.Background(), func(tx *store.Tx) error {
			var openings []models.Opening
			var invoices []models.Invoice
			for i := from; i < min(from+1000, n); i++ {
				patient := models.PatientID(fmt.Sprintf("p%06d", i))
				for k, due := range amounts(i) {
					id := fmt.Sprintf("%06d-%d", i, k)
					if k%2 == 0 {
						openings = append(openings, models.Opening{Number: id, ChargeID: models.ChargeID("o" + id), PatientID: patient, ServiceDate: "2026-01-12", System: models.SystemCharge, Code: models.CodeOpeningBalance, Amount: due, Due: due, Recipient: answersFor(i)})
						continue
					}
					kase := models.CaseID("Encounter/" + id)
					invoices = append(invoices, models.Invoice{
						ID: models.InvoiceID("i" + id), Number: "V" + id, CaseID: kase, PatientID: patient, AccountID: models.AccountID(patient), Recipient: answersFor(i), Status: models.InvoiceIssued, Issued: "2026-03-02", DueDate: "2026-04-01",
						Billed: due, Net: due, Due: due, Cause: models.CauseOfInvoice(kase, 1), Lines: []models.InvoiceLine{{Sequence: 1, ChargeID: models.ChargeID("c" + id), Billed: due, Net: due, Due: due}},
					})
				}
			}
			if err := books.SaveOpenings(tx, openings...); err != nil {
				return err
			}
			return books.SaveInvoices(tx, invoices...)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range n {
		for _, due := range amounts(i) {
			sum += due
		}
	}
	return sum
}

// register keeps the Patients of n debtors.
func register(t testing.TB, db *store.DB, tenant models.TenantID, n int) {
	t.Helper()
	for from := 0; from < n; from += 500 {
		var patients []documents.Indexed
		for i := from; i < min(from+500, n); i++ {
			patients = append(patients, storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Patient","id":"p%06d","name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01"}`, i)))
		}
		storetest.Save(t, db.As(models.Actor{Tenant: tenant, Subject: "test"}), patients...)
	}
}

func clerk(tenant models.TenantID) auth.Principal {
	return auth.Principal{Tenant: tenant, Subject: "clerk", Scopes: auth.ParseScopes("user/*.rs operation/statements")}
}

// TestStatementsAskForWhatIsDue: whatever patients owe, and whoever is asked for it, the statements of a run ask for all of it together, the pages of a run meet and leave nobody out, and a second run asks for nothing. (Law I6.)
func TestStatementsAskForWhatIsDue(t *testing.T) {
	owing := rapid.SliceOfN(rapid.SliceOfN(rapid.Map(rapid.IntRange(500, 90_000), func(n int) models.Cents { return models.Cents(n) }), 1, 3), 1, 700)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for n := range 5 {
			d := workless(t, db)
			d.tenant = models.TenantID("practice-" + strconv.Itoa(n))
			d.settings(models.SettingsChange{})
			dues := owing.Example(n)
			if n == 0 { // 601 guarantors: more than two pages, to the guarantor
				dues = slices.Repeat(dues[:1], 1001)
			}
			sum, looked := debtors(t, db, d.tenant, len(dues), func(i int) []models.Cents { return dues[i] }), 0
			run, err := d.office.RunStatements(context.Background(), clerk(d.tenant), billing.Call{}, func(done, _ int) { looked = done })
			if err != nil {
				t.Fatal(err)
			}
			all := guarantors(len(dues))
			if run.Sent != all || run.Amount != sum || looked != all {
				t.Fatalf("%d are asked for %s; %d statements ask for %s, and %d were looked at", all, sum, run.Sent, run.Amount, looked)
			}
			again, err := d.office.RunStatements(context.Background(), clerk(d.tenant), billing.Call{}, nil)
			if err != nil || again.Sent != 0 || again.Guarantors != all {
				t.Fatalf("a second run gives %+v, %v", again, err)
			}
		}
	})
}

// TestARunOfManyGuarantorsIsQuick sends ten thousand guarantors what they owe; STATEMENTS says how many, where it is to be measured.
func TestARunOfManyGuarantorsIsQuick(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("STATEMENTS"))
	if err != nil {
		t.Skip("STATEMENTS=10000 measures it")
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := workless(t, db)
		register(t, db, d.tenant, 2*n)
		patients := n
		for guarantors(patients) < n {
			patients++
		}
		sum := debtors(t, db, d.tenant, patients, func(i int) []models.Cents { return []models.Cents{1000, models.Cents(500 + i)} })
		start := clock.System().Now()
		run, err := d.office.RunStatements(context.Background(), clerk(d.tenant), billing.Call{}, nil)
		if err != nil || run.Sent != n || run.Amount != sum {
			t.Fatalf("%d are sent %s, want %d and %s; %v", run.Sent, run.Amount, n, sum, err)
		}
		t.Logf("%d statements in %s", n, clock.System().Now().Sub(start).Round(time.Millisecond))
	})
}
