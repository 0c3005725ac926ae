package billing_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"medbill/internal/store/storetest"
	"medbill/models"
)

// lateMax is how long a step may wait beside what the accident itself takes: those who work look twice a second.
const lateMax = 3 * time.Second

// Where a database commits in two phases, those who work may be told of a step before the data is there, or never be told. Both
// are played on a plain PostgreSQL: what the transaction wrote of the case is prepared alone and committed late.
func TestAVisitThatIsSeenLateIsBilled(t *testing.T) {
	url := storetest.URL(t, "postgres")
	hand := storetest.ByHand(t, url)
	if hand.Text("SHOW max_prepared_transactions") == "0" {
		fmt.Println("SKIPPED", t.Name()+": the server prepares no transactions; start it with max_prepared_transactions above 0")
		t.SkipNow()
	}
	door := workless(t, storetest.Open(t, url))
	door.practice()
	door.visit()
	hand.Do("CREATE TABLE kept_cases AS SELECT * FROM cases")
	hand.Do("CREATE TABLE kept_locks AS SELECT * FROM case_locks WHERE subject = 'Encounter/visit'")
	const (
		opened = "DELETE FROM cases; DELETE FROM case_locks WHERE subject = 'Encounter/visit'"
		opens  = "INSERT INTO cases SELECT * FROM kept_cases; INSERT INTO case_locks SELECT * FROM kept_locks"
		asks   = "UPDATE case_locks SET taken = taken + 1 WHERE subject = 'Encounter/visit'; UPDATE cases SET due = 'plan', due_at = 1"
		tell   = "SELECT pg_notify('medbill_due', 'zzyzx')"
	)
	hand.Do(opened) // before anybody plans it
	worker := open(t, storetest.Open(t, url))
	// A visit that is planned for the first time has no claim yet, so it comes first.
	for _, row := range []struct {
		what   string
		writes string
		delay  time.Duration
		isTold bool
	}{
		{"a case that is opened", opens, 0, true},
		{"a case that is asked", asks, 0, true},
		{"a case that is asked", asks, 30 * time.Millisecond, true},
		{"a case that is asked", asks, 200 * time.Millisecond, true},
		{"a case that is asked and nobody is told", asks, 200 * time.Millisecond, false},
		{"a case that is asked and nobody is told", asks, 0, false},
	} {
		hand.Do("BEGIN; " + row.writes + "; PREPARE TRANSACTION 'late'")
		if row.isTold {
			hand.Do(tell)
		}
		time.Sleep(row.delay)
		hand.Do("COMMIT PREPARED 'late'")
		committed := time.Now()
		c := worker.settles("Encounter/visit")
		took := time.Since(committed)
		t.Logf("%s, committed %s late: billed after %s", row.what, row.delay, took.Round(time.Millisecond))
		if c.State != models.CaseReady || took > lateMax {
			t.Errorf("%s, committed %s late: it is %s after %s", row.what, row.delay, c.State, took)
		}
	}
	if claims := strings.Join(hand.Texts("SELECT state FROM claims"), " "); claims != "ready" {
		t.Errorf("the claims are %s", claims)
	}
	worker.clean()
}
