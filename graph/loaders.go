package graph

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/vikstrous/dataloadgen"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/models"
	"medbill/models/fault"
)

const (
	// loadWait is how long a load waits for others of its kind: the fields of a page are resolved at the same time.
	loadWait = time.Millisecond
	// loadBatchMax bounds the keys of one statement.
	loadBatchMax = 1000
	// referrersMax bounds the records that refer to one batch of records; more are refused, never cut in silence.
	referrersMax = 5000
)

// loaders gather what the fields of one request ask for, so that a page takes as many statements as one record, and
// remember it. All of them see with the eyes of one principal.
type loaders struct {
	records   *records.Records
	principal auth.Principal
	log       *slog.Logger

	documents *dataloadgen.Loader[models.Ref, *fhir.Document]
	referrers *dataloadgen.Loader[referral, []*fhir.Document]
	findings  *dataloadgen.Loader[models.ClaimID, []models.Finding]
	answers   *dataloadgen.Loader[models.ClaimID, []models.Answer]
	postings  *dataloadgen.Loader[models.ClaimID, []models.Posting]
	invoices  *dataloadgen.Loader[models.InvoiceID, models.Invoice]
	payments  *dataloadgen.Loader[models.InvoiceID, []models.Payment]
	balances  *dataloadgen.Loader[models.PatientID, models.Balances]
}

// referral asks which records of a type refer to target by a search parameter.
type referral struct {
	source, param string
	target        models.Ref
}

func newLoaders(r *records.Records, p auth.Principal, log *slog.Logger) *loaders {
	l := &loaders{records: r, principal: p, log: log}
	l.documents = batch(l, l.fetchDocuments)
	l.referrers = batch(l, l.fetchReferrers)
	l.findings = batch(l, rows(l, (*store.View).Findings))
	l.answers = batch(l, rows(l, answersByClaim))
	l.postings = batch(l, rows(l, (*store.View).PostingsByClaim))
	l.invoices = batch(l, rows(l, invoicesByID))
	l.payments = batch(l, rows(l, (*store.View).PaymentsOfInvoices))
	l.balances = batch(l, rows(l, (*store.View).BalancesOfPatients))
	return l
}

// batch gives a loader on fetch. A key that fetch does not give has the zero value; a panic in it, which would end the
// process because it runs in no request, is an error of all keys.
func batch[K comparable, V any](l *loaders, fetch func(context.Context, []K) (map[K]V, error)) *dataloadgen.Loader[K, V] {
	return dataloadgen.NewLoader(func(ctx context.Context, keys []K) (values []V, errs []error) {
		defer func() {
			if p := recover(); p != nil {
				l.log.Error("loader panicked", "trace", string(debug.Stack()))
				values, errs = nil, []error{errPanic}
			}
		}()
		found, err := fetch(ctx, keys)
		if err != nil {
			return nil, []error{err}
		}
		values = make([]V, len(keys))
		for i, key := range keys {
			values[i] = found[key]
		}
		return values, nil
	}, dataloadgen.WithWait(loadWait), dataloadgen.WithBatchCapacity(loadBatchMax))
}

// rows gives a fetch that reads rows of the books. Whoever asks has been let through to the record that the rows are about.
func rows[K comparable, V any](l *loaders, read func(*store.View, []K) (map[K]V, error)) func(context.Context, []K) (map[K]V, error) {
	return func(ctx context.Context, keys []K) (found map[K]V, err error) {
		err = l.records.Session(l.principal).View(ctx, func(v *store.View) error {
			found, err = read(v, keys)
			return err
		})
		return found, err
	}
}

func (l *loaders) fetchDocuments(ctx context.Context, refs []models.Ref) (map[models.Ref]*fhir.Document, error) {
	found, err := l.records.Documents(ctx, l.principal, refs)
	if err != nil {
		return nil, err
	}
	documents := make(map[models.Ref]*fhir.Document, len(found))
	for _, d := range found {
		document, err := fhir.Parse(d.Body)
		if err != nil {
			return nil, err
		}
		documents[models.Ref{Type: d.Type, ID: d.ID}] = document
	}
	return documents, nil
}

func (l *loaders) fetchReferrers(ctx context.Context, keys []referral) (map[referral][]*fhir.Document, error) {
	byTarget, all, err := l.referring(ctx, keys)
	if err != nil {
		return nil, err
	}
	documents, err := l.fetchDocuments(ctx, all)
	found := make(map[referral][]*fhir.Document, len(keys))
	for key, refs := range byTarget {
		for _, ref := range refs {
			if d := documents[ref]; d != nil {
				found[key] = append(found[key], d)
			}
		}
	}
	return found, err
}

// referring asks one statement per kind of referral.
func (l *loaders) referring(ctx context.Context, keys []referral) (byTarget map[referral][]models.Ref, all []models.Ref, err error) {
	ids := map[referral][]string{} // by the kind: a target without id
	for _, key := range keys {
		kind := referral{key.source, key.param, models.Ref{Type: key.target.Type}}
		ids[kind] = append(ids[kind], key.target.ID)
	}
	byTarget, seen := map[referral][]models.Ref{}, map[models.Ref]bool{}
	err = l.records.Session(l.principal).View(ctx, func(v *store.View) error {
		for kind, targets := range ids {
			found, err := v.ReferrersByTarget(kind.source, kind.param, kind.target.Type, targets, referrersMax+1)
			if err != nil {
				return err
			}
			for id, refs := range found {
				byTarget[referral{kind.source, kind.param, models.Ref{Type: kind.target.Type, ID: id}}] = refs
				for _, ref := range refs {
					if !seen[ref] {
						seen[ref] = true
						all = append(all, ref)
					}
				}
			}
		}
		return nil
	})
	if err == nil && len(all) > referrersMax {
		err = fault.New(fault.TooLarge, "too-costly", "More than 5000 records refer to those of the page; ask for a smaller page.")
	}
	return byTarget, all, err
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

func withLoaders(ctx context.Context, l *loaders) context.Context {
	return context.WithValue(ctx, askingKey{}, &asking{l})
}

func loadersOf(ctx context.Context) *loaders { return ctx.Value(askingKey{}).(*asking).loaders }

// forget drops what was loaded before a mutation changed it. Mutations run one after the other, each with all that is
// asked of its payload.
func forget(ctx context.Context) {
	a := ctx.Value(askingKey{}).(*asking)
	a.loaders = newLoaders(a.loaders.records, a.loaders.principal, a.loaders.log)
}
