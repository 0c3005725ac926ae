package api

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"medbill/internal/clock"
	"medbill/internal/store"
)

// sizesEvery bounds how often a scrape asks how large the database is.
const sizesEvery = time.Minute

var (
	tableBytes = prometheus.NewDesc("medbill_table_bytes", "Disk that a table takes with its indexes (PostgreSQL).", []string{"table"}, nil)
	tableRows  = prometheus.NewDesc("medbill_table_rows", "About how many rows a table has.", []string{"table"}, nil)
	fileBytes  = prometheus.NewDesc("medbill_file_bytes", "Size of a file of the embedded database.", []string{"file"}, nil)
)

// sizes tells how large tables and files are, as they were at most a minute ago. While the database does not answer there are none.
type sizes struct {
	ask func(context.Context) (store.Sizes, error)

	mutex sync.Mutex
	last  store.Sizes
	at    time.Time
}

// Describe names the metrics.
func (s *sizes) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{tableBytes, tableRows, fileBytes} {
		to <- desc
	}
}

// Collect gives what is known, and asks again where that is old.
func (s *sizes) Collect(to chan<- prometheus.Metric) {
	known := s.known()
	for _, t := range known.Tables {
		gauge(to, tableBytes, t.Bytes, t.Name)
		gauge(to, tableRows, t.Rows, t.Name)
	}
	for _, f := range known.Files {
		gauge(to, fileBytes, f.Bytes, f.Name)
	}
}

func gauge(to chan<- prometheus.Metric, desc *prometheus.Desc, value int64, label string) {
	if value >= 0 { // else it is not known
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(value), label)
	}
}

func (s *sizes) known() store.Sizes {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if now := clock.System().Now(); s.at.IsZero() || now.Sub(s.at) >= sizesEvery {
		ctx, cancel := context.WithTimeout(context.Background(), countTimeout)
		defer cancel()
		found, err := s.ask(ctx)
		if err != nil {
			return store.Sizes{}
		}
		s.last, s.at = found, now
	}
	return s.last
}
