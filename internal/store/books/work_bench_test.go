package books_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"medbill/internal/clock"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// BenchmarkWorkList asks for queues and for pages of a hundred thousand open items, eight at a time, on PostgreSQL.
func BenchmarkWorkList(b *testing.B) {
	const clients = 8
	url := storetest.URL(b, "postgres")
	db := storetest.Open(b, url)
	storetest.FillWork(b, url, "zzyzx", 100_000)
	s := storetest.Session(db)
	isAwake, now := false, models.InstantOf(clock.System().Now())
	f := models.WorkFilter{Snoozed: &isAwake, Now: now}
	asks := map[string]func(v *store.View) error{
		"queues": func(v *store.View) error {
			_, err := books.WorkQueues(v, f, models.WorkAsker{Names: []string{"user3"}, Today: "2026-03-10", Now: now})
			return err
		},
		"queues of a role": func(v *store.View) error {
			f := f
			f.Role = models.ForCoder
			_, err := books.WorkQueues(v, f, models.WorkAsker{Names: []string{"user3"}, Today: "2026-03-10", Now: now})
			return err
		},
		"total": func(v *store.View) error { _, _, err := books.WorkTotal(v, f); return err },
	}
	for _, order := range []models.WorkOrder{models.WorkByDue, models.WorkByAmount, models.WorkByAge, models.WorkByPriority} {
		asks["page by "+string(order)] = func(v *store.View) error {
			_, err := books.WorkList(v, f, order, models.WorkItem{ID: "w00050000", Due: "2026-03-10", Amount: 50000, Priority: 2}, 21)
			return err
		}
	}
	for name, ask := range asks {
		b.Run(name, func(b *testing.B) {
			took := make([][]time.Duration, clients)
			var all sync.WaitGroup
			for c := range clients {
				all.Go(func() {
					for range b.N/clients + 1 {
						start := clock.System().Now()
						if err := s.View(b.Context(), ask); err != nil {
							b.Error(err)
							return
						}
						took[c] = append(took[c], clock.System().Now().Sub(start))
					}
				})
			}
			all.Wait()
			each := slices.Sorted(slices.Values(slices.Concat(took...)))
			b.ReportMetric(float64(each[len(each)/2].Microseconds())/1000, "ms-median")
			b.ReportMetric(float64(each[len(each)*95/100].Microseconds())/1000, "ms-p95")
		})
	}
}
