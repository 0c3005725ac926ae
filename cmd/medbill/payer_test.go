package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir"
	"medbill/internal/auth"
	"medbill/internal/clock"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/payer"
)

// played is a practice whose payers are played, over HTTP on both sides.
type played struct {
	*testing.T
	s      *server
	payer  *payer.Payer
	behind atomic.Pointer[payer.Payer] // its own doors
	config payer.Config
	admin  string // token
	now    time.Time
}

// practise opens a practice with two payers, who are played from the day after the visits on.
func practise(t *testing.T, url string) *played {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), runTimeout)
	t.Cleanup(cancel)
	var log lockedBuffer
	x := &played{T: t, now: time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)}
	serve := serveCommand{place: place{Data: t.TempDir(), Database: url}, calls: calls{Partners: x.doors()}, Addr: "127.0.0.1:0", Dev: true}
	s, err := serve.start(ctx, streams{}, logger(streams{&log, &log}, slog.LevelInfo))
	if err != nil {
		t.Fatal(err)
	}
	x.s = s
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	practice, send, wait := models.OrganizationID("practice"), true, 0
	if _, err := s.office.SaveTenant(ctx, operator("played"), models.SettingsChange{PracticeID: &practice, AutoSubmit: &send, SelfPayHours: &wait}); err != nil {
		t.Fatal(err)
	}
	x.admin = x.token(auth.RoleAdmin, "")
	x.put(x.setting()...)
	config := payer.Config{Seed: "seed", Provider: s.base, Start: x.now, Clock: clock.System(), Token: "canary", Data: t.TempDir()}
	for _, plays := range [][2]string{{"acme", payer.ACME}, {"beta", payer.BETA}} {
		config.Plays = append(config.Plays, payer.Play{Organization: plays[0], Token: x.token(auth.RolePayer, plays[0]), Plan: plays[1]})
	}
	x.config = config
	if x.payer, err = payer.New(config); err != nil {
		t.Fatal(err)
	}
	x.behind.Store(x.payer)
	t.Cleanup(func() {
		if err := x.payer.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func (x *played) token(role auth.Role, organization string) string {
	x.Helper()
	token, err := tokenCommand{Tenant: "played", Role: string(role), Organization: organization, TTL: time.Hour}.sign(x.s.keys)
	if err != nil {
		x.Fatal(err)
	}
	return token
}

// setting is who bills, who pays and what it costs, as resources.
func (x *played) setting() []string {
	list := []string{
		`{"resourceType":"Organization","id":"practice","active":true,"name":"Zzyzx Road Clinic","identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"},{"system":"urn:oid:2.16.840.1.113883.4.4","value":"999999999"}],"address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]}`,
		`{"resourceType":"Organization","id":"acme","active":true,"name":"ACME PPO"}`, `{"resourceType":"Organization","id":"beta","active":true,"name":"BETA SUPPLEMENTAL"}`,
		`{"resourceType":"Practitioner","id":"doctor","active":true,"name":[{"family":"Road","given":["Zzyzx"]}],"identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1999999984"}]}`,
		`{"resourceType":"Location","id":"office","status":"active","name":"Office","type":[{"coding":[{"system":"https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set","code":"11"}]}]}`,
	}
	for code, price := range map[string]string{"99214": "250.00", "93000": "60.00", "36415": "15.00", "99212": "90.00", "99203": "180.00", "99213": "150.00"} {
		list = append(list, fmt.Sprintf(`{"resourceType":"ChargeItemDefinition","id":"fee-%[1]s","url":"https://zzyzx.example/fee/%[1]s","status":"active","code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":%[1]q}]},"effectivePeriod":{"start":"2026-01-01","end":"2026-12-31"},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":%[2]s,"currency":"USD"}}]}]}`, code, price))
	}
	return list
}

// put brings resources under their own ids in one transaction.
func (x *played) put(resources ...string) {
	x.Helper()
	var entries []string
	for _, r := range resources {
		var head struct{ ResourceType, ID string }
		if err := json.Unmarshal([]byte(r), &head); err != nil {
			x.Fatal(err)
		}
		entries = append(entries, fmt.Sprintf(`{"resource":%s,"request":{"method":"PUT","url":"%s/%s"}}`, r, head.ResourceType, head.ID))
	}
	got := x.send("POST", "/fhir/R4", `{"resourceType":"Bundle","type":"transaction","entry":[`+strings.Join(entries, ",")+`]}`)
	if !strings.Contains(got, "transaction-response") {
		x.Fatalf("the practice is not set up: %.900s", got)
	}
}

func (x *played) send(method, path, body string) string {
	x.Helper()
	return send(context.Background(), x.T, x.s.base, x.admin, method, path, body)
}

// visits has a member seen: codes of the services, and of whom else the member is.
func (x *played) visits(member string, codes []string, second string) {
	x.Helper()
	id := strings.ToLower(member)
	list := []string{
		fmt.Sprintf(`{"resourceType":"Patient","id":%q,"name":[{"family":"Canary","given":["Zzyzx"]}],"gender":"female","birthDate":"1970-01-01","address":[{"line":["2 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]}`, id),
		coverage(id, "acme", member, "1"),
		fmt.Sprintf(`{"resourceType":"Condition","id":"%[1]s-dx","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]},"subject":{"reference":"Patient/%[1]s"},"encounter":{"reference":"Encounter/%[1]s"},"recordedDate":"2026-03-02"}`, id),
	}
	if second != "" {
		list = append(list, coverage(id, "beta", second, "2"))
	}
	for _, code := range codes {
		list = append(list, procedure(id, code))
	}
	list = append(list, fmt.Sprintf(`{"resourceType":"Encounter","id":%[1]q,"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"Patient/%[1]s"},"participant":[{"individual":{"reference":"Practitioner/doctor"}}],"period":{"start":"2026-03-02T09:00:00-08:00","end":"2026-03-02T09:30:00-08:00"},"diagnosis":[{"condition":{"reference":"Condition/%[1]s-dx"},"rank":1}],"location":[{"location":{"reference":"Location/office"}}],"serviceProvider":{"reference":"Organization/practice"}}`, id))
	x.put(list...)
}

// coverage is a plan of a patient.
func coverage(id, payer, number, order string) string {
	return fmt.Sprintf(`{"resourceType":"Coverage","id":"%[1]s-%[2]s","status":"active","order":%[4]s,"subscriberId":%[3]q,"beneficiary":{"reference":"Patient/%[1]s"},"relationship":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/subscriber-relationship","code":"self"}]},"period":{"start":"2026-01-01"},"payor":[{"reference":"Organization/%[2]s"}]}`, id, payer, number, order)
}

// procedure is what was done at a visit.
func procedure(visit, code string) string {
	modifier := ""
	if code == "99214" {
		modifier = `"extension":[{"url":"https://medbill.dev/fhir/StructureDefinition/procedure-modifier","valueCode":"25"}],`
	}
	return fmt.Sprintf(`{"resourceType":"Procedure","id":"%[1]s-%[2]s",%[3]s"status":"completed","code":{"coding":[{"system":"http://www.ama-assn.org/go/cpt","code":%[2]q}]},"subject":{"reference":"Patient/%[1]s"},"encounter":{"reference":"Encounter/%[1]s"},"performedDateTime":"2026-03-02"}`, visit, code, modifier)
}

// rests waits until medbill has nothing to do, and lets the payers look.
func (x *played) rests() {
	x.Helper()
	for range 3 {
		for range 3000 {
			n, err := x.s.office.CountWaiting(context.Background())
			if err != nil {
				x.Fatal(err)
			}
			if n == 0 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if err := x.payer.Round(context.Background()); err != nil {
			x.Fatal(err)
		}
	}
}

// killed kills the payers after what they did last and before they noted it, and starts them again.
func (x *played) killed() {
	x.Helper()
	path := filepath.Join(x.config.Data, "payer-journal.jsonl")
	journal, err := os.ReadFile(path)
	if err != nil {
		x.Fatal(err)
	}
	last := bytes.LastIndexByte(bytes.TrimSuffix(journal, []byte("\n")), '\n') + 1
	if err := errors.Join(x.payer.Close(), os.WriteFile(path, journal[:last], 0o600)); err != nil {
		x.Fatal(err)
	}
	if x.payer, err = payer.New(x.config); err != nil {
		x.Fatal(err)
	}
	x.behind.Store(x.payer)
}

// doors opens the payers' own doors, and gives the file by which the practice's server calls ACME there.
func (x *played) doors() string {
	x.Helper()
	doors := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { x.behind.Load().Handler().ServeHTTP(w, r) }))
	x.Cleanup(doors.Close)
	dir := x.TempDir()
	token, file := filepath.Join(dir, "token"), filepath.Join(dir, "partners.csv")
	if err := errors.Join(os.WriteFile(token, []byte("canary\n"), 0o600), os.WriteFile(file, []byte("tenant,payer,base,token_file\nplayed,acme,"+doors.URL+"/fhir/R4,"+token+"\n"), 0o600)); err != nil {
		x.Fatal(err)
	}
	return file
}

// passes lets days pass for the payers.
func (x *played) passes(days int) {
	x.Helper()
	x.rests()
	x.now = x.now.AddDate(0, 0, days)
	if err := x.payer.Move(context.Background(), x.now); err != nil {
		x.Fatal(err)
	}
	x.killed()
	x.rests()
	x.killed()
}

// books gives the balances of the books by member, as `AR:Insurance 74.00`, in the order of accounts.
func (x *played) books() map[string]string {
	x.Helper()
	rows, err := csv.NewReader(strings.NewReader(x.send("GET", "/reports/trial-balance.csv?by=account,patient", ""))).ReadAll()
	if err != nil || len(rows) == 0 {
		x.Fatal("no balances", err)
	}
	books := map[string]string{}
	for _, row := range rows[1:] {
		member := strings.ToUpper(row[1])
		books[member] = strings.TrimSpace(books[member] + " " + row[0] + " " + row[2])
	}
	return books
}

func (x *played) search(query string) fhir.Node {
	x.Helper()
	d, err := fhir.Parse([]byte(x.send("GET", "/fhir/R4/"+query, "")))
	if err != nil {
		x.Fatal(err)
	}
	return d.Root().Get("entry")
}

// decides makes a decision about the open work of a kind on a member.
func (x *played) decides(member, kind, decision string, more ...string) {
	x.Helper()
	for entry := range x.search("Task?_count=200&status=requested&code=" + kind).Children() {
		task := entry.Get("resource")
		if !task.In("for", "reference").Is("Patient/" + strings.ToLower(member)) {
			continue
		}
		parameters := append([]string{`{"name":"decision","valueCode":"` + decision + `"}`}, more...)
		got := x.send("POST", "/fhir/R4/Task/"+task.Get("id").Text()+"/$decide", `{"resourceType":"Parameters","parameter":[`+strings.Join(parameters, ",")+`]}`)
		if strings.Contains(got, "OperationOutcome") {
			x.Fatalf("%s of %s of %s: %s", decision, kind, member, got)
		}
		return
	}
	var open []string
	for entry := range x.search("Task?_count=200").Children() {
		task := entry.Get("resource")
		open = append(open, task.Get("status").Text()+" "+task.In("code", "coding").At(0).Get("code").Text()+" of "+task.In("for", "reference").Text())
	}
	x.Fatalf("no work %s of %s in\n%s", kind, member, strings.Join(open, "\n"))
}

// claim gives the id of the member's claim to ACME.
func (x *played) claim(member string) string {
	x.Helper()
	return x.search("Claim?insurer=Organization/acme&patient=Patient/"+strings.ToLower(member)).At(0).In("resource", "id").Text()
}

// refusals lists what medbill refused of what the payers sent.
func (x *played) refusals() []string {
	var list []string
	for _, l := range x.payer.Letters() {
		if l.State == payer.Refused {
			list = append(list, fmt.Sprintf("%s%s %d", l.Member, l.Letter, l.Status))
		}
	}
	return list
}

const (
	writtenDown  = " Contra:Bundled 15.00 Contra:Contractual 140.00 Revenue:Gross -325.00"
	asDeductible = "AR:Patient 74.00 Clearing:ERA 96.00" + writtenDown
	nothingPaid  = "AR:Insurance 325.00 Revenue:Gross -325.00"
)

// playedBooks are the balances in which the scenarios end, by the form of the member's number: what the payers still owe, what the patients owe, who do not
// pay here, and what was written down.
var playedBooks = map[string]string{
	"PAID-%d": "AR:Patient 34.00 Clearing:ERA 136.00" + writtenDown,
	"DED-%d":  asDeductible, "PEND-%d": asDeductible, "LATE-%d": asDeductible, "SPLIT-%d": asDeductible, "CENT-%d": asDeductible, "TWICE-%d": asDeductible,
	"SYNTAX-%d": asDeductible, "REJ-%d": asDeductible, "INFO-%d": asDeductible, "MIXED-%d": asDeductible,
	"DEDALL-%d": "AR:Patient 170.00" + writtenDown,
	"COPAY-%d":  "AR:Patient 25.00 Clearing:ERA 145.00" + writtenDown,
	"OOP10-%d":  "AR:Patient 10.00 Clearing:ERA 160.00" + writtenDown,
	"FULL-%d":   "Clearing:ERA 325.00 Revenue:Gross -325.00",
	"SEQ-%d":    "AR:Patient 34.00 Clearing:ERA 133.28 Contra:Bundled 15.00 Contra:Contractual 140.00 Contra:Sequestration 2.72 Revenue:Gross -325.00",
	"TERM-%d":   nothingPaid, "AUTH-%d": nothingPaid, "DUP-%d": nothingPaid, "NOPAT-%d": nothingPaid, "FWD-%d": nothingPaid, "LOST-%d": nothingPaid, "LONELY-%d": nothingPaid,
	"RFAI-%d":   asDeductible,
	"QMB-%d":    "AR:Insurance 74.00 Clearing:ERA 96.00" + writtenDown,
	"NEC-%d":    "AR:Insurance 60.00 AR:Patient 70.00 Clearing:ERA 80.00 Contra:Bundled 15.00 Contra:Contractual 100.00 Revenue:Gross -325.00",
	"NONCOV-%d": "AR:Insurance 60.00 AR:Patient 70.00 Clearing:ERA 80.00 Contra:Bundled 15.00 Contra:Contractual 100.00 Revenue:Gross -325.00",
	"LOW-%d":    "AR:Patient 72.00 Clearing:ERA 88.00 Contra:Bundled 15.00 Contra:Contractual 150.00 Revenue:Gross -325.00",
	"XOVER-%d":  "AR:Patient 10.00 Clearing:ERA 160.00" + writtenDown,
	"DED-SEC%d": "AR:Patient 10.00 Clearing:ERA 160.00" + writtenDown,
	"DED-COB%d": "AR:Insurance 74.00 Clearing:ERA 96.00" + writtenDown, // the second payer's answer is held
	"TAKE-%d":   "AR:Patient 114.00 Clearing:ERA 56.00" + writtenDown,
	"FB%d-DOE":  "AR:Patient 114.00 Clearing:ERA 56.00" + writtenDown,
	"FB%d-ROE":  "Clearing:ERA 25.00 Contra:Contractual 65.00 Revenue:Gross -90.00",
	"FB%d-POE":  "Clearing:ERA 100.00 Contra:Contractual 80.00 Revenue:Gross -180.00",
	"WO-%d":     "AR:Patient 99.00 Clearing:ERA 71.00" + writtenDown,
	"REPL-%d":   "AR:Patient 24.00 Clearing:ERA 96.00 Contra:Bundled 15.00 Contra:Contractual 90.00 Revenue:Gross -225.00",
	"":          "Clearing:ERA 1.50 Income:Payer-interest -1.50", // nothing carried forward or owed to a payer is left
}

// TestPayersPlayedAgainstMedbill plays every scenario of claims, with payers that are killed again and again, and holds the books
// that each ends in, and that medbill refused only what it is to refuse: a remittance that is a cent off, and one with other content
// under a known trace.
func TestPayersPlayedAgainstMedbill(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		x := practise(t, url)
		x.playsAll(1)
		x.visits("TAKE-SEC", []string{"99214", "93000", "36415"}, "SEC-TAKE")
		x.passes(2)
		x.decidesAll(1)
		x.passes(2)
		x.passes(100) // what is taken back, and what is paid after that
		x.decides("TAKE-SEC", "next-payer", "replace")
		x.visits("FULL-MORE", []string{"99214", "93000", "36415"}, "") // from which the rest of what was carried forward is kept
		x.passes(1)

		want := map[string]string{"FULL-MORE": playedBooks["FULL-%d"], "TAKE-SEC": playedBooks["DED-SEC%d"]} // the second payer pays 104.00 in place of 64.00
		for form, balances := range playedBooks {
			want[member(form, 1)] = balances
		}
		books := x.books()
		if diff := cmp.Diff(want, books); diff != "" {
			t.Errorf("the books end otherwise:\n%s", diff)
		}
		if got := x.search("Invoice?patient=Patient/qmb-1").Len(); got != 0 {
			t.Errorf("a protected patient has %d invoices", got)
		}
		refused := []string{"remittance 422", "remittance 409"}
		if diff := cmp.Diff(refused, x.refusals()); diff != "" {
			t.Errorf("medbill refuses otherwise:\n%s", diff)
		}
	})
}

// member gives the number of the nth member of a scenario.
func member(form string, n int) string { return strings.ReplaceAll(form, "%d", strconv.Itoa(n)) }

// playsAll has one member of every scenario of claims seen.
func (x *played) playsAll(n int) {
	x.Helper()
	codes := []string{"99214", "93000", "36415"}
	for _, row := range payer.Rows {
		if second := map[string]string{"XOVER": "ZZYZX-%d"}[row.Prefix]; row.Plan == payer.ACME && row.Prefix != "FB" {
			x.visits(member(row.Prefix+"-%d", n), codes, member(second, n))
		}
	}
	x.visits(member("DED-SEC%d", n), codes, member("SEC-%d", n))
	x.visits(member("DED-COB%d", n), codes, member("COBBAD-%d", n))
	x.visits(member("FB%d-DOE", n), codes, "")
	x.visits(member("FB%d-ROE", n), []string{"99212"}, "")
	x.visits(member("FB%d-POE", n), []string{"99203"}, "")
}

// decidesAll decides what people decide of the scenarios: two claims are sent again, one is corrected, one found, one voided, one replaced, and one gets documents.
func (x *played) decidesAll(n int) {
	x.Helper()
	info, mixed, void, repl := member("INFO-%d", n), member("MIXED-%d", n), member("VOID-%d", n), member("REPL-%d", n)
	rejected, syntax, rfai := member("REJ-%d", n), member("SYNTAX-%d", n), member("RFAI-%d", n)
	x.decides(rejected, "rejected-claim", "resend")
	x.decides(syntax, "rejected-claim", "resend")
	x.put(fmt.Sprintf(`{"resourceType":"DocumentReference","id":"%[1]s-note","status":"current","subject":{"reference":"Patient/%[1]s"},"content":[{"attachment":{"contentType":"text/plain","data":"Q2FuYXJ5"}}]}`, strings.ToLower(rfai)))
	x.decides(rfai, "info-requested", "attach", `{"name":"document","valueReference":{"reference":"DocumentReference/`+strings.ToLower(rfai)+`-note"}}`)
	x.decides(info, "review-answer", "replace")
	x.decides(mixed, "unmatched-answer", "match", `{"name":"claim","valueReference":{"reference":"Claim/`+x.claim(mixed)+`"}}`)
	x.send("POST", "/fhir/R4/Claim/"+x.claim(void)+"/$void", "")
	x.put(strings.Replace(procedure(strings.ToLower(repl), "99214"), `"code":"99214"`, `"code":"99213"`, 1))
	x.rests()
	x.decides(repl, "changed-after-sent", "replace")
}
