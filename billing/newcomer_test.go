package billing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/store/storetest"
)

// What comes under an id that it is given, with its patient and its visit, cannot have been named by anything that was there before:
// the books are not looked through for it, as they are for what comes under an id of the sender's.
func TestNobodyLooksForWhatCannotBeNamedYet(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		const visits, looks = 10, 1 // for each of them; what names a diagnosis is asked once for all
		db := storetest.Open(t, url)
		storetest.CountsRuns(t)
		d := workless(t, db)
		cost := func(bundle string) int64 {
			before := db.Statements()
			if _, _, err := d.records.Bundle(context.Background(), d.admin(), []byte(bundle)); err != nil {
				t.Fatal(err)
			}
			return db.Statements() - before
		}
		cost(arriving(1, true)) // what is known of the tenant is asked for once
		given, sent := cost(arriving(visits, true)), cost(arriving(visits, false))
		if given+visits*looks > sent {
			t.Errorf("%d visits cost %d statements under new ids, %d under their sender's", visits, given, sent)
		}
	})
}

// arriving is a transaction of a patient with visits under way, each with a diagnosis and a procedure, under ids that they are given
// or that their sender gives.
func arriving(visits int, given bool) string {
	var entries []string
	add := func(typ, id, rest string) {
		if given {
			entries = append(entries, fmt.Sprintf(`{"fullUrl":%q,"resource":{"resourceType":%q,%s},"request":{"method":"POST","url":%q}}`, fullURL(typ, id), typ, rest, typ))
			return
		}
		rest = strings.NewReplacer(fullURL("Patient", "p"), "Patient/p", fullURL("Encounter", id), "Encounter/"+id).Replace(rest)
		entries = append(entries, fmt.Sprintf(`{"resource":{"resourceType":%q,"id":%q,%s},"request":{"method":"PUT","url":"%s/%s"}}`, typ, id, rest, typ, id))
	}
	who := fmt.Sprintf(`"subject":{"reference":%q}`, fullURL("Patient", "p"))
	add("Patient", "p", `"gender":"female"`)
	for n := range visits {
		id := fmt.Sprintf("v%d", n)
		where := fmt.Sprintf(`,"encounter":{"reference":%q}`, fullURL("Encounter", id))
		add("Encounter", id, `"status":"in-progress","class":{"code":"AMB"},`+who)
		add("Condition", id, who+where+`,"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}`)
		add("Procedure", id, `"status":"completed",`+who+where+`,"code":{"coding":[{"system":"`+cpt+`","code":"93000"}]}`)
	}
	return `{"resourceType":"Bundle","type":"transaction","entry":[` + strings.Join(entries, ",") + `]}`
}

func fullURL(typ, id string) string { return "https://test.invalid/" + typ + "/" + id }
