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

	"medbill/internal/store"
)

// metrics is what a monitor reads: how requests fare, what they cost in SQL, how much work waits, and how the process is.
// Labels are bounded and hold no ids: routes are templates, methods a fixed list, statuses classes.
type metrics struct {
	requests *prometheus.HistogramVec
	handler  http.Handler
}

// waitingJobsTimeout keeps a scrape from waiting for a database that does not answer.
const waitingJobsTimeout = 2 * time.Second

func newMetrics(db *store.DB) *metrics {
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
		}, func() float64 { return waitingJobs(db) }),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true}) // the server compresses
	return m
}

func waitingJobs(db *store.DB) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), waitingJobsTimeout)
	defer cancel()
	n, err := db.WaitingJobs(ctx)
	if err != nil {
		return math.NaN()
	}
	return float64(n)
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
