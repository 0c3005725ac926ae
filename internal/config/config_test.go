package config_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"medbill/internal/config"
)

func sound() config.Settings {
	return config.Settings{
		Database: "postgres://canary:hunter2@db.example:5432/medbill?sslmode=require", Pool: config.PoolTransaction,
		ReadDatabase: "postgres://canary:hunter2@replica.example:5432/medbill", Data: "/var/lib/medbill",
		Addr: "127.0.0.1:8080", MetricsAddr: "127.0.0.1:9090", BaseURLs: []string{"https://billing.example/medbill", "http://10.0.0.7:8080"},
		Issuer: "https://issuer.example", Audience: "https://billing.example/fhir/R4", JWKS: "https://issuer.example/jwks.json",
		CORS: []string{"https://desk.example", "http://localhost:5173"}, CursorKey: strings.Repeat("0f", 32),
	}
}

func TestSoundSettingsPass(t *testing.T) {
	dev := config.Settings{Data: "data", Addr: ":0", MetricsAddr: ":0", Dev: true}
	for name, s := range map[string]config.Settings{"production": sound(), "development": dev} {
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v, want accepted", name, err)
		}
	}
	if err := (config.Settings{Data: "data"}).CheckData(); err != nil {
		t.Errorf("data alone for migrate: %v, want accepted", err)
	}
	if err := sound().CheckWork(); err != nil {
		t.Errorf("work on Postgres: %v, want accepted", err)
	}
}

func TestAllProblemsAreToldAtOnce(t *testing.T) {
	s := config.Settings{
		Database: "postgres://canary:hunter2@/", Addr: "8080", MetricsAddr: "nowhere", BaseURLs: []string{"billing.example"},
		JWKS: "http://issuer.example/jwks.json", CORS: []string{"*"}, KeepAudit: -1, KeepOutbox: -1, CursorKey: "hunter2",
	}
	var problems config.Problems
	if !errors.As(s.Check(), &problems) {
		t.Fatalf("Check = %v, want Problems", s.Check())
	}
	var settings []string
	for _, p := range problems {
		settings = append(settings, p.Setting)
		if !strings.HasSuffix(p.Text, ".") || p.Text[:1] != strings.ToUpper(p.Text[:1]) {
			t.Errorf("%s: %q, want a sentence", p.Setting, p.Text)
		}
	}
	if got, want := strings.Join(settings, " "), "database data addr metrics-addr base-url issuer audience jwks cors keep-audit-days keep-outbox-days cursor-key"; got != want {
		t.Errorf("problems with %s, want %s", got, want)
	}
	text := s.Check().Error()
	if strings.Contains(text, "hunter2") || !strings.Contains(text, "--metrics-addr (MEDBILL_METRICS_ADDR): ") {
		t.Errorf("text = %s, want flags and variables and no password", text)
	}
}

func TestOneWrongSettingIsOneProblem(t *testing.T) {
	for _, c := range []struct {
		name, setting string
		change        func(*config.Settings)
	}{
		{"metrics on the API's address", "metrics-addr", func(s *config.Settings) { s.MetricsAddr = s.Addr }},
		{"port out of range", "addr", func(s *config.Settings) { s.Addr = "127.0.0.1:65536" }},
		{"port by name", "addr", func(s *config.Settings) { s.Addr = "127.0.0.1:http" }},
		{"base URL with a query", "base-url", func(s *config.Settings) { s.BaseURLs[1] += "?a=b" }},
		{"base URL with a password", "base-url", func(s *config.Settings) { s.BaseURLs = []string{"https://canary:hunter2@billing.example"} }},
		{"keys over plain http", "jwks", func(s *config.Settings) { s.JWKS = "http://issuer.example/jwks.json" }},
		{"keys over ftp", "jwks", func(s *config.Settings) { s.JWKS = "ftp://issuer.example/jwks.json" }},
		{"keys with a password", "jwks", func(s *config.Settings) { s.JWKS = "https://canary:hunter2@issuer.example/" }},
		{"tokens that live less than no time", "token-life", func(s *config.Settings) { s.TokenLife = -time.Hour }},
		{"blank issuer", "issuer", func(s *config.Settings) { s.Issuer = " " }},
		{"an origin with a path", "cors", func(s *config.Settings) { s.CORS = []string{"https://desk.example/"} }},
		{"an origin of all subdomains", "cors", func(s *config.Settings) { s.CORS = []string{"https://*.example"} }},
		{"the origin null", "cors", func(s *config.Settings) { s.CORS = []string{"null"} }},
		{"a cursor key of 31 bytes", "cursor-key", func(s *config.Settings) { s.CursorKey = strings.Repeat("0f", 31) }},
		{"a pool that is none", "pool", func(s *config.Settings) { s.Pool = "statement" }},
		{"a pooler before SQLite", "pool", func(s *config.Settings) { s.Database, s.ReadDatabase = "", "" }},
		{"a replica that is no database", "read-database", func(s *config.Settings) { s.ReadDatabase = "postgres://canary:hunter2@/" }},
		{"a replica that is a file", "read-database", func(s *config.Settings) { s.ReadDatabase = "sqlite:///medbill.db" }},
		{"a replica of SQLite", "read-database", func(s *config.Settings) { s.Database, s.Pool = "", "" }},
		{"no data folder", "data", func(s *config.Settings) { s.Data = "" }},
	} {
		s := sound()
		c.change(&s)
		var problems config.Problems
		if !errors.As(s.Check(), &problems) || len(problems) != 1 || problems[0].Setting != c.setting {
			t.Errorf("%s: %v, want one problem with %s", c.name, s.Check(), c.setting)
		} else if strings.Contains(problems.Error(), "hunter2") {
			t.Errorf("%s: %v repeats a password", c.name, problems)
		}
	}
}

func TestKeysMayComeOverHTTPFromThisMachine(t *testing.T) {
	for _, jwks := range []string{"http://localhost:9000/jwks", "http://127.0.0.1/jwks", "http://[::1]:9000/jwks", "/etc/medbill/jwks.json", "jwks.json"} {
		s := sound()
		s.JWKS = jwks
		if err := s.Check(); err != nil {
			t.Errorf("%s: %v, want accepted", jwks, err)
		}
	}
}

func TestDevelopmentTakesNoIssuer(t *testing.T) {
	s := sound()
	s.Dev = true
	var problems config.Problems
	if !errors.As(s.Check(), &problems) || len(problems) != 3 {
		t.Errorf("Check = %v, want problems with issuer, audience and jwks", s.Check())
	}
}

func TestWorkersAndManyMachinesNeedPostgres(t *testing.T) {
	for _, database := range []string{"", "sqlite:///data/medbill.db"} {
		s := config.Settings{Data: "/data", Database: database}
		if s.CheckWork() == nil || s.CheckDistribute() == nil {
			t.Errorf("on %q: work %v, distribute %v, want both refused", database, s.CheckWork(), s.CheckDistribute())
		}
	}
	if err := sound().CheckDistribute(); err != nil {
		t.Errorf("distribute on Postgres: %v, want accepted", err)
	}
}

func TestDatabaseURLIsRead(t *testing.T) {
	for text, want := range map[string]config.Database{
		"sqlite:///var/lib/medbill.db":      {Kind: config.DatabaseSQLite, Path: "/var/lib/medbill.db"},
		"sqlite:data/medbill.db":            {Kind: config.DatabaseSQLite, Path: "data/medbill.db"},
		"sqlite:../medbill.db":              {Kind: config.DatabaseSQLite, Path: "../medbill.db"},
		"sqlite:///my%20data/medbill.db":    {Kind: config.DatabaseSQLite, Path: "/my data/medbill.db"},
		"postgres://db.example/medbill":     {Kind: config.DatabasePostgres, DSN: "postgres://db.example/medbill"},
		"postgresql://u:p@db.example/m?a=b": {Kind: config.DatabasePostgres, DSN: "postgresql://u:p@db.example/m?a=b"},
		"postgres:///m?host=/run/postgres":  {Kind: config.DatabasePostgres, DSN: "postgres:///m?host=/run/postgres"},
	} {
		got, err := config.ParseDatabase(text)
		if err != nil || got != want {
			t.Errorf("ParseDatabase(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
}

func TestWrongDatabaseURLIsRefusedWithoutItsValue(t *testing.T) {
	for _, text := range []string{
		"", "hunter2", "mysql://canary:hunter2@db.example/m", "postgres://canary:hunter2@", "postgres://canary:hunter2@db.example",
		"postgres://canary:hunter2@db.example:port/m", "postgres://canary:hun%ter2@db.example/m", "sqlite:", "sqlite://", "sqlite:///",
		"sqlite://hunter2/medbill.db", "sqlite:///medbill.db?_pragma=hunter2", "sqlite::memory:", "sqlite:///hunter2/", "sqlite:a%00b",
	} {
		_, err := config.ParseDatabase(text)
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "canary") {
			t.Errorf("ParseDatabase(%q): %v, want refused without the value", text, err)
		}
	}
}

func TestDatabasePrintsNoPassword(t *testing.T) {
	d, err := config.ParseDatabase("postgres://canary:hunter2@db.example:5432/medbill?password=hunter2")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("database opened", "database", d)
	text := fmt.Sprintf("%v %+v %#v %s %s", d, d, d, d, log.String())
	if strings.Contains(text, "hunter2") || !strings.Contains(text, "postgres://db.example:5432/medbill") {
		t.Errorf("printed as %s, want the host and no password", text)
	}
}

func FuzzParseDatabase(f *testing.F) {
	f.Add("sqlite:///medbill.db")
	f.Add("postgres://u:p@host/name?a=b")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := config.ParseDatabase(text)
		if (err == nil) != (d.Kind != "") || err == nil && (d.Kind == config.DatabaseSQLite) != (d.Path != "") {
			t.Errorf("ParseDatabase(%q) = %+v, %v", text, d, err)
		}
	})
}
