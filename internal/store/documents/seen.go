package documents

import "medbill/internal/store"

// Seen gives those of ids of records of type typ that the guard lets through, in no order; all of them where it sees the whole
// tenant. For whoever reads rows that belong to documents.
func Seen(v *store.View, typ string, ids []string, guard Guard) ([]string, error) {
	if guard == (Guard{}) || len(ids) == 0 {
		return ids, nil
	}
	if err := settle(v, guard, typ); err != nil {
		return nil, err
	}
	hidden, args := guard.condition(v.Tenant(), typ, "d.id")
	return store.Column[string](v, "SELECT d.id FROM documents d WHERE d.tenant_id = ? AND d.type = ? AND d.deleted = ? AND d.id IN ?"+hidden,
		append([]any{v.Tenant(), typ, false, ids}, args...)...)
}
