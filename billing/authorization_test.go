package billing_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/partners"
	"medbill/internal/records"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// asking is a practice whose payer ACME has a server of its own, which says what the test has it say; BETA has none.
type asking struct {
	desked
	server *payerServer
}

// payerServer answers with a status and a body, and notes what it was told.
type payerServer struct {
	status int
	says   func(request fhir.Node) string                                 // of the Claim that is told
	told   []string                                                       // where, with the types of the Bundle
	at     map[string]func(told *fhir.Document) (status int, body string) // what it says at a place, whatever else it would
}

func (p *payerServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d, err := fhir.Parse(body)
	if err != nil || r.Header.Get("Authorization") != "Bearer canary" {
		http.Error(w, "no", http.StatusTeapot)
		return
	}
	var types []string
	for entry := range d.Root().Get("entry").Children() {
		types = append(types, entry.In("resource", "resourceType").Text())
	}
	place := strings.TrimPrefix(r.URL.Path, "/r4/")
	p.told = append(p.told, place+" "+strings.Join(types, " "))
	w.Header().Set("Content-Type", "application/fhir+json")
	if says := p.at[place]; says != nil {
		status, text := says(d)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
		return
	}
	w.WriteHeader(p.status)
	_, _ = io.WriteString(w, p.says(d.Root().Get("entry").At(0).Get("resource")))
}

func eachAsking(t *testing.T, test func(t *testing.T, d asking)) {
	t.Helper()
	storetest.EachURL(t, func(t *testing.T, url string) {
		server := &payerServer{status: http.StatusOK}
		doors := httptest.NewServer(server)
		t.Cleanup(doors.Close)
		dir := t.TempDir()
		token, file := filepath.Join(dir, "token"), filepath.Join(dir, "partners.csv")
		for path, text := range map[string]string{token: "canary\n", file: "tenant,payer,base,token_file\nzzyzx,acme," + doors.URL + "/r4/," + token + "\n"} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		book, err := partners.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		hand := clocktest.At(time.Date(2026, 3, 2, 18, 0, 0, 0, time.UTC))
		db := storetest.OpenAt(t, url, hand.Clock())
		office := billing.New(db, slog.New(slog.DiscardHandler)).Calling(book)
		machine, err := records.New(db, records.Config{Behaviours: office.Behaviours(), BaseURL: "http://test/fhir/R4", CursorKey: make([]byte, 32), Provision: true})
		if err != nil {
			t.Fatal(err)
		}
		d := asking{desked{&desk{t: t, db: db, office: office, records: machine, tenant: "zzyzx"}, hand}, server}
		none := 0
		d.settings(models.SettingsChange{SelfPayHours: &none})
		d.practice()
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO"}`)
		test(t, d)
		d.clean()
	})
}

// calls has payers told what is due after a while.
func (d asking) calls(after time.Duration) {
	d.t.Helper()
	d.hand.Advance(after)
	if err := d.office.CallPayers(context.Background()); err != nil {
		d.t.Fatal(err)
	}
}

// request is a Claim by which the guest's payer is asked to allow an ECG.
func (g guest) request(more fields) fields {
	return fields{
		"resourceType": "Claim", "id": g.named("pre"), "status": "active", "use": "preauthorization", "type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"), "created": "2026-03-02",
		"patient": ref("Patient/" + g.id), "insurer": ref("Organization/acme"), "provider": ref("Organization/practice"), "priority": conceptOf("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
		"insurance": []fields{{"sequence": 1, "focal": true, "coverage": ref("Coverage/" + g.named("plan"))}},
		"item":      []fields{{"sequence": 1, "productOrService": conceptOf("http://www.ama-assn.org/go/cpt", "93000"), "quantity": fields{"value": 1}}},
	}.with(more)
}

// allowsRequest is a payer's answer to the guest's request.
func (g guest) allowsRequest(action string, more fields) fields {
	code := fields{"url": fhir.ExtensionReviewActionCode, "valueCodeableConcept": conceptOf("https://codesystem.x12.org/005010/306", action)}
	return fields{
		"resourceType": "ClaimResponse", "status": "active", "use": "preauthorization", "type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"), "created": "2026-03-03", "outcome": "complete",
		"patient": ref("Patient/" + g.id), "insurer": ref("Organization/acme"), "request": ref("Claim/" + g.named("pre")), "preAuthRef": "AUTH-1",
		"item": []fields{{"itemSequence": 1, "adjudication": []fields{{"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", "submitted"), "extension": []fields{{"url": fhir.ExtensionReviewAction, "extension": []fields{code}}}}}}},
	}.with(more)
}

// says is how the guest's request stands and what is to be done about it.
func (g guest) requestStands() string {
	g.t.Helper()
	text := ""
	g.view(func(v *store.View) error {
		a, known, err := books.Authorization(v, models.ClaimID(g.named("pre")))
		if text = string(a.State); !known {
			text = "none"
		}
		for _, kind := range []models.WorkKind{models.WorkAuthorization, models.WorkPended} {
			w, isOpen, err := books.OpenItem(v, kind, models.Ref{Type: "Claim", ID: g.named("pre")})
			if err != nil {
				return err
			}
			if isOpen {
				text += ", " + string(kind)
				for _, r := range w.Reasons {
					text += " " + r.Code
				}
				if kind == models.WorkPended {
					text += " until " + string(w.Due)
				}
			}
		}
		return err
	})
	return text
}

func (d asking) stands(g guest, what, want string) {
	d.t.Helper()
	if got := g.requestStands(); got != want {
		d.t.Errorf("%s: the request is %s, want %s", what, got, want)
	}
}

// answersWith has the payer's server answer with documents of a guest.
func (d asking) answersWith(status int, answer fields) {
	d.server.status = status
	d.server.says = func(request fhir.Node) string {
		more := fields{"request": fields{"reference": "Claim/theirs", "identifier": fields{"system": request.Get("identifier").At(0).Get("system").Text(), "value": request.Get("identifier").At(0).Get("value").Text()}}, "patient": ref("Patient/theirs"), "insurer": ref("Organization/theirs")}
		if answer["resourceType"] != "ClaimResponse" {
			more = nil
		}
		return string(d.json(fields{"resourceType": "Bundle", "type": "collection", "entry": []fields{{"resource": answer.with(more)}}}))
	}
}

// TestAPayerThatIsAwayIsCalledAgain holds that a request is sent once more after one, five and thirty minutes and then every hour, that people are told after the fourth time, and that the payer's answer ends it.
func TestAPayerThatIsAwayIsCalledAgain(t *testing.T) {
	eachAsking(t, func(t *testing.T, d asking) {
		g := d.guest(1, "away")
		d.answersWith(http.StatusServiceUnavailable, fields{"resourceType": "OperationOutcome"})
		g.send(g.patient(), g.plan("plan"), g.request(nil))
		for i, pause := range []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute, time.Hour} {
			want := "asked"
			if i > 3 {
				want = "asked, authorization-needed unreachable"
			}
			if pause > 0 {
				d.calls(pause - time.Second)
			}
			if len(d.server.told) != i {
				t.Errorf("a second before %s it was called %d times", pause, len(d.server.told))
			}
			d.stands(g, fmt.Sprint("before call ", i), want)
			d.calls(time.Second)
		}
		if want := "Claim/$submit Claim Patient Coverage Organization Organization"; len(d.server.told) != 5 || !sameWords(d.server.told[4], want) {
			t.Errorf("it was told %v, want 5 of %s", d.server.told, want)
		}
		d.answersWith(http.StatusOK, g.allowsRequest("A1", nil))
		d.calls(time.Hour)
		d.stands(g, "answered", "approved")
		d.search("ClaimResponse", "patient=Patient/"+g.id, 1)
	})
}

// sameWords reports whether texts have the same words in whatever order.
func sameWords(a, b string) bool {
	return slices.Equal(slices.Sorted(slices.Values(strings.Fields(a))), slices.Sorted(slices.Values(strings.Fields(b))))
}

// TestWhatAPayerHasNotDecidedIsAskedAbout holds that a pended request is work until its day by the law, and is inquired about every four hours, every hour where it is urgent.
func TestWhatAPayerHasNotDecidedIsAskedAbout(t *testing.T) {
	eachAsking(t, func(t *testing.T, d asking) {
		for i, row := range []struct {
			priority, until string
			every           time.Duration
		}{{"normal", "2026-03-09", 4 * time.Hour}, {"stat", "2026-03-05", time.Hour}} {
			g := d.guest(i, "pended")
			d.server.told = nil
			d.answersWith(http.StatusOK, g.allowsRequest("A4", fields{"outcome": "queued", "preAuthRef": nil}))
			g.send(g.patient(), g.plan("plan"), g.request(fields{"priority": conceptOf("http://terminology.hl7.org/CodeSystem/processpriority", row.priority)}))
			d.calls(time.Second)
			d.stands(g, row.priority, "pended, authorization-pended until "+row.until)
			d.calls(row.every - time.Minute)
			if len(d.server.told) != 1 {
				t.Errorf("%s: it is asked too early: %v", row.priority, d.server.told)
			}
			d.answersWith(http.StatusNotFound, fields{"resourceType": "OperationOutcome"})
			d.calls(time.Minute)
			d.stands(g, row.priority+", not told", "pended, authorization-pended until "+row.until)
			d.answersWith(http.StatusOK, g.allowsRequest("A3", fields{"preAuthRef": nil}))
			d.calls(row.every)
			d.stands(g, row.priority+", decided", "denied, authorization-needed A3")
			if len(d.server.told) != 3 || !strings.HasPrefix(d.server.told[2], "Claim/$inquire ") {
				t.Errorf("%s: it was told %v", row.priority, d.server.told)
			}
			d.search("ClaimResponse", "patient=Patient/"+g.id, 2) // the same again is kept once
		}
	})
}

// TestWhatAPayerDoesNotTakeInIsWork holds that a refusal is told with its code, that the request may be sent again, and that a person asks a payer without a server, whose answer anybody of the practice may bring.
func TestWhatAPayerDoesNotTakeInIsWork(t *testing.T) {
	eachAsking(t, func(t *testing.T, d asking) {
		g := d.guest(1, "refused")
		d.answersWith(http.StatusOK, g.allowsRequest("A4", fields{"outcome": "error", "item": nil, "error": []fields{{"code": conceptOf("https://codesystem.x12.org/005010/901", "75")}}}))
		g.send(g.patient(), g.plan("plan"), g.request(nil))
		d.calls(time.Second)
		d.stands(g, "with a code", "refused, authorization-needed AAA-75")
		d.answersWith(http.StatusUnprocessableEntity, fields{"resourceType": "OperationOutcome"})
		if err := d.decide(g.openOf(models.WorkAuthorization).ID, billing.Verdict{Decision: models.DecideRecheck}); err != nil {
			t.Fatal(err)
		}
		d.calls(time.Second)
		d.stands(g, "without one", "refused, authorization-needed")

		other := d.guest(2, "telephone")
		other.send(other.patient(), other.plan("plan").with(fields{"payor": []fields{ref("Organization/beta")}}), other.request(fields{"insurer": ref("Organization/beta")}))
		d.stands(other, "of a payer without a server", "asked, authorization-needed")
		d.calls(time.Hour)
		other.send(other.allowsRequest("A1", fields{"id": other.named("answer"), "insurer": ref("Organization/beta")}))
		d.stands(other, "brought", "approved")
	})
}

// TestARequestThatIsOutStandsAsItWasAsked holds that it is cancelled and not changed, that one from long ago is a record, and that the use of a document does not change.
func TestARequestThatIsOutStandsAsItWasAsked(t *testing.T) {
	eachAsking(t, func(t *testing.T, d asking) {
		g, old := d.guest(1, "changed"), d.guest(2, "old")
		d.answersWith(http.StatusOK, g.allowsRequest("A4", nil))
		g.send(g.patient(), g.plan("plan"), old.patient(), old.plan("plan"), g.request(nil), old.request(fields{"created": "2026-01-30"}))
		d.calls(time.Second)
		d.stands(old, "from long ago", "none")
		more := []fields{{"sequence": 1, "productOrService": conceptOf("http://www.ama-assn.org/go/cpt", "93000")}, {"sequence": 2, "productOrService": conceptOf("http://www.ama-assn.org/go/cpt", "36415")}}
		for name, row := range map[string]struct {
			body fields
			want string
		}{
			"for more":   {g.request(fields{"item": more}), "authorization.asked Claim.item"},
			"as a claim": {g.request(fields{"use": "claim"}), "use.changed Claim.use"},
			"of nobody":  {g.request(fields{"insurer": nil}), "required Claim.insurer"},
		} {
			if got := refusal(d.writes(row.body)); got != row.want {
				t.Errorf("%s: %s, want %s", name, got, row.want)
			}
		}
		d.stands(g, "refused", "pended, authorization-pended until 2026-03-09")
		if err := d.writes(g.request(fields{"status": "cancelled"})); err != nil {
			t.Fatal(err)
		}
		d.stands(g, "cancelled", "dropped")
		told := len(d.server.told)
		d.calls(24 * time.Hour)
		if len(d.server.told) != told {
			t.Errorf("a cancelled request is asked about: %v", d.server.told[told:])
		}
	})
}

func (d asking) writes(body fields) error {
	_, err := d.records.Update(context.Background(), d.admin(), models.Ref{Type: body["resourceType"].(string), ID: body["id"].(string)}, d.json(body), 0)
	return err
}

// TestWhoMaySayWhatIsAuthorized holds that a payer answers what it was asked, about the patient that it is for, and that what a patient's token writes asks nobody and counts for nothing.
func TestWhoMaySayWhatIsAuthorized(t *testing.T) {
	eachAsking(t, func(t *testing.T, d asking) {
		g, other := d.guest(1, "said"), d.guest(2, "said")
		d.answersWith(http.StatusOK, g.allowsRequest("A4", nil))
		g.send(g.patient(), g.plan("plan"), other.patient(), other.plan("plan"), g.request(nil))
		d.calls(time.Second)
		before := g.requestStands()
		for _, row := range []struct {
			name string
			more fields
			by   models.OrganizationID
			want string
		}{
			{"in another's name", fields{"insurer": ref("Organization/beta")}, "acme", "authorization.request ClaimResponse.request"},
			{"of another payer", nil, "beta", "forbidden ClaimResponse.insurer"},
			{"of another payer for itself", fields{"insurer": ref("Organization/beta")}, "beta", "authorization.request ClaimResponse.request"},
			{"to no request", fields{"request": ref("Claim/none")}, "acme", "authorization.request ClaimResponse.request"},
			{"about another patient", fields{"patient": ref("Patient/" + other.id)}, "acme", "authorization.patient ClaimResponse.patient"},
		} {
			who := d.withRole(auth.RolePayer)
			who.Organization = row.by
			_, err := d.records.Create(context.Background(), who, "ClaimResponse", d.json(g.allowsRequest("A1", row.more)), "")
			if got := refusal(err); got != row.want && !(row.name == "in another's name" && got == "forbidden ClaimResponse.insurer") {
				t.Errorf("%s: %s, want %s", row.name, got, row.want)
			}
		}
		patient := auth.Principal{Tenant: "zzyzx", Subject: "portal", Patient: models.PatientID(g.id), Scopes: auth.ParseScopes("patient/*.cruds")}
		if _, err := d.records.Create(context.Background(), patient, "ClaimResponse", d.json(g.allowsRequest("A1", nil)), ""); err != nil {
			t.Fatal(err)
		}
		d.stands(g, "said by who may not", before)
		payer := d.withRole(auth.RolePayer)
		payer.Organization = "acme"
		if _, err := d.records.Create(context.Background(), payer, "ClaimResponse", d.json(g.allowsRequest("A1", nil)), ""); err != nil {
			t.Fatal(err)
		}
		d.stands(g, "said by the payer", "approved")
	})
}

// TestASilentPayerWithAServerIsAsked holds that a payer's server is asked about a claim when its days are over: a judgement is posted as if the payer had sent it, whatever else it says is kept and leaves the claim work, and so
// does what cannot be read; a person may have it asked once more.
func TestASilentPayerWithAServerIsAsked(t *testing.T) {
	eachAsking(t, func(t *testing.T, d asking) {
		g := d.guest(1, "silent")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("a", "99214"))
		d.works()
		g.submit()
		c := g.claim()
		says := func(body func() fields) {
			d.server.status = http.StatusOK
			d.server.says = func(fhir.Node) string {
				answer := body().with(fields{"resourceType": "ClaimResponse", "status": "active", "use": "claim", "type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"), "created": "2026-04-02",
					"patient": ref("Patient/theirs"), "insurer": ref("Organization/theirs"), "request": ref("Claim/theirs")})
				return string(d.json(fields{"resourceType": "Bundle", "type": "collection", "entry": []fields{{"resource": answer}}}))
			}
		}
		stands := func(after time.Duration, want string) {
			t.Helper()
			d.hand.Advance(after)
			if err := d.office.AskForAnswers(context.Background()); err != nil {
				t.Fatal(err)
			}
			d.works()
			if got := strings.ReplaceAll(g.stands(), " 250.00", ""); got != want {
				t.Errorf("it stands %s, want %s", got, want)
			}
			d.clean()
		}
		accepted := func() fields {
			return fields{"outcome": "queued", "extension": []fields{{"url": ours + "claim-status", "valueCodeableConcept": conceptOf("https://x12.org/codes/claim-status-category-codes", "A2")}}}
		}
		judged := func() fields {
			amount := func(category string, value float64) fields {
				return fields{"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", category), "amount": fields{"value": value, "currency": "USD"}}
			}
			return fields{"outcome": "complete", "item": []fields{{"itemSequence": 1, "adjudication": []fields{amount("submitted", 250), amount("benefit", 250)}}}}
		}
		stands(29*24*time.Hour, "sent; acme transmitted")
		if len(d.server.told) > 0 {
			t.Errorf("it is asked too early: %v", d.server.told)
		}
		says(accepted)
		stands(24*time.Hour, "sent; acme accepted; no-answer")
		recheck := func() {
			t.Helper()
			if err := d.decide(g.openOf(models.WorkNoAnswer).ID, billing.Verdict{Decision: models.DecideRecheck}); err != nil {
				t.Fatal(err)
			}
		}
		recheck()
		d.server.says = func(fhir.Node) string { return "no JSON" }
		stands(time.Second, "sent; acme accepted; no-answer")
		recheck()
		says(judged)
		stands(time.Second, "closed; acme adjudicated")
		if len(d.server.told) != 3 || !strings.HasPrefix(d.server.told[0], "Claim/$inquire Claim ") {
			t.Errorf("it was told %v", d.server.told)
		}
		d.search("ClaimResponse", "request=Claim/"+string(c.ID), 2)
	})
}
