package config

import (
	"errors"
	"log/slog"
	"net/url"
	"path"
	"strings"
)

// DatabaseKind is one of the two databases.
type DatabaseKind string

// The kinds.
const (
	DatabaseSQLite   DatabaseKind = "sqlite"
	DatabasePostgres DatabaseKind = "postgres"
)

// Database says where the data lies. It prints itself without its password.
type Database struct {
	Kind DatabaseKind
	Path string // of the SQLite file
	DSN  string // of Postgres, with its password
}

// ParseDatabase reads sqlite:///absolute/path, sqlite:relative/path or postgres://user@host:5432/name?sslmode=require. Its
// errors never repeat the text, which may hold a password.
func ParseDatabase(text string) (Database, error) {
	u, err := url.Parse(text)
	if err != nil {
		return Database{}, errors.New("it is not a URL; percent-encode special characters of the user and the password")
	}
	switch u.Scheme {
	case "sqlite":
		return sqlite(u)
	case "postgres", "postgresql":
		return postgres(u, text)
	}
	return Database{}, errors.New("it begins with neither sqlite: nor postgres://")
}

func sqlite(u *url.URL) (Database, error) {
	file := u.Path
	if u.Opaque != "" {
		decoded, err := url.PathUnescape(u.Opaque)
		if err != nil {
			return Database{}, errors.New("its path is not percent-encoded well")
		}
		file = decoded
	}
	switch {
	case u.Host != "" || u.User != nil:
		return Database{}, errors.New("it names a host; write sqlite:///absolute/path or sqlite:relative/path")
	case u.RawQuery != "" || u.Fragment != "":
		return Database{}, errors.New("it has options after ? or #; the server sets the options of SQLite itself")
	case file == "" || strings.HasSuffix(file, "/") || strings.ContainsAny(file, "?#\x00"):
		return Database{}, errors.New("it names no file; write sqlite:///absolute/path or sqlite:relative/path")
	case strings.Contains(file, ":memory:"):
		return Database{}, errors.New("it names a database in memory, which would lose the books at every stop; name a file")
	}
	return Database{Kind: DatabaseSQLite, Path: path.Clean(file)}, nil
}

func postgres(u *url.URL, text string) (Database, error) {
	switch {
	case u.Host == "" && u.Query().Get("host") == "":
		return Database{}, errors.New("it names no host; write postgres://user@host:5432/name")
	case strings.Trim(u.Path, "/") == "" && u.Query().Get("dbname") == "":
		return Database{}, errors.New("it names no database; write postgres://user@host:5432/name")
	}
	return Database{Kind: DatabasePostgres, DSN: text}, nil
}

// String is the database without its user, password and options.
func (d Database) String() string {
	if d.Kind != DatabasePostgres {
		return string(d.Kind) + ":" + d.Path
	}
	u, err := url.Parse(d.DSN)
	if err != nil {
		return string(d.Kind)
	}
	return (&url.URL{Scheme: string(d.Kind), Host: u.Host, Path: u.Path}).String()
}

// GoString keeps the password out of %#v.
func (d Database) GoString() string { return d.String() }

// LogValue keeps the password out of the log.
func (d Database) LogValue() slog.Value { return slog.StringValue(d.String()) }
