package storetest

import (
	"database/sql"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Hand reaches into a test's database past the store, as somebody with a database shell would. Statements have no
// placeholders, because the two databases write them differently.
type Hand struct {
	t  testing.TB
	db *sql.DB
}

// ByHand opens a database beside the store until the test ends.
func ByHand(t testing.TB, url string) Hand {
	t.Helper()
	driver, source := "pgx", url
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		driver, source = "sqlite", "file:"+path+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return Hand{t, db}
}

// Do runs a statement and fails the test where that fails.
func (h Hand) Do(statement string) {
	h.t.Helper()
	if err := h.Try(statement); err != nil {
		h.t.Fatalf("%s: %v", statement, err)
	}
}

// Try runs a statement and gives what the database says.
func (h Hand) Try(statement string) error {
	_, err := h.db.ExecContext(h.t.Context(), statement)
	return err
}

// Texts gives the first column of a query.
func (h Hand) Texts(query string) []string {
	h.t.Helper()
	rows, err := h.db.QueryContext(h.t.Context(), query)
	if err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
	var texts []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			h.t.Fatalf("%s: %v", query, err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
	return texts
}

// Text gives the first column of a query's one row.
func (h Hand) Text(query string) string {
	h.t.Helper()
	texts := h.Texts(query)
	if len(texts) != 1 {
		h.t.Fatalf("%s gives %d rows, want 1", query, len(texts))
	}
	return texts[0]
}

// OpenJournal takes away the triggers that keep the journal as it is, so that a test can harm it.
func (h Hand) OpenJournal() {
	h.t.Helper()
	for _, table := range []string{"journal_entries", "postings"} {
		if h.Try("ALTER TABLE "+table+" DISABLE TRIGGER USER") == nil {
			continue // PostgreSQL
		}
		h.Do("DROP TRIGGER " + table + "_no_update")
		h.Do("DROP TRIGGER " + table + "_no_delete")
	}
}
