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
	Done                    int64         // operations
	Took                    time.Duration // of all rounds together
	Used                    Usage         // by all operations together
	Median, Slowest99       time.Duration // of one operation
	Bare                    float64       // bare SQL, operations a second; 0 where it was not measured

	all []time.Duration
}

// Rate gives operations a second.
func (r Row) Rate() float64 { return float64(r.Done) / r.Took.Seconds() }

// take adds a round to the row.
func (r *Row) take(ctx context.Context, s *Side, round func() (result, error)) error {
	before, err := s.usage(ctx)
	if err != nil {
		return err
	}
	seen, err := round()
	if err != nil {
		return err
	}
	after, err := s.usage(ctx)
	if err != nil {
		return err
	}
	r.Done, r.Took, r.Used = r.Done+int64(len(seen.took)), r.Took+seen.whole, r.Used.plus(after.since(before))
	r.all = append(r.all, seen.took...)
	slices.Sort(r.all)
	all := result{took: r.all}
	r.Median, r.Slowest99 = all.quantile(50), all.quantile(99)
	return nil
}
