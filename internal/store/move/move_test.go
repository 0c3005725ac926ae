package move_test

import (
	"slices"
	"strings"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/move"
	"medbill/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// A table that is new is moved because it names a tenant, or this asks for the reason why it stays.
func TestEveryTableIsMovedOrSaidWhyNot(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		look := func(v *store.View) error {
			all, err := store.Tables(v)
			if err != nil {
				return err
			}
			moved, err := move.Tables(v)
			for _, table := range all {
				isMoved := slices.ContainsFunc(moved, func(o store.Table) bool { return o.Name == table.Name })
				if _, stays := move.Stays[table.Name]; isMoved == stays {
					t.Errorf("the table %s is moved: %t, and is said to stay: %t", table.Name, isMoved, stays)
				}
			}
			if len(all) < 3 {
				t.Errorf("only the tables %v are known", all)
			}
			return err
		}
		storetest.View(t, storetest.Session(db), func(v *store.View) error {
			if err := look(v); err != nil {
				return err
			}
			moved, err := move.Tables(v)
			names := make([]string, len(moved))
			for i, table := range moved {
				names[i] = table.Name
				for _, parent := range table.Parents {
					if !slices.Contains(names[:i], parent) {
						t.Errorf("%s comes before %s, to which it refers", table.Name, parent)
					}
				}
			}
			if len(moved) < 30 || names[len(names)-1] != "tenants" {
				t.Errorf("moved are %s", strings.Join(names, ", "))
			}
			return err
		})
		if err := storetest.Session(db).AuditFile(t.Context(), look); err != nil {
			t.Error(err)
		}
	})
}
