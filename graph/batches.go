package graph

import (
	"context"
	"slices"
	"sync"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

const (
	// refsMax bounds the references in one statement.
	refsMax = 5000
	// referrersMax bounds the records that refer to one batch of records; more are refused, never cut in silence.
	referrersMax = 5000
)

// loaders read what the fields of one request ask for. Records that were read together stay together: the first field that
// asks for what one of them refers to, or for the books about it, reads the same for all of them. So a page of a hundred
// claims takes the statements of a page of one, without waiting for fields to come together. All is seen with the eyes of
// one principal.
type loaders struct {
	ctx       context.Context // of the request, which the loaders do not outlive
	records   *records.Records
	principal auth.Principal

	mu      sync.Mutex
	known   map[models.Ref]*fhir.Document // what was found
	batches map[*fhir.Document]*batch
}

func newLoaders(ctx context.Context, r *records.Records, p auth.Principal) *loaders {
	return &loaders{ctx: ctx, records: r, principal: p, known: map[models.Ref]*fhir.Document{}, batches: map[*fhir.Document]*batch{}}
}

// together notes that documents of one type were read at once.
func (l *loaders) together(documents []*fhir.Document) {
	b := newBatch(l, documents)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range documents {
		l.batches[d] = b
		l.known[models.Ref{Type: d.Type(), ID: d.ID()}] = d
	}
}

// of gives the batch of a document.
func (l *loaders) of(d *fhir.Document) *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.batches[d]
}

// document gives what was fetched.
func (l *loaders) document(ref models.Ref) *fhir.Document {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[ref]
}

// fetch reads those of refs that are not known yet, one statement per type.
func (l *loaders) fetch(refs []models.Ref) error {
	for part := range slices.Chunk(l.unknown(refs), refsMax) {
		found, err := l.records.Documents(l.ctx, l.principal, part)
		if err != nil {
			return err
		}
		byType := map[string][]*fhir.Document{}
		for _, d := range found {
			document, err := fhir.Parse(d.Body)
			if err != nil {
				return err
			}
			byType[d.Type] = append(byType[d.Type], document)
		}
		for _, documents := range byType {
			l.together(documents)
		}
	}
	return nil
}

// unknown gives those of refs that were not found before, each once.
func (l *loaders) unknown(refs []models.Ref) []models.Ref {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := map[models.Ref]bool{}
	return slices.DeleteFunc(slices.Clone(refs), func(ref models.Ref) bool {
		_, known := l.known[ref]
		again := known || seen[ref]
		seen[ref] = true
		return again
	})
}

// view reads from the books. Whoever asks has been let through to the record that they are about.
func (l *loaders) view(read func(*store.View) error) error {
	return l.records.Session(l.principal).View(l.ctx, read)
}

// batch is documents of one type that were read together, with what was asked about them so far: each question once,
// for all of them.
type batch struct {
	loaders   *loaders
	documents []*fhir.Document

	mu       sync.Mutex
	followed map[string]func() error
	referred map[referral]func() (map[string][]*fhir.Document, error)

	findings func() (map[models.ClaimID][]models.Finding, error)
	postings func() (map[models.ClaimID][]models.Posting, error)
	answers  func() (map[models.ClaimID][]models.Answer, error)
	invoices func() (map[models.InvoiceID]models.Invoice, error)
	payments func() (map[models.InvoiceID][]models.Payment, error)
	balances func() (map[models.PatientID]models.Balances, error)
}

// referral asks which records of type source refer to a record by a search parameter.
type referral struct{ source, param string }

func newBatch(l *loaders, documents []*fhir.Document) *batch {
	b := &batch{loaders: l, documents: documents, followed: map[string]func() error{}, referred: map[referral]func() (map[string][]*fhir.Document, error){}}
	b.findings = rows(b, (*fhir.Document).ID, (*store.View).Findings)
	b.postings = rows(b, (*fhir.Document).ID, (*store.View).PostingsByClaim)
	b.answers = rows(b, idUnder("request"), answersByClaim)
	b.invoices = rows(b, (*fhir.Document).ID, invoicesByID)
	b.payments = rows(b, (*fhir.Document).ID, (*store.View).PaymentsOfInvoices)
	b.balances = rows(b, idUnder("subject"), (*store.View).BalancesOfPatients)
	return b
}

// rows gives a question to the books that is asked once, about all documents of the batch by the key that keyOf gives.
func rows[K ~string, V any](b *batch, keyOf func(*fhir.Document) string, read func(*store.View, []K) (map[K]V, error)) func() (map[K]V, error) {
	return sync.OnceValues(func() (found map[K]V, err error) {
		keys := make([]K, 0, len(b.documents))
		for _, d := range b.documents {
			if key := keyOf(d); key != "" {
				keys = append(keys, K(key))
			}
		}
		err = b.loaders.view(func(v *store.View) error {
			found, err = read(v, keys)
			return err
		})
		return found, err
	})
}

// idUnder gives the id that the Reference under key leads to. Documents of ours refer to records of ours by type and id.
func idUnder(key string) func(*fhir.Document) string {
	return func(d *fhir.Document) string {
		ref, _ := localTo("", d.Root().In(key, "reference").Text())
		return ref.ID
	}
}

// follow reads every record of type typ that the documents of the batch refer to.
func (b *batch) follow(typ string) error {
	b.mu.Lock()
	once := b.followed[typ]
	if once == nil {
		once = sync.OnceValue(func() error { return b.loaders.fetch(b.references(typ)) })
		b.followed[typ] = once
	}
	b.mu.Unlock()
	return once()
}

func (b *batch) references(typ string) []models.Ref {
	var refs []models.Ref
	for _, d := range b.documents {
		for _, reference := range fhir.References(d) {
			if ref, ok := localTo(b.loaders.records.BaseURL(), reference); ok && ref.Type == typ {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// referring reads the records that refer to the documents of the batch, by the id of what they refer to.
func (b *batch) referring(by referral) (map[string][]*fhir.Document, error) {
	b.mu.Lock()
	once := b.referred[by]
	if once == nil {
		once = sync.OnceValues(func() (map[string][]*fhir.Document, error) { return b.fetchReferring(by) })
		b.referred[by] = once
	}
	b.mu.Unlock()
	return once()
}

func (b *batch) fetchReferring(by referral) (map[string][]*fhir.Document, error) {
	ids := make([]string, len(b.documents))
	for i, d := range b.documents {
		ids[i] = d.ID()
	}
	var byTarget map[string][]models.Ref
	err := b.loaders.view(func(v *store.View) (err error) {
		byTarget, err = v.ReferrersByTarget(by.source, by.param, b.documents[0].Type(), ids, referrersMax+1)
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []models.Ref
	for _, refs := range byTarget {
		all = append(all, refs...)
	}
	if len(all) > referrersMax {
		return nil, fault.New(fault.TooLarge, "too-costly", "More than 5000 records refer to those of the page; ask for a smaller page.")
	}
	if err := b.loaders.fetch(all); err != nil {
		return nil, err
	}
	found := make(map[string][]*fhir.Document, len(byTarget))
	for id, refs := range byTarget {
		for _, ref := range refs {
			if d := b.loaders.document(ref); d != nil {
				found[id] = append(found[id], d)
			}
		}
	}
	return found, nil
}

func answersByClaim(v *store.View, ids []models.ClaimID) (map[models.ClaimID][]models.Answer, error) {
	answers, err := v.Answers(ids)
	byClaim := make(map[models.ClaimID][]models.Answer, len(ids))
	for _, a := range answers {
		byClaim[a.ClaimID] = append(byClaim[a.ClaimID], a)
	}
	return byClaim, err
}

func invoicesByID(v *store.View, ids []models.InvoiceID) (map[models.InvoiceID]models.Invoice, error) {
	invoices, err := v.Invoices(ids)
	byID := make(map[models.InvoiceID]models.Invoice, len(ids))
	for _, i := range invoices {
		byID[i.ID] = i
	}
	return byID, err
}

// asking is what a request carries on its way through the resolvers.
type asking struct{ loaders *loaders }

type askingKey struct{}

func withLoaders(ctx context.Context, r *records.Records, p auth.Principal) context.Context {
	return context.WithValue(ctx, askingKey{}, &asking{newLoaders(ctx, r, p)})
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(askingKey{}).(*asking).loaders }

// forget drops what was read before a mutation changed it. Mutations run one after the other, each with all that is asked
// of its payload.
func forget(ctx context.Context) {
	a := ctx.Value(askingKey{}).(*asking)
	a.loaders = newLoaders(a.loaders.ctx, a.loaders.records, a.loaders.principal)
}
