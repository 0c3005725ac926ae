package billing

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/journal"
	"medbill/models"
)

// Breach is something that `medbill verify` found wrong: a document or an entry, by type and id, and what is wrong with it.
// Law is the invariant of the books that does not hold, "" where it is about something else than money.
type Breach struct {
	Tenant  models.TenantID
	Law     models.Law
	Subject string
	Text    string
}

// String gives one line without any value of a record.
func (b Breach) String() string {
	law := ""
	if b.Law != "" {
		law = string(b.Law) + ": "
	}
	return fmt.Sprintf("tenant %s: %s: %s%s", b.Tenant, b.Subject, law, b.Text)
}

// Watch is told what Verify finds, in an order that hangs on the records alone, and how far it is. Progress may be nil.
type Watch struct {
	Breach   func(Breach)
	Progress func(done, of int) // records: documents, older versions and entries
	Proof    io.Writer          // takes the proof of the books, of the same moment; nil for none
}

// Verified says how much was looked at.
type Verified struct{ Documents, Entries int }

// missingMax bounds how much is named that should be there and is not.
const missingMax = 1000

// Verify looks at everything a tenant has, at one moment and some hundreds of records at a time: each document and each
// older version against its digest, each document against its search keys and the number of versions behind it, each booked
// document against what its row renders to and each row against its document, each journal entry against its digest, its
// balance and what it reverses, each payment and each balance from before against the journal, each invoice against its lines and whom it asks, each case against what is owed of
// it, and the books against models.Laws. It changes nothing, and works on as many processors as there are.
func (o *Office) Verify(ctx context.Context, tenant models.TenantID, watch Watch) (seen Verified, err error) {
	session, lookers := o.db.As(models.Actor{Tenant: tenant, Subject: worker}), min(runtime.GOMAXPROCS(0), lookersMax)
	err = session.Moment(ctx, 1+lookers, func(views []*store.View) error {
		of, err := recordsOf(views[0])
		if err != nil {
			return err
		}
		done, broken := 0, map[models.Law]int{}
		err = lookAt(ctx, views[0], views[1:], func(l *look) {
			for _, b := range l.by.found {
				b.Tenant = tenant
				broken[b.Law]++
				watch.Breach(b)
			}
			seen.Documents, seen.Entries, done = seen.Documents+l.by.seen.Documents, seen.Entries+l.by.seen.Entries, done+l.records
			if watch.Progress != nil {
				watch.Progress(done, of)
			}
		})
		if err != nil || watch.Proof == nil {
			return err
		}
		return prove(views[0], watch.Proof, broken)
	})
	return seen, err
}

// recordsOf counts what there is to look at.
func recordsOf(v *store.View) (int, error) {
	current, past, err := documents.Count(v)
	if err != nil {
		return 0, err
	}
	entries, err := journal.Count(v)
	return current + past + entries, err
}

// verifier looks at one part of the records.
type verifier struct {
	view  *store.View
	found []Breach
	seen  Verified
}

func (c *verifier) report(subject, text string) { c.breaks("", subject, text) }

// breaks reports that a law of the books does not hold of something.
func (c *verifier) breaks(law models.Law, subject, text string) {
	c.found = append(c.found, Breach{Law: law, Subject: subject, Text: text})
}

// documents looks at one page of current documents.
func (c *verifier) documents(page []models.Document) error {
	puts := make([]documents.Indexed, 0, len(page))
	byType := map[string][]models.Document{}
	var types []string
	bases, err := documents.OwnBases(c.view)
	if err != nil {
		return err
	}
	for _, d := range page {
		put := documents.Indexed{Document: d}
		if !d.Deleted {
			c.seen.Documents++
		}
		if parsed := c.document(d); parsed != nil {
			put.Keys = search.Extract(parsed, bases)
		}
		puts = append(puts, put)
		if byType[d.Type] == nil {
			types = append(types, d.Type)
		}
		byType[d.Type] = append(byType[d.Type], d)
	}
	misindexed, err := documents.Misindexed(c.view, puts)
	if err != nil {
		return err
	}
	for _, ref := range misindexed {
		c.report(ref.String(), "the search keys differ from what the document says")
	}
	for _, typ := range types {
		if err := c.ofType(typ, byType[typ]); err != nil {
			return err
		}
	}
	return nil
}

// document holds one version against its own digest and identity, and gives it parsed; nil where there is nothing to parse.
func (c *verifier) document(d models.Document) *fhir.Document {
	subject := subjectOf(d)
	if store.Digest(d.Body) != d.Digest {
		c.report(subject, "the document is not what was written: its digest differs")
	}
	if d.Deleted && len(d.Body) == 0 {
		return nil
	}
	parsed, err := fhir.Parse(d.Body)
	if err != nil {
		c.report(subject, "the document cannot be read")
		return nil
	}
	if parsed.Type() != d.Type || parsed.ID() != d.ID {
		c.report(subject, "the document says another type or id than its row")
	}
	return parsed
}

func subjectOf(d models.Document) string { return models.Ref{Type: d.Type, ID: d.ID}.String() }

// ofType looks at what stands behind documents of one type: their history, and the rows where they are booked.
func (c *verifier) ofType(typ string, current []models.Document) error {
	ids := make([]string, len(current))
	booked := make([]models.Document, 0, len(current))
	row, _ := fhir.TypeOf(typ)
	for i, d := range current {
		ids[i] = d.ID
		if row.Owner == fhir.Booked && !d.External && !d.Deleted {
			booked = append(booked, d)
		}
	}
	pasts, err := documents.Pasts(c.view, typ, ids)
	if err != nil {
		return err
	}
	for _, d := range current {
		if past := pasts[d.ID]; past.Count != d.Version-1 || past.Latest != d.Version-1 {
			c.report(subjectOf(d), "the history does not hold every older version")
		}
	}
	if len(booked) == 0 {
		return nil
	}
	return c.booked(typ, booked)
}

// renderedMax bounds how many rows are rendered at once: they are put together in the time of its square.
const renderedMax = 100

// booked renders the rows behind booked documents again.
func (c *verifier) booked(typ string, current []models.Document) error {
	for part := range slices.Chunk(current, renderedMax) {
		if err := c.rendered(typ, part); err != nil {
			return err
		}
	}
	return nil
}

func (c *verifier) rendered(typ string, current []models.Document) error {
	ids := make([]string, len(current))
	for i, d := range current {
		ids[i] = d.ID
	}
	rendered, err := books.Renderings(c.view, typ, ids)
	if err != nil {
		return err
	}
	if typ == "Invoice" {
		if err := c.invoices(ids); err != nil {
			return err
		}
	}
	sent, err := documents.SentOf(c.view, typ, ids)
	if err != nil {
		return err
	}
	for _, d := range current {
		body := rendered[d.ID]
		if body == nil {
			c.report(subjectOf(d), "the document has no row in the books")
			continue
		}
		document, err := books.Rendered(body, sent[d.ID])
		if err != nil {
			c.report(subjectOf(d), "what was sent of the document cannot be read")
			continue
		}
		identity := fhir.Identity{ID: d.ID, Version: d.Version, Updated: d.Updated.String()}
		if !bytes.Equal(document.WithIdentity(identity), d.Body) {
			c.report(subjectOf(d), "the document differs from what its row renders to")
		}
	}
	return nil
}

// pasts looks at one page of older versions.
func (c *verifier) pasts(page []models.Document) error {
	for _, d := range page {
		if store.Digest(d.Body) != d.Digest {
			c.report(fmt.Sprintf("%s/_history/%d", subjectOf(d), d.Version), "the version is not what was written: its digest differs")
		}
	}
	return nil
}

// missing looks for what should be there and is not.
func (c *verifier) missing() error {
	rows, err := books.Unpublished(c.view, missingMax)
	if err != nil {
		return err
	}
	for _, ref := range rows {
		c.report(ref.String(), "the row in the books has no document")
	}
	payments, err := journal.Unposted(c.view, missingMax)
	if err != nil {
		return err
	}
	for _, id := range payments {
		c.breaks(models.LawOnce, "payment "+string(id), "the payment is not in the journal")
	}
	amiss, err := journal.OpeningsAmiss(c.view, missingMax)
	if err != nil {
		return err
	}
	for _, id := range amiss {
		c.breaks(models.LawPatient, models.Ref{Type: models.OriginOpening, ID: string(id)}.String(), "the patient owes another amount of the balance than it says")
	}
	broken, err := journal.LawsBroken(c.view, missingMax)
	if err != nil {
		return err
	}
	for _, b := range broken {
		c.breaks(b.Law, b.Subject, b.Text)
	}
	differ, err := books.TalliesDiffer(c.view)
	if differ {
		c.report("work", "the sums of the queues are not those of the open items")
	}
	return err
}
