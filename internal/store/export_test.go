package store

import (
	"database/sql"
	"maps"
	"slices"
	"testing"
	"time"
)

// Hurry has reads of db broken off after d.
func Hurry(db *DB, d time.Duration) { db.readTimeout = d }

// KeptTexts gives the statements that the one reading connection and the writing one of an embedded database have kept.
func KeptTexts(t *testing.T, db *DB) []string {
	t.Helper()
	texts := map[string]bool{}
	for _, pool := range []*sql.DB{db.read, db.write} {
		conn, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		err = conn.Raw(func(c any) error {
			for text := range c.(*statementConn).idle {
				texts[text] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.Sorted(maps.Keys(texts))
}
