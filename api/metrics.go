package api

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"medbill/internal/store"
)

// metrics is what a monitor reads: how requests fare, what they cost in SQL and how much work waits. It holds no ids. The
// text format is written here: one histogram and four numbers need no client library and its dependencies.
// https://prometheus.io/docs/instrumenting/exposition_formats/
type metrics struct {
	db     *store.DB
	mu     sync.Mutex
	series map[seriesKey]*series
}

// seriesKey is bounded: routes are templates, methods a fixed list, statuses classes.
type seriesKey struct{ route, method, status string }

// series counts the requests of one key by how long they took; each bucket counts those up to its bound.
type series struct {
	buckets [len(bucketSeconds)]int64
	count   int64
	sum     time.Duration
}

var bucketSeconds = [...]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics(db *store.DB) *metrics {
	return &metrics{db: db, series: map[seriesKey]*series{}}
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	key := seriesKey{route, methodLabel(method), strconv.Itoa(status/100) + "xx"}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.series[key]
	if s == nil {
		s = &series{}
		m.series[key] = s
	}
	s.count++
	s.sum += took
	for i := len(bucketSeconds) - 1; i >= 0 && took.Seconds() <= bucketSeconds[i]; i-- {
		s.buckets[i]++
	}
}

// methodLabel keeps a client from making a new series, or a line of its own, with each method it invents.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions:
		return method
	}
	return "other"
}

// Metrics serves the metrics alone, for an address of their own.
func (s *Server) Metrics() http.Handler { return s.metrics }

// waitingJobsTimeout keeps a scrape from waiting for a database that does not answer.
const waitingJobsTimeout = 2 * time.Second

// ServeHTTP writes all metrics.
func (m *metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), waitingJobsTimeout)
	defer cancel()
	waiting := math.NaN()
	if n, err := m.db.WaitingJobs(ctx); err == nil {
		waiting = float64(n)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	out := errWriter{w: w}
	m.writeRequests(&out)
	for _, one := range []struct {
		name, kind, help string
		value            float64
	}{
		{"medbill_sql_statements_total", "counter", "SQL statements sent to the database.", float64(m.db.Statements())},
		{"medbill_jobs_waiting", "gauge", "Steps of billing that are still to be done; NaN while the database does not answer.", waiting},
		{"go_goroutines", "gauge", "Goroutines that exist.", float64(runtime.NumGoroutine())},
		{"go_memstats_heap_alloc_bytes", "gauge", "Bytes of heap in use.", float64(memory.HeapAlloc)},
	} {
		out.printf("# HELP %s %s\n# TYPE %s %s\n%s %s\n", one.name, one.help, one.name, one.kind, one.name, strconv.FormatFloat(one.value, 'g', -1, 64))
	}
}

const requestSeconds = "medbill_http_request_duration_seconds"

func (m *metrics) writeRequests(out *errWriter) {
	out.printf("# HELP %s How long requests took, by the template of their route.\n# TYPE %s histogram\n", requestSeconds, requestSeconds)
	m.mu.Lock()
	copied := make(map[seriesKey]series, len(m.series))
	keys := make([]seriesKey, 0, len(m.series))
	for key, s := range m.series {
		copied[key] = *s
		keys = append(keys, key)
	}
	m.mu.Unlock()
	slices.SortFunc(keys, func(a, b seriesKey) int {
		return cmp.Or(cmp.Compare(a.route, b.route), cmp.Compare(a.method, b.method), cmp.Compare(a.status, b.status))
	})
	for _, key := range keys {
		s := copied[key]
		labels := fmt.Sprintf(`route=%q,method=%q,status=%q`, key.route, key.method, key.status)
		for i, bound := range bucketSeconds {
			out.printf("%s_bucket{%s,le=\"%s\"} %d\n", requestSeconds, labels, strconv.FormatFloat(bound, 'g', -1, 64), s.buckets[i])
		}
		out.printf("%s_bucket{%s,le=\"+Inf\"} %d\n", requestSeconds, labels, s.count)
		out.printf("%s_sum{%s} %s\n%s_count{%s} %d\n", requestSeconds, labels, strconv.FormatFloat(s.sum.Seconds(), 'g', -1, 64), requestSeconds, labels, s.count)
	}
}

// errWriter stops writing at the first error: the monitor went away.
type errWriter struct {
	w   io.Writer
	err error
}

func (e *errWriter) printf(format string, args ...any) {
	if e.err == nil {
		_, e.err = fmt.Fprintf(e.w, format, args...)
	}
}
