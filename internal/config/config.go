// Package config checks the settings of all commands and explains every wrong one at once. It does not read flags or the
// environment (cmd/medbill does) and opens nothing.
package config

import (
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Settings is what a process needs to know before it starts. Each field is a flag, --name, and a variable, MEDBILL_NAME.
// Database and ReadDatabase may hold a password, and CursorKey is a secret: print DatabaseAt, never Settings.
type Settings struct {
	Database     string        // database: the URL; empty is medbill.db in Data
	Pool         Pool          // pool: what the database's address gives a process; empty is PoolSession
	ReadDatabase string        // read-database: the URL of a replica that reads go to; empty is none
	Data         string        // data: the folder of files, SQLite databases and development keys
	Addr         string        // addr: host:port of the API
	MetricsAddr  string        // metrics-addr: host:port of the metrics; empty is none
	BaseURLs     []string      // base-url: the addresses clients see, where a proxy stands in front, the one we write first; none is Addr's own
	Dev          bool          // dev: sign and take development tokens
	Clock        time.Time     // clock: where business time stands until it is moved; zero is the machine's
	NoWork       bool          // no-work: others do the steps
	Issuer       string        // issuer: iss of the tokens
	Audience     string        // audience: aud of the tokens
	JWKS         string        // jwks: the issuer's keys, a file or an https URL
	TokenLife    time.Duration // token-life: how far ahead a token may expire; 0 is 24 hours
	CORS         []string      // cors: origins of browsers that may call
	KeepAudit    int           // keep-audit-days: 0 is for good
	KeepOutbox   int           // keep-outbox-days: 0 is for good
	CursorKey    string        // cursor-key: what encrypts page links, in hexadecimal; empty is one kept in Data
}

// Pool is what the address of the database gives a process.
type Pool string

// The pools.
const (
	PoolSession     Pool = "session"     // PostgreSQL itself
	PoolTransaction Pool = "transaction" // a pooler that gives a connection for each transaction
)

// Problem is one setting that cannot be used.
type Problem struct {
	Setting string // the flag without its hyphens
	Text    string // one sentence that says what to do, without the value
}

// Problems is everything wrong with the settings, in the order of their fields.
type Problems []Problem

// Error lists the problems, one a line, by flag and variable.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = "--" + problem.Setting + " (" + Variable(problem.Setting) + "): " + problem.Text
	}
	return strings.Join(lines, "\n")
}

// Variable gives the environment variable of a flag.
func Variable(setting string) string {
	return "MEDBILL_" + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
}

// Check gives Problems with everything that keeps `serve` from starting, or nil.
func (s Settings) Check() error {
	return joined(s.checkDatabase(), s.checkPool(), s.checkReadDatabase(), s.checkData(), s.checkAddresses(), s.checkTokens(), s.checkClock(), s.checkCORS(), s.checkKeep(), s.checkCursorKey())
}

// CheckData gives Problems with what a command needs that only works on the data (migrate, verify, fees), or nil.
func (s Settings) CheckData() error {
	return joined(s.checkDatabase(), s.checkPool(), s.checkData())
}

// CheckWork gives Problems with what `work` needs, or nil. It refuses SQLite, whose one process is `serve`.
func (s Settings) CheckWork() error {
	return joined(s.checkPostgres("Workers beside the server need Postgres; on SQLite `medbill serve` does the work itself."), s.checkKeep())
}

// CheckDistribute gives Problems with what `migrate --distribute` needs, or nil. It refuses SQLite, which is one machine.
func (s Settings) CheckDistribute() error {
	return joined(s.checkPostgres("SQLite is one machine; name a Postgres with the Citus extension, into which `medbill move` brings the tenants."))
}

// checkPostgres is CheckData that refuses SQLite, and says why.
func (s Settings) checkPostgres(refusal string) Problems {
	problems := slices.Concat(s.checkDatabase(), s.checkPool(), s.checkData())
	if database, err := s.DatabaseAt(); err == nil && database.Kind == DatabaseSQLite {
		problems = append(problems, Problem{"database", refusal})
	}
	return problems
}

// joined gives Problems where there are any, else nil.
func joined(parts ...Problems) error {
	if problems := slices.Concat(parts...); len(problems) > 0 {
		return problems
	}
	return nil
}

// DatabaseAt gives the database that is meant: the setting, else a SQLite file in the data folder.
func (s Settings) DatabaseAt() (Database, error) {
	if s.Database == "" {
		return Database{Kind: DatabaseSQLite, Path: filepath.Join(s.Data, "medbill.db")}, nil
	}
	return ParseDatabase(s.Database)
}

func (s Settings) checkDatabase() Problems {
	if _, err := s.DatabaseAt(); err != nil {
		return Problems{{"database", "The database cannot be used: " + err.Error() + "."}}
	}
	return nil
}

func (s Settings) checkPool() Problems {
	switch database, err := s.DatabaseAt(); {
	case s.Pool != "" && s.Pool != PoolSession && s.Pool != PoolTransaction:
		return Problems{{"pool", "There is no such pool; write session, or transaction behind PgBouncer in transaction mode."}}
	case s.Pool == PoolTransaction && err == nil && database.Kind == DatabaseSQLite:
		return Problems{{"pool", "Only PostgreSQL is reached through a pooler; leave this out, or name a postgres:// database."}}
	}
	return nil
}

func (s Settings) checkReadDatabase() Problems {
	if s.ReadDatabase == "" {
		return nil
	}
	replica, err := ParseDatabase(s.ReadDatabase)
	if err != nil {
		return Problems{{"read-database", "The read database cannot be used: " + err.Error() + "."}}
	}
	if database, err := s.DatabaseAt(); replica.Kind == DatabaseSQLite || err == nil && database.Kind == DatabaseSQLite {
		return Problems{{"read-database", "Only PostgreSQL has replicas; leave this out, or name a postgres:// database and a streaming replica of it."}}
	}
	return nil
}

func (s Settings) checkData() Problems {
	if s.Data == "" {
		return Problems{{"data", "The data folder is missing; name one that only the server's user may read."}}
	}
	return nil
}

func (s Settings) checkAddresses() Problems {
	var problems Problems
	if !isAddress(s.Addr) {
		problems = append(problems, Problem{"addr", "The address of the API is not host:port; write for example 127.0.0.1:8080."})
	}
	switch {
	case s.MetricsAddr == "":
	case !isAddress(s.MetricsAddr):
		problems = append(problems, Problem{"metrics-addr", "The address of the metrics is not host:port; write for example 127.0.0.1:9090, or leave it out."})
	case s.MetricsAddr == s.Addr && !strings.HasSuffix(s.Addr, ":0"):
		problems = append(problems, Problem{"metrics-addr", "The metrics need an address of their own, because they are open without a token; --metrics offers them on the API's."})
	}
	if slices.ContainsFunc(s.BaseURLs, func(base string) bool { return !isBaseURL(base) }) {
		problems = append(problems, Problem{"base-url", "A base URL is not http(s)://host[:port][/path] without a query; write what clients put before /fhir/R4."})
	}
	return problems
}

func (s Settings) checkTokens() Problems {
	var problems Problems
	for _, setting := range []struct{ name, value, missing string }{
		{"issuer", s.Issuer, "The issuer of the tokens is missing; write its iss, or use --dev on a developer's machine."},
		{"audience", s.Audience, "The audience of the tokens is missing; write the aud that the issuer puts in for this server."},
		{"jwks", s.JWKS, "The key set of the issuer is missing; name a file or an https URL."},
	} {
		switch {
		case s.Dev && setting.value != "":
			problems = append(problems, Problem{setting.name, "A development server takes its own tokens only; leave this out, or leave out --dev."})
		case !s.Dev && strings.TrimSpace(setting.value) == "":
			problems = append(problems, Problem{setting.name, setting.missing})
		}
	}
	if !s.Dev && strings.Contains(s.JWKS, "://") && !isKeyURL(s.JWKS) {
		problems = append(problems, Problem{"jwks", "The key set must come over https (http only from this machine), without a password in the URL; whoever changes it on the way could sign tokens."})
	}
	if s.TokenLife < 0 {
		problems = append(problems, Problem{"token-life", "No token could be taken; write how far ahead one may expire, such as 24h."})
	}
	return problems
}

func (s Settings) checkClock() Problems {
	switch {
	case s.Clock.IsZero():
	case !s.Dev:
		return Problems{{"clock", "Only a development server has a clock that stands; leave this out, or use --dev on a developer's machine."}}
	case s.NoWork:
		return Problems{{"clock", "Workers beside the server go by the machine's clock; leave this out, or leave out --no-work."}}
	}
	return nil
}

func (s Settings) checkCORS() Problems {
	for _, origin := range s.CORS {
		u, err := url.Parse(origin)
		if err != nil || origin != u.Scheme+"://"+u.Host || u.Hostname() == "" || strings.Contains(origin, "*") || u.Scheme != "https" && u.Scheme != "http" {
			return Problems{{"cors", "An allowed origin is not scheme://host[:port]; list each origin in full, without a path and without *."}}
		}
	}
	return nil
}

func (s Settings) checkKeep() Problems {
	var problems Problems
	for _, setting := range []struct {
		name string
		days int
	}{{"keep-audit-days", s.KeepAudit}, {"keep-outbox-days", s.KeepOutbox}} {
		if setting.days < 0 {
			problems = append(problems, Problem{setting.name, "Nothing is kept for less than no day; write how many days, or 0 to keep it for good."})
		}
	}
	return problems
}

func (s Settings) checkCursorKey() Problems {
	if s.CursorKey == "" {
		return nil
	}
	if _, err := ParseCursorKey(s.CursorKey); err != nil {
		return Problems{{"cursor-key", "The cursor key is not 32 bytes in hexadecimal; write what `openssl rand -hex 32` prints, or leave it out."}}
	}
	return nil
}

// CursorKeyBytes is how long a cursor key is.
const CursorKeyBytes = 32

// ParseCursorKey reads a cursor key, 32 bytes in hexadecimal. Its error does not repeat the text, which is a secret.
func ParseCursorKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != CursorKeyBytes {
		return nil, errors.New("a cursor key is 32 bytes in hexadecimal")
	}
	return key, nil
}

func isAddress(text string) bool {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}

func isBaseURL(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" &&
		u.User == nil && u.RawQuery == "" && !u.ForceQuery && u.Fragment == ""
}

func isKeyURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return false
	}
	return u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname())
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}
