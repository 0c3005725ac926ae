// Package throwaway starts a PostgreSQL from the binaries on this machine, in a temporary folder and on the loopback
// address, and takes it away again. Tests and the benchmark use it where no server is given.
package throwaway

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrNoPostgres says that this machine has no PostgreSQL to start.
var ErrNoPostgres = errors.New("no PostgreSQL on this machine")

// Cluster is a running PostgreSQL.
type Cluster struct {
	admin    string // URL of the maintenance database
	dir      string // "" where somebody else runs it
	settings []string
	server   func() *exec.Cmd
	under    *exec.Cmd // under way; nil while it is halted
	gone     chan struct{}
}

// At gives the server at url, whose user may make databases; Stop leaves it running.
func At(url string) *Cluster { return &Cluster{admin: url} }

// URL gives the address of one of its databases.
func (c *Cluster) URL(database string) string {
	u, err := url.Parse(c.admin)
	if err != nil {
		return ""
	}
	u.Path = "/" + database
	return u.String()
}

// Exec runs one statement in the maintenance database.
func (c *Cluster) Exec(statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.admin)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// Texts gives the first column of what a query finds in a database. It must be a text.
func (c *Cluster) Texts(ctx context.Context, database, query string) ([]string, error) {
	conn, err := pgx.Connect(ctx, c.URL(database))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, query, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// PID gives the process whose children serve the connections, or 0 where somebody else runs the server or it is halted.
func (c *Cluster) PID() int {
	if c.under == nil {
		return 0
	}
	return c.under.Process.Pid
}

// Stop ends the server and removes its folder.
func (c *Cluster) Stop() {
	c.halt(syscall.SIGQUIT)
	if c.dir != "" {
		_ = os.RemoveAll(c.dir)
	}
}

// Halt stops the server and keeps its data: fast as an operator does, which tells its clients, or at once as a crash does.
func (c *Cluster) Halt(fast bool) {
	if fast {
		c.halt(syscall.SIGINT)
		return
	}
	c.halt(syscall.SIGQUIT)
}

func (c *Cluster) halt(signal syscall.Signal) {
	if c.under == nil {
		return
	}
	_ = c.under.Process.Signal(signal)
	<-c.gone
	c.under = nil
}

// Resume starts a halted server again at the same address and waits until it answers.
func (c *Cluster) Resume() error {
	server := c.server()
	gone, err := startBound(server)
	if err != nil {
		return err
	}
	c.under, c.gone = server, gone
	for range 200 {
		if err = c.Exec("SELECT 1"); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("start PostgreSQL: %w", err)
}

// binary finds a program of PostgreSQL on PATH or where Debian puts it.
func binary(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", ErrNoPostgres
	}
	return slices.Max(found), nil
}

// HasExtension reports whether the binaries that Start finds have an extension beside them.
func HasExtension(name string) bool {
	config, err := binary("pg_config")
	if err != nil {
		return false
	}
	shared, err := exec.CommandContext(context.Background(), config, "--sharedir").Output()
	if err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(strings.TrimSpace(string(shared)), "extension", name+".control"))
	return err == nil
}

// Start makes a cluster in a temporary folder and starts it. It ends with this process, however this process ends.
// A durable one writes as in production; the other trades safety against power loss, which no test tests, for speed.
// Settings are more of PostgreSQL's own, name=value.
func Start(durable bool, more ...string) (*Cluster, error) {
	initdb, err := binary("initdb")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "medbill-postgres-")
	if err != nil {
		return nil, err
	}
	attributes, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	initialise := exec.CommandContext(context.Background(), initdb, "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	initialise.SysProcAttr, initialise.Dir = attributes, dir
	if out, err := initialise.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	settings := []string{"max_connections=300", "max_prepared_transactions=10"}
	if !durable {
		settings = append(settings, "fsync=off", "full_page_writes=off")
	}
	return run(dir, attributes, append(settings, more...))
}

// Replica makes a streaming replica of a cluster in a folder of its own and starts it. It ends with this process.
func (c *Cluster) Replica() (*Cluster, error) {
	basebackup, err := binary("pg_basebackup")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "medbill-replica-")
	if err != nil {
		return nil, err
	}
	attributes, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	// The slot has the primary keep what the replica misses while it is halted.
	backup := exec.CommandContext(context.Background(), basebackup, "-d", c.admin, "-D", filepath.Join(dir, "data"), "-R", "-C", "-S", "replica",
		"-X", "stream", "--checkpoint=fast", "--no-sync")
	backup.SysProcAttr, backup.Dir = attributes, dir
	if out, err := backup.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("pg_basebackup: %w: %s", err, out)
	}
	return run(dir, attributes, c.settings)
}

// run starts a server on the data in a folder, at an address of its own.
func run(dir string, attributes *syscall.SysProcAttr, settings []string) (*Cluster, error) {
	postgres, err := binary("postgres")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := []string{"-D", filepath.Join(dir, "data"), "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-k", dir}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	c := &Cluster{dir: dir, settings: settings, admin: fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)}
	c.server = func() *exec.Cmd {
		server := exec.CommandContext(context.Background(), postgres, args...)
		own := *attributes
		server.SysProcAttr, server.Dir = &own, dir
		return server
	}
	if err := c.Resume(); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

// startBound starts a child that the kernel ends with us. The bond is to the starting thread, so that thread stays.
func startBound(cmd *exec.Cmd) (gone chan struct{}, err error) {
	cmd.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	gone = make(chan struct{})
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
		close(gone)
	}()
	return gone, <-started
}

// unprivileged gives the folder to a user without rights where we are root, because PostgreSQL refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	if os.Getuid() != 0 {
		return &syscall.SysProcAttr{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("no unprivileged user to run PostgreSQL as")
}

func freePort() (int, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}
