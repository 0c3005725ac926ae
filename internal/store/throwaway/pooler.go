package throwaway

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// ErrNoPooler says that this machine has no PgBouncer to start.
var ErrNoPooler = errors.New("no PgBouncer on this machine")

// StartPooler starts a PgBouncer in transaction mode that has so many connections to each database of a cluster, and gives the cluster
// as it is reached through it. It ends with this process. More are lines of its settings.
func StartPooler(of *Cluster, connections int, more ...string) (*Cluster, error) {
	pgbouncer, err := exec.LookPath("pgbouncer")
	if err != nil {
		if pgbouncer, err = exec.LookPath("/usr/sbin/pgbouncer"); err != nil {
			return nil, ErrNoPooler
		}
	}
	server, err := url.Parse(of.admin)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "medbill-pgbouncer-")
	if err != nil {
		return nil, err
	}
	attributes, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	settings := fmt.Sprintf("[databases]\n* = host=%s port=%s\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=%d\nunix_socket_dir=\n"+
		"auth_type=trust\nauth_file=%s\npool_mode=transaction\ndefault_pool_size=%d\nmax_client_conn=300\n",
		server.Hostname(), server.Port(), port, filepath.Join(dir, "users"), connections)
	for _, line := range more {
		settings += line + "\n"
	}
	for name, content := range map[string]string{"users": `"` + server.User.Username() + `" ""` + "\n", "pgbouncer.ini": settings} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil { //nolint:gosec // another user reads it, and it holds no secret
			return nil, err
		}
	}
	at := *server
	at.Host = "127.0.0.1:" + strconv.Itoa(port)
	through := &Cluster{admin: at.String(), dir: dir}
	through.server = func() *exec.Cmd {
		server := exec.CommandContext(context.Background(), pgbouncer, "-q", filepath.Join(dir, "pgbouncer.ini"))
		own := *attributes
		server.SysProcAttr, server.Dir = &own, dir
		return server
	}
	if err := through.Resume(); err != nil {
		through.Stop()
		return nil, fmt.Errorf("PgBouncer: %w", err)
	}
	return through, nil
}
