package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// What the store adds to the same rows in bare SQL: each benchmark runs once through the store and once by hand with
// prepared statements, at several numbers of clients, and prints the rate of the store by that of bare SQL as "ratio". Run it in a quiet moment: go test -run - -bench . -benchtime 3000x ./internal/store

var benchClients = []int{1, 8, 32}

// bare is the database without the store.
type bare interface {
	create(d models.Document, k search.Keys) error
	read(id string) (int, error)
	search(patient string) (int, error)
	analyze() error // as the database does by itself a minute after it was filled
}

const benchTenant = "bench"

func BenchmarkCreate(b *testing.B) {
	compare(b, func(b *testing.B, db *store.DB, by bare) (viaStore, viaSQL func() error) {
		session := db.As(models.Actor{Tenant: benchTenant, Subject: "bench"})
		viaStore = func() error {
			return session.Update(context.Background(), func(tx *store.Tx) error {
				d, keys := benchDocument(tx.NewID(), "p1")
				return tx.PutDocuments(store.Put{Document: d, Keys: keys})
			})
		}
		viaSQL = func() error {
			d, keys := benchDocument(uuid.Must(uuid.NewV7()).String(), "p1")
			d.Digest = store.Digest(d.Body)
			return by.create(d, keys)
		}
		return viaStore, viaSQL
	})
}

func BenchmarkRead(b *testing.B) {
	compare(b, func(b *testing.B, db *store.DB, by bare) (viaStore, viaSQL func() error) {
		session := db.As(models.Actor{Tenant: benchTenant, Subject: "bench"})
		ids := benchFill(b, session)
		var n atomic.Int64
		viaStore = func() error {
			id := ids[int(n.Add(1))%len(ids)]
			return session.View(context.Background(), func(v *store.View) error {
				d, ok, err := v.Document(models.Ref{Type: "Encounter", ID: id}, store.Guard{})
				if err == nil && (!ok || len(d.Body) < 2000) {
					return fmt.Errorf("%s is not read", id)
				}
				return err
			})
		}
		viaSQL = func() error {
			size, err := by.read(ids[int(n.Add(1))%len(ids)])
			if err == nil && size < 2000 {
				return fmt.Errorf("not read")
			}
			return err
		}
		return viaStore, viaSQL
	})
}

func BenchmarkSearchByPatient(b *testing.B) {
	compare(b, func(b *testing.B, db *store.DB, by bare) (viaStore, viaSQL func() error) {
		session := db.As(models.Actor{Tenant: benchTenant, Subject: "bench"})
		benchFill(b, session)
		var n atomic.Int64
		viaStore = func() error {
			q, err := search.Parse("Encounter", []search.Pair{{Name: "patient", Value: fmt.Sprintf("Patient/p%d", n.Add(1)%benchPatients)}}, search.Options{})
			if err != nil {
				return err
			}
			return session.View(context.Background(), func(v *store.View) error {
				page, err := v.Search(q, store.Guard{}, nil)
				if err == nil && len(page.Documents) != benchVisits {
					return fmt.Errorf("%d found", len(page.Documents))
				}
				return err
			})
		}
		viaSQL = func() error {
			count, err := by.search(fmt.Sprintf("p%d", n.Add(1)%benchPatients))
			if err == nil && count != benchVisits {
				return fmt.Errorf("%d found", count)
			}
			return err
		}
		return viaStore, viaSQL
	})
}

// compare runs both ways of the same thing on both databases.
func compare(b *testing.B, ways func(*testing.B, *store.DB, bare) (viaStore, viaSQL func() error)) {
	for _, name := range storetest.Databases {
		b.Run(name, func(b *testing.B) {
			url := storetest.URL(b, name)
			by := openBare(b, name, url)
			viaStore, viaSQL := ways(b, storetest.Open(b, url), by)
			if err := by.analyze(); err != nil {
				b.Fatal(err)
			}
			for _, clients := range benchClients {
				rate := func(way string, do func() error) (perSecond float64) {
					b.Run(fmt.Sprintf("%s/%d", way, clients), func(b *testing.B) {
						inParallel(b, clients, do)
						perSecond = float64(b.N) / b.Elapsed().Seconds()
					})
					return perSecond
				}
				bySQL, byStore := rate("bare", viaSQL), rate("store", viaStore)
				fmt.Printf("%s clients=%d store=%.0f/s bare=%.0f/s ratio=%.2f\n", b.Name(), clients, byStore, bySQL, byStore/bySQL)
			}
		})
	}
}

func inParallel(b *testing.B, clients int, do func() error) {
	var next atomic.Int64
	var wait sync.WaitGroup
	b.ResetTimer()
	for range clients {
		wait.Go(func() {
			for next.Add(1) <= int64(b.N) {
				if err := do(); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	b.StopTimer()
}

const (
	benchPatients = 100
	benchVisits   = 10
)

// benchDocument is a visit of about 3 KB with the keys that it leaves.
func benchDocument(id, patient string) (models.Document, search.Keys) {
	text := strings.Repeat("Zzyzx Canary was seen for a routine follow-up. ", 45)
	body := `{"resourceType":"Encounter","id":"` + id + `","meta":{"versionId":"1","lastUpdated":"2026-03-02T15:00:00Z","tag":[{"system":"urn:bench","code":"b"}]},` +
		`"text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">` + text + `</div>"},"identifier":[{"system":"urn:visit","value":"` + id + `"}],` +
		`"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},` +
		`"type":[{"coding":[{"system":"http://snomed.info/sct","code":"185349003"},{"system":"http://www.ama-assn.org/go/cpt","code":"99214"}]}],` +
		`"subject":{"reference":"Patient/` + patient + `"},"participant":[{"individual":{"reference":"Practitioner/doc"}}],` +
		`"period":{"start":"2026-03-02T15:00:00Z","end":"2026-03-02T15:30:00Z"},"reasonCode":[{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]}],` +
		`"diagnosis":[{"condition":{"reference":"Condition/dx1"}},{"condition":{"reference":"Condition/dx2"}}],"location":[{"location":{"reference":"Location/room1"}}],` +
		`"serviceProvider":{"reference":"Organization/practice"}}`
	document, err := fhir.Parse([]byte(body))
	if err != nil {
		panic(err)
	}
	return models.Document{Type: "Encounter", ID: id, Version: 1, Updated: 1772463600000000, Body: []byte(body)}, search.Extract(document)
}

func benchFill(b *testing.B, session *store.Session) []string {
	var ids []string
	err := session.Update(context.Background(), func(tx *store.Tx) error {
		var puts []store.Put
		ids = ids[:0]
		for i := range benchPatients * benchVisits {
			id := tx.NewID()
			d, keys := benchDocument(id, fmt.Sprintf("p%d", i%benchPatients))
			puts, ids = append(puts, store.Put{Document: d, Keys: keys}), append(ids, id)
		}
		return tx.PutDocuments(puts...)
	})
	if err != nil {
		b.Fatal(err)
	}
	return ids
}

func openBare(b *testing.B, name, url string) bare {
	if name == "postgres" {
		config, err := pgxpool.ParseConfig(url)
		if err != nil {
			b.Fatal(err)
		}
		config.MaxConns = 16
		pool, err := pgxpool.NewWithConfig(context.Background(), config)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(pool.Close)
		return barePostgres{pool}
	}
	open := func(extra string, connections int) *sql.DB {
		db, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(url, "sqlite://")+
			"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-32768)&"+extra)
		if err != nil {
			b.Fatal(err)
		}
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
		b.Cleanup(func() { _ = db.Close() })
		return db
	}
	return newBareSQLite(b, open("_txlock=immediate", 1), open("_pragma=query_only(1)", 4))
}

// The statements of both databases, one row each.
var (
	bareInserts = map[string]string{
		"documents":      "tenant_id, type, id, version, updated, deleted, external, digest, body",
		"token_keys":     "tenant_id, type, param, code, system, id",
		"string_keys":    "tenant_id, type, param, value, exact, id",
		"date_keys":      "tenant_id, type, param, low, high, id",
		"number_keys":    "tenant_id, type, param, low, high, system, code, unit, id",
		"reference_keys": "tenant_id, type, param, target_type, target_id, url, id",
		"audit_events":   "tenant_id, id, at, subject, action, type, record, version",
	}
	bareRead   = "SELECT type, id, version, updated, deleted, external, digest, body FROM documents WHERE tenant_id = $1 AND type = $2 AND id = $3"
	bareSearch = "SELECT d.type, d.id, d.version, d.updated, d.deleted, d.external, d.digest, d.body FROM documents d WHERE d.tenant_id = $1 AND d.type = $2 AND d.deleted = $3 AND d.id IN" +
		" (SELECT k.id FROM reference_keys k WHERE k.tenant_id = $4 AND k.type = $5 AND k.param = $6 AND k.target_id = $7 AND k.target_type = $8) ORDER BY d.id LIMIT 51"
)

// bareRows calls insert for every row that a new document makes.
func bareRows(d models.Document, k search.Keys, insert func(table string, args ...any) error) error {
	var failed error
	add := func(table string, args ...any) {
		if failed == nil {
			failed = insert(table, append([]any{benchTenant}, args...)...)
		}
	}
	add("documents", d.Type, d.ID, d.Version, int64(d.Updated), d.Deleted, d.External, d.Digest, string(d.Body))
	for _, t := range k.Tokens {
		add("token_keys", d.Type, t.Param, t.Code, t.System, d.ID)
	}
	for _, s := range k.Strings {
		add("string_keys", d.Type, s.Param, s.Value, s.Exact, d.ID)
	}
	for _, t := range k.Dates {
		add("date_keys", d.Type, t.Param, t.Low, t.High, d.ID)
	}
	for _, n := range k.Numbers {
		add("number_keys", d.Type, n.Param, n.Low, n.High, n.System, n.Code, n.Unit, d.ID)
	}
	for _, r := range k.References {
		add("reference_keys", d.Type, r.Param, r.Type, r.ID, r.URL, d.ID)
	}
	add("audit_events", uuid.Must(uuid.NewV7()).String(), int64(d.Updated), "bench", "create", d.Type, d.ID, d.Version)
	return failed
}

func bareInsert(table string, placeholder func(int) string) string {
	columns := strings.Split(bareInserts[table], ", ")
	marks := make([]string, len(columns))
	for i := range columns {
		marks[i] = placeholder(i + 1)
	}
	return "INSERT INTO " + table + " (" + bareInserts[table] + ") VALUES (" + strings.Join(marks, ", ") + ")"
}

type bareSQLite struct {
	write          *sql.DB
	inserts        map[string]*sql.Stmt
	find, bySearch *sql.Stmt
}

func newBareSQLite(b *testing.B, write, reads *sql.DB) *bareSQLite {
	by := &bareSQLite{write: write, inserts: map[string]*sql.Stmt{}}
	prepare := func(db *sql.DB, text string) *sql.Stmt {
		statement, err := db.Prepare(text)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = statement.Close() })
		return statement
	}
	for table := range bareInserts {
		by.inserts[table] = prepare(write, bareInsert(table, func(int) string { return "?" }))
	}
	question := strings.NewReplacer("$1", "?", "$2", "?", "$3", "?", "$4", "?", "$5", "?", "$6", "?", "$7", "?", "$8", "?")
	by.find, by.bySearch = prepare(reads, question.Replace(bareRead)), prepare(reads, question.Replace(bareSearch))
	return by
}

func (by *bareSQLite) create(d models.Document, k search.Keys) error {
	tx, err := by.write.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	err = bareRows(d, k, func(table string, args ...any) error {
		statement := tx.Stmt(by.inserts[table])
		defer statement.Close()
		_, err := statement.Exec(args...)
		return err
	})
	if err != nil {
		return err
	}
	return tx.Commit()
}

func (by *bareSQLite) analyze() error { return nil }

func (by *bareSQLite) read(id string) (int, error) {
	var d models.Document
	err := by.find.QueryRow(benchTenant, "Encounter", id).Scan(&d.Type, &d.ID, &d.Version, &d.Updated, &d.Deleted, &d.External, &d.Digest, &d.Body)
	return len(d.Body), err
}

func (by *bareSQLite) search(patient string) (int, error) {
	rows, err := by.bySearch.Query(benchTenant, "Encounter", false, benchTenant, "Encounter", "patient", patient, "Patient")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	count := 0
	for ; rows.Next(); count++ {
		var d models.Document
		if err := rows.Scan(&d.Type, &d.ID, &d.Version, &d.Updated, &d.Deleted, &d.External, &d.Digest, &d.Body); err != nil {
			return 0, err
		}
	}
	return count, rows.Err()
}

type barePostgres struct{ pool *pgxpool.Pool }

// create sends BEGIN, every row and COMMIT, the rows in one round trip.
func (by barePostgres) create(d models.Document, k search.Keys) error {
	ctx := context.Background()
	return pgx.BeginTxFunc(ctx, by.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		_ = bareRows(d, k, func(table string, args ...any) error {
			batch.Queue(bareInsert(table, func(n int) string { return fmt.Sprintf("$%d", n) }), args...)
			return nil
		})
		return tx.SendBatch(ctx, batch).Close()
	})
}

func (by barePostgres) analyze() error {
	_, err := by.pool.Exec(context.Background(), "ANALYZE")
	return err
}

func (by barePostgres) read(id string) (int, error) {
	var d models.Document
	err := by.pool.QueryRow(context.Background(), bareRead, benchTenant, "Encounter", id).Scan(&d.Type, &d.ID, &d.Version, &d.Updated, &d.Deleted, &d.External, &d.Digest, &d.Body)
	return len(d.Body), err
}

func (by barePostgres) search(patient string) (int, error) {
	rows, err := by.pool.Query(context.Background(), bareSearch, benchTenant, "Encounter", false, benchTenant, "Encounter", "patient", patient, "Patient")
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	count := 0
	for ; rows.Next(); count++ {
		var d models.Document
		if err := rows.Scan(&d.Type, &d.ID, &d.Version, &d.Updated, &d.Deleted, &d.External, &d.Digest, &d.Body); err != nil {
			return 0, err
		}
	}
	return count, rows.Err()
}
