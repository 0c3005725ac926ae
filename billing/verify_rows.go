package billing

import (
	"medbill/fhir/render"
	"medbill/models"
	"medbill/models/money"
)

// renderings gives what the rows behind booked documents of one type render to, by id; a document without a row is absent.
func (c *verifier) renderings(typ string, ids []string) (map[string][]byte, error) {
	v := c.view
	switch typ {
	case "ChargeItem":
		rows, err := v.ChargesByID(named[models.ChargeID](ids))
		return rendered(rows, err, func(r models.Charge) (string, []byte) { return string(r.ID), render.ChargeItem(r) })
	case "Claim":
		rows, err := v.Claims(named[models.ClaimID](ids))
		return rendered(rows, err, func(r models.Claim) (string, []byte) { return string(r.ID), render.Claim(r) })
	case "ClaimResponse":
		return c.answers(named[models.AnswerID](ids))
	case "Invoice":
		rows, err := v.Invoices(named[models.InvoiceID](ids))
		return rendered(rows, err, func(r models.Invoice) (string, []byte) {
			c.invoice(r)
			return string(r.ID), render.Invoice(r)
		})
	case "Task":
		rows, err := v.WorkItemsByID(named[models.WorkItemID](ids))
		return rendered(rows, err, func(r models.WorkItem) (string, []byte) { return string(r.ID), render.Task(r) })
	case "Account":
		rows, err := v.AccountsByID(named[models.AccountID](ids))
		return rendered(rows, err, func(r models.Account) (string, []byte) { return string(r.ID), render.Account(r) })
	}
	return nil, nil
}

// answers renders answers, each beside its claim.
func (c *verifier) answers(ids []models.AnswerID) (map[string][]byte, error) {
	rows, err := c.view.AnswersByID(ids)
	if err != nil {
		return nil, err
	}
	about := make([]models.ClaimID, len(rows))
	for i, r := range rows {
		about[i] = r.ClaimID
	}
	claims, err := c.view.Claims(about)
	byID := make(map[models.ClaimID]models.Claim, len(claims))
	for _, claim := range claims {
		byID[claim.ID] = claim
	}
	return rendered(rows, err, func(r models.Answer) (string, []byte) { return string(r.ID), render.Answer(r, byID[r.ClaimID]) })
}

func named[ID ~string](ids []string) []ID {
	list := make([]ID, len(ids))
	for i, id := range ids {
		list[i] = ID(id)
	}
	return list
}

func rendered[Row any](rows []Row, err error, one func(Row) (id string, body []byte)) (map[string][]byte, error) {
	bodies := make(map[string][]byte, len(rows))
	for _, row := range rows {
		id, body := one(row)
		bodies[id] = body
	}
	return bodies, err
}

// invoice holds the sums of an invoice: its lines make its total, and nothing due is what balanced means.
func (c *verifier) invoice(i models.Invoice) {
	var billed, due money.Cents
	for _, l := range i.Lines {
		billed += l.Billed
		due += l.Due
	}
	if billed != i.Billed || due != i.Due || i.Status != models.InvoiceCancelled && (i.Status == models.InvoiceBalanced) != (due == 0) {
		c.report("Invoice/"+string(i.ID), "the lines do not make the total")
	}
}
