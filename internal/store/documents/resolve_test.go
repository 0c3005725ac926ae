package documents_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
)

func document(t *testing.T, body string) *fhir.Document {
	t.Helper()
	d, err := fhir.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func organization(id string, numbers ...string) string {
	var identifiers []string
	for _, n := range numbers {
		identifiers = append(identifiers, fmt.Sprintf(`{"system":"urn:payer","value":%q}`, n))
	}
	return fmt.Sprintf(`{"resourceType":"Organization","id":%q,"identifier":[%s]}`, id, strings.Join(identifiers, ","))
}

func TestReferencesAreResolvedWhereOneRecordIsMeant(t *testing.T) {
	coverage := func(payor string) string {
		return `{"resourceType":"Coverage","payor":[` + payor + `]}`
	}
	contained := func(identifiers string) string {
		return `{"resourceType":"Encounter","contained":[{"resourceType":"Practitioner","id":"dr","identifier":` + identifiers + `}],"participant":[{"individual":{"reference":"#dr"}}]}`
	}
	rows := []struct{ name, in, want string }{
		{"the one that has the identifier", coverage(`{"identifier":{"system":"urn:payer","value":"1"}}`), coverage(`{"reference":"Organization/acme","identifier":{"system":"urn:payer","value":"1"}}`)},
		{"none that has it", coverage(`{"identifier":{"system":"urn:payer","value":"9"}}`), ""},
		{"several that have it", coverage(`{"identifier":{"system":"urn:payer","value":"2"}}`), ""},
		{"another system", coverage(`{"identifier":{"system":"urn:other","value":"1"}}`), ""},
		{"no system is no namespace", coverage(`{"identifier":{"value":"1"}}`), ""},
		{"a type that is not meant", coverage(`{"type":"Patient","identifier":{"system":"urn:payer","value":"1"}}`), ""},
		{"the type that is said", coverage(`{"type":"Organization","identifier":{"system":"urn:payer","value":"1"}}`), coverage(`{"reference":"Organization/acme","type":"Organization","identifier":{"system":"urn:payer","value":"1"}}`)},
		{"a type that the element does not take", `{"resourceType":"Coverage","beneficiary":{"identifier":{"system":"urn:payer","value":"1"}}}`, ""},
		{"an element without a parameter", `{"resourceType":"Claim","insurance":[{"coverage":{"identifier":{"system":"urn:plan","value":"1"}}}]}`, `{"resourceType":"Claim","insurance":[{"coverage":{"reference":"Coverage/plan","identifier":{"system":"urn:plan","value":"1"}}}]}`},
		{"an address beside the identifier counts", coverage(`{"reference":"Organization/x","identifier":{"system":"urn:payer","value":"1"}}`), ""},
		{"a contained one of ours", contained(`[{"system":"urn:npi","value":"1"}]`), strings.Replace(contained(`[{"system":"urn:npi","value":"1"}]`), "#dr", "Practitioner/smith", 1)},
		{"by any of its identifiers", contained(`[{"system":"urn:npi","value":"9"},{"system":"urn:npi","value":"1"}]`), strings.Replace(contained(`[{"system":"urn:npi","value":"9"},{"system":"urn:npi","value":"1"}]`), "#dr", "Practitioner/smith", 1)},
		{"a contained one that we do not know", contained(`[{"system":"urn:npi","value":"9"}]`), ""},
		{"a contained one whose identifiers mean two", contained(`[{"system":"urn:npi","value":"1"},{"system":"urn:npi","value":"2"}]`), ""},
		{"our own address", coverage(`{"reference":"https:\/\/bill.example/fhir/R4/Organization/acme"}`), coverage(`{"reference":"Organization/acme"}`)},
		{"our own address of a version", coverage(`{"reference":"https://bill.example/fhir/R4/Organization/acme/_history/3"}`), coverage(`{"reference":"Organization/acme/_history/3"}`)},
		{"somebody else's address", coverage(`{"reference":"https://bill.example/fhir/R4x/Organization/acme"}`), ""},
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		if err := documents.AdoptBases(t.Context(), db, "https://bill.example/fhir/R4/"); err != nil {
			t.Fatal(err)
		}
		s := storetest.Session(db)
		storetest.Save(t, s, storetest.Indexed(t, 1, organization("acme", "1")), storetest.Indexed(t, 1, organization("b", "2")), storetest.Indexed(t, 1, organization("c", "2", "3")), storetest.Indexed(t, 1, organization("gone", "9")),
			storetest.Indexed(t, 1, `{"resourceType":"Practitioner","id":"smith","identifier":[{"system":"urn:npi","value":"1"}]}`), storetest.Indexed(t, 1, `{"resourceType":"Practitioner","id":"lee","identifier":[{"system":"urn:npi","value":"2"}]}`),
			storetest.Indexed(t, 1, `{"resourceType":"Coverage","id":"plan","identifier":[{"system":"urn:plan","value":"1"}]}`))
		storetest.Save(t, s, documents.Indexed{Document: models.Document{Type: "Organization", ID: "gone", Version: 2, Deleted: true}})
		for _, row := range rows {
			want := row.want
			if want == "" {
				want = row.in
			}
			in := document(t, row.in)
			storetest.View(t, s, func(v *store.View) error {
				resolved, err := documents.Resolve(v, in)
				if err != nil {
					return err
				}
				if documents.IsResolved(db, in) && resolved[0] != in {
					t.Errorf("%s: changes what is said to be resolved", row.name)
				}
				if got := string(resolved[0].Bytes()); got != want || (resolved[0] == in) != (row.want == "") {
					t.Errorf("%s:\ngot  %s\nwant %s", row.name, got, want)
				}
				return nil
			})
		}
	})
}

func TestManyIdentifiersAreLookedUpTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		var puts []documents.Indexed
		var list []*fhir.Document
		for i := range 150 {
			puts = append(puts, storetest.Indexed(t, 1, organization(fmt.Sprintf("o%d", i), fmt.Sprint(i))))
			list = append(list, document(t, fmt.Sprintf(`{"resourceType":"Coverage","payor":[{"identifier":{"system":"urn:payer","value":"%d"}}]}`, i)))
		}
		storetest.Save(t, s, puts...)
		storetest.View(t, s, func(v *store.View) error {
			if _, err := documents.OwnBases(v); err != nil {
				return err
			}
			before := db.Statements()
			resolved, err := documents.Resolve(v, list...)
			if sent := db.Statements() - before; sent != 1 {
				t.Errorf("%d statements", sent)
			}
			for i, d := range resolved {
				if want := fmt.Sprintf("Organization/o%d", i); err == nil && d.Root().In("payor", "reference").Text() != want {
					t.Errorf("%s does not lead to %s", d.Bytes(), want)
				}
			}
			return err
		})
	})
}

// SQLite's plan is held beside all others; PostgreSQL plans by what is there.
func TestIdentifiersAreLookedUpByAnIndex(t *testing.T) {
	url := storetest.URL(t, "postgres")
	hand, s := storetest.ByHand(t, url), storetest.Session(storetest.Open(t, url))
	for _, typ := range []string{"Patient", "Organization", "Observation"} {
		hand.Do("INSERT INTO token_keys SELECT 'zzyzx', '" + typ + "', 'identifier', 'v' || g, 's', 'id' || g FROM generate_series(1, 10000) g")
	}
	hand.Do("ANALYZE token_keys")
	for _, identifiers := range [][][2]string{{{"v1", "s"}}, {{"v1", "s"}, {"v2", "s"}, {"v3", "s"}}} {
		for _, types := range [][]string{{"Patient"}, {"Organization", "Patient", "RelatedPerson"}} {
			storetest.View(t, s, func(v *store.View) error {
				query, args := documents.HoldersQuery(v, types, identifiers)
				plan, err := store.Column[string](v, "EXPLAIN "+query, args...)
				text := strings.Join(plan, "\n")
				if !strings.Contains(text, "using token_keys_pkey") || !strings.Contains(text, "code =") || strings.Contains(text, "Seq Scan") {
					t.Errorf("%d identifiers of %d types are looked up by\n%s", len(identifiers), len(types), text)
				}
				return err
			})
		}
	}
}

// What was stored before an address was ours is found by it from then on, and `verify` has nothing to say.
func TestAdoptedBaseIsOursBackwards(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := storetest.Session(db)
		storetest.Update(t, s, func(tx *store.Tx) error { return books.SaveSettings(tx, models.DefaultSettings) })
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")), storetest.Indexed(t, 1, organization("acme", "1")))
		var puts []documents.Indexed
		for i := range 1100 { // more than two pages
			puts = append(puts, storetest.Indexed(t, 1, storetest.Observation(fmt.Sprintf("o%04d", i), "https://old.example/fhir/R4/Patient/p")))
		}
		named := `{"resourceType":"Coverage","id":"cov","beneficiary":{"reference":"https://old.example/fhir/R4/Patient/p"},"payor":[{"identifier":{"system":"urn:payer","value":"1"}}]}`
		storetest.Save(t, s, append(puts, storetest.Indexed(t, 1, named))...)
		if got := storetest.Found(t, s, documents.Guard{Patient: "p"}, "Observation", "_count=5"); got != "" {
			t.Fatalf("a patient sees %s", got)
		}
		if err := documents.AdoptBases(t.Context(), db, "http://127.0.0.1:8080/fhir/R4", "https://old.example/fhir/R4"); err != nil {
			t.Fatal(err)
		}
		if got := storetest.Found(t, s, documents.Guard{Patient: "p"}, "Observation", "_count=1000"); strings.Count(got, "o") != 1000 {
			t.Errorf("a patient sees %d Observations", strings.Count(got, "o"))
		}
		for _, raw := range []string{"beneficiary=Patient/p", "payor=Organization/acme"} {
			if got := storetest.Found(t, s, documents.Guard{}, "Coverage", raw); got != "cov" {
				t.Errorf("%s finds %q", raw, got)
			}
		}
		again := storetest.Indexed(t, 1, named)
		storetest.View(t, s, func(v *store.View) error {
			bases, err := documents.OwnBases(v)
			if len(bases) != 2 {
				t.Errorf("bases are %v", bases)
			}
			again.Keys = extract(t, named, bases)
			wrong, err2 := documents.Misindexed(v, []documents.Indexed{again})
			if len(wrong) > 0 || err2 != nil {
				t.Errorf("%v is not found by what it says: %v", wrong, err2)
			}
			return err
		})
		if err := documents.AdoptBases(t.Context(), db, "https://old.example/fhir/R4/"); err != nil {
			t.Error(err)
		}
	})
}

// A key that says it was resolved opens a compartment, so only a document that names somebody by an identifier has one.
func TestForgedResolvedKeyIsFound(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		s := storetest.Session(storetest.Open(t, url))
		plain := storetest.Indexed(t, 1, storetest.Observation("plain", "Patient/p"))
		named := storetest.Indexed(t, 1, `{"resourceType":"Observation","id":"named","status":"final","code":{"text":"x"},"subject":{"identifier":{"system":"urn:mrn","value":"MRN-p"}}}`)
		storetest.Save(t, s, storetest.Indexed(t, 1, storetest.Patient("p", "Zzyzx")), plain, named)
		misindexed := func() string {
			var found []string
			storetest.View(t, s, func(v *store.View) error {
				wrong, err := documents.Misindexed(v, []documents.Indexed{plain, named})
				for _, ref := range wrong {
					found = append(found, ref.String())
				}
				return err
			})
			return strings.Join(found, " ")
		}
		if got := misindexed(); got != "" {
			t.Errorf("%s are wrong before", got)
		}
		storetest.ByHand(t, url).Do("INSERT INTO reference_keys (tenant_id, type, params, target_type, target_id, url, id, resolved) VALUES ('zzyzx', 'Observation', '|:patient|', 'Patient', 'other', '', 'plain', TRUE)")
		if got := misindexed(); got != "Observation/plain" {
			t.Errorf("%q is wrong after", got)
		}
	})
}

func extract(t *testing.T, body string, bases []string) search.Keys {
	t.Helper()
	return search.Extract(document(t, body), bases)
}
