package store

import "time"

// Hurry has reads of db broken off after d.
func Hurry(db *DB, d time.Duration) { db.readTimeout = d }
