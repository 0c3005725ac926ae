package documents

import (
	"crypto/sha256"
	"encoding/hex"

	"medbill/internal/store"
)

// Condition takes the row of a conditional write's criteria. Whoever holds it has the only say until it commits; the other
// transaction starts again and sees what was written.
func Condition(tx *store.Tx, typ, criteria string) error {
	if tx.IsEmbedded() {
		return nil // there is one writer at a time
	}
	sum := sha256.Sum256([]byte(criteria))
	_, err := tx.Exec("INSERT INTO condition_locks (tenant_id, type, criteria, taken) VALUES (?, ?, ?, ?) ON CONFLICT (tenant_id, type, criteria) DO UPDATE SET taken = excluded.taken",
		tx.Tenant(), typ, hex.EncodeToString(sum[:]), tx.Now())
	return err
}
