package records_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/fhir/search"
	"medbill/internal/auth"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// byNumber is an Observation of whoever has a record number.
func byNumber(id, family string) string {
	return fmt.Sprintf(`{"resourceType":"Observation","id":%q,"status":"final","code":{"text":"x"},"subject":{"identifier":{"system":"urn:mrn","value":"MRN-%s"}}}`, id, family)
}

func pairsOf(raw string) []search.Pair {
	pairs, err := search.Pairs(raw)
	if err != nil {
		panic(err)
	}
	return pairs
}

var ann = asPatient("ann", "patient/*.cruds")

func TestReferencesUnderOurBasesAreOurs(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		machine, err := records.New(db, records.Config{BaseURL: "http://test/fhir/R4", OtherBases: []string{"https://bill.example/fhir/R4"}, CursorKey: make([]byte, 32), Provision: true})
		if err != nil {
			t.Fatal(err)
		}
		d := desk{t, db, machine}
		d.put("Patient", "ann", patient("ann", "Zzyzx"))
		stored := map[string]string{}
		for id, subject := range map[string]string{
			"first": "http://test/fhir/R4/Patient/ann", "other": "https://bill.example/fhir/R4/Patient/ann", "version": "http://test/fhir/R4/Patient/ann/_history/1", "relative": "Patient/ann",
			"foreign": "https://elsewhere.example/fhir/R4/Patient/ann",
		} {
			stored[id] = subject
			d.put("Observation", id, observation(id, subject))
		}
		for _, raw := range []string{"subject=Patient/ann", "patient=ann", "subject=https://bill.example/fhir/R4/Patient/ann", "patient=http://test/fhir/R4/Patient/ann"} {
			if got := d.find(admin, "Observation", raw); got != "first other relative version" {
				t.Errorf("%s finds %s", raw, got)
			}
		}
		if got := d.find(ann, "Observation", ""); got != "first other relative version" {
			t.Errorf("the patient sees %s", got)
		}
		for id, subject := range stored {
			if body := string(d.read("Observation", id).Body); !strings.Contains(body, `"`+subject+`"`) {
				t.Errorf("%s is not stored as it was sent: %s", id, body)
			}
		}
		found, err := d.Search(t.Context(), admin, "Observation", pairsOf("_id=other&_include=Observation:subject"), false)
		if err != nil || idsOf(found.Included) != "ann" {
			t.Errorf("the include brings %s, %v", idsOf(found.Included), err)
		}
		found, err = d.Search(t.Context(), admin, "Patient", pairsOf("_id=ann&_revinclude=Observation:patient"), false)
		if err != nil || len(found.Included) != 4 {
			t.Errorf("the reverse include brings %s, %v", idsOf(found.Included), err)
		}
		mine := strings.Replace(observation("x", "https://bill.example/fhir/R4/Patient/ann"), `"id":"x",`, "", 1)
		if _, err := d.Create(t.Context(), ann, "Observation", []byte(mine), ""); err != nil {
			t.Errorf("a patient's own document: %v", err)
		}
		_, err = d.Create(t.Context(), ann, "Observation", []byte(strings.Replace(mine, "bill.example", "elsewhere.example", 1)), "")
		wants(t, "a document of somebody elsewhere", err, fault.Forbidden)
	})
}

func TestIdentifierOfOneRecordIsAReference(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		d.put("Observation", "early", byNumber("early", "Zzyzx"))
		d.put("Patient", "ann", patient("ann", "Zzyzx"))
		d.put("Patient", "twin1", patient("twin1", "Twin"))
		d.put("Patient", "twin2", patient("twin2", "Twin"))
		d.put("Observation", "named", byNumber("named", "Zzyzx"))
		d.put("Observation", "twins", byNumber("twins", "Twin"))
		d.put("Observation", "nobody", byNumber("nobody", "Nobody"))
		contained := `{"resourceType":"Observation","id":"contained","contained":[{"resourceType":"Patient","id":"p","identifier":[{"system":"urn:mrn","value":"MRN-Zzyzx"}]}],"status":"final","code":{"text":"x"},"subject":{"reference":"#p"}}`
		d.put("Observation", "contained", contained)
		for _, who := range []struct {
			who auth.Principal
			raw string
		}{{admin, "patient=Patient/ann"}, {admin, "subject=ann"}, {ann, ""}} {
			if got := d.find(who.who, "Observation", who.raw); got != "contained named" {
				t.Errorf("%q finds %s", who.raw, got)
			}
		}
		if got := d.find(admin, "Observation", "subject:identifier=urn:mrn|MRN-Zzyzx"); got != "early named" {
			t.Errorf("by the identifier %s are found", got)
		}
		found, err := d.Search(ctx, admin, "Observation", pairsOf("_id=named&_include=*"), false)
		if err != nil || idsOf(found.Included) != "ann" {
			t.Errorf("the include brings %s, %v", idsOf(found.Included), err)
		}
		if versions, err := d.History(ctx, ann, ref("Observation", "named"), 0, 10); err != nil || len(versions.Versions) != 1 {
			t.Errorf("the history is %v, %v", versions, err)
		}
		if body := string(d.read("Observation", "named").Body); strings.Contains(body, "Patient/ann") {
			t.Errorf("the document says what it did not: %s", body)
		}
		mine := strings.Replace(byNumber("x", "Zzyzx"), `"id":"x",`, "", 1)
		if _, err := d.Create(ctx, ann, "Observation", []byte(mine), ""); err != nil {
			t.Errorf("a patient's own by number: %v", err)
		}
		_, err = d.Create(ctx, ann, "Observation", []byte(strings.Replace(mine, "Zzyzx", "Twin", 1)), "")
		wants(t, "a document of one of two", err, fault.Forbidden)
		// It is resolved once: what is written later changes nothing until the document is written again.
		d.put("Patient", "ann", patient("ann", "Renamed"))
		if got := d.find(ann, "Observation", "_id=named"); got != "named" {
			t.Errorf("a later change finds %q", got)
		}
		d.put("Observation", "named", strings.Replace(byNumber("named", "Zzyzx"), "final", "amended", 1))
		if got := d.find(ann, "Observation", "_id=named"); got != "" {
			t.Errorf("written again it is still %q", got)
		}
	})
}

func TestRecordsOfOneTransactionNameEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		body := `{"resourceType":"Bundle","type":"transaction","entry":[
			{"resource":` + byNumber("o", "Zzyzx") + `,"request":{"method":"PUT","url":"Observation/o"}},
			{"resource":` + patient("ann", "Zzyzx") + `,"request":{"method":"PUT","url":"http://test/fhir/R4/Patient/ann"}}]}`
		if _, _, err := d.bundle(t.Context(), admin, []byte(body)); err != nil {
			t.Fatal(err)
		}
		if got := d.find(ann, "Observation", ""); got != "o" {
			t.Errorf("the patient sees %q", got)
		}
	})
}

func TestDayOfAVisitIsItsOwn(t *testing.T) {
	visit := func(id, start, end string) string {
		return fmt.Sprintf(`{"resourceType":"Encounter","id":%q,"status":"finished","class":{"code":"AMB"},"period":{"start":%q,"end":%q}}`, id, start, end)
	}
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db, nil)
		setZone := func(zone string) {
			err := db.As(models.Actor{Tenant: tenant}).Update(t.Context(), func(tx *store.Tx) error {
				s := models.DefaultSettings
				s.TimeZone = zone
				return books.SaveSettings(tx, s)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		setZone("America/New_York")
		d.put("Encounter", "evening", visit("evening", "2026-05-04T21:00:00-04:00", "2026-05-04T21:20:00-04:00"))
		d.put("Encounter", "zulu", visit("zulu", "2026-05-05T01:00:00Z", "2026-05-05T01:20:00Z"))
		d.put("Encounter", "date", visit("date", "2026-05-04", "2026-05-04"))
		for _, row := range []struct{ zone, raw, want string }{
			{"America/New_York", "date=2026-05-04", "date evening zulu"},
			{"America/New_York", "date=2026-05-05", ""},
			{"America/New_York", "date=sa2026-05-05T00:59:59Z&date=lt2026-05-06", "evening zulu"},
			{"America/New_York", "date=ge2026-05-04T04:00:00Z&date=le2026-05-05T03:59:59Z", "date evening zulu"},
			{"Asia/Tokyo", "date=2026-05-04", "date evening"}, // nothing is written anew: the day of an instant follows who asks
			{"Asia/Tokyo", "date=2026-05-05", "zulu"},
			{"Asia/Tokyo", "date=sa2026-05-03T14:59:59Z&date=eb2026-05-04T15:00:00Z", "date"},
		} {
			setZone(row.zone)
			if got := d.find(admin, "Encounter", row.raw); got != row.want {
				t.Errorf("in %s %s finds %q, want %q", row.zone, row.raw, got, row.want)
			}
		}
		// Another tenant's clock is another one.
		other := admin
		other.Tenant = "other"
		if _, err := d.Update(t.Context(), other, ref("Encounter", "zulu"), []byte(visit("zulu", "2026-05-05T01:00:00Z", "2026-05-05T01:20:00Z")), 0); err != nil {
			t.Fatal(err)
		}
		if got := d.find(other, "Encounter", "date=2026-05-04"); got != "zulu" {
			t.Errorf("the other tenant finds %q", got)
		}
	})
}

func TestConditionalReferenceFindsOneRecordInAnyWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		d.put("Patient", "ann", patient("ann", "Zzyzx"))
		d.put("Patient", "twin1", patient("twin1", "Twin"))
		d.put("Patient", "twin2", patient("twin2", "Twin"))
		about := func(family string) string {
			return observation("o", "Patient?identifier=urn:mrn|MRN-"+family)
		}
		withoutID := func(body string) []byte { return []byte(strings.Replace(body, `"id":"o",`, "", 1)) }
		batch := func(method, url, resource string) error {
			_, outcomes, err := d.bundle(ctx, admin, []byte(`{"resourceType":"Bundle","type":"batch","entry":[{"resource":`+resource+`,"request":{"method":"`+method+`","url":"`+url+`"}}]}`))
			if err == nil && outcomes[0].Fault != nil {
				return outcomes[0].Fault
			}
			return err
		}
		for name, write := range map[string]func(string) error{
			"POST": func(o string) error { _, err := d.Create(ctx, admin, "Observation", withoutID(o), ""); return err },
			"PUT": func(o string) error {
				_, err := d.Update(ctx, admin, ref("Observation", "o"), []byte(o), 0)
				return err
			},
			"conditional PUT": func(o string) error {
				_, err := d.UpdateWhere(ctx, admin, "Observation", "_id=o", []byte(o))
				return err
			},
			"POST in a batch": func(o string) error { return batch("POST", "Observation", string(withoutID(o))) },
			"PUT in a batch":  func(o string) error { return batch("PUT", "Observation/o", o) },
			"PUT of our own": func(o string) error {
				_, err := d.Update(ctx, admin, ref("Observation", "o"), []byte(strings.Replace(o, "Patient?", "http://test/fhir/R4/Patient?", 1)), 0)
				return err
			},
			"the same by PUT": func(o string) error {
				_, err := d.Update(ctx, admin, ref("Observation", "o"), []byte(o), 0)
				return err
			},
		} {
			if err := write(about("Zzyzx")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wants(t, name+" about none", write(about("Nobody")), fault.Ambiguous)
			wants(t, name+" about two", write(about("Twin")), fault.Ambiguous)
			for _, search := range []string{"Patiant?identifier=urn:mrn|MRN-Zzyzx", "?identifier=urn:mrn|MRN-Zzyzx", "Patient?", "Patient?nonsense=1"} {
				if !strings.Contains(name, "own") {
					wants(t, name+" about "+search, write(observation("o", search)), fault.Invalid)
				}
			}
		}
		if got := strings.Count(d.find(ann, "Observation", ""), " "); got != 2 { // o, and one for each POST
			t.Errorf("%d Observations are the patient's", got+1)
		}
		if body := string(d.read("Observation", "o").Body); !strings.Contains(body, `"Patient/ann"`) {
			t.Errorf("the reference is %s", body)
		}
		_, err := d.Update(ctx, admin, ref("Observation", "o"), []byte(about("Nobody")), 0)
		if f := fault.From(err); len(f.Issues) != 1 || f.Issues[0].Path != "Observation.subject.reference" {
			t.Errorf("it is refused at %+v", f.Issues)
		}
	})
}

func TestAnyVersionIsOneThatStands(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d, ctx := open(t, db, nil), t.Context()
		write := func() error {
			_, err := d.Update(ctx, admin, ref("Patient", "ann"), []byte(patient("ann", "Canary")), records.AnyVersion)
			return err
		}
		wants(t, "none", write(), fault.Stale)
		d.put("Patient", "ann", patient("ann", "Zzyzx"))
		if err := write(); err != nil {
			t.Error(err)
		}
		if err := d.Delete(ctx, admin, ref("Patient", "ann"), records.AnyVersion); err != nil {
			t.Error(err)
		}
		wants(t, "a deleted one", write(), fault.Stale)
	})
}
