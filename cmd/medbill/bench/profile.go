package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Profile says where profiles of an operation are written; the zero Profile writes none.
type Profile struct{ Dir string }

// Flags are what a server with its files in data needs, to be profiled.
func (p Profile) flags(data string) []string {
	if p.Dir == "" {
		return nil
	}
	return []string{"--profiles", socket(data)}
}

func socket(data string) string { return filepath.Join(data, "profiles") }

// PostgresSettings are what a cluster needs, to tell which statements take its time.
func (p Profile) PostgresSettings() []string {
	if p.Dir == "" {
		return nil
	}
	return []string{"shared_preload_libraries=pg_stat_statements"}
}

// of takes the profiles of a side while do runs, for a span at most: the server's CPU, what it ever allocated, and on PostgreSQL
// the statements with their times.
func (p Profile) of(ctx context.Context, s *Side, operation string, span time.Duration, do func() (result, error)) (result, error) {
	if p.Dir == "" || !s.isProfiled {
		return do()
	}
	name := filepath.Join(p.Dir, strings.Join([]string{s.Engine.Name, s.Label, strings.ReplaceAll(operation, " ", "-")}, "-"))
	if s.Engine.cluster != nil {
		if _, err := s.Engine.cluster.Texts(ctx, clusterName(s.name), "CREATE EXTENSION IF NOT EXISTS pg_stat_statements; SELECT pg_stat_statements_reset()::text"); err != nil {
			return result{}, err
		}
	}
	done := make(chan error, 1)
	go func() {
		done <- s.fetchProfile(ctx, fmt.Sprintf("profile?seconds=%d", max(1, int(span.Seconds()))), name+".cpu.pprof")
	}()
	seen, err := do()
	if err := errors.Join(err, <-done, s.fetchProfile(ctx, "allocs", name+".allocs.pprof")); err != nil {
		return seen, err
	}
	if s.Engine.cluster == nil {
		return seen, nil
	}
	lines, err := s.Engine.cluster.Texts(ctx, clusterName(s.name), slowest)
	if err != nil {
		return seen, err
	}
	return seen, os.WriteFile(name+".sql.txt", []byte(strings.Join(lines, "\n")+"\n"), 0o600)
}

// slowest lists the statements of a database by the time that they took together.
const slowest = `SELECT format('%s ms  %s calls  %s ms a call  %s rows  %s', round(total_exec_time::numeric, 1), calls, round(mean_exec_time::numeric, 4), rows, left(regexp_replace(query, '\s+', ' ', 'g'), 400))
FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY total_exec_time DESC LIMIT 60`

func (s *Side) fetchProfile(ctx context.Context, path, file string) error {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", socket(s.Engine.folder(s.name)))
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://profiles/"+path, nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}}).Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	to, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, response.Body)
	return errors.Join(err, to.Close())
}
