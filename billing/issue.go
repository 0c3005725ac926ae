package billing

import (
	"strings"

	"medbill/billing/rules/adjudication"
	"medbill/billing/rules/invoice"
	"medbill/internal/store"
	"medbill/models"
)

// bill is what one invoice is about: the charges of a visit, or those of a claim that a front end wrote.
type bill struct {
	cause   string
	visit   models.Visit
	charges []models.Charge
	claims  []models.Claim
}

func invoiceSubject(c models.Claim) string {
	if c.VisitID != "" {
		return "Encounter/" + string(c.VisitID)
	}
	return "Claim/" + string(c.ID)
}

// issueInvoice asks the patient for what is left of a visit, or brings its invoice up to what the books say. Where nothing
// is owed and nothing was asked, there is no invoice.
func issueInvoice(tx *store.Tx, subject string) error {
	b, ok, err := billOf(tx, subject)
	if err != nil || !ok {
		return err
	}
	_, err = saveInvoice(tx, b)
	return err
}

// saveInvoice builds an invoice from the books and saves it; the one that is there keeps its id, number and day.
func saveInvoice(tx *store.Tx, b bill) (models.Invoice, error) {
	before, known, err := tx.InvoiceByCause(b.cause)
	if err != nil {
		return before, err
	}
	in, err := invoiceInput(tx, b)
	if err != nil {
		return before, err
	}
	built := invoice.Build(in)
	built.Cause = b.cause
	if known {
		built.ID, built.Number, built.Issued, built.DueDate, built.Earlier, built.Created =
			before.ID, before.Number, before.Issued, before.DueDate, before.Earlier, before.Created
	} else {
		if built.Due <= 0 {
			return built, nil
		}
		built.ID, built.Number = models.InvoiceID(tx.NewID()), invoice.Number(tx.NewNumber())
		if err := markBilled(tx, b); err != nil {
			return built, err
		}
	}
	return built, tx.SaveInvoice(built)
}

// markBilled notes that the charges of a visit that the patient pays alone are on an invoice now.
func markBilled(tx *store.Tx, b bill) error {
	var asked []models.Charge
	for _, c := range b.charges {
		if c.Status == models.ChargeBillable {
			c.Status = models.ChargeBilled
			asked = append(asked, c)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	if b.visit.ID != "" {
		b.visit.State = models.VisitBilled
		if err := tx.SaveVisit(b.visit); err != nil {
			return err
		}
	}
	return tx.SaveCharges(asked...)
}

func billOf(tx *store.Tx, subject string) (bill, bool, error) {
	if ref, ok := refOf(subject, "Encounter"); ok {
		return billOfVisit(tx, models.VisitID(ref.ID))
	}
	ref, _ := refOf(subject, "Claim")
	c, known, err := tx.Claim(models.ClaimID(ref.ID))
	if err != nil || !known {
		return bill{}, false, err
	}
	b := bill{cause: "claim/" + ref.ID, claims: []models.Claim{c}}
	b.visit = models.Visit{TenantID: c.TenantID, PatientID: c.PatientID, BillingID: c.BillingID}
	ids := make([]models.ChargeID, len(c.Lines))
	for i, l := range c.Lines {
		ids[i] = l.ChargeID
	}
	b.charges, err = tx.ChargesByID(ids)
	return b, true, err
}

func billOfVisit(tx *store.Tx, id models.VisitID) (bill, bool, error) {
	visit, known, err := tx.Visit(id)
	if err != nil || !known {
		return bill{}, false, err
	}
	b := bill{cause: "visit/" + string(id), visit: visit}
	charges, err := tx.Charges(id)
	if err != nil {
		return b, false, err
	}
	b.charges = posted(charges)
	b.claims, err = tx.ClaimsOfVisit(id)
	return b, true, err
}

// billOfInvoice gives the bill that an invoice asks for.
func billOfInvoice(tx *store.Tx, i models.Invoice) (bill, bool, error) {
	if id, ok := strings.CutPrefix(i.Cause, "claim/"); ok {
		return billOf(tx, "Claim/"+id)
	}
	return billOf(tx, "Encounter/"+string(i.VisitID))
}

// invoiceInput reads the books of a bill.
func invoiceInput(tx *store.Tx, b bill) (invoice.Input, error) {
	in := invoice.Input{Visit: b.visit, Charges: b.charges}
	s, zone, err := settings(&tx.View)
	if err != nil {
		return in, err
	}
	in.DueDays, in.Issued = s.DueDays, today(tx, zone)
	account, err := tx.OpenAccount(b.visit.PatientID)
	if err != nil {
		return in, err
	}
	in.AccountID = account.ID
	mine := make(map[models.ChargeID]bool, len(b.charges))
	postings, err := tx.PostingsOfPatient(b.visit.PatientID)
	if err != nil {
		return in, err
	}
	for _, c := range b.charges {
		mine[c.ID] = true
	}
	for _, p := range postings {
		switch {
		case mine[p.ChargeID]:
			in.Postings = append(in.Postings, p)
		case p.Account == models.AccountARPatient:
			in.Earlier += p.Amount
		}
	}
	byID := make(map[models.ClaimID]models.Claim, len(b.claims))
	ids := make([]models.ClaimID, len(b.claims))
	for i, c := range b.claims {
		ids[i], byID[c.ID] = c.ID, c
	}
	answers, err := tx.Answers(ids)
	for _, a := range answers {
		in.Adjudications = append(in.Adjudications, adjudication.Apply(byID[a.ClaimID], a)...)
	}
	return in, err
}
