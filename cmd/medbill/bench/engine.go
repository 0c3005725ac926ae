package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"medbill/internal/store/throwaway"
)

// Engine is a kind of database, with room for one of each server.
type Engine struct {
	Name    string
	dir     string             // of the servers' data
	cluster *throwaway.Cluster // nil for SQLite
}

// SQLite keeps databases in folders below dir.
func SQLite(dir string) Engine { return Engine{Name: "sqlite", dir: dir} }

// Postgres keeps databases in a cluster, and what servers keep beside theirs in folders below dir.
func Postgres(dir string, cluster *throwaway.Cluster) Engine {
	return Engine{Name: "postgres", dir: dir, cluster: cluster}
}

// folder is where a server with a database of this name keeps its files.
func (e Engine) folder(name string) string { return filepath.Join(e.dir, e.Name, name) }

// databaseFile is how `serve` calls its file in the data folder.
const databaseFile = "medbill.db"

// Make makes an empty database and gives its URL.
func (e Engine) Make(name string) (url string, err error) {
	if err := os.MkdirAll(e.folder(name), 0o700); err != nil {
		return "", err
	}
	if e.cluster == nil {
		return "sqlite://" + filepath.Join(e.folder(name), databaseFile), nil
	}
	err = errors.Join(e.cluster.Exec("DROP DATABASE IF EXISTS "+clusterName(name)), e.cluster.Exec("CREATE DATABASE "+clusterName(name)))
	return e.cluster.URL(clusterName(name)), err
}

// duplicate makes a database that holds what another one does, which nobody has open, and gives its URL.
func (e Engine) duplicate(ctx context.Context, from, to string) (url string, err error) {
	if e.cluster == nil {
		if err := os.CopyFS(e.folder(to), os.DirFS(e.folder(from))); err != nil {
			return "", err
		}
		return "sqlite://" + filepath.Join(e.folder(to), databaseFile), nil
	}
	if err := errors.Join(e.cluster.Exec("DROP DATABASE IF EXISTS "+clusterName(to)), e.cluster.Exec("CREATE DATABASE "+clusterName(to)+" TEMPLATE "+clusterName(from))); err != nil {
		return "", err
	}
	return e.cluster.URL(clusterName(to)), e.analyze(ctx, to)
}

// Remove takes the databases of some names away, which nobody has open any more.
func (e Engine) Remove(names ...string) error {
	var errs []error
	for _, name := range names {
		if e.cluster != nil {
			errs = append(errs, e.cluster.Exec("DROP DATABASE IF EXISTS "+clusterName(name)))
		}
		errs = append(errs, os.RemoveAll(e.folder(name)))
	}
	return errors.Join(errs...)
}

func clusterName(name string) string { return "medbill_bench_" + name }

// size gives the bytes that a database takes on disk.
func (e Engine) size(ctx context.Context, name string) (int64, error) {
	if e.cluster == nil {
		return filesSize(e.folder(name))
	}
	texts, err := e.cluster.Texts(ctx, clusterName(name), "SELECT pg_database_size(current_database())::text")
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(texts[0], 10, 64)
}

// cpu gives the CPU of the database's own processes.
func (e Engine) cpu() (time.Duration, error) {
	if e.cluster == nil || e.cluster.PID() == 0 {
		return 0, nil
	}
	return familyCPU(e.cluster.PID())
}

// analyze looks at what is stored, as PostgreSQL does by itself a while after a table was filled.
func (e Engine) analyze(ctx context.Context, name string) error {
	if e.cluster == nil {
		return nil
	}
	_, err := e.cluster.Texts(ctx, clusterName(name), "VACUUM (ANALYZE)")
	return err
}
