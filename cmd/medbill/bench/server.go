package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// Server is a medbill that serves as a process of its own, so that what it uses is told apart from what its clients use, and so
// that another binary can take its place.
type Server struct {
	Base   string // http://host:port
	binary string
	data   string
	under  *exec.Cmd
}

// Serve starts `binary serve --dev` with its files in data and its database at url, with more flags where some are given. It
// ends with ctx at the latest.
func Serve(ctx context.Context, binary, data, url string, flags ...string) (*Server, error) {
	args := append([]string{"serve", "--dev", "--addr", "127.0.0.1:0", "--data", data, "--database", url}, flags...)
	s := &Server{binary: binary, data: data, under: exec.CommandContext(ctx, binary, args...)}
	told, err := s.under.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.under.Start(); err != nil {
		return nil, err
	}
	var last string
	lines := bufio.NewScanner(told)
	for lines.Scan() {
		last = lines.Text()
		var line struct{ Msg, Base string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
			s.Base = line.Base
			go func() { _, _ = io.Copy(io.Discard, told) }() // a log that nobody reads would stop the server
			return s, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not serve: %s", binary, last), s.Stop())
}

// Stop lets the server end its work and waits until it is gone.
func (s *Server) Stop() error {
	return errors.Join(s.under.Process.Signal(syscall.SIGTERM), s.under.Wait())
}

// Token signs an access token of a tenant in a role, for an organization where the role is one's.
func (s *Server) Token(ctx context.Context, tenant, role, organization string) (string, error) {
	args := []string{"token", "--data", s.data, "--tenant", tenant, "--role", role}
	if organization != "" {
		args = append(args, "--organization", organization)
	}
	out, err := exec.CommandContext(ctx, s.binary, args...).Output()
	return string(bytes.TrimSpace(out)), err
}

// The metrics that are read.
const (
	metricStatements = "medbill_sql_statements_total"
	metricJobs       = "medbill_jobs_waiting"
)

// metric reads one of the server's.
func (s *Server) metric(ctx context.Context, name string) (int64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Base+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if value, found := strings.CutPrefix(lines.Text(), name+" "); found {
			n, err := strconv.ParseFloat(value, 64)
			return int64(n), err
		}
	}
	return 0, errors.Join(fmt.Errorf("the server has no metric %s", name), lines.Err())
}
