package records_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// e writes an entry; more are further members of its request, and a resource is "" where there is none.
func e(fullURL, method, url, resource string, more ...string) string {
	var b strings.Builder
	b.WriteByte('{')
	if fullURL != "" {
		fmt.Fprintf(&b, `"fullUrl":%q,`, fullURL)
	}
	if resource != "" {
		b.WriteString(`"resource":` + resource + `,`)
	}
	fmt.Fprintf(&b, `"request":{"method":%q,"url":%q`, method, url)
	for _, m := range more {
		b.WriteString("," + m)
	}
	return b.String() + "}}"
}

func bundle(kind string, entries ...string) []byte {
	return []byte(`{"resourceType":"Bundle","type":"` + kind + `","entry":[` + strings.Join(entries, ",") + `]}`)
}

// bundle runs a Bundle to its end.
func (d desk) bundle(ctx context.Context, p auth.Principal, body []byte) (string, []records.EntryOutcome, error) {
	kind, outcomes, err := d.Bundle(ctx, p, body)
	if err != nil {
		return kind, nil, err
	}
	var all []records.EntryOutcome
	for part, err := range outcomes {
		if err != nil {
			return kind, nil, err
		}
		all = append(all, part...)
	}
	return kind, all, nil
}

func (d desk) transact(entries ...string) []records.EntryOutcome {
	d.t.Helper()
	_, outcomes, err := d.bundle(d.t.Context(), admin, bundle("transaction", entries...))
	if err != nil {
		d.t.Fatalf("transaction: %v", err)
	}
	return outcomes
}

func statuses(outcomes []records.EntryOutcome) string {
	texts := make([]string, len(outcomes))
	for i, o := range outcomes {
		texts[i] = fmt.Sprint(o.Status)
		if o.Fault != nil {
			texts[i] = fmt.Sprint("fault ", o.Fault.Kind)
		}
	}
	return strings.Join(texts, " ")
}

const (
	urnA = "urn:uuid:0c1e4a36-3a7b-4f5e-9b1d-0a6c1f9f0001"
	urnB = "urn:uuid:0c1e4a36-3a7b-4f5e-9b1d-0a6c1f9f0002"
)

// Deletes come first, then creates, updates and reads, whatever the order of the entries; the answers stand in their order.
func TestTransactionWorksInFHIROrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		d.put("Patient", "old", patient("old", "Old"))
		d.put("Patient", "kept", patient("kept", "Kept"))
		outcomes := d.transact(
			e("", "GET", "Patient?family=new,kept-too,old", ""),
			e("", "GET", "Patient/kept", ""),
			e("", "PUT", "Patient/kept", patient("kept", "Kept-too")),
			e("", "POST", "Patient", unnamed("New")),
			e("", "DELETE", "Patient/old", ""),
			e("", "PUT", "http://test/fhir/R4/Patient/made", patient("made", "Made")),
			e("", "DELETE", "Patient?family=nobody", ""),
			e("", "HEAD", "Patient/made", ""),
		)
		if got := statuses(outcomes); got != "200 200 200 201 204 201 204 200" {
			t.Errorf("the statuses are %s", got)
		}
		if found := outcomes[0].Found; found == nil || len(found.Matches) != 2 {
			t.Errorf("the search in the transaction finds %+v", found)
		}
		if !strings.Contains(string(outcomes[1].Document.Body), "Kept-too") || outcomes[1].Document.Version != 2 {
			t.Errorf("the read in the transaction gives %s", outcomes[1].Document.Body)
		}
		_, err := d.Read(t.Context(), admin, ref("Patient", "old"))
		wants(t, "reading what the transaction deleted", err, fault.Gone)
	})
}

func TestReferencesBetweenEntriesAreRewritten(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		d.put("Organization", "acme", `{"resourceType":"Organization","id":"acme","identifier":[{"system":"naic","value":"12345"}]}`)
		outcomes := d.transact(
			e(urnB, "POST", "Observation", `{"resourceType":"Observation","status":"final","code":{"text":"see urn"},"subject":{"reference":"`+urnA+`"},"hasMember":[{"reference":"`+urnB+`"},{"reference":"http://old/Patient/p"}],"performer":[{"reference":"Organization?identifier=naic|12345"},{"reference":"Patient/untouched"}],"valueString":"`+urnA+`"}`),
			e(urnA, "POST", "Patient", `{"resourceType":"Patient","name":[{"family":"Zzyzx"}],"generalPractitioner":[{"reference":"`+urnB+`"}]}`),
			e("http://old/Patient/p", "PUT", "Patient/p", patient("p", "Put")),
		)
		a, b := outcomes[1].Document, outcomes[0].Document
		for _, want := range []string{`"subject":{"reference":"Patient/` + a.ID + `"}`, `{"reference":"Observation/` + b.ID + `"}`, `{"reference":"Patient/p"}`, `{"reference":"Organization/acme"}`, `{"reference":"Patient/untouched"}`, `"valueString":"` + urnA + `"`} {
			if !strings.Contains(string(b.Body), want) {
				t.Errorf("the observation lacks %s: %s", want, b.Body)
			}
		}
		if !strings.Contains(string(a.Body), `"Observation/`+b.ID+`"`) {
			t.Errorf("the circle is not closed: %s", a.Body)
		}
		if got := d.find(admin, "Observation", "subject=Patient/"+a.ID); got != b.ID {
			t.Errorf("by its subject %q is found", got)
		}
		for what, condition := range map[string]string{"nothing": "Organization?identifier=naic|none", "nothing said": "Organization?_count=1"} {
			_, _, err := d.bundle(t.Context(), admin, bundle("transaction", e("", "POST", "Observation", observation("x", condition))))
			if !fault.Is(err, fault.Ambiguous) && !fault.Is(err, fault.Invalid) {
				t.Errorf("a conditional reference that finds %s gives %v", what, err)
			}
		}
	})
}

// What an entry with If-None-Exist finds stands for it everywhere in the transaction.
func TestEntryThatExistsIsReferred(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		d.put("Patient", "ann", patient("ann", "Ann"))
		entries := []string{
			e(urnA, "POST", "Patient", unnamed("Ann"), `"ifNoneExist":"identifier=urn:mrn|MRN-Ann"`),
			e(urnB, "POST", "Observation", `{"resourceType":"Observation","identifier":[{"value":"o1"}],"status":"final","code":{"text":"x"},"subject":{"reference":"`+urnA+`"}}`, `"ifNoneExist":"identifier=o1"`),
			e("", "PUT", "Patient?family=bob", unnamed("Bob")),
		}
		if got := statuses(d.transact(entries...)); got != "200 201 201" {
			t.Errorf("at first the statuses are %s", got)
		}
		if got := d.find(admin, "Observation", "subject=Patient/ann"); got == "" {
			t.Error("the observation does not name the patient that was there")
		}
		again := d.transact(entries...)
		if got := statuses(again); got != "200 200 200" || again[2].Document.Version != 1 {
			t.Errorf("sent again the statuses are %s", got)
		}
		_, _, err := d.bundle(t.Context(), admin, bundle("transaction", e("", "POST", "Patient", unnamed("New"), `"ifNoneExist":"family=new"`), e("", "POST", "Patient", unnamed("New"), `"ifNoneExist":"family=new"`)))
		wants(t, "the same condition twice", err, fault.Invalid)
		_, _, err = d.bundle(t.Context(), admin, bundle("transaction", entries[0], e("", "DELETE", "Patient/ann", "")))
		wants(t, "what is found and deleted", err, fault.Invalid)
	})
}

// Everything or nothing: documents, steps, and the effect of reads that fail.
func TestFailingEntryUndoesTheTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var b smallOffice
		d, ctx := open(t, db, b.behaviours()), t.Context()
		d.put("Patient", "there", patient("there", "There"))
		d.put("Patient", "gone", patient("gone", "Gone"))
		if err := d.Delete(ctx, admin, ref("Patient", "gone"), 0); err != nil {
			t.Fatal(err)
		}
		before := d.due()
		good := []string{e("", "POST", "Patient", unnamed("Zzyzx")), e("", "PUT", "Patient/there", patient("there", "Changed")), e("", "POST", "ChargeItem", charge("x", "billable"))}
		for _, row := range []struct {
			what, entry, path string
			kind              fault.Kind
		}{
			{"a stale version", e("", "PUT", "Patient/other", patient("other", "X"), `"ifMatch":"W/\"3\""`), "Bundle.entry[3]", fault.Stale},
			{"a version that is none", e("", "PUT", "Patient/other", patient("other", "X"), `"ifMatch":"three"`), "Bundle.entry[3].request.ifMatch", fault.Invalid},
			{"a fate that is refused", e("", "POST", "ChargeItem", charge("y", "unknown")), "Bundle.entry[3].resource.status", fault.BusinessRule},
			{"a booking that is refused", e("", "POST", "ChargeItem", `{"resourceType":"ChargeItem","status":"billable","code":{"text":"x"},"subject":{"reference":"Patient/p"},"quantity":{"value":1}}`), "Bundle.entry[3].resource.quantity.value", fault.BusinessRule},
			{"a document that is not R4", e("", "POST", "Patient", `{"resourceType":"Patient","gender":"purple"}`), "Bundle.entry[3].resource.gender", fault.Invalid},
			{"another type", e("", "POST", "Patient", observation("o", "Patient/p")), "Bundle.entry[3].resource.resourceType", fault.Invalid},
			{"another id", e("", "PUT", "Patient/other", patient("another", "X")), "Bundle.entry[3].resource.id", fault.Invalid},
			{"the same record twice", e("", "DELETE", "Patient/there", ""), "Bundle.entry[1].request.url", fault.Invalid},
			{"a type that is not served", e("", "POST", "Basic", `{"resourceType":"Basic","code":{"text":"x"}}`), "Bundle.entry[3].request.url", fault.Invalid},
			{"an address without an id", e("", "PUT", "Patient", patient("other", "X")), "Bundle.entry[3].request.url", fault.Invalid},
			{"an address of a version", e("", "GET", "Patient/there/_history/1", ""), "Bundle.entry[3].request.url", fault.Invalid},
			{"a patch", e("", "PATCH", "Patient/there", patient("there", "X")), "Bundle.entry[3].request.method", fault.Unsupported},
			{"a deletion by a condition that says nothing", e("", "DELETE", "Patient?_count=1", ""), "Bundle.entry[3]", fault.Invalid},
			{"a read of nothing", e("", "GET", "Patient/nobody", ""), "Bundle.entry[3]", fault.NotFound},
			{"a read of what is deleted", e("", "GET", "Patient/gone", ""), "Bundle.entry[3]", fault.Gone},
			{"a search that is refused", e("", "GET", "Patient?bogus=1", ""), "Bundle.entry[3].bogus", fault.Invalid},
		} {
			_, outcomes, err := d.bundle(ctx, admin, bundle("transaction", append(good[:3:3], row.entry)...))
			f := fault.From(err)
			if f == nil || f.Kind != row.kind || len(outcomes) > 0 {
				t.Errorf("%s gives %v, want kind %d", row.what, err, row.kind)
				continue
			}
			if f.Issues[0].Path != row.path {
				t.Errorf("%s stands at %q, want %q", row.what, f.Issues[0].Path, row.path)
			}
		}
		if got := d.find(admin, "Patient", ""); got != "there" || d.read("Patient", "there").Version != 1 || d.find(admin, "ChargeItem", "") != "" {
			t.Errorf("patients %q in version %d and charges %q are left", got, d.read("Patient", "there").Version, d.find(admin, "ChargeItem", ""))
		}
		if after := d.due(); after != before {
			t.Errorf("%d steps more are due", after-before)
		}
		if got := statuses(d.transact(good...)); got != "201 200 201" {
			t.Errorf("without a failing entry the statuses are %s", got)
		}
	})
}

func TestAllMistakesOfABundleAreToldTogether(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		_, _, err := d.bundle(t.Context(), admin, bundle("transaction",
			e("", "PUT", "Patient", patient("a", "X")), e("", "POST", "Patient", observation("o", "Patient/p")), e("", "PATCH", "Patient/x", patient("x", "X"))))
		f := fault.From(err)
		if f == nil || len(f.Issues) != 3 {
			t.Fatalf("three mistakes give %v", err)
		}
		for i, want := range []string{"Bundle.entry[0].request.url", "Bundle.entry[1].resource.resourceType", "Bundle.entry[2].request.method"} {
			if f.Issues[i].Path != want {
				t.Errorf("mistake %d stands at %s, want %s", i, f.Issues[i].Path, want)
			}
		}
	})
}

// A transaction that has to start again refers to the ids of its last try, not of its first.
func TestSecondTryLinksAnew(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		tries := 0
		d := open(t, db, map[string]records.Behaviour{"Patient": {After: func(tx *store.Tx, a records.Arrival) error {
			if tries++; tries < 3 {
				// As if another transaction came in between: version 99 follows no version that is there.
				return documents.Put(tx, documents.Indexed{Document: models.Document{Type: "Patient", ID: "ghost", Version: 99, Deleted: true}})
			}
			return nil
		}}})
		outcomes := d.transact(
			e(urnA, "POST", "Patient", unnamed("Zzyzx")),
			e(urnB, "POST", "Observation", observation("x", urnA)),
		)
		if want := `{"reference":"Patient/` + outcomes[0].Document.ID + `"}`; tries != 3 || !strings.Contains(string(outcomes[1].Document.Body), want) {
			t.Errorf("after %d tries the observation is %s, want it to hold %s", tries, outcomes[1].Document.Body, want)
		}
		if got := d.find(admin, "Observation", "subject=Patient/"+outcomes[0].Document.ID); got != outcomes[1].Document.ID {
			t.Errorf("by its subject %q is found", got)
		}
	})
}

func TestEntriesOfABatchStandAlone(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		d.put("Patient", "there", patient("there", "There"))
		kind, outcomes, err := d.bundle(t.Context(), admin, bundle("batch",
			e("", "POST", "Patient", unnamed("Zzyzx")),
			e("", "POST", "Patient", `{"resourceType":"Patient","gender":"purple"}`),
			e("", "PUT", "Patient/there", patient("there", "Changed"), `"ifMatch":"W/\"7\""`),
			e("", "GET", "Patient/nobody", ""),
			e("", "GET", "Patient/there", ""),
			e("", "GET", "Patient?family=zzyzx", ""),
			e("", "PUT", "Patient?family=bob", unnamed("Bob")),
			e("", "DELETE", "Patient/there", ""),
			e("", "POST", "Patient", unnamed("Zzyzx"), `"ifNoneExist":"family=zzyzx"`),
			e("", "PUT", "Patient", patient("a", "X")),
			e("", "DELETE", "Patient?family=nobody", ""),
		))
		if err != nil || kind != "batch" {
			t.Fatalf("the %s gives %v", kind, err)
		}
		want := fmt.Sprint("201 fault ", fault.Invalid, " fault ", fault.Stale, " fault ", fault.NotFound, " 200 200 201 204 200 fault ", fault.Invalid, " 204")
		if got := statuses(outcomes); got != want {
			t.Errorf("the statuses are\n %s, want\n %s", got, want)
		}
	})
}

func TestBundlePassesTheGuardEntryByEntry(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		d.put("Patient", "bob", patient("bob", "Bob"))
		reader := principal("system/Patient.rs")
		_, _, err := d.bundle(ctx, reader, bundle("transaction", e("", "GET", "Patient/bob", ""), e("", "POST", "Patient", unnamed("X"))))
		wants(t, "a write by a reader", err, fault.Forbidden)
		_, _, err = d.bundle(ctx, reader, bundle("transaction", e("", "GET", "Observation?status=final", "")))
		wants(t, "a search of another type", err, fault.Forbidden)
		ann := asPatient("ann", "patient/*.cruds")
		_, _, err = d.bundle(ctx, ann, bundle("transaction", e("", "GET", "Patient/bob", "")))
		wants(t, "another's record", err, fault.NotFound)
		_, outcomes, err := d.bundle(ctx, reader, bundle("transaction", e("", "GET", "Patient/bob", "")))
		if err != nil || statuses(outcomes) != "200" {
			t.Errorf("a read gives %s, %v", statuses(outcomes), err)
		}
		_, _, err = d.bundle(ctx, admin, []byte(patient("x", "X")))
		wants(t, "no Bundle", err, fault.Invalid)
		_, _, err = d.bundle(ctx, admin, bundle("searchset"))
		wants(t, "another Bundle", err, fault.Invalid)
	})
}

// A large Bundle takes a bounded number of statements, not some per entry.
func TestLargeTransactionTakesFewStatements(t *testing.T) {
	const entries = 300
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		d.put("Patient", "warm", patient("warm", "Warm"))
		var puts, posts []string
		for i := range entries {
			id := fmt.Sprintf("p%d", i)
			puts = append(puts, e("", "PUT", "Patient/"+id, patient(id, "Put")))
			posts = append(posts, e(fmt.Sprintf("urn:uuid:0c1e4a36-3a7b-4f5e-9b1d-%012d", i), "POST", "Observation", observation("x", fmt.Sprintf("urn:uuid:0c1e4a36-3a7b-4f5e-9b1d-%012d", (i+1)%entries))))
		}
		for what, list := range map[string][]string{"creates by PUT": puts, "creates by POST": posts} {
			before := db.Statements()
			d.transact(list...)
			if used := db.Statements() - before; used > entries/6 {
				t.Errorf("%d %s took %d statements", entries, what, used)
			}
		}
	})
}
