package records_test

import (
	"context"
	"fmt"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// TestEveryMatchHasItsOwnCursor holds that a page may begin after any match, with another page size, and that a cursor is
// good for its own question only.
func TestEveryMatchHasItsOwnCursor(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		machine, err := records.New(db, records.Config{BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
		if err != nil {
			t.Fatal(err)
		}
		p := auth.Principal{Tenant: "zzyzx", Subject: "admin", Scopes: auth.ParseScopes("system/*.cruds")}
		for i := range 5 {
			id := fmt.Sprintf("p%d", i)
			body := fmt.Sprintf(`{"resourceType":"Patient","id":%q,"gender":"female","name":[{"family":"Canary%d"}]}`, id, 9-i)
			if _, err := machine.Update(ctx, p, models.Ref{Type: "Patient", ID: id}, []byte(body), 0); err != nil {
				t.Fatal(err)
			}
		}
		query := func(pairs ...search.Pair) (records.Found, error) {
			return machine.Search(ctx, p, "Patient", pairs, false)
		}
		female, sort := search.Pair{Name: "gender", Value: "female"}, search.Pair{Name: "_sort", Value: "family"}
		first, err := query(female, sort, search.Pair{Name: "_count", Value: "4"})
		if err != nil {
			t.Fatal(err)
		}
		for i, match := range first.Matches {
			after, err := query(female, sort, search.Pair{Name: "_total", Value: "accurate"}, search.Pair{Name: records.CursorParam, Value: first.Cursor(i)})
			if err != nil {
				t.Fatal(err)
			}
			if len(after.Matches) != 4-i || *after.Total != 5 {
				t.Errorf("after match %d (%s) there are %d of %d, want %d of 5", i, match.ID, len(after.Matches), *after.Total, 4-i)
			}
		}
		if _, err := query(female, search.Pair{Name: records.CursorParam, Value: first.Cursor(0)}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a cursor of another order gives %v, want a refusal", err)
		}
	})
}
