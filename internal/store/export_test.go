package store

import (
	"maps"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"
)

// Hurry has reads of db broken off after d.
func Hurry(db *DB, d time.Duration) { db.readTimeout = d }

// KeptTexts gives the statements that the one reading connection and the writing one of an embedded database have kept.
func KeptTexts(t *testing.T, db *DB) []string {
	t.Helper()
	texts := map[string]bool{}
	for _, conns := range []*gorm.DB{db.read, db.write} {
		pool, err := conns.DB()
		if err != nil {
			t.Fatal(err)
		}
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
