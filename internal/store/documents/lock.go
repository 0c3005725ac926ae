package documents

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"medbill/internal/store"
)

// Condition is the criteria of a conditional write, written so that the same ones are the same text.
type Condition struct{ Type, Criteria string }

// Lock takes the rows of conditions that found nothing, in one order whatever theirs is. Whoever holds them has the only say
// until it commits; the other transaction starts again and sees what was written. Criteria that were looked for before are as good
// as those that are looked for after: all of a transaction sees the moment at which it began, and one that comes too late for a
// lock starts again.
func Lock(tx *store.Tx, conditions ...Condition) error {
	if tx.IsEmbedded() || len(conditions) == 0 {
		return nil // there is one writer at a time
	}
	rows := make([]Condition, len(conditions))
	for i, c := range conditions {
		sum := sha256.Sum256([]byte(c.Criteria))
		rows[i] = Condition{c.Type, hex.EncodeToString(sum[:])}
	}
	slices.SortFunc(rows, func(a, b Condition) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Criteria, b.Criteria))
	})
	rows = slices.Compact(rows)
	args := make([][]any, len(rows))
	for i, r := range rows {
		tx.Meets("condition", r.Type+" "+r.Criteria)
		args[i] = []any{r.Type, r.Criteria, tx.Now()}
	}
	return tx.InsertRows("condition_locks", "type, criteria, taken", args, " ON CONFLICT (tenant_id, type, criteria) DO UPDATE SET taken = excluded.taken")
}
