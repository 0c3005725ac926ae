package records_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"medbill/fhir"
	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

const tenant = models.TenantID("zzyzx")

// desk is a records machine with who may ask it.
type desk struct {
	t  *testing.T
	db *store.DB
	*records.Records
}

func open(t *testing.T, db *store.DB, behaviours map[string]records.Behaviour) desk {
	t.Helper()
	machine, err := records.New(db, records.Config{Behaviours: behaviours, BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
	if err != nil {
		t.Fatal(err)
	}
	return desk{t, db, machine}
}

func principal(scopes string) auth.Principal {
	return auth.Principal{Tenant: tenant, Subject: "tester", Scopes: auth.ParseScopes(scopes)}
}

var admin = principal("system/*.cruds operation/*")

func asPatient(id models.PatientID, scopes string) auth.Principal {
	p := principal(scopes)
	p.Patient = id
	return p
}

func ref(typ, id string) models.Ref { return models.Ref{Type: typ, ID: id} }

func (d desk) put(typ, id, body string) records.Outcome {
	d.t.Helper()
	outcome, err := d.Update(d.t.Context(), admin, ref(typ, id), []byte(body), 0)
	if err != nil {
		d.t.Fatalf("PUT %s/%s: %v", typ, id, err)
	}
	return outcome
}

// find gives the ids that a search by who finds, in order.
func (d desk) find(who auth.Principal, typ, raw string) string {
	d.t.Helper()
	pairs, err := search.Pairs(raw)
	if err != nil {
		d.t.Fatal(err)
	}
	found, err := d.Search(d.t.Context(), who, typ, pairs, false)
	if err != nil {
		d.t.Fatalf("%s?%s: %v", typ, raw, err)
	}
	return idsOf(found.Matches)
}

func idsOf(documents []models.Document) string {
	ids := make([]string, len(documents))
	for i, d := range documents {
		ids[i] = d.ID
	}
	return strings.Join(ids, " ")
}

func (d desk) read(typ, id string) models.Document {
	d.t.Helper()
	document, err := d.Read(d.t.Context(), admin, ref(typ, id))
	if err != nil {
		d.t.Fatalf("GET %s/%s: %v", typ, id, err)
	}
	return document
}

func wants(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s gives %v, want kind %d", what, err, kind)
	}
}

func patient(id, family string) string {
	return fmt.Sprintf(`{"resourceType":"Patient","id":%q,"identifier":[{"system":"urn:mrn","value":%q}],"name":[{"family":%q}]}`, id, "MRN-"+family, family)
}

func unnamed(family string) string { return strings.Replace(patient("x", family), `"id":"x",`, "", 1) }

func observation(id, subject string) string {
	return fmt.Sprintf(`{"resourceType":"Observation","id":%q,"status":"final","code":{"text":"x"},"subject":{"reference":%q}}`, id, subject)
}

func TestDocumentLives(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		made, err := d.Create(ctx, admin, "Patient", []byte(unnamed("Zzyzx")), "")
		if err != nil || !made.Created || made.Document.Version != 1 {
			t.Fatalf("create gives %+v, %v", made, err)
		}
		id := made.Document.ID
		text := string(made.Document.Body)
		if !strings.Contains(text, `"id":"`+id+`"`) || !strings.Contains(text, `"versionId":"1"`) || !strings.Contains(text, `"lastUpdated":"`+made.Document.Updated.String()+`"`) {
			t.Errorf("the document does not say who it is: %s", text)
		}
		if got := d.read("Patient", id); string(got.Body) != text {
			t.Errorf("read gives %s, want %s", got.Body, text)
		}
		if echoed := d.put("Patient", id, text); echoed.Created || echoed.Document.Version != 1 || string(echoed.Document.Body) != text {
			t.Errorf("what was read and sent back made version %d", echoed.Document.Version)
		}
		for range 2 {
			if changed := d.put("Patient", id, patient(id, "Canary")); changed.Created || changed.Document.Version != 2 {
				t.Errorf("other content, sent twice, made version %d", changed.Document.Version)
			}
		}
		_, err = d.Update(ctx, admin, ref("Patient", id), []byte(patient(id, "Late")), 1)
		wants(t, "an update of version 1 over 2", err, fault.Stale)
		if _, err = d.Update(ctx, admin, ref("Patient", id), []byte(patient(id, "Third")), 2); err != nil {
			t.Errorf("an update of version 2 over 2: %v", err)
		}
		wants(t, "a deletion of version 1 over 3", d.Delete(ctx, admin, ref("Patient", id), 1), fault.Stale)
		for range 2 {
			if err := d.Delete(ctx, admin, ref("Patient", id), 0); err != nil {
				t.Errorf("deleting: %v", err)
			}
		}
		_, err = d.Read(ctx, admin, ref("Patient", id))
		wants(t, "reading what is deleted", err, fault.Gone)
		_, err = d.ReadVersion(ctx, admin, ref("Patient", id), 4)
		wants(t, "reading the deletion", err, fault.Gone)
		if old, err := d.ReadVersion(ctx, admin, ref("Patient", id), 2); err != nil || !strings.Contains(string(old.Body), "Canary") {
			t.Errorf("version 2 is %s, %v", old.Body, err)
		}
		_, err = d.ReadVersion(ctx, admin, ref("Patient", id), 9)
		wants(t, "reading a version that is not there", err, fault.NotFound)
		if again := d.put("Patient", id, patient(id, "Back")); !again.Created || again.Document.Version != 5 {
			t.Errorf("writing what was deleted made version %d", again.Document.Version)
		}
		history, err := d.Records.History(ctx, admin, ref("Patient", id), 0, 3)
		rest, err2 := d.Records.History(ctx, admin, ref("Patient", id), history.Next, 3)
		if err != nil || err2 != nil || len(history.Versions) != 3 || history.Next != 3 || len(rest.Versions) != 2 || rest.Next != 0 {
			t.Errorf("the history is %d (next %d) and %d (next %d) versions: %v", len(history.Versions), history.Next, len(rest.Versions), rest.Next, errors.Join(err, err2))
		}
		if err := d.Delete(ctx, admin, ref("Patient", "nobody"), 0); err != nil {
			t.Errorf("deleting what never was: %v", err)
		}
	})
}

func TestWhatDoesNotFitItsAddressIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		_, err := d.Create(ctx, admin, "Practitioner", []byte(unnamed("Zzyzx")), "")
		wants(t, "another type", err, fault.Invalid)
		_, err = d.Update(ctx, admin, ref("Patient", "a"), []byte(patient("b", "Zzyzx")), 0)
		wants(t, "another id", err, fault.Invalid)
		_, err = d.Update(ctx, admin, ref("Patient", "a"), []byte(unnamed("Zzyzx")), 0)
		wants(t, "no id", err, fault.Invalid)
		_, err = d.Create(ctx, admin, "Patient", []byte(`{"resourceType":"Patient","gender":"purple","birthDate":"never"}`), "")
		if f := fault.From(err); f == nil || f.Kind != fault.Invalid || len(f.Issues) != 2 {
			t.Errorf("two mistakes give %v", err)
		}
		_, err = d.Create(ctx, admin, "Patient", []byte(`{"resourceType":`), "")
		wants(t, "half a document", err, fault.Invalid)
		_, err = d.Create(ctx, admin, "Basic", []byte(`{"resourceType":"Basic"}`), "")
		wants(t, "a type that is not served", err, fault.NotFound)
		_, err = d.Update(ctx, admin, models.Ref{Type: "Task", ID: "t1"}, []byte(`{"resourceType":"Task","id":"t1","status":"requested","intent":"order"}`), 0)
		wants(t, "a type that clients do not change", err, fault.Unsupported)
		if got := d.find(admin, "Patient", ""); got != "" {
			t.Errorf("%q was stored", got)
		}
	})
}

// smallOffice is an office of the tests: it books charge items that are billable, and notes what it was told.
type smallOffice struct {
	mutex sync.Mutex
	told  []string
}

func (b *smallOffice) behaviours() map[string]records.Behaviour {
	return map[string]records.Behaviour{
		"ChargeItem": {
			Decide: func(_ *store.Tx, a records.Arrival) (records.Fate, error) {
				switch a.Document.Root().Get("status").Text() {
				case "billable":
					return records.FateBooked, nil
				case "unknown":
					return 0, fault.At(fault.BusinessRule, "charge.status", "ChargeItem.status", "Say what it is.")
				}
				return records.FateExternal, nil
			},
			Book: func(tx *store.Tx, a records.Arrival) (string, error) {
				if a.Document.Root().Get("quantity").Exists() {
					return "", fault.At(fault.BusinessRule, "charge.quantity", "ChargeItem.quantity.value", "Leave it out.")
				}
				return a.Ref.ID, books.SaveCharges(tx, models.Charge{ID: models.ChargeID(a.Ref.ID), PatientID: "p", Sequence: 1, State: models.ChargeBillable, System: models.SystemCPT, Code: "99214", Units: models.OneUnit, Source: "sent"})
			},
			After: b.after,
		},
		"Patient": {After: b.after},
	}
}

func (b *smallOffice) after(tx *store.Tx, a records.Arrival) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	what := "stored"
	if a.Document == nil {
		what = "deleted"
	}
	b.told = append(b.told, what+" "+a.Ref.String())
	return books.SaveCase(tx, models.Case{ID: models.CaseID("Encounter/" + a.Ref.ID), State: models.CaseNew, Due: models.StepPlan, DueAt: 1})
}

// due counts the steps that are due.
func (d desk) due() (n int64) {
	d.t.Helper()
	err := d.db.Everywhere(d.t.Context(), func(v *store.View) (err error) {
		n, err = books.CountDueEverywhere(v, d.db.Now())
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func charge(id, status string) string {
	return fmt.Sprintf(`{"resourceType":"ChargeItem","id":%q,"status":%q,"code":{"text":"x"},"subject":{"reference":"Patient/p"}}`, id, status)
}

func TestFateIsDecidedAtCreateAndForLife(t *testing.T) {
	storetest.CountsRuns(t)
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var b smallOffice
		d, ctx := open(t, db, b.behaviours()), t.Context()
		elsewhere := d.put("ChargeItem", "x", charge("x", "billed"))
		if !elsewhere.Document.External || !strings.Contains(string(elsewhere.Document.Body), fhir.OriginExternal.Code) {
			t.Errorf("billing done elsewhere is stored as %s", elsewhere.Document.Body)
		}
		if got := d.find(admin, "ChargeItem", "_tag="+fhir.OriginExternal.System+"|"+fhir.OriginExternal.Code); got != "x" {
			t.Errorf("by its tag %q is found", got)
		}
		if again := d.put("ChargeItem", "x", charge("x", "billed")); again.Document.Version != 1 {
			t.Error("the same content again made a version, for its tag")
		}
		if later := d.put("ChargeItem", "x", charge("x", "billable")); !later.Document.External {
			t.Error("what is external became booked")
		}
		booked := d.put("ChargeItem", "ours", charge("ours", "billable"))
		if !booked.Created || booked.Document.External || !strings.Contains(string(booked.Document.Body), "99214") {
			t.Errorf("a billable charge is stored as %s", booked.Document.Body)
		}
		wants(t, "deleting what is booked", d.Delete(ctx, admin, ref("ChargeItem", "ours"), 0), fault.Unsupported)
		if err := d.Delete(ctx, admin, ref("ChargeItem", "x"), 0); err != nil {
			t.Errorf("deleting what is external: %v", err)
		}
		want := "stored ChargeItem/x; stored ChargeItem/x; deleted ChargeItem/x"
		if got := strings.Join(b.told, "; "); got != want {
			t.Errorf("billing was told\n %s, want\n %s", got, want)
		}
		// A booked type without behaviour is only ever external.
		if eob := d.put("Invoice", "i", `{"resourceType":"Invoice","id":"i","status":"issued"}`); !eob.Document.External {
			t.Error("an invoice from outside is not external")
		}
	})
}

func TestUnknownTenantIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		machine, err := records.New(db, records.Config{BaseURL: "http://test", CursorKey: make([]byte, 32)})
		if err != nil {
			t.Fatal(err)
		}
		_, err = machine.Create(t.Context(), admin, "Patient", []byte(unnamed("Zzyzx")), "")
		wants(t, "a write for nobody's tenant", err, fault.Forbidden)
		err = db.As(models.Actor{Tenant: tenant}).Update(t.Context(), func(tx *store.Tx) error { return books.SaveSettings(tx, models.DefaultSettings) })
		if err != nil {
			t.Fatal(err)
		}
		if _, err = machine.Create(t.Context(), admin, "Patient", []byte(unnamed("Zzyzx")), ""); err != nil {
			t.Errorf("after the tenant is made: %v", err)
		}
		if _, err := records.New(db, records.Config{CursorKey: make([]byte, 5)}); err == nil {
			t.Error("a key of five bytes is taken")
		}
	})
}

func TestScopesAndCompartmentsAreOneGuard(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), context.Background()
		d.put("Patient", "ann", patient("ann", "Ann"))
		d.put("Patient", "bob", patient("bob", "Bob"))
		d.put("Observation", "hers", observation("hers", "Patient/ann"))
		d.put("Observation", "his", observation("his", "Patient/bob"))
		ann, reader := asPatient("ann", "patient/*.cruds"), principal("system/Patient.r")
		if got := d.find(ann, "Observation", ""); got != "hers" {
			t.Errorf("ann finds %q", got)
		}
		for what, err := range map[string]error{
			"reading another's": func() error { _, err := d.Read(ctx, ann, ref("Observation", "his")); return err }(),
			"its history":       func() error { _, err := d.Records.History(ctx, ann, ref("Observation", "his"), 0, 10); return err }(),
			"its version":       func() error { _, err := d.ReadVersion(ctx, ann, ref("Observation", "his"), 1); return err }(),
			"what is not there": func() error { _, err := d.Read(ctx, ann, ref("Observation", "nobody")); return err }(),
			"writing over it": func() error {
				_, err := d.Update(ctx, ann, ref("Observation", "his"), []byte(observation("his", "Patient/ann")), 0)
				return err
			}(),
		} {
			wants(t, what, err, fault.NotFound)
		}
		_, err := d.Create(ctx, ann, "Observation", []byte(observation("new", "Patient/bob")), "")
		wants(t, "a record about another", err, fault.Forbidden)
		_, err = d.Update(ctx, ann, ref("Observation", "hers"), []byte(observation("hers", "Patient/bob")), 0)
		wants(t, "giving her record away", err, fault.Forbidden)
		if _, err = d.Create(ctx, ann, "Observation", []byte(observation("new", "Patient/ann")), ""); err != nil {
			t.Errorf("a record about herself: %v", err)
		}
		if err := d.Delete(ctx, ann, ref("Observation", "his"), 0); err != nil || d.read("Observation", "his").Deleted {
			t.Errorf("deleting another's: %v", err)
		}
		_, err = d.Search(ctx, reader, "Patient", nil, false)
		wants(t, "a search with the right to read", err, fault.Forbidden)
		_, err = d.Update(ctx, reader, ref("Patient", "ann"), []byte(patient("ann", "X")), 0)
		wants(t, "an update with the right to read", err, fault.Forbidden)
		_, err = d.Update(ctx, principal("system/Patient.u"), ref("Patient", "new"), []byte(patient("new", "X")), 0)
		wants(t, "making with the right to update", err, fault.Forbidden)
	})
}

// Includes pass the guard of each type they bring.
func TestIncludesBringOnlyWhatMayBeRead(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		d.put("Patient", "ann", patient("ann", "Ann"))
		d.put("Patient", "bob", patient("bob", "Bob"))
		d.put("Observation", "hers", `{"resourceType":"Observation","id":"hers","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/ann"},"performer":[{"reference":"Patient/bob"},{"reference":"Patient/gone"}],"focus":[{"reference":"Patient/bob"}]}`)
		d.put("Observation", "his", `{"resourceType":"Observation","id":"his","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/bob"},"focus":[{"reference":"Patient/ann"}]}`)
		d.put("Patient", "gone", patient("gone", "Gone"))
		if err := d.Delete(ctx, admin, ref("Patient", "gone"), 0); err != nil {
			t.Fatal(err)
		}
		included := func(who auth.Principal, typ, raw string) string {
			pairs, err := search.Pairs(raw)
			if err != nil {
				t.Fatal(err)
			}
			found, err := d.Search(ctx, who, typ, pairs, false)
			if err != nil {
				t.Fatal(err)
			}
			return idsOf(found.Matches) + ": " + idsOf(found.Included)
		}
		for _, row := range []struct {
			who            auth.Principal
			typ, raw, want string
		}{
			{admin, "Observation", "_id=hers&_include=Observation:*", "hers: ann bob"},
			{admin, "Patient", "_id=ann&_revinclude=Observation:subject", "ann: hers"},
			{admin, "Patient", "_id=ann&_revinclude=Observation:*", "ann: hers his"},
			{asPatient("ann", "patient/*.rs"), "Observation", "_include=Observation:*", "hers: ann"},
			{asPatient("ann", "patient/*.rs"), "Patient", "_revinclude=Observation:*", "ann: hers"},
			{principal("system/Observation.rs"), "Observation", "_id=hers&_include=Observation:*", "hers: "},
		} {
			if got := included(row.who, row.typ, row.raw); got != row.want {
				t.Errorf("%s?%s gives %q, want %q", row.typ, row.raw, got, row.want)
			}
		}
		documents, err := d.Documents(ctx, asPatient("ann", "patient/*.rs"), []models.Ref{ref("Patient", "bob"), ref("Patient", "ann"), ref("Patient", "gone"), ref("Observation", "his")})
		if err != nil || idsOf(documents) != "ann" {
			t.Errorf("of a list ann gets %q: %v", idsOf(documents), err)
		}
	})
}

func TestCursorIsGoodForItsListOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		for _, id := range []string{"a", "b", "c"} {
			d.put("Patient", id, patient(id, "Canary"))
		}
		list := []search.Pair{{Name: "family", Value: "canary"}, {Name: "_sort", Value: "family"}, {Name: "_count", Value: "2"}}
		first, err := d.Search(ctx, admin, "Patient", list, false)
		if err != nil || idsOf(first.Matches) != "a b" || first.Next == "" {
			t.Fatalf("the first page is %q: %v", idsOf(first.Matches), err)
		}
		if strings.Contains(first.Next, "anary") {
			t.Error("the cursor shows a name")
		}
		cursor := search.Pair{Name: records.CursorParam, Value: first.Next}
		second, err := d.Search(ctx, admin, "Patient", append(list, cursor), false)
		if err != nil || idsOf(second.Matches) != "c" || second.Next != "" {
			t.Errorf("the second page is %q: %v", idsOf(second.Matches), err)
		}
		other := admin
		other.Tenant = "other"
		for what, ask := range map[string]func() error{
			"another tenant": func() error { _, err := d.Search(ctx, other, "Patient", append(list, cursor), false); return err },
			"another query": func() error {
				_, err := d.Search(ctx, admin, "Patient", []search.Pair{list[1], cursor}, false)
				return err
			},
			"another type": func() error { _, err := d.Search(ctx, admin, "Practitioner", append(list, cursor), false); return err },
			"another end": func() error {
				_, err := d.Search(ctx, admin, "Patient", append(list, search.Pair{Name: cursor.Name, Value: cursor.Value + "A"}), false)
				return err
			},
			"no cursor at all": func() error {
				_, err := d.Search(ctx, admin, "Patient", append(list, search.Pair{Name: cursor.Name, Value: "!"}), false)
				return err
			},
		} {
			wants(t, "a cursor with "+what, ask(), fault.Invalid)
		}
	})
}

func TestVersionsAreWrittenAsTags(t *testing.T) {
	for tag, want := range map[string]int64{"": 0, `W/"1"`: 1, `W/"12"`: 12, `"1"`: 1, " " + `W/"2"` + " ": 2, `*`: records.AnyVersion} {
		if got, err := records.ParseVersion(tag); err != nil || got != want {
			t.Errorf("%q is %d, %v, want %d", tag, got, err, want)
		}
	}
	for _, tag := range []string{`1`, `W/1`, `W/*`, `"*"`, `W/"1", W/"2"`, `W/"0"`, `W/"-1"`, `W/"a"`, `W/"1`, `W/"99999999999999999999"`} {
		if _, err := records.ParseVersion(tag); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is taken", tag)
		}
	}
}
