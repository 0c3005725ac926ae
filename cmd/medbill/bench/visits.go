package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"medbill/internal/clock"
	"medbill/internal/store/bare"
	"medbill/internal/store/documents"
)

// The way of a visit between its steps: a list of the claims that are ready and one of the invoices that are open are looked
// through for all clients together, as a biller's and a cashier's screen do, so that waiting costs two searches in a tenth of a
// second however many visits are under way. A client never waits for a visit of its own; it takes the next thing there is to do.
const (
	lookPause       = 100 * time.Millisecond
	visitsPerClient = 8 // under way at once
	listMost        = 500
	stuckAfter      = 2 * time.Minute
)

// visits is a run of the whole job by several clients.
type visits struct {
	side   *Side
	prefix string // of the ids of its visits

	room    chan struct{} // a visit may begin
	ready   chan readyClaim
	open    chan openInvoice
	pushed  atomic.Int64
	paid    atomic.Int64
	began   sync.Map // patient → when its visit was pushed
	mutex   sync.Mutex
	took    []time.Duration
	problem atomic.Pointer[error]
}

type readyClaim struct{ id, patient string }

type openInvoice struct {
	id    string
	began time.Time // when its visit was pushed
}

// run pushes visits for a span, or so many where most is above 0, and follows all of them until they are paid.
func (s *Side) visits(ctx context.Context, prefix string, clients int, span time.Duration, most int64) (result, error) {
	v := &visits{side: s, prefix: prefix, room: make(chan struct{}, clients*visitsPerClient), ready: make(chan readyClaim, listMost), open: make(chan openInvoice, listMost)}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	now := clock.System()
	start := now.Now()
	isOver := func() bool { return most > 0 && v.pushed.Load() >= most || most <= 0 && now.Since(start) >= span }
	for range cap(v.room) {
		v.room <- struct{}{}
	}
	var all sync.WaitGroup
	all.Go(func() { v.fail(cancel, v.look(ctx)) })
	for range clients {
		all.Go(func() { v.fail(cancel, v.work(ctx, isOver)) })
	}
	for last, since := int64(-1), start; !isOver() || v.paid.Load() < v.pushed.Load(); {
		if pause(ctx, 5*time.Millisecond) != nil {
			break
		}
		if paid := v.paid.Load(); paid != last {
			last, since = paid, now.Now()
		} else if now.Since(since) > stuckAfter {
			v.fail(cancel, fmt.Errorf("%d of %d visits are paid and nothing moves", paid, v.pushed.Load()))
		}
	}
	whole := now.Since(start)
	cancel()
	all.Wait()
	slices.Sort(v.took)
	if problem := v.problem.Load(); problem != nil {
		return result{}, *problem
	}
	return result{v.took, whole}, nil
}

// fail keeps the first problem and ends the run.
func (v *visits) fail(cancel func(), err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		v.problem.CompareAndSwap(nil, &err)
		cancel()
	}
}

// work does whatever a visit needs next, until the run is ended.
func (v *visits) work(ctx context.Context, isOver func() bool) error {
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case c := <-v.ready:
			err = v.bill(ctx, c)
		case i := <-v.open:
			err = v.pay(ctx, i)
		case <-v.room:
			if !isOver() {
				err = v.push(ctx)
			}
		}
		if err != nil {
			return err
		}
	}
}

func (v *visits) push(ctx context.Context) error {
	id := fmt.Sprintf("%s-%d", v.prefix, v.pushed.Add(1))
	v.began.Store("Patient/"+id, clock.System().Now())
	_, err := v.side.send(ctx, v.side.token, http.MethodPost, fhirPath, visit(id))
	return err
}

// bill sends a claim, and answers it as its payer does.
func (v *visits) bill(ctx context.Context, c readyClaim) error {
	if _, err := v.side.send(ctx, v.side.token, http.MethodPost, fhirPath+"/Claim/"+c.id+"/$submit", ""); err != nil {
		return err
	}
	_, err := v.side.send(ctx, v.side.payer, http.MethodPost, fhirPath+"/ClaimResponse", answer(c.id, c.patient))
	return err
}

func (v *visits) pay(ctx context.Context, i openInvoice) error {
	if _, err := v.side.send(ctx, v.side.token, http.MethodPost, fhirPath+"/Invoice/"+i.id+"/$pay", payment(i.id), "Idempotency-Key", i.id); err != nil {
		return err
	}
	v.mutex.Lock()
	v.took = append(v.took, clock.System().Since(i.began))
	v.mutex.Unlock()
	v.paid.Add(1)
	v.room <- struct{}{}
	return nil
}

// look brings what is ready and what is open to the clients, each once.
func (v *visits) look(ctx context.Context) error {
	seen := map[string]bool{}
	for pause(ctx, lookPause) == nil {
		if v.paid.Load() == v.pushed.Load() {
			continue
		}
		claims, err := v.side.resources(ctx, fmt.Sprintf("Claim?claim-state=ready&_count=%d", listMost))
		if err != nil {
			return err
		}
		for _, c := range claims {
			found := readyClaim{c.Get("id").Text(), c.In("patient", "reference").Text()}
			if strings.HasPrefix(found.patient, "Patient/"+v.prefix+"-") && !seen[found.id] {
				seen[found.id] = true
				v.ready <- found
			}
		}
		invoices, err := v.side.resources(ctx, fmt.Sprintf("Invoice?status=issued&_count=%d", listMost))
		if err != nil {
			return err
		}
		for _, i := range invoices {
			id, patient := i.Get("id").Text(), i.In("subject", "reference").Text()
			if began, ours := v.began.Load(patient); ours && !seen[id] {
				seen[id] = true
				v.open <- openInvoice{id, began.(time.Time)}
			}
		}
	}
	return nil
}

// Visits says how to measure the whole job.
type Visits struct {
	Clients  int
	Span     time.Duration // of each round
	Rounds   int           // the sides and bare SQL take turns
	Prepared int64         // visits that a side has seen before
	Fresh    bool          // of a tenant of which the statistics of the database know nothing
	Profile  Profile
	Bare     *bare.DB
	Say      func(string)
	Show     func([]Row)
}

// Measure lets sides take turns. The row of bare SQL writes the documents that a visit leaves, once each.
func (o Visits) Measure(ctx context.Context, sides []*Side) error {
	rows, name := make([]Row, len(sides)), "visit"
	if o.Fresh {
		name = "visit of a new tenant"
	}
	for i, s := range sides {
		o.Say(fmt.Sprintf("%s: %s, %d visits beforehand", s.Engine.Name, s.Label, o.Prepared))
		if err := o.prepare(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.Label, err)
		}
		rows[i] = Row{Engine: s.Engine.Name, Operation: name, Side: s.Label, Clients: o.Clients, makes: 1}
	}
	left, err := leftBy(ctx, sides[0])
	if err != nil {
		return err
	}
	var plain Row
	for round := range o.Rounds {
		for i, s := range sides {
			o.Say(fmt.Sprintf("%s: %s, %s, round %d of %d", s.Engine.Name, name, s.Label, round+1, o.Rounds))
			err := rows[i].take(ctx, s, o.Profile, o.Span, func() (result, error) {
				return s.visits(ctx, fmt.Sprintf("round-%d", round), o.Clients, o.Span, 0)
			})
			if err != nil {
				return fmt.Errorf("%s: %w", s.Label, err)
			}
		}
		seen, err := measure(ctx, o.Clients, o.Span, func(ctx context.Context, _ int64) error { return o.write(ctx, left) })
		if err != nil {
			return fmt.Errorf("bare SQL: %w", err)
		}
		plain.add(seen, 1)
	}
	for i := range rows {
		rows[i].Bare = plain.Rate()
	}
	o.Show(rows)
	return nil
}

// newTenant is the one that the statistics do not know.
const newTenant = "bench-new"

// prepare fills the tenant to be measured. A fresh one is filled after the statistics were made of another.
func (o Visits) prepare(ctx context.Context, s *Side) error {
	fill := func() error {
		if _, err := s.send(ctx, s.token, http.MethodPost, fhirPath, practice()); err != nil {
			return err
		}
		_, err := s.visits(ctx, "before", o.Clients, 0, o.Prepared)
		return err
	}
	if err := errors.Join(fill(), s.Engine.analyze(ctx, s.name)); err != nil || !o.Fresh {
		return err
	}
	if err := s.enter(ctx, newTenant); err != nil {
		return err
	}
	return fill()
}

// visitTransactions are the documents of a visit in the order and the parts in which they come: its push, its charges and claim,
// the answer, the bill.
var visitTransactions = [][]string{
	{"Patient?_id=%s", "Coverage?beneficiary=Patient/%s", "Encounter?patient=Patient/%s", "Condition?patient=Patient/%s", "Procedure?patient=Patient/%s"},
	{"ChargeItem?subject=Patient/%s", "Claim?patient=Patient/%s"},
	{"ClaimResponse?patient=Patient/%s"},
	{"Account?subject=Patient/%s", "Invoice?subject=Patient/%s"},
}

// leftBy gives the documents that a visit leaves, by transaction.
func leftBy(ctx context.Context, s *Side) ([][]string, error) {
	parts := make([][]string, len(visitTransactions))
	for i, queries := range visitTransactions {
		for _, q := range queries {
			found, err := s.resources(ctx, fmt.Sprintf(q, "before-1"))
			if err != nil {
				return nil, err
			}
			for _, r := range found {
				parts[i] = append(parts[i], string(r.Raw()))
			}
		}
		if len(parts[i]) == 0 {
			return nil, fmt.Errorf("a paid visit left nothing of %v", queries)
		}
	}
	return parts, nil
}

// write stores what a visit leaves under new ids as bare SQL.
func (o Visits) write(ctx context.Context, parts [][]string) error {
	for _, bodies := range parts {
		puts := make([]documents.Indexed, len(bodies))
		for i, body := range bodies {
			var err error
			if puts[i], err = put(body, uuid.Must(uuid.NewV7()).String(), 0); err != nil {
				return err
			}
		}
		if err := o.Bare.Write(ctx, puts...); err != nil {
			return err
		}
	}
	return nil
}
