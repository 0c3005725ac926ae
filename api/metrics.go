package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"medbill/billing"
	"medbill/internal/store"
)

// metrics is what a monitor reads: how requests fare, what they cost in SQL, how much work waits, and how the process is.
// Labels are bounded and hold no ids: routes are templates, methods a fixed list, statuses classes.
type metrics struct {
	requests *prometheus.HistogramVec
	handler  http.Handler
}

// countTimeout keeps a scrape from waiting for a database that does not answer.
const countTimeout = 2 * time.Second

func newMetrics(db *store.DB, office *billing.Office) *metrics {
	m := &metrics{requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "medbill_http_request_duration_seconds",
		Help:    "How long requests took, by the template of their route.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route", "method", "status"})}
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		m.requests,
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "medbill_sql_statements_total", Help: "SQL statements sent to the database.",
		}, func() float64 { return float64(db.Statements()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "medbill_jobs_waiting", Help: "Steps of billing that are still to be done; NaN while the database does not answer.",
		}, counted(office.CountWaiting)),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "medbill_jobs_lost_total", Help: "Steps of billing that failed for good, of the whole database; NaN while it does not answer.",
		}, counted(office.CountFailed)),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "medbill_cases_overdue", Help: "Cases whose step is due for more than a minute, of the whole database; NaN while it does not answer.",
		}, counted(office.CountOverdue)),
		&sizes{ask: db.Sizes},
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	if _, has := db.Replica(); has {
		registry.MustRegister(replicaMetrics(db)...)
	}
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true}) // the server compresses
	return m
}

// replicaMetrics tell how the replica fares that is read.
func replicaMetrics(db *store.DB) []prometheus.Collector {
	state := func(value func(store.ReplicaState) float64) func() float64 {
		return func() float64 {
			s, _ := db.Replica()
			return value(s)
		}
	}
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "medbill_replica_used", Help: "1 while reads go to the replica, 0 while it is away or too far behind.",
		}, state(func(s store.ReplicaState) float64 {
			if s.Used {
				return 1
			}
			return 0
		})),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "medbill_replica_reads_total", Help: "Reads that the replica answered.",
		}, state(func(s store.ReplicaState) float64 { return float64(s.Reads) })),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "medbill_replica_passed_total", Help: "Reads that the primary answered, because the replica was away, too far behind, or behind what the caller knew.",
		}, state(func(s store.ReplicaState) float64 { return float64(s.Passed) })),
	}
}

// counted asks the database for a number at each scrape.
func counted(count func(context.Context) (int64, error)) func() float64 {
	return func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
		defer cancel()
		n, err := count(ctx)
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	}
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, methodLabel(method), strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// methodLabel keeps a client from making a new series with each method it invents.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions:
		return method
	}
	return "other"
}

// Metrics serves the metrics alone, for an address of their own.
func (s *Server) Metrics() http.Handler { return s.metrics.handler }
