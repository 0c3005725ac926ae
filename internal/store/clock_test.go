package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/internal/clock/clocktest"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// What happens is dated by the clock that the database was opened with.
func TestTimeIsThatOfTheClock(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		noon := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
		db, err := store.Open(t.Context(), store.Config{URL: url, Clock: clocktest.At(noon).Clock()})
		if err != nil {
			t.Fatal(err)
		}
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			if tx.Now() != models.InstantOf(noon) {
				t.Errorf("the transaction's instant is %s", tx.Now())
			}
			tx.RecordRead(models.AuditRead, "Patient", "inside")
			return nil
		})
		if err := errors.Join(s.RecordRead(t.Context(), models.AuditRead, "Patient", "beside"), db.Close()); err != nil {
			t.Fatal(err)
		}
		file := url
		if strings.HasPrefix(url, "sqlite://") {
			file = strings.TrimSuffix(url, ".db") + "-audit.db"
		}
		for record, at := range map[string]string{"inside": url, "beside": file} {
			if got := storetest.ByHand(t, at).Text("SELECT CAST(at AS TEXT) FROM audit_events WHERE record = '" + record + "'"); got != fmt.Sprint(noon.UnixMicro()) {
				t.Errorf("the read %s the transaction is dated %s", record, got)
			}
		}
	})
}
