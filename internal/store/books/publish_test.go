package books_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

var claimRef = models.Ref{Type: "Claim", ID: "c"}

func claim(state models.ClaimState) models.Claim {
	return models.Claim{
		Type: models.ClaimProfessional,
		ID:   "c", Number: "1", CaseID: "Encounter/v", PatientID: "p", InsurerID: "acme", BillingID: "practice", State: state, Position: 1, Part: 1,
		ServiceFrom: "2026-03-02", ServiceUntil: "2026-03-02", Billed: 25000, Cause: models.CauseOfClaim("Encounter/v", models.ClaimProfessional, 1, "", 1, 1),
		Lines: []models.ClaimLine{{Sequence: 1, ChargeID: "ch", Code: "99214", Units: models.OneUnit, ServiceDate: "2026-03-02", Billed: 25000}},
	}
}

func charge(id models.ChargeID, billed models.Cents) models.Charge {
	return models.Charge{ID: id, CaseID: "Encounter/v", PatientID: "p", Sequence: 1, State: models.ChargePosted, Code: "99214", Units: models.OneUnit, ServiceDate: "2026-03-02", UnitPrice: &billed, Billed: billed}
}

// versions gives the documents of the tenant as "type/id/version", older versions in parentheses.
func versions(t *testing.T, s *store.Session) string {
	t.Helper()
	var found []string
	note := func(form string) func([]models.Document) error {
		return func(page []models.Document) error {
			for _, d := range page {
				found = append(found, fmt.Sprintf(form, d.Type, d.ID, d.Version))
			}
			return nil
		}
	}
	storetest.View(t, s, func(v *store.View) error {
		return errors.Join(documents.EachPage(v, note("%s/%s/%d")), documents.EachPastPage(v, note("(%s/%s/%d)")))
	})
	return strings.Join(found, " ")
}

// told gives what the audit or the outbox says of records, one word for each row.
func told(t *testing.T, s *store.Session, query string) string {
	t.Helper()
	var rows []string
	storetest.View(t, s, func(v *store.View) error {
		var err error
		rows, err = store.Column[string](v, query, v.Tenant())
		return err
	})
	return strings.Join(rows, " ")
}

const (
	audit  = "SELECT action || ':' || type || '/' || record || '/' || CAST(version AS TEXT) FROM audit_events WHERE tenant_id = ? ORDER BY id"
	outbox = "SELECT changes FROM outbox WHERE tenant_id = ? ORDER BY id"
)

func TestTransactionPublishesARecordOnce(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			return errors.Join(
				books.SaveCharges(tx, charge("a", 100), charge("b", 200)), books.SaveClaim(tx, claim(models.ClaimDraft)),
				books.SaveCharges(tx, charge("a", 300)), books.SaveClaim(tx, claim(models.ClaimHeld)), books.MoveClaim(tx, claim(models.ClaimHeld), models.ClaimReady))
		})
		if got := versions(t, s); got != "ChargeItem/a/1 ChargeItem/b/1 Claim/c/1" {
			t.Errorf("there are %s", got)
		}
		if got := told(t, s, audit); got != "create:ChargeItem/a/1 create:ChargeItem/b/1 create:Claim/c/1" {
			t.Errorf("the audit says %s", got)
		}
		if got := storetest.Found(t, s, documents.Guard{}, "Claim", "claim-state=ready"); got != "c" {
			t.Errorf("the last state finds %q", got)
		}
		before := db.Statements()
		storetest.Update(t, s, func(tx *store.Tx) error {
			charges, err := books.Charges(tx.View, "Encounter/v")
			return errors.Join(err, books.SaveCharges(tx, charges...))
		})
		if used := db.Statements() - before; used != 3 {
			t.Errorf("to save what is there takes %d statements, want those of the rows and one reading of their documents", used)
		}
		if got := versions(t, s); got != "ChargeItem/a/1 ChargeItem/b/1 Claim/c/1" {
			t.Errorf("after the same was saved again there are %s", got)
		}
	})
}

// Whoever reads in the transaction sees what was saved; what changes afterwards is written over what nobody else has seen.
func TestReadInTheTransactionSeesWhatIsPending(t *testing.T) {
	reads := map[string]func(tx *store.Tx) (int, error){
		"Get": func(tx *store.Tx) (int, error) {
			_, found, err := documents.Get(tx.View, claimRef, documents.Guard{})
			return map[bool]int{true: 1}[found], err
		},
		"Of": func(tx *store.Tx) (int, error) {
			found, err := documents.Of(tx.View, []models.Ref{claimRef}, documents.Guard{})
			return len(found), err
		},
		"Current": func(tx *store.Tx) (int, error) {
			found, err := documents.Current(tx, []models.Ref{claimRef})
			return len(found), err
		},
		"Search": func(tx *store.Tx) (int, error) {
			found, err := documents.Search(tx.View, storetest.Query(t, "Claim", "patient=Patient/p"), documents.Guard{}, nil)
			return len(found.Documents), err
		},
		"Referrers": func(tx *store.Tx) (int, error) {
			found, err := documents.Referrers(tx.View, "Claim", "patient", "Patient", []string{"p"}, 10)
			return len(found), err
		},
		"a search with a guard": func(tx *store.Tx) (int, error) {
			_, err := documents.Search(tx.View, storetest.Query(t, "Organization", ""), documents.Guard{Patient: "p"}, nil)
			return 1, err
		},
	}
	for name, read := range reads {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				s := storetest.Session(db)
				storetest.Update(t, s, func(tx *store.Tx) error {
					if err := books.SaveClaim(tx, claim(models.ClaimDraft)); err != nil {
						return err
					}
					if n, err := read(tx); n != 1 || err != nil {
						t.Errorf("the transaction sees %d: %v", n, err)
					}
					return books.SaveClaim(tx, claim(models.ClaimReady))
				})
				if got := versions(t, s); got != "Claim/c/1" {
					t.Errorf("there are %s", got)
				}
				if got := told(t, s, outbox); got != "Claim/c/1" {
					t.Errorf("the outbox says %s", got)
				}
				for raw, want := range map[string]string{"claim-state=draft": "", "claim-state=ready": "c"} {
					if got := storetest.Found(t, s, documents.Guard{}, "Claim", raw); got != want {
						t.Errorf("%s finds %q, want %q", raw, got, want)
					}
				}
				storetest.Update(t, s, func(tx *store.Tx) error {
					if err := books.SaveClaim(tx, claim(models.ClaimTransmitted)); err != nil {
						return err
					}
					_, err := read(tx)
					return errors.Join(err, books.SaveClaim(tx, claim(models.ClaimAdjudicated)))
				})
				if got := versions(t, s); got != "Claim/c/2 (Claim/c/1)" {
					t.Errorf("after another transaction there are %s", got)
				}
			})
		})
	}
}

func TestReadOfWhatIsNotPendingPutsNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			if err := books.SaveClaim(tx, claim(models.ClaimDraft)); err != nil {
				return err
			}
			before := db.Statements()
			_, _, err := documents.Get(tx.View, models.Ref{Type: "Patient", ID: "p"}, documents.Guard{})
			if used := db.Statements() - before; used != 1 {
				t.Errorf("a read of a Patient took %d statements", used)
			}
			return err
		})
	})
}

// What a try saved that had to start again is gone with it.
func TestFailedTryLeavesNothingPending(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		tries := 0
		storetest.Update(t, s, func(tx *store.Tx) error {
			if tries++; tries == 1 {
				return errors.Join(books.SaveClaim(tx, claim(models.ClaimDraft)), store.ErrRaced)
			}
			return books.SaveCharges(tx, charge("a", 100))
		})
		if got := versions(t, s); got != "ChargeItem/a/1" || told(t, s, outbox) != got {
			t.Errorf("there are %s, and the outbox says %s", got, told(t, s, outbox))
		}
	})
}

func TestSavingChangesNothingOfTheCaller(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		charges, c := []models.Charge{charge("a", 100)}, claim(models.ClaimDraft)
		storetest.Update(t, storetest.Session(db), func(tx *store.Tx) error {
			return errors.Join(books.SaveCharges(tx, charges...), books.SaveClaim(tx, c))
		})
		if charges[0].TenantID != "" || charges[0].Created != 0 || c.Lines[0].ClaimID != "" {
			t.Errorf("the caller's rows became %+v and %+v", charges[0], c.Lines[0])
		}
	})
}

func TestEveryPublishedTypeIsBooked(t *testing.T) {
	names := books.BookedTypes()
	for _, name := range names {
		if row, ok := fhir.TypeOf(name); !ok || row.Owner != fhir.Booked {
			t.Errorf("%s is rendered from rows and no booked type of fhir", name)
		}
	}
	if !slices.IsSorted(names) {
		t.Errorf("the booked types are not in order: %v", names)
	}
}
