package documents_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func TestEveryVersionStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		first, second, fourth := storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")), storetest.Indexed(t, 2, storetest.Patient("p", "Canary")), storetest.Indexed(t, 4, storetest.Patient("p", "Back"))
		second.Document.External = true
		deleted := documents.Indexed{Document: models.Document{Type: "Patient", ID: "p", Version: 3, Updated: 1_700_000_000_000_003, Deleted: true}}
		for _, p := range []documents.Indexed{first, second, deleted, fourth} {
			storetest.Save(t, s, p)
		}
		ref := models.Ref{Type: "Patient", ID: "p"}
		storetest.View(t, s, func(v *store.View) error {
			for _, want := range []documents.Indexed{first, second, deleted, fourth} {
				want.Document.Digest = store.Digest(want.Document.Body)
				got, ok, err := documents.Version(v, ref, want.Document.Version, documents.Guard{})
				if len(got.Body) == 0 {
					got.Body = nil
				}
				if err != nil || !ok || !reflect.DeepEqual(got, want.Document) {
					t.Errorf("version %d is\n %+v %v %v, want\n %+v", want.Document.Version, got, ok, err, want.Document)
				}
			}
			if _, ok, err := documents.Version(v, ref, 5, documents.Guard{}); ok || err != nil {
				t.Errorf("version 5 is there: %v", err)
			}
			var numbers []int64
			for before := int64(0); ; {
				page, _, err := documents.History(v, ref, before, 3, 0, documents.Guard{})
				if err != nil || len(page) == 0 {
					break
				}
				for _, d := range page {
					numbers = append(numbers, d.Version)
					before = d.Version
				}
			}
			if !slices.Equal(numbers, []int64{4, 3, 2, 1}) {
				t.Errorf("the history in pages of three is %v", numbers)
			}
			return nil
		})
	})
}

func TestOnlyTheCurrentVersionIsFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		storetest.Save(t, s, storetest.Indexed(t, 2, storetest.Patient("p", "Canary")))
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", "family=zzyzx"); got != "" {
			t.Errorf("the old name finds %q", got)
		}
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", "family=canary"); got != "p" {
			t.Errorf("the new name finds %q", got)
		}
		storetest.Save(t, s, documents.Indexed{Document: models.Document{Type: "Patient", ID: "p", Version: 3, Deleted: true}})
		for _, raw := range []string{"", "family=canary", "family:missing=true", "identifier:not=x", "_id=p"} {
			if got := storetest.Found(t, s, documents.Guard{}, "Patient", raw); got != "" {
				t.Errorf("Patient?%s finds %q after the deletion", raw, got)
			}
		}
		storetest.View(t, s, func(v *store.View) error {
			if same, err := documents.HasKeys(v, models.Ref{Type: "Patient", ID: "p"}, search.Keys{}); err != nil || !same {
				t.Errorf("a deleted document has keys: %v", err)
			}
			return nil
		})
	})
}

func TestManyDocumentsGoInOneCall(t *testing.T) {
	const count = 1234
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		var creates, updates []documents.Indexed
		for i := range count {
			id := fmt.Sprintf("p%04d", i)
			creates, updates = append(creates, storetest.Indexed(t, 1, storetest.Patient(id, "Zzyzx"))), append(updates, storetest.Indexed(t, 2, storetest.Patient(id, "Canary")))
		}
		updates = append(updates, storetest.Indexed(t, 1, storetest.Patient("new", "Canary")))
		storetest.Save(t, s, creates...)
		before := db.Trips()
		storetest.Save(t, s, updates...)
		if used := db.Trips() - before; used > 20 {
			t.Errorf("%d updates took %d round trips", count, used)
		}
		storetest.View(t, s, func(v *store.View) error {
			q := storetest.Query(t, "Patient", "family=canary&_total=accurate&_count=1")
			page, err := documents.Search(v, q, documents.Guard{}, nil)
			if err == nil && *page.Total != count+1 {
				t.Errorf("%d are found", *page.Total)
			}
			seen, versions := 0, 0
			each := documents.EachPage(v, func(page []models.Document) error {
				seen += len(page)
				wrong, err := documents.Misindexed(v, updates[seen-len(page):seen])
				if err == nil && len(wrong) > 0 {
					t.Errorf("%d documents have other keys than their own", len(wrong))
				}
				return err
			})
			past := documents.EachPastPage(v, func(page []models.Document) error { versions += len(page); return nil })
			if seen != count+1 || versions != count {
				t.Errorf("%d documents and %d older versions are seen", seen, versions)
			}
			return errors.Join(err, each, past)
		})
	})
}

// Keys and questions are cut alike, so what is too long for an index is still found.
func TestLongValuesAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		long := strings.Repeat("名", 900)
		storetest.Save(t, s, storetest.Indexed(t, 1, fmt.Sprintf(`{"resourceType":"Patient","id":"p","name":[{"family":%q}],"identifier":[{"system":"urn:long:%s","value":%q}],"managingOrganization":{"reference":"https://x.example/%s"}}`,
			long, long, long, strings.Repeat("x", 9000))))
		for _, raw := range []string{"family=" + long, "family:exact=" + long, "family:contains=" + long, "identifier=urn:long:" + long + "|" + long, "identifier=" + long, "organization=https://x.example/" + strings.Repeat("x", 9000)} {
			if got := storetest.Found(t, s, documents.Guard{}, "Patient", raw); got != "p" {
				t.Errorf("%.40s… finds %q", raw, got)
			}
		}
	})
}

// Of racing updates each makes the next version of what it read, and none is lost.
func TestRacingUpdatesMakeEveryVersion(t *testing.T) {
	const racers = 32
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		ref := models.Ref{Type: "Patient", ID: "p"}
		made := make([]int64, racers)
		errs := storetest.Together(racers, func(i int) error {
			next := storetest.Indexed(t, 0, storetest.Patient("p", fmt.Sprintf("Racer%d", i)))
			for {
				err := s.Update(t.Context(), func(tx *store.Tx) error {
					d, _, err := documents.Get(tx.View, ref, documents.Guard{})
					if err != nil {
						return err
					}
					next.Document.Version = d.Version + 1
					made[i] = next.Document.Version
					return documents.Put(tx, next)
				})
				if !fault.Is(err, fault.Busy) {
					return err
				}
			}
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		slices.Sort(made)
		for i, version := range made {
			if version != int64(i)+2 {
				t.Fatalf("the versions made are %v", made)
			}
		}
		storetest.View(t, s, func(v *store.View) error {
			past, err := documents.Pasts(v, "Patient", []string{"p"})
			if got := past["p"]; got.Count != racers || got.Latest != racers {
				t.Errorf("the history is %+v, want %d versions", got, racers)
			}
			return err
		})
	})
}

func TestVersionThatIsNotTheNextWritesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")))
		for _, version := range []int64{1, 3} {
			err := s.Update(t.Context(), func(tx *store.Tx) error {
				return documents.Put(tx, storetest.Indexed(t, version, storetest.Patient("p", "Canary")), storetest.Indexed(t, 1, storetest.Patient("beside", "Canary")))
			})
			if !fault.Is(err, fault.Busy) && !fault.Is(err, fault.Conflict) {
				t.Errorf("version %d over 1 gives %v", version, err)
			}
		}
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", ""); got != "p" {
			t.Errorf("%q is there", got)
		}
		if got := storetest.Found(t, s, documents.Guard{}, "Patient", "family=zzyzx"); got != "p" {
			t.Errorf("the first version is found as %q", got)
		}
	})
}

func TestPastIsJudgedByItsOwnPatient(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Observation("o", "Patient/wrong")))
		storetest.Save(t, s, storetest.Indexed(t, 2, storetest.Observation("o", "Patient/right")))
		storetest.Save(t, s, storetest.Indexed(t, 3, storetest.Observation("o", "Patient/right")))
		ref := models.Ref{Type: "Observation", ID: "o"}
		right, wrong := documents.Guard{Patient: "right"}, documents.Guard{Patient: "wrong"}
		storetest.View(t, s, func(v *store.View) error {
			list, _, err := documents.History(v, ref, 0, 10, 0, right)
			if len(list) != 2 {
				t.Errorf("the right patient sees %d versions, want 2", len(list))
			}
			page, _, err2 := documents.History(v, ref, 3, 10, 0, right)
			if len(page) != 1 || page[0].Version != 2 {
				t.Errorf("below version 3 the right patient sees %d versions", len(page))
			}
			_, first, err3 := documents.Version(v, ref, 1, right)
			_, second, err4 := documents.Version(v, ref, 2, right)
			if first || !second {
				t.Errorf("the right patient sees version 1: %v, version 2: %v", first, second)
			}
			list, _, err5 := documents.History(v, ref, 0, 10, 0, wrong)
			_, any, err6 := documents.Version(v, ref, 1, wrong)
			if len(list) > 0 || any {
				t.Error("the wrong patient still sees the record")
			}
			return errors.Join(err, err2, err3, err4, err5, err6)
		})
	})
}
