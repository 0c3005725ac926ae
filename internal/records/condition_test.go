package records_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models/fault"
)

func together(n int, do func(i int) error) error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wait.Wait()
	return errors.Join(errs...)
}

func TestConditionalCreateMakesOneOrGivesTheOne(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		first, err := d.Create(ctx, admin, "Patient", []byte(unnamed("Zzyzx")), "identifier=urn:mrn|MRN-Zzyzx")
		second, err2 := d.Create(ctx, admin, "Patient", []byte(unnamed("Zzyzx")), "identifier=urn:mrn|MRN-Zzyzx")
		if err != nil || err2 != nil || !first.Created || second.Created || second.Document.ID != first.Document.ID || second.Document.Version != 1 {
			t.Errorf("twice the same gives %+v and %+v: %v", first, second, errors.Join(err, err2))
		}
		d.put("Patient", "twin", patient("twin", "Zzyzx"))
		_, err = d.Create(ctx, admin, "Patient", []byte(unnamed("Zzyzx")), "identifier=urn:mrn|MRN-Zzyzx")
		wants(t, "a condition that finds two", err, fault.Ambiguous)
		for _, condition := range []string{"_count=1", "identifier=", "_sort=family", "bogus=1", "family:bogus=1"} {
			_, err = d.Create(ctx, admin, "Patient", []byte(unnamed("Zzyzx")), condition)
			wants(t, "the condition "+condition, err, fault.Invalid)
		}
		_, err = d.Create(ctx, principal("system/Patient.c"), "Patient", []byte(unnamed("Zzyzx")), "family=x")
		wants(t, "a condition without the right to search", err, fault.Forbidden)
	})
}

// However many send the same at once, one is made and all are given it.
func TestRacingConditionalCreatesMakeOne(t *testing.T) {
	const racers = 32
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		d.put("Patient", "warm", patient("warm", "Warm")) // the tenant is there
		ids, made := make([]string, racers), make([]bool, racers)
		err := together(racers, func(i int) error {
			condition := "identifier=urn:mrn|MRN-Zzyzx&active=true"
			if i%2 == 0 {
				condition = "active=true&_count=7&identifier=urn:mrn|MRN-Zzyzx" // the same in other words
			}
			body := strings.Replace(unnamed("Zzyzx"), "{", `{"active":true,`, 1)
			outcome, err := d.Create(t.Context(), admin, "Patient", []byte(body), condition)
			ids[i], made[i] = outcome.Document.ID, outcome.Created
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for i := range ids {
			if ids[i] != ids[0] {
				t.Errorf("%s and %s were given", ids[0], ids[i])
			}
			if made[i] {
				count++
			}
		}
		if got := d.find(admin, "Patient", "family=zzyzx"); count != 1 || got != ids[0] {
			t.Errorf("%d were made, found are %q", count, got)
		}
	})
}

func TestConditionalUpdate(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		made, err := d.UpdateWhere(ctx, admin, "Patient", "family=zzyzx", []byte(unnamed("Zzyzx")))
		if err != nil || !made.Created {
			t.Fatalf("what finds nothing gives %+v, %v", made, err)
		}
		id := made.Document.ID
		changed, err := d.UpdateWhere(ctx, admin, "Patient", "family=zzyzx", []byte(unnamed("Zzyzx-Canary")))
		if err != nil || changed.Created || changed.Document.ID != id || changed.Document.Version != 2 {
			t.Errorf("what finds one gives %+v, %v", changed, err)
		}
		_, err = d.UpdateWhere(ctx, admin, "Patient", "family=zzyzx", []byte(patient("another", "Zzyzx")))
		wants(t, "another id than what is found", err, fault.Invalid)
		own, err := d.UpdateWhere(ctx, admin, "Patient", "family=nobody", []byte(patient("chosen", "Zzyzx")))
		if err != nil || !own.Created || own.Document.ID != "chosen" {
			t.Errorf("what finds nothing and has an id gives %+v, %v", own, err)
		}
		_, err = d.UpdateWhere(ctx, admin, "Patient", "family=zzyzx", []byte(unnamed("Zzyzx")))
		wants(t, "what finds two", err, fault.Ambiguous)
		_, err = d.UpdateWhere(ctx, principal("system/Patient.us"), "Patient", "family=nobody", []byte(unnamed("Zzyzx")))
		wants(t, "making without the right to create", err, fault.Forbidden)
	})
}

func TestConditionalDelete(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		for i := range 3 {
			id := fmt.Sprintf("p%d", i)
			d.put("Patient", id, patient(id, "Zzyzx"))
		}
		wants(t, "a condition that finds three", d.DeleteWhere(ctx, admin, "Patient", "family=zzyzx"), fault.Ambiguous)
		wants(t, "a condition that says nothing", d.DeleteWhere(ctx, admin, "Patient", ""), fault.Invalid)
		if err := d.DeleteWhere(ctx, admin, "Patient", "family=nobody"); err != nil {
			t.Errorf("a condition that finds none: %v", err)
		}
		if err := d.DeleteWhere(ctx, admin, "Patient", "_id=p1"); err != nil {
			t.Errorf("a condition that finds one: %v", err)
		}
		if got := d.find(admin, "Patient", ""); got != "p0 p2" {
			t.Errorf("%q is left", got)
		}
	})
}
