package journal_test

import (
	"reflect"
	"testing"

	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// Whatever is changed of an entry by hand shows in its digest, but the digest itself.
func TestDigestIsOverEverything(t *testing.T) {
	whole := func() models.Entry {
		e := entry("charge/1", 100, -100)
		setAll(reflect.ValueOf(&e.Postings[0].Dimensions).Elem())
		return e
	}
	before, digests := whole(), map[string]string{}
	digests[journal.Digest(before)] = "nothing"
	tell := func(name string, e models.Entry) {
		digest := journal.Digest(e)
		if other, known := digests[digest]; known {
			t.Errorf("a change of %s has the digest of a change of %s", name, other)
		}
		digests[digest] = name
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[models.Entry]()) {
		if field.Name == "Digest" || field.Name == "Postings" {
			continue
		}
		e := whole()
		change(reflect.ValueOf(&e).Elem().FieldByIndex(field.Index))
		tell(field.Name, e)
	}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[models.Posting]()) {
		if field.Anonymous || field.Name == "TenantID" || field.Name == "EntryID" { // those of the entry
			continue
		}
		e := whole()
		change(reflect.ValueOf(&e.Postings[0]).Elem().FieldByIndex(field.Index))
		tell("a posting's "+field.Name, e)
	}
	fewer := whole()
	fewer.Postings = fewer.Postings[:1]
	tell("the number of postings", fewer)
}

// setAll gives every text of a struct its own name, so that two that are exchanged show.
func setAll(of reflect.Value) {
	for i := range of.NumField() {
		of.Field(i).SetString(of.Type().Field(i).Name)
	}
}

func change(field reflect.Value) {
	if field.Kind() == reflect.String {
		field.SetString(field.String() + "x")
		return
	}
	field.SetInt(field.Int() + 1)
}

// Entries are found by many causes at once with their postings, and a transaction knows what it posted.
func TestPostedEntriesAreFoundByTheirCauses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error {
			err := journal.Post(tx, entry(charged(1), 100, -100), entry(charged(2), 200, -150, -50))
			posted := journal.Posted(tx)
			if len(posted) != 2 || posted[0].Cause != charged(1) || posted[1].Cause != charged(2) || posted[1].Digest != journal.Digest(posted[1]) {
				t.Errorf("the transaction posted %+v", posted)
			}
			return err
		})
		storetest.View(t, s, func(v *store.View) error {
			found, err := journal.EntriesByCause(v, []models.Cause{charged(2), charged(3), charged(1)})
			if len(found) != 2 || len(found[0].Postings)+len(found[1].Postings) != 5 {
				t.Errorf("by their causes there are %+v", found)
			}
			return err
		})
	})
}
