package day

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"medbill/models/money"
)

// Result is what came of a day.
type Result struct {
	Rows     []RowResult
	Visits   int
	Books    Balances // of all
	Want     Balances // the sum of what the visits were to end in
	Payments []Count  // the work that is left about payments alone
	Wrong    []string // what came otherwise than it was to
	Sum      string   // SHA-256 of the balances, the invoices and the open work by member
}

// RowResult is what came of a scenario.
type RowResult struct {
	ID     string
	Visits int
	Books  Balances
	Open   []Count // the work that is left for people
	Asked  int     // invoices that are open, since patients do not pay
}

// Count is how often there is something.
type Count struct {
	What string
	N    int
}

// ending is how the visit of one member ended.
type ending struct {
	books Balances
	due   money.Cents // of its invoices
	open  []string
}

func (p *player) result(ctx context.Context) (Result, error) {
	books, err := p.books(ctx)
	if err != nil {
		return Result{}, err
	}
	due, err := p.invoices(ctx)
	if err != nil {
		return Result{}, err
	}
	work, err := p.openWork(ctx)
	if err != nil {
		return Result{}, err
	}
	endings := map[string]ending{}
	for member, b := range books {
		endings[member] = ending{books: b}
	}
	for member, amount := range due {
		e := endings[member]
		e.due = amount
		endings[member] = e
	}
	for _, w := range work {
		e := endings[w.Member]
		e.open = append(e.open, w.String())
		endings[w.Member] = e
	}
	refused, err := p.refused(ctx)
	if err != nil {
		return Result{}, err
	}
	came, err := p.arrivals(ctx)
	if err != nil {
		return Result{}, err
	}
	r, err := p.world.judge(endings)
	if err != nil {
		return r, err
	}
	missed, err := misses(came, r.Books)
	r.Wrong = append(r.Wrong, missed...)
	if want := slices.Repeat(refusals, p.world.Times); !slices.Equal(refused, slices.Sorted(slices.Values(want))) {
		r.Wrong = append(r.Wrong, fmt.Sprintf("of what the payers sent %q was refused, want %q", refused, want))
	}
	return r, err
}

// refused gives what the practice's server refused of what its payers sent: kind and HTTP status.
func (p *player) refused(ctx context.Context) ([]string, error) {
	text, err := p.payers.send(ctx, http.MethodGet, "/letters", "")
	if err != nil {
		return nil, err
	}
	var list struct {
		Letters []struct {
			Letter, State string
			Status        int
		}
	}
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("read the letters of the payers: %w", err)
	}
	var refused []string
	for _, l := range list.Letters {
		if l.State == "refused" {
			refused = append(refused, fmt.Sprintf("%s %d", l.Letter, l.Status))
		}
	}
	slices.Sort(refused)
	return refused, nil
}

// judge holds the endings to what they were to be, and sums them up.
func (w World) judge(endings map[string]ending) (Result, error) {
	r := Result{Books: Balances{}, Want: Balances{}}
	seen := map[string]bool{}
	for _, row := range Rows {
		one := RowResult{ID: row.ID, Books: Balances{}}
		open := map[string]int{}
		for _, v := range row.Visits {
			want, err := balances(v.Books)
			if err != nil {
				return r, err
			}
			came := banked(want[clearing]+row.Held, 0)
			if row.Unknown != 0 {
				came = banked(0, row.Unknown)
			}
			times := w.Times
			if row.ID == usual {
				times += w.More
			}
			for n := range times {
				member := id(of(v.Member, n+1))
				seen[member] = true
				e := endings[member]
				r.Wrong = append(r.Wrong, differences(member, v, want, e)...)
				for _, what := range e.open {
					open[what]++
				}
				if e.due != 0 {
					one.Asked++
				}
				one.Visits++
				one.Books.add(e.books, 1)
				r.Want.add(want, 1)
				r.Want.add(came, 1)
			}
		}
		one.Open = counts(open)
		r.Visits += one.Visits
		r.Rows = append(r.Rows, one)
	}
	want, err := balances(beside)
	if err != nil {
		return r, err
	}
	r.Want.add(want, w.Times)
	r.Want.add(banked(want[clearing], 0), w.Times)
	for _, member := range slices.Sorted(maps.Keys(endings)) {
		r.Books.add(endings[member].books, 1)
		if member != "" && !seen[member] {
			r.Wrong = append(r.Wrong, member+" is of no visit")
		}
	}
	left := map[string]int{}
	for _, what := range endings[""].open {
		left[what]++
	}
	r.Payments = counts(left)
	got, wanted := slices.Sorted(slices.Values(endings[""].open)), slices.Sorted(slices.Values(slices.Repeat(besideOpen, w.Times)))
	if !slices.Equal(got, wanted) {
		r.Wrong = append(r.Wrong, fmt.Sprintf("the work left about payments is %q, want %q", got, wanted))
	}
	if r.Books.String() != r.Want.String() {
		r.Wrong = append(r.Wrong, fmt.Sprintf("the books hold %s, want %s", r.Books, r.Want))
	}
	r.Sum = digest(endings)
	return r, nil
}

// counts lists what there is, by name.
func counts(of map[string]int) (list []Count) {
	for _, what := range slices.Sorted(maps.Keys(of)) {
		list = append(list, Count{what, of[what]})
	}
	return list
}

// differences tells what of a visit ended otherwise than it was to: balances, what the patient is asked for, and work; and holds that
// nothing stands with a payer that nobody is told about.
func differences(member string, v Visit, want Balances, e ending) (wrong []string) {
	slices.Sort(e.open)
	if got := e.books.String(); got != want.String() {
		wrong = append(wrong, fmt.Sprintf("%s: the books hold %s, want %s", member, got, want))
	}
	if e.due != e.books["AR:Patient"] {
		wrong = append(wrong, fmt.Sprintf("%s: the patient is asked for %s and owes %s", member, e.due, e.books["AR:Patient"]))
	}
	if !slices.Equal(e.open, v.Open) {
		wrong = append(wrong, fmt.Sprintf("%s: the work left is %q, want %q", member, e.open, v.Open))
	}
	if e.books["AR:Insurance"] != 0 && len(e.open) == 0 {
		wrong = append(wrong, fmt.Sprintf("%s: %s stands with the payer, and nobody is told", member, e.books["AR:Insurance"]))
	}
	return wrong
}

// digest is the same for the same endings.
func digest(endings map[string]ending) string {
	sum := sha256.New()
	for _, member := range slices.Sorted(maps.Keys(endings)) {
		e := endings[member]
		slices.Sort(e.open)
		fmt.Fprintf(sum, "%s|%s|%s|%s\n", member, e.books, e.due, strings.Join(e.open, ","))
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}
