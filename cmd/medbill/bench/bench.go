// Package bench measures a running server over HTTP beside the same rows written and read as bare SQL, in the same run on
// the same machine. It prints what it sees and judges nothing.
package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"medbill/fhir"
	"medbill/internal/clock"
	"medbill/internal/store/bare"
	"medbill/internal/store/documents"
	"medbill/models"
)

// Options says what to measure.
type Options struct {
	Base    string // of the server
	Token   string // of an administrator of an empty tenant
	Payer   string // token of the payer bench-payer
	Bare    *bare.DB
	Rows    *bare.DB // the server's own database, to look at what is stored as it would by itself in a minute
	Clients []int
	Span    time.Duration // of each measurement
	Match   string        // only operations whose name contains it
	// Progress is told what happens now.
	Progress func(string)
}

// Row is one measurement: operations a second of the server and of bare SQL, and how long the server's took.
type Row struct {
	Operation         string
	Clients           int
	Server, Bare      float64 // per second
	Median, Slowest99 time.Duration
}

const (
	patients            = 100
	documentsPerPatient = 10
	claims              = 25
)

// bench is a run with what it made.
type bench struct {
	Options
	http      http.Client
	documents []string // ids on the server
	bareIDs   []string
}

// Run prepares both sides and measures each operation at each number of clients.
func Run(ctx context.Context, o Options) ([]Row, error) {
	b := &bench{Options: o, http: http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: slices.Max(o.Clients)}}}
	o.Progress("preparing documents and claims")
	if err := errors.Join(b.prepareDocuments(ctx), b.prepareClaims(ctx)); err != nil {
		return nil, err
	}
	if err := errors.Join(b.Bare.Analyze(ctx), b.Rows.Analyze(ctx)); err != nil {
		return nil, err
	}
	var rows []Row
	for _, operation := range b.operations() {
		if !strings.Contains(operation.name, o.Match) {
			continue
		}
		for _, clients := range o.Clients {
			o.Progress(fmt.Sprintf("%s, %d clients", operation.name, clients))
			row := Row{Operation: operation.name, Clients: clients}
			server, err := measure(ctx, clients, o.Span, operation.server)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", operation.name, err)
			}
			sql, err := measure(ctx, clients, o.Span, operation.bare)
			if err != nil {
				return nil, fmt.Errorf("%s as bare SQL: %w", operation.name, err)
			}
			row.Server, row.Bare = server.rate(), sql.rate()
			row.Median, row.Slowest99 = server.quantile(50), server.quantile(99)
			rows = append(rows, row)
		}
	}
	return rows, nil
}

type operation struct {
	name         string
	server, bare func(ctx context.Context, n int64) error
}

func (b *bench) operations() []operation {
	someone := func(n int64) string { return fmt.Sprintf("bench-patient-%d", n%patients) }
	return []operation{
		{"create", func(ctx context.Context, n int64) error {
			_, err := b.send(ctx, http.MethodPost, "/fhir/R4/Observation", observation("", someone(n)))
			return err
		}, func(ctx context.Context, n int64) error {
			return b.write(ctx, observation("", someone(n)))
		}},
		{"read", func(ctx context.Context, n int64) error {
			_, err := b.send(ctx, http.MethodGet, "/fhir/R4/Observation/"+b.documents[int(n)%len(b.documents)], "")
			return err
		}, func(ctx context.Context, n int64) error {
			id := b.bareIDs[int(n)%len(b.bareIDs)]
			if _, err := b.Bare.Read(ctx, models.Ref{Type: "Observation", ID: id}); err != nil {
				return err
			}
			return b.Bare.RecordRead(ctx, "read", "Observation", id)
		}},
		{"search by patient", func(ctx context.Context, n int64) error {
			_, err := b.send(ctx, http.MethodGet, "/fhir/R4/Encounter?patient=Patient/"+fmt.Sprintf("bench-%d", n%claims), "")
			return err
		}, func(ctx context.Context, n int64) error {
			if _, err := b.Bare.SearchByPatient(ctx, "Encounter", fmt.Sprintf("bench-%d", n%claims)); err != nil {
				return err
			}
			return b.Bare.RecordRead(ctx, "search", "Encounter", "")
		}},
		{"transaction of 4", func(ctx context.Context, _ int64) error {
			_, err := b.send(ctx, http.MethodPost, "/fhir/R4", four())
			return err
		}, func(ctx context.Context, _ int64) error {
			return b.write(ctx, fourBodies()...)
		}},
		{"GraphQL claim page", func(ctx context.Context, _ int64) error {
			_, err := b.send(ctx, http.MethodPost, "/graphql", claimPage)
			return err
		}, func(ctx context.Context, _ int64) error {
			found, err := b.Bare.ClaimPage(ctx)
			if err == nil && found != claimPageDocuments {
				err = fmt.Errorf("%d documents, want 20 claims, each with a patient and an answer", found)
			}
			if err != nil {
				return err
			}
			return b.Bare.RecordRead(ctx, "search", "Claim", "")
		}},
	}
}

// claimPageDocuments are what the page is made of: twenty claims, their patients and the answers to them.
const claimPageDocuments = 60

const claimPage = `{"query":"{ claims(first: 20) { nodes { id state patient { id name { family } } item { sequence net { value } } responses { id outcome } } } }"}`

// fourBodies are the resources of the transaction as the server stores them.
func fourBodies() []string {
	d, err := fhir.Parse([]byte(four()))
	if err != nil {
		panic(err)
	}
	var bodies []string
	for e := range d.Root().Get("entry").Children() {
		bodies = append(bodies, strings.ReplaceAll(string(e.Get("resource").Raw()), "urn:uuid:00000000-0000-4000-8000-000000000000", "Patient/"+uuid.NewString()))
	}
	return bodies
}

func (b *bench) write(ctx context.Context, bodies ...string) error {
	puts := make([]documents.Indexed, len(bodies))
	for i, body := range bodies {
		var err error
		if puts[i], err = put(body, uuid.Must(uuid.NewV7()).String()); err != nil {
			return err
		}
	}
	return b.Bare.Write(ctx, puts...)
}

// send makes one request and refuses any answer but a good one.
func (b *bench) send(ctx context.Context, method, path, body string, token ...string) (*fhir.Document, error) {
	request, err := http.NewRequestWithContext(ctx, method, b.Base+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+append(token, b.Token)[0])
	request.Header.Set("Content-Type", "application/fhir+json")
	if path == "/graphql" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := b.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode >= http.StatusBadRequest || strings.HasPrefix(string(text), `{"errors"`) {
		return nil, fmt.Errorf("%s %s: HTTP %d %s", method, path, response.StatusCode, text)
	}
	if len(token) == 0 && method == http.MethodGet && !strings.Contains(path, "claim-state") {
		return nil, nil
	}
	return fhir.Parse(text)
}

func (b *bench) prepareDocuments(ctx context.Context) error {
	var bodies []string
	for p := range patients {
		id := fmt.Sprintf("bench-patient-%d", p)
		if _, err := b.send(ctx, http.MethodPut, "/fhir/R4/Patient/"+id, patient(id)); err != nil {
			return err
		}
		for range documentsPerPatient {
			bodies = append(bodies, observation("", id))
		}
	}
	for _, body := range bodies {
		d, err := b.send(ctx, http.MethodPost, "/fhir/R4/Observation", body)
		if err != nil {
			return err
		}
		b.documents = append(b.documents, d.ID())
		id := uuid.Must(uuid.NewV7()).String()
		row, err := put(body, id)
		if err != nil {
			return err
		}
		if err := b.Bare.Write(ctx, row); err != nil {
			return err
		}
		b.bareIDs = append(b.bareIDs, id)
	}
	return nil
}

// prepareClaims bills visits until their claims are answered, and gives the bare side the same documents.
func (b *bench) prepareClaims(ctx context.Context) error {
	if _, err := b.send(ctx, http.MethodPost, "/fhir/R4", practice()); err != nil {
		return err
	}
	for n := range claims {
		if _, err := b.send(ctx, http.MethodPost, "/fhir/R4", visit(n)); err != nil {
			return err
		}
	}
	ready, err := b.await(ctx, "ready")
	if err != nil {
		return err
	}
	for e := range ready.Root().Get("entry").Children() {
		claim := e.Get("resource")
		id, who := claim.Get("id").Text(), claim.In("patient", "reference").Text()
		if _, err := b.send(ctx, http.MethodPost, "/fhir/R4/Claim/"+id+"/$submit", ""); err != nil {
			return err
		}
		if _, err := b.send(ctx, http.MethodPost, "/fhir/R4/ClaimResponse", answer(id, who), b.Payer); err != nil {
			return err
		}
	}
	return b.copyDocuments(ctx)
}

// copyDocuments gives the bare side what the server holds of the visits.
func (b *bench) copyDocuments(ctx context.Context) error {
	for _, typ := range []string{"Patient", "Encounter", "Claim", "ClaimResponse"} {
		d, err := b.send(ctx, http.MethodGet, "/fhir/R4/"+typ+"?_count=1000", "", b.Token)
		if err != nil {
			return err
		}
		var puts []documents.Indexed
		for e := range d.Root().Get("entry").Children() {
			row, err := put(string(e.Get("resource").Raw()), e.Get("resource").Get("id").Text())
			if err != nil {
				return err
			}
			puts = append(puts, row)
		}
		for _, row := range puts {
			if err := b.Bare.Write(ctx, row); err != nil {
				return err
			}
		}
	}
	return nil
}

// await gives all claims once they have reached a state.
func (b *bench) await(ctx context.Context, state string) (*fhir.Document, error) {
	for range 600 {
		d, err := b.send(ctx, http.MethodGet, fmt.Sprintf("/fhir/R4/Claim?claim-state=%s&_count=%d", state, claims), "")
		if err != nil || d.Root().Get("entry").Len() == claims {
			return d, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return nil, fmt.Errorf("the claims do not become %s", state)
}

// result is what a measurement saw.
type result struct {
	took  []time.Duration
	whole time.Duration
}

func (r result) rate() float64 { return float64(len(r.took)) / r.whole.Seconds() }

func (r result) quantile(percent int) time.Duration {
	if len(r.took) == 0 {
		return 0
	}
	return r.took[min(len(r.took)*percent/100, len(r.took)-1)]
}

// measure lets clients do an operation one after the other for a span.
func measure(ctx context.Context, clients int, span time.Duration, do func(context.Context, int64) error) (result, error) {
	for n := range int64(clients) { // connections and plans are made before the clock runs
		if err := do(ctx, n); err != nil {
			return result{}, err
		}
	}
	var count atomic.Int64
	var mutex sync.Mutex
	var all []time.Duration
	var failed error
	var wait sync.WaitGroup
	now := clock.System()
	start := now.Now()
	for range clients {
		wait.Go(func() {
			var took []time.Duration
			var err error
			for err == nil && now.Since(start) < span {
				began := now.Now()
				err = do(ctx, count.Add(1))
				took = append(took, now.Since(began))
			}
			mutex.Lock()
			defer mutex.Unlock()
			all = append(all, took...)
			failed = errors.Join(failed, err)
		})
	}
	wait.Wait()
	whole := now.Since(start)
	slices.Sort(all)
	return result{all, whole}, failed
}
