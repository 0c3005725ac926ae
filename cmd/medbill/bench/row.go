package bench

import (
	"context"
	"slices"
	"time"
)

// Row is what was measured of one operation on one side.
type Row struct {
	Engine, Operation, Side string
	Clients                 int
	Done                    int64         // operations, or what they made
	Took                    time.Duration // of all rounds together
	Used                    Usage         // by all operations together
	Median, Slowest99       time.Duration // of one operation
	Bare                    float64       // bare SQL, operations a second; 0 where it was not measured

	makes int64
	all   []time.Duration
}

// Rate gives operations a second.
func (r Row) Rate() float64 { return float64(r.Done) / r.Took.Seconds() }

// take adds a round of a span to the row. The steps of billing that it leaves behind are part of what was used, not of the time,
// and none of them runs on into the next round.
func (r *Row) take(ctx context.Context, s *Side, p Profile, span time.Duration, round func() (result, error)) error {
	before, err := s.usage(ctx)
	if err != nil {
		return err
	}
	seen, err := p.of(ctx, s, r.Operation, span, round)
	if err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	after, err := s.usage(ctx)
	if err != nil {
		return err
	}
	r.Used = r.Used.plus(after.since(before))
	r.add(seen, r.makes)
	return nil
}

// add adds what a round saw, of which each operation makes so many things.
func (r *Row) add(seen result, makes int64) {
	r.Done, r.Took = r.Done+int64(len(seen.took))*makes, r.Took+seen.whole
	r.all = append(r.all, seen.took...)
	slices.Sort(r.all)
	all := result{took: r.all}
	r.Median, r.Slowest99 = all.quantile(50), all.quantile(99)
}
