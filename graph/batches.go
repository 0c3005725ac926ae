package graph

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/models"
)

// refsMax bounds the references in one statement.
const refsMax = 5000

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
	batches map[any]*batch                // of each document and each case
}

func newLoaders(ctx context.Context, r *records.Records, p auth.Principal) *loaders {
	return &loaders{ctx: ctx, records: r, principal: p, known: map[models.Ref]*fhir.Document{}, batches: map[any]*batch{}}
}

// together notes that documents of one type were read at once.
func (l *loaders) together(documents []*fhir.Document) {
	if len(documents) == 0 {
		return
	}
	ids := make([]string, len(documents))
	for i, d := range documents {
		ids[i] = d.ID()
	}
	b := newBatch(l, documents[0].Type(), ids, func() []models.Ref { return l.references(documents) })
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range documents {
		l.batches[d] = b
		l.known[models.Ref{Type: d.Type(), ID: d.ID()}] = d
	}
}

// references gives what documents refer to of our own.
func (l *loaders) references(documents []*fhir.Document) []models.Ref {
	var refs []models.Ref
	for _, d := range documents {
		for _, reference := range fhir.References(d) {
			if ref, ok := l.records.Local(reference); ok {
				refs = append(refs, ref)
			}
		}
	}
	return refs
}

// read gives documents of one type that were read at once, parsed and noted.
func (l *loaders) read(documents ...models.Document) ([]*fhir.Document, error) {
	parsed, err := l.records.Resolved(l.ctx, l.principal, documents)
	if err == nil {
		l.together(parsed)
	}
	return parsed, err
}

// of gives the batch of a document or a case.
func (l *loaders) of(source any) *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.batches[source]
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
		documents, err := l.records.Resolved(l.ctx, l.principal, found)
		if err != nil {
			return err
		}
		byType := map[string][]*fhir.Document{}
		for _, d := range documents {
			byType[d.Type()] = append(byType[d.Type()], d)
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

// batch is what was read together, documents of one type or cases, with what was asked about them so far: each question once,
// for all of them.
type batch struct {
	loaders    *loaders
	typ        string
	ids        []string
	references func() []models.Ref // what they refer to

	mu    sync.Mutex
	asked map[any]func() (any, error)
}

func newBatch(l *loaders, typ string, ids []string, references func() []models.Ref) *batch {
	return &batch{loaders: l, typ: typ, ids: ids, references: sync.OnceValue(references), asked: map[any]func() (any, error){}}
}

// once gives the answer to a question about a batch, which is asked when the first of its records wants it.
func once[Answer any](b *batch, question any, ask func() (Answer, error)) (Answer, error) {
	b.mu.Lock()
	known := b.asked[question]
	if known == nil {
		known = sync.OnceValues(func() (any, error) { return ask() })
		b.asked[question] = known
	}
	b.mu.Unlock()
	answer, err := known()
	if err != nil {
		var none Answer
		return none, err
	}
	return answer.(Answer), nil
}

// tell answers a question about a batch before anybody asks it.
func (b *batch) tell(question, answer any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked[question] = func() (any, error) { return answer, nil }
}

// following asks for the records of a type that those of a batch refer to.
type following struct{ typ string }

// follow reads every record of type typ that those of the batch refer to.
func (b *batch) follow(typ string) error {
	_, err := once(b, following{typ}, func() (struct{}, error) {
		of := slices.DeleteFunc(slices.Clone(b.references()), func(ref models.Ref) bool { return ref.Type != typ })
		return struct{}{}, b.loaders.fetch(of)
	})
	return err
}

// related asks for the records of type source that belong to those of a batch in a way.
type related struct{ source, how string }

// relatives gives the records that belong to those of the batch, by the id of whose they are; find says which they are.
func relatives[K ~string](b *batch, question related, find func() (map[K][]models.Ref, error)) (map[K][]*fhir.Document, error) {
	return once(b, question, func() (map[K][]*fhir.Document, error) {
		refs, err := find()
		if err != nil {
			return nil, err
		}
		if err := b.loaders.fetch(slices.Concat(slices.Collect(maps.Values(refs))...)); err != nil {
			return nil, err
		}
		found := make(map[K][]*fhir.Document, len(refs))
		for id, list := range refs {
			for _, ref := range list {
				if d := b.loaders.document(ref); d != nil {
					found[id] = append(found[id], d)
				}
			}
		}
		return found, nil
	})
}

// idsOf gives the ids of a batch as the books name them.
func idsOf[K ~string](b *batch) []K {
	ids := make([]K, len(b.ids))
	for i, id := range b.ids {
		ids[i] = K(id)
	}
	return ids
}

// asking is what a request carries on its way through the resolvers.
type asking struct {
	loaders     *loaders
	told        atomic.Int64 // bytes of text in the answer
	reports     atomic.Int64 // that were asked for
	projections projections
}

type askingKey struct{}

func withLoaders(ctx context.Context, r *records.Records, p auth.Principal) context.Context {
	return context.WithValue(ctx, askingKey{}, &asking{loaders: newLoaders(ctx, r, p)})
}

func askingOf(ctx context.Context) *asking { return ctx.Value(askingKey{}).(*asking) }

func loadersOf(ctx context.Context) *loaders { return askingOf(ctx).loaders }

// forget drops what was read before a mutation changed it. Mutations run one after the other, each with all that is asked
// of its payload.
func forget(ctx context.Context) {
	a := askingOf(ctx)
	a.loaders = newLoaders(a.loaders.ctx, a.loaders.records, a.loaders.principal)
}
