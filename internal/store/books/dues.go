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
	Others   []models.Invoice // that ask the patient for something another one owes, oldest first
	Before   []models.Opening // and balances from before of which that is so
}

type duesRows struct {
	invoiceRows
	paymentRows
	openings []models.Opening
	others   invoiceRows
	before   []models.Opening
	same     []models.Payment // as one that was about to be made when they were read
	asked    models.Payment   // that one
}

// DuesOfPatient gives what a patient owes, what he is asked to pay for others, and what is there to pay it, in one statement.
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
	who := models.Ref{Type: "Patient", ID: string(id)}
	return store.Collected(v, "dues of "+string(id), func(d *duesRows) []store.Part {
		d.asked = same
		return slices.Concat(
			sameParts(&d.same, same),
			d.invoiceRows.parts(those(v, "invoice_id", "invoices", "patient_id = ?", id), func(i models.Invoice) bool { return i.PatientID == id }),
			d.paymentRows.parts(those(v, "payment_id", "payments", "patient_id = ? AND unapplied > 0", id), func(p models.Payment) bool { return p.PatientID == id }),
			[]store.Part{store.Take(&d.openings, func(o models.Opening) bool { return o.PatientID == id }, "patient_id = ? AND due > 0", id)},
			d.others.parts(those(v, "invoice_id", "invoices", "recipient = ? AND "+isOwed+" AND patient_id <> ?", who, id), func(i models.Invoice) bool { return i.Recipient == who && i.PatientID != id }),
			[]store.Part{store.Take(&d.before, func(o models.Opening) bool { return o.Recipient == who && o.PatientID != id }, "recipient = ? AND "+isDueFrom+" AND patient_id <> ?", who, id)},
		)
	})
}

func (read *duesRows) dues() Dues {
	return Dues{
		Invoices: read.invoiceRows.list(),
		Openings: owed(read.openings),
		Credits:  slices.DeleteFunc(read.paymentRows.list(), func(p models.Payment) bool { return p.Unapplied == 0 }),
		Others:   slices.DeleteFunc(read.others.list(), func(i models.Invoice) bool { return i.Due == 0 }),
		Before:   owed(read.before),
	}
}

// owed gives those of balances from before of which something is owed, by day of service.
func owed(list []models.Opening) []models.Opening {
	list = slices.DeleteFunc(slices.Clone(list), func(o models.Opening) bool { return o.Due == 0 })
	slices.SortFunc(list, func(a, b models.Opening) int {
		return cmp.Or(cmp.Compare(a.ServiceDate, b.ServiceDate), cmp.Compare(a.Number, b.Number))
	})
	return list
}
