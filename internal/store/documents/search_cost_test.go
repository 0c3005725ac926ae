package documents_test

import (
	"fmt"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
)

// A list that is only sorted is one statement, and one for each part of it that is needed; what conditions ask for is counted first, in
// one statement.
func TestAPageIsAFewStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		var puts []documents.Indexed
		for i := range 30 {
			puts = append(puts, storetest.Indexed(t, 1, storetest.Patient(fmt.Sprintf("p%02d", i), fmt.Sprintf("Zzyzx %d", i%7))))
		}
		storetest.Save(t, s, puts...)
		for _, row := range []struct {
			raw  string
			want int64
		}{
			{"_count=5", 1},
			{"_sort=-family&_count=5", 1},
			{"_sort=-_lastUpdated&_count=5", 1},
			{"_sort=birthdate&_count=5", 2}, // nobody has one
			{"identifier=urn:mrn|MRN-p03", 1},
			{"_id=p01,p02&_sort=family", 1},
			{"family=zzyzx&_sort=-family", 2},
			{"family=zzyzx 3&identifier=urn:mrn|MRN-p03&_sort=-_lastUpdated", 2},
		} {
			before := db.Statements()
			if storetest.Found(t, s, documents.Guard{}, "Patient", row.raw) == "" {
				t.Errorf("%s finds nothing", row.raw)
			}
			if got := db.Statements() - before; got != row.want {
				t.Errorf("%s took %d statements, want %d", row.raw, got, row.want)
			}
		}
	})
}
