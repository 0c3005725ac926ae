package store_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// What the database keeps about its tables tells how large they are; no table is read for it.
func TestSizesAreToldWithoutCounting(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		db, told := storetest.OpenTold(t, url)
		s := storetest.Session(db)
		for i := range 20 {
			storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient(fmt.Sprintf("p%d", i), "Zzyzx")))
		}
		storetest.Save(t, s, storetest.Indexed(t, 2, storetest.Patient("p0", "Canary")))
		if err := s.RecordRead(t.Context(), models.AuditRead, "Patient", "p0"); err != nil {
			t.Fatal(err)
		}
		if !db.IsEmbedded() {
			storetest.ByHand(t, url).Do("ANALYZE")
		}
		sizes, err := db.Sizes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]store.Size{}
		for _, size := range slices.Concat(sizes.Tables, sizes.Files) {
			of[size.Name] = size
		}
		want := map[string]int64{"documents": 20, "document_history": 1}
		if !db.IsEmbedded() { // there those of small rows have no numbers
			maps.Copy(want, map[string]int64{"outbox": 21, "audit_events": 22, "postings": 0})
		}
		for table, rows := range want {
			got, known := of[table]
			if !known || got.Rows != rows || !db.IsEmbedded() && got.Bytes < 8192 {
				t.Errorf("%s: %+v, known %t, want %d rows", table, got, known, rows)
			}
		}
		if db.IsEmbedded() && (of["books"].Bytes < 100_000 || of["reads"].Bytes < 8192) {
			t.Errorf("the files are %+v", sizes.Files)
		}
		for _, text := range told.Texts() {
			if regexp.MustCompile(`count\(\*\) FROM (documents|document_history|outbox|audit_events|postings)`).MatchString(text) {
				t.Errorf("rows are counted: %s", text)
			}
		}
	})
}
