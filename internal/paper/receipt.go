package paper

import "medbill/models"

// Receipt says that money was received, and for what.
type Receipt struct {
	Practice  Practice
	Recipient models.Contact
	Patient   string
	Account   string
	Number    string
	Received  models.Date
	Method    string // how, in a word
	Reference string // of a processor or a check; "" where there is none
	Amount    models.Cents
	Uses      []ReceiptUse
}

// ReceiptUse is a part of a payment and what it paid.
type ReceiptUse struct {
	Invoice string
	Visit   models.Date
	Amount  models.Cents
}

// Left is what was not used, which is the patient's credit.
func (r Receipt) Left() models.Cents {
	sum := r.Amount
	for _, u := range r.Uses {
		sum -= u.Amount
	}
	return sum
}

// PDF sets the receipt.
func (r Receipt) PDF() ([]byte, error) {
	p := begin(r.Number, r.Received, "Receipt "+r.Number+" · "+r.Patient)
	p.letterhead(r.Practice, "Receipt", []fact{
		{"Receipt", r.Number}, {"Received", dayOf(r.Received)}, {"Patient", r.Patient}, {"Account", r.Account}, {"Paid by", r.Method}, {"Reference", r.Reference},
	}, &box{"Received", r.Amount, "on " + dayOf(r.Received)}, r.Recipient)
	p.paragraph(plain, r.opening())
	if len(r.Uses) > 0 {
		var rows []row
		for _, u := range r.Uses {
			rows = append(rows, row{cells: []string{u.Invoice, shortDay(u.Visit), dollars(u.Amount)}})
		}
		rows = append(rows, row{cells: []string{"Used", "", dollars(r.Amount - r.Left())}, sum: true})
		p.table([]column{{"Invoice", 180, false}, {"Visit", 204, false}, {"Amount", 120, true}}, rows)
	}
	if r.Left() != 0 {
		p.totals(total{"Received", r.Amount, false}, total{"Used", r.Left() - r.Amount, false}, total{"Kept as your credit", r.Left(), true})
	}
	p.contact(r.Practice, "Questions?")
	return p.end()
}

func (r Receipt) opening() string {
	if len(r.Uses) == 0 {
		return "Thank you for your payment. Nothing that we ask you for is open, so it is kept as your credit. All amounts are in US dollars."
	}
	return "Thank you for your payment. This is what it was used for. All amounts are in US dollars."
}
