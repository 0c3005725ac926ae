package books

import (
	"cmp"
	"reflect"
	"slices"

	"medbill/internal/store"
	"medbill/models"
)

// Dues is what a patient is asked to pay, and what is there to pay it.
type Dues struct {
	Invoices []models.Invoice // of all states, oldest first
	Openings []models.Opening // balances from before of which something is owed, by day of service
	Credits  []models.Payment // of which something pays nothing yet, oldest first
}

type duesRows struct {
	invoiceRows
	paymentRows
	openings []models.Opening
	same     []models.Payment // as one that was about to be made when they were read
	asked    models.Payment   // that one
}

// DuesOfPatient gives what a patient is asked to pay and what is there to pay it, in one statement.
func DuesOfPatient(v *store.View, id models.PatientID) (Dues, error) {
	read, err := duesRowsOf(v, id, models.Payment{})
	if err != nil {
		return Dues{}, err
	}
	return read.dues(), nil
}

// SamePayments gives the payments that may be one that is made now, in no order: the one that its caller made under its key, and the one that its processor knows by its
// reference. Who makes one needs the dues of its patient next, so they are read with it.
func SamePayments(v *store.View, p models.Payment) ([]models.Payment, error) {
	if p.PatientID != "" {
		read, err := duesRowsOf(v, p.PatientID, p)
		if err != nil || reflect.DeepEqual(read.asked, p) {
			return slices.Clone(read.same), err
		}
	}
	var same []models.Payment
	return same, store.Collect(v, sameParts(&same, p)...)
}

func sameParts(into *[]models.Payment, p models.Payment) []store.Part {
	none := func(models.Payment) bool { return false }
	var parts []store.Part
	if p.Key != "" {
		parts = append(parts, store.Take(into, none, "caller = ? AND idempotency_key = ?", p.Caller, p.Key))
	}
	if p.Reference != "" {
		parts = append(parts, store.Take(into, none, "method = ? AND reference = ? AND "+isProcessed, p.Method, p.Reference))
	}
	return parts
}

// isProcessed is written out, not arguments: the index of what a processor knows is chosen by it.
const isProcessed = "method IN ('card', 'ach') AND reference <> ''"

// duesRowsOf reads the dues of a patient, and where that was not done yet the payments that are the same as one.
func duesRowsOf(v *store.View, id models.PatientID, same models.Payment) (*duesRows, error) {
	return store.Collected(v, "dues of "+string(id), func(d *duesRows) []store.Part {
		d.asked = same
		return slices.Concat(
			sameParts(&d.same, same),
			d.invoiceRows.parts(those(v, "invoice_id", "invoices", "patient_id = ?", id), func(i models.Invoice) bool { return i.PatientID == id }),
			d.paymentRows.parts(those(v, "payment_id", "payments", "patient_id = ? AND unapplied > 0", id), func(p models.Payment) bool { return p.PatientID == id }),
			[]store.Part{store.Take(&d.openings, func(o models.Opening) bool { return o.PatientID == id }, "patient_id = ? AND due > 0", id)},
		)
	})
}

func (read *duesRows) dues() Dues {
	dues := Dues{
		Invoices: read.invoiceRows.list(),
		Openings: slices.DeleteFunc(slices.Clone(read.openings), func(o models.Opening) bool { return o.Due == 0 }),
		Credits:  slices.DeleteFunc(read.paymentRows.list(), func(p models.Payment) bool { return p.Unapplied == 0 }),
	}
	slices.SortFunc(dues.Openings, func(a, b models.Opening) int {
		return cmp.Or(cmp.Compare(a.ServiceDate, b.ServiceDate), cmp.Compare(a.Number, b.Number))
	})
	return dues
}
