package ledger_test

import (
	"reflect"
	"testing"

	"medbill/billing/rules/ledger"
	"medbill/models"
	"medbill/models/fault"
)

func TestMoneyLiesWhereItsMethodPutsItUntilTheBankHasIt(t *testing.T) {
	for method, want := range map[models.PaymentMethod]models.LedgerAccount{
		models.PaymentCard: models.AccountCardClearing, models.PaymentACH: models.AccountCardClearing,
		models.PaymentCash: models.AccountDrawer, models.PaymentCheck: models.AccountDrawer, models.PaymentOther: models.AccountDrawer,
	} {
		by := models.Dimensions{PatientID: "canary", PaymentID: "p"}
		got, err := ledger.Received(models.Payment{ID: "p", PatientID: "canary", Amount: 100, Method: method, Day: day})
		wanted := models.Entry{Kind: models.EntryPayment, Cause: "payment/p", Effective: day, Postings: []models.Posting{
			posting(by, 1, want, 100), posting(by, 2, models.AccountPatientCredits, -100),
		}}
		if err != nil || !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s: got %+v, %v", method, got, err)
		}
		sound(t, got)
	}
	for _, p := range []models.Payment{{Amount: 100, Method: "barter"}, {Amount: 0, Method: models.PaymentCash}, {Amount: -1, Method: models.PaymentCash}} {
		if got, err := ledger.Received(p); !fault.Is(err, fault.BusinessRule) {
			t.Errorf("%+v gives %+v, %v", p, got, err)
		}
	}
}

// TestWhatPaymentsPayComesOffWhatIsOwed holds that an allocation moves a payment's credit to the charges that it pays, and that taking it off is its mirror.
func TestWhatPaymentsPayComesOffWhatIsOwed(t *testing.T) {
	shares := []models.Allocation{
		{PaymentID: "p", PatientID: "canary", InvoiceID: "i", ChargeID: "a", CaseID: "Encounter/v", Amount: 700},
		{PaymentID: "p", PatientID: "child", ChargeID: "old", CaseID: "Opening/old", Amount: 300},
	}
	paid := models.Dimensions{PatientID: "canary", PaymentID: "p"}
	first, second := paid, paid
	first.InvoiceID, first.ChargeID, first.CaseID = "i", "a", "Encounter/v"
	second.PatientID, second.ChargeID, second.CaseID = "child", "old", "Opening/old"
	got, isAny := ledger.Allocated(models.Payment{ID: "p", PatientID: "canary", Moves: 2}, shares, day)
	want := models.Entry{Kind: models.EntryAllocation, Cause: "allocation/p/2", Effective: day, Postings: []models.Posting{
		posting(paid, 1, models.AccountPatientCredits, 1000), posting(first, 2, models.AccountARPatient, -700), posting(second, 3, models.AccountARPatient, -300),
	}}
	if !isAny || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	sound(t, got)
	off, _ := ledger.TakenOff([]models.Payment{{ID: "p", PatientID: "canary"}, {ID: "o", PatientID: "child"}}, "overpaid/answer", append(shares, models.Allocation{PaymentID: "o", PatientID: "canary", InvoiceID: "i", ChargeID: "a", CaseID: "Encounter/v", Amount: 5}), day)
	sound(t, off)
	if whose := off.Postings[0]; whose.PaymentID != "o" || whose.PatientID != "child" {
		t.Errorf("the credit of another's payment is %+v", whose)
	}
	both := ledger.Sum(append(off.Postings, got.Postings...))
	if both[models.AccountARPatient] != 5 || both[models.AccountPatientCredits] != -5 || off.Kind != models.EntryDeallocation {
		t.Errorf("taken off, it leaves %v", both)
	}
	if _, isAny := ledger.Allocated(models.Payment{ID: "p"}, nil, day); isAny {
		t.Error("nothing is allocated by an entry")
	}
}
