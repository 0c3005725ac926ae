package billing

import (
	"bytes"
	"context"
	"fmt"

	"medbill/fhir"
	"medbill/fhir/render"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/money"
)

// Breach is something that `medbill verify` found wrong: a document or an entry, by type and id, and what is wrong with it.
type Breach struct {
	Tenant  models.TenantID
	Subject string
	Text    string
}

// String gives one line without any value of a record.
func (b Breach) String() string {
	return fmt.Sprintf("tenant %s: %s: %s", b.Tenant, b.Subject, b.Text)
}

// Verified says how much was looked at.
type Verified struct{ Documents, Entries int }

// Verify looks at everything a tenant has, at one moment: each document against its digest and its search keys, each booked
// document against what its row renders to, each journal entry against its digest and its balance, each reversal against
// what it mirrors, and each invoice against the books. It changes nothing.
func (o *Office) Verify(ctx context.Context, tenant models.TenantID, report func(Breach)) (Verified, error) {
	var seen Verified
	session := o.db.As(models.Actor{Tenant: tenant, Subject: worker})
	err := session.Snapshot(ctx, func(v *store.View) error {
		check := verifier{view: v, report: func(subject, text string) { report(Breach{tenant, subject, text}) }}
		err := v.Each(func(d models.Document) error {
			seen.Documents++
			return check.document(d)
		})
		if err != nil {
			return err
		}
		if err := check.booked(); err != nil {
			return err
		}
		return v.EachEntry(func(e models.Entry) error {
			seen.Entries++
			check.entry(e)
			return nil
		})
	})
	return seen, err
}

type verifier struct {
	view    *store.View
	report  func(subject, text string)
	entries map[models.EntryID]models.Entry
	pending []models.Document // booked ones, judged when the rows can be read
}

func (c *verifier) document(d models.Document) error {
	subject := models.Ref{Type: d.Type, ID: d.ID}.String()
	if store.Digest(d.Body) != d.Digest {
		c.report(subject, "the document is not what was written: its digest differs")
	}
	parsed, err := fhir.Parse(d.Body)
	if err != nil {
		c.report(subject, "the document cannot be read")
		return nil
	}
	if parsed.Type() != d.Type || parsed.ID() != d.ID {
		c.report(subject, "the document says another type or id than its row")
	}
	row, _ := fhir.TypeOf(d.Type)
	if row.Owner == fhir.Booked && !d.External {
		c.pending = append(c.pending, d)
	}
	return nil
}

// booked renders the rows behind the booked documents again.
func (c *verifier) booked() error {
	for _, d := range c.pending {
		ref := models.Ref{Type: d.Type, ID: d.ID}
		body, err := c.rendering(ref)
		if err != nil {
			return err
		}
		if body == nil {
			c.report(ref.String(), "the document has no row in the books")
			continue
		}
		sent, err := c.view.Sent(ref)
		if err != nil {
			return err
		}
		document, err := store.Rendered(body, sent)
		if err != nil {
			return err
		}
		identity := fhir.Identity{ID: d.ID, Version: d.Version, Updated: d.Updated.String()}
		if !bytes.Equal(document.WithIdentity(identity), d.Body) {
			c.report(ref.String(), "the document differs from what its row renders to")
		}
	}
	return c.keys()
}

// keys compares the search keys of the booked documents with those their bytes give.
func (c *verifier) keys() error {
	for _, d := range c.pending {
		parsed, err := fhir.Parse(d.Body)
		if err != nil {
			continue
		}
		same, err := c.view.HasKeys(models.Ref{Type: d.Type, ID: d.ID}, search.Extract(parsed))
		if err != nil {
			return err
		}
		if !same {
			c.report(d.Type+"/"+d.ID, "the search keys differ from what the document says")
		}
	}
	return nil
}

// rendering gives what the row behind a booked document renders to, nil where there is none.
func (c *verifier) rendering(ref models.Ref) ([]byte, error) {
	v := c.view
	switch ref.Type {
	case "ChargeItem":
		row, ok, err := v.Charge(models.ChargeID(ref.ID))
		return rendered(render.ChargeItem(row), ok, err)
	case "Claim":
		row, ok, err := v.Claim(models.ClaimID(ref.ID))
		return rendered(render.Claim(row), ok, err)
	case "ClaimResponse":
		row, ok, err := v.Answer(models.AnswerID(ref.ID))
		if err != nil || !ok {
			return nil, err
		}
		claim, ok, err := v.Claim(row.ClaimID)
		return rendered(render.Answer(row, claim), ok, err)
	case "Invoice":
		row, ok, err := v.Invoice(models.InvoiceID(ref.ID))
		if ok {
			c.invoice(row)
		}
		return rendered(render.Invoice(row), ok, err)
	case "Task":
		row, ok, err := v.WorkItem(models.WorkItemID(ref.ID))
		return rendered(render.Task(row), ok, err)
	case "Account":
		row, ok, err := v.AccountByID(models.AccountID(ref.ID))
		return rendered(render.Account(row), ok, err)
	}
	return nil, nil
}

func rendered(body []byte, ok bool, err error) ([]byte, error) {
	if err != nil || !ok {
		return nil, err
	}
	return body, nil
}

// invoice holds the sums of an invoice: its lines make its total, and each line tells a whole story.
func (c *verifier) invoice(i models.Invoice) {
	var billed, due money.Cents
	for _, l := range i.Lines {
		billed += l.Billed
		due += l.Due
	}
	if billed != i.Billed || due != i.Due || (i.Status == models.InvoiceBalanced) != (due == 0) {
		c.report("Invoice/"+string(i.ID), "the lines do not make the total")
	}
}

func (c *verifier) entry(e models.Entry) {
	subject := "entry " + string(e.ID)
	var sum money.Cents
	for _, p := range e.Postings {
		sum += p.Amount
	}
	if sum != 0 || len(e.Postings) < 2 {
		c.report(subject, "the postings do not add up to zero")
	}
	if store.EntryDigest(e) != e.Digest {
		c.report(subject, "the entry is not what was posted: its digest differs")
	}
	if c.entries == nil {
		c.entries = map[models.EntryID]models.Entry{}
	}
	if e.Reverses == "" {
		c.entries[e.ID] = e
		return
	}
	original, ok := c.entries[e.Reverses]
	if !ok || len(original.Postings) != len(e.Postings) {
		c.report(subject, "the entry reverses none that stands before it")
		return
	}
	for i, p := range e.Postings {
		if p.Account != original.Postings[i].Account || p.Amount != -original.Postings[i].Amount {
			c.report(subject, "the entry does not mirror what it reverses")
			return
		}
	}
}
