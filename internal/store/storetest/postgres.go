package storetest

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
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

var errNoPostgres = errors.New("no PostgreSQL")

// cluster is a PostgreSQL in which tests get databases copied from one migrated template.
type cluster struct {
	admin    string // URL of the maintenance database
	template string
	made     atomic.Int64
	end      func()
}

func startCluster() (*cluster, error) {
	c := &cluster{admin: os.Getenv("MEDBILL_TEST_POSTGRES"), end: func() {}}
	c.template = fmt.Sprintf("medbill_template_%d", os.Getpid())
	if c.admin == "" {
		if err := c.launch(); err != nil {
			return nil, err
		}
	}
	err := c.exec("CREATE DATABASE " + c.template)
	if err == nil {
		err = migrate(c.url(c.template))
	}
	if err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

func (c *cluster) url(database string) string {
	u, err := url.Parse(c.admin)
	if err != nil {
		return ""
	}
	u.Path = "/" + database
	return u.String()
}

func (c *cluster) exec(statement string) error {
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

// database makes a database, a copy of the template or an empty one.
func (c *cluster) database(migrated bool) (string, func(), error) {
	name := fmt.Sprintf("medbill_test_%d_%d", os.Getpid(), c.made.Add(1))
	from := "template0"
	if migrated {
		from = c.template
	}
	if err := c.exec("CREATE DATABASE " + name + " TEMPLATE " + from); err != nil {
		return "", nil, err
	}
	return c.url(name), func() { _ = c.exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)") }, nil
}

func (c *cluster) stop() {
	_ = c.exec("DROP DATABASE IF EXISTS " + c.template + " WITH (FORCE)")
	c.end()
}

// binary finds a program of PostgreSQL on PATH or where Debian puts it.
func binary(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) == 0 {
		return "", errNoPostgres
	}
	return slices.Max(found), nil
}

// launch makes a cluster in a temporary folder and starts it. It ends with this process, however this process ends.
func (c *cluster) launch() error {
	initdb, err := binary("initdb")
	if err != nil {
		return err
	}
	postgres, err := binary("postgres")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "medbill-postgres-")
	if err != nil {
		return err
	}
	attributes, err := unprivileged(dir)
	if err != nil {
		return err
	}
	data := filepath.Join(dir, "data")
	make := exec.CommandContext(context.Background(), initdb, "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
	make.SysProcAttr, make.Dir = attributes, dir
	if out, err := make.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	// Durability against power loss is not what these tests test; everything else is as in production.
	server := exec.CommandContext(context.Background(), postgres, "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-k", dir,
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=300")
	server.SysProcAttr, server.Dir = attributes, dir
	gone, err := startBound(server)
	if err != nil {
		return err
	}
	c.end = func() {
		_ = server.Process.Signal(syscall.SIGQUIT)
		<-gone
		_ = os.RemoveAll(dir)
	}
	c.admin = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	for range 200 {
		if err = c.exec("SELECT 1"); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	c.end()
	return fmt.Errorf("start PostgreSQL: %w", err)
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
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}
