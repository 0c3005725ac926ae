package bench

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/bare"
)

// Post measures how fast answers of payers are posted, each of three lines, through the use case that every door leads to, beside the same
// rows written as bare SQL. It runs in this process, without HTTP, and no step of billing runs beside it.
type Post struct {
	Engine  Engine
	Clients int
	Answers int // of each round
	Rounds  int // in which the use case and bare SQL take turns
	Say     func(string)
	Tell    func(string) // is given what one answer leaves
	Show    func([]Row)
}

// PostNames are the databases of the use case and of bare SQL.
var PostNames = []string{"post", "post_bare"}

// Measure prepares the same sent claims in both databases, lets use case and bare SQL take turns, and at the end compares how many rows both have
// of each table: where bare SQL wrote others than the use case left, nothing was measured.
func (p Post) Measure(ctx context.Context) error {
	url, err := p.Engine.Make(PostNames[0])
	if err != nil {
		return err
	}
	left, err := p.prepare(ctx, url)
	if err != nil {
		return err
	}
	bareURL, err := p.Engine.duplicate(ctx, PostNames[0], PostNames[1])
	if err != nil {
		return err
	}
	house, err := openHouse(ctx, url)
	if err != nil {
		return err
	}
	defer house.close()
	plain, err := bare.Open(ctx, bareURL, tenant, plainConnections)
	if err != nil {
		return err
	}
	defer plain.Close()
	run := postRun{Post: p, house: house, plain: plain, left: left, row: Row{Engine: p.Engine.Name, Operation: "answer of 3 lines posted", Side: "this", Clients: p.Clients, makes: 1}}
	if err := run.measure(ctx); err != nil {
		return err
	}
	return run.compare(ctx)
}

// visits is how many claims are answered: one for each answer of each round, and of the warming up.
func (p Post) visits() int { return p.Clients + p.Rounds*p.Answers }

func postID(n int) string { return fmt.Sprintf("post-%07d", n) }

// sample is what one answer leaves and what it is called by there.
type sample struct {
	rows  bare.Left
	names []string
}

// The visits that show what an answer leaves; the first one makes what all share.
const probes = 2

// prepare brings visits until their claims are sent, and looks at what one answer leaves.
func (p Post) prepare(ctx context.Context, url string) (sample, error) {
	house, err := openHouse(ctx, url)
	if err != nil {
		return sample{}, err
	}
	defer house.close()
	if err := errors.Join(house.furnish(ctx), house.send(ctx, 1, 0, probes)); err != nil {
		return sample{}, err
	}
	var states [probes]bare.State // after the answer to each
	var names []string
	for n := range probes {
		if names, err = house.names(ctx, postID(n)); err != nil {
			return sample{}, err
		}
		if err := house.answer(ctx, names); err != nil {
			return sample{}, err
		}
		if states[n], err = house.state(ctx); err != nil {
			return sample{}, err
		}
	}
	rows := states[probes-2].Until(states[probes-1])
	p.Tell(fmt.Sprintf("%s: one answer leaves %d rows written, %d changed and %d taken away, in %d tables", p.Engine.Name, rows.Inserted, rows.Updated, rows.Deleted, len(rows.Tables)))
	p.Say(fmt.Sprintf("%s: %d claims beforehand", p.Engine.Name, p.visits()))
	return sample{rows, names}, errors.Join(house.send(ctx, p.Clients, probes, probes+p.visits()), p.Engine.analyze(ctx, PostNames[0]))
}

// postRun is a measurement under way.
type postRun struct {
	Post
	house *house
	plain *bare.DB
	left  sample
	row   Row
	next  int // the visit that is answered next
}

func (r *postRun) measure(ctx context.Context) error {
	r.next = probes
	var plain, cold Row
	if err := r.turn(ctx, r.Clients, &cold, &cold); err != nil {
		return err
	}
	r.row.Used = Usage{}
	for round := range r.Rounds {
		r.Say(fmt.Sprintf("%s: %s, round %d of %d", r.Engine.Name, r.row.Operation, round+1, r.Rounds))
		if err := r.turn(ctx, r.Answers, &r.row, &plain); err != nil {
			return err
		}
	}
	r.row.Bare = plain.Rate()
	r.Show([]Row{r.row})
	return nil
}

// turn answers so many claims through the use case, and then the same ones as bare SQL. What bare SQL is to write is made before its clock runs.
func (r *postRun) turn(ctx context.Context, count int, row, plain *Row) error {
	names, lefts := make([][]string, count), make([]bare.Left, count)
	for i := range count {
		var err error
		if names[i], err = r.house.names(ctx, postID(r.next+i)); err != nil {
			return err
		}
		lefts[i] = r.left.rows.Of(r.left.names, names[i])
	}
	r.next += count
	before, err := r.house.usage(ctx, r.Engine)
	if err != nil {
		return err
	}
	seen, err := all(ctx, r.Clients, count, func(ctx context.Context, n int) error { return r.house.answer(ctx, names[n]) })
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	after, err := r.house.usage(ctx, r.Engine)
	if err != nil {
		return err
	}
	row.Used = row.Used.plus(after.since(before))
	row.add(seen, 1)
	if seen, err = all(ctx, r.Clients, count, func(ctx context.Context, n int) error { return r.plain.Leave(ctx, lefts[n]) }); err != nil {
		return fmt.Errorf("bare SQL: %w", err)
	}
	plain.add(seen, 1)
	return nil
}

// compare refuses where the two databases do not have as many rows of each table.
func (r *postRun) compare(ctx context.Context) error {
	want, err := r.house.rows.Counts(ctx, r.house.tables)
	if err != nil {
		return err
	}
	got, err := r.plain.Counts(ctx, r.house.tables)
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if want[table] != got[table] {
			return fmt.Errorf("the answers left %d rows of %s and bare SQL %d: they did not write the same", want[table], table, got[table])
		}
	}
	return nil
}

// all lets clients do something so often, each time with another number from 0 on.
func all(ctx context.Context, clients, count int, do func(ctx context.Context, n int) error) (result, error) {
	took := make([]time.Duration, count)
	errs := make([]error, clients)
	var next atomic.Int64
	var wait sync.WaitGroup
	now := clock.System()
	start := now.Now()
	for c := range clients {
		wait.Go(func() {
			for n := int(next.Add(1)) - 1; n < count && errs[c] == nil; n = int(next.Add(1)) - 1 {
				began := now.Now()
				errs[c] = do(ctx, n)
				took[n] = now.Since(began)
			}
		})
	}
	wait.Wait()
	whole := now.Since(start)
	slices.Sort(took)
	return result{took, whole}, errors.Join(errs...)
}

// tablesOf gives the tables of a database.
func tablesOf(ctx context.Context, db *store.DB) (tables []store.Table, err error) {
	err = db.Everywhere(ctx, func(v *store.View) (err error) {
		tables, err = store.Tables(v)
		return err
	})
	return tables, err
}
