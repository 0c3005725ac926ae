package api_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/money"
)

// The worked example: a claim that a primary and a secondary payer answer, that the primary takes back and corrects with interest and a balance carried
// forward, which it recovers from a later payment, and that the secondary corrects after it; with the balances that three claims bring from before.

// entry is an event of the journal that the example is to end in: accounts with their amounts, a debit above zero.
type entry struct {
	day, what string
	legs      map[string]string
}

// workedJournal is the example.
var workedJournal = []entry{
	{"2026-03-01", "opening", map[string]string{"AR:Patient:DOE:C0900": "12.00", "AR:Insurance:ACME:C2002": "90.00", "AR:Insurance:ACME:C3003": "180.00", "Equity:Opening": "-282.00"}},
	{"2026-03-02", "prepaid", map[string]string{"Cash:Card-clearing": "30.00", "Liability:Patient-credits:DOE": "-30.00"}},
	{"2026-03-03", "charges", map[string]string{"AR:Insurance:ACME:C1001": "325.00", "Revenue:Gross": "-325.00"}},
	{"2026-03-20", "era1", map[string]string{"Clearing:ERA:EFT0001": "96.00", "Contra:Contractual": "140.00", "Contra:Bundled": "15.00", "AR:Insurance:BETA:C1001": "74.00", "AR:Insurance:ACME:C1001": "-325.00"}},
	{"2026-03-20", "deposit EFT0001", map[string]string{"Cash:Bank": "96.00", "Clearing:ERA:EFT0001": "-96.00"}},
	{"2026-04-10", "era2", map[string]string{"Clearing:ERA:EFT9001": "64.00", "AR:Patient:DOE:C1001": "10.00", "AR:Insurance:BETA:C1001": "-74.00"}},
	{"2026-04-10", "deposit EFT9001", map[string]string{"Cash:Bank": "64.00", "Clearing:ERA:EFT9001": "-64.00"}},
	{"2026-04-12", "credit applied", map[string]string{"Liability:Patient-credits:DOE": "22.00", "AR:Patient:DOE:C1001": "-10.00", "AR:Patient:DOE:C0900": "-12.00"}},
	{"2026-04-12", "refund approved", map[string]string{"Liability:Patient-credits:DOE": "8.00", "Liability:Refunds-payable": "-8.00"}},
	{"2026-04-15", "refund paid", map[string]string{"Liability:Refunds-payable": "8.00", "Cash:Card-clearing": "-8.00"}},
	{"2026-06-15", "era3 reversal", map[string]string{"AR:Insurance:ACME:C1001": "325.00", "Clearing:ERA:REM0003": "-96.00", "Contra:Contractual": "-140.00", "Contra:Bundled": "-15.00", "AR:Insurance:BETA:C1001": "-74.00"}},
	{"2026-06-15", "era3 correction", map[string]string{"Clearing:ERA:REM0003": "56.00", "Contra:Contractual": "140.00", "Contra:Bundled": "15.00", "AR:Insurance:BETA:C1001": "114.00", "AR:Insurance:ACME:C1001": "-325.00"}},
	{"2026-06-15", "era3 C2002", map[string]string{"Clearing:ERA:REM0003": "25.00", "Contra:Contractual": "65.00", "AR:Insurance:ACME:C2002": "-90.00"}},
	{"2026-06-15", "era3 interest", map[string]string{"Clearing:ERA:REM0003": "1.50", "Income:Payer-interest": "-1.50"}},
	{"2026-06-15", "era3 forward", map[string]string{"Clearing:ERA:REM0003": "13.50", "Liability:Payer-forward-balance:ACME:REM0003": "-13.50"}},
	{"2026-06-22", "era4 C3003", map[string]string{"Clearing:ERA:EFT0004": "100.00", "Contra:Contractual": "80.00", "AR:Insurance:ACME:C3003": "-180.00"}},
	{"2026-06-22", "era4 recovered", map[string]string{"Liability:Payer-forward-balance:ACME:REM0003": "13.50", "Clearing:ERA:EFT0004": "-13.50"}},
	{"2026-06-22", "deposit EFT0004", map[string]string{"Cash:Bank": "86.50", "Clearing:ERA:EFT0004": "-86.50"}},
	{"2026-07-10", "era5 reversal", map[string]string{"AR:Insurance:BETA:C1001": "74.00", "Clearing:ERA:EFT9005": "-64.00", "AR:Patient:DOE:C1001": "-10.00"}},
	{"2026-07-10", "era5 correction", map[string]string{"Clearing:ERA:EFT9005": "104.00", "AR:Patient:DOE:C1001": "10.00", "AR:Insurance:BETA:C1001": "-114.00"}},
	{"2026-07-10", "deposit EFT9005", map[string]string{"Cash:Bank": "40.00", "Clearing:ERA:EFT9005": "-40.00"}},
}

// example is the office in which it is played. Its clock moves when told.
type example struct {
	*world
	*testing.T
	hand   *clocktest.Hand
	number string // of the claim that the example calls C1001
	played int    // events so far
}

type object = map[string]any

func (x *example) until(day string) {
	x.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		x.Fatal(err)
	}
	x.hand.Advance(at.Add(18 * time.Hour).Sub(x.hand.Clock().Now()))
}

// stands compares the balances by account, payer, claim, patient and remittance with the running sum of the next events.
func (x *example) stands(events int) {
	x.Helper()
	x.idle(x.T)
	x.played += events
	last := workedJournal[x.played-1]
	want := map[string]money.Cents{}
	for _, e := range workedJournal[:x.played] {
		for account, amount := range e.legs {
			want[account] += x.cents(amount)
		}
	}
	maps.DeleteFunc(want, func(_ string, amount money.Cents) bool { return amount == 0 })
	got, total := map[string]money.Cents{}, money.Cents(0)
	text := x.do(x.T, who{role: auth.RoleBiller}, "GET", x.root+"/reports/trial-balance.csv?asOf="+last.day+"&by=account,payer,claim,patient,remittance", "").expect(x.T, http.StatusOK).body
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) == 0 || strings.Join(rows[0], ",") != "account,payer,claim,patient,remittance,amount" {
		x.Fatalf("%v: %s", err, text)
	}
	for _, row := range rows[1:] {
		name, payer, claim, patient, remittance, amount := row[0], strings.ToUpper(row[1]), strings.Replace(row[2], x.number, "C1001", 1), strings.ToUpper(row[3]), row[4], x.cents(row[5])
		switch models.LedgerAccount(name) {
		case models.AccountARInsurance:
			name += ":" + payer + ":" + claim
		case models.AccountARPatient:
			name += ":" + patient + ":" + claim
		case models.AccountClearing:
			name += ":" + remittance
		case models.AccountPatientCredits:
			name += ":" + patient
		case models.AccountForward:
			name += ":" + payer + ":" + remittance
		}
		got[name] += amount
		total += amount
	}
	maps.DeleteFunc(got, func(_ string, amount money.Cents) bool { return amount == 0 })
	if !maps.Equal(got, want) || total != 0 {
		x.Fatalf("after %s the books say\n%v\nwant\n%v\n%s", last.what, got, want, text)
	}
}

func (x *example) cents(text string) money.Cents {
	x.Helper()
	cents, err := money.Parse(text)
	if err != nil {
		x.Fatal(err)
	}
	return cents
}

// said is what an answer says: by line what was billed and paid, and each adjustment.
type said struct {
	number, status, trace, day string
	lines                      []string // `250.00 80.00 CO-45 100.00 PR-1 50.00`
}

func usd(amount string) object {
	return object{"value": json.Number(amount), "currency": "USD"}
}

func concept(system, code string) object {
	return object{"coding": []object{{"system": system, "code": code}}}
}

const codesOfAdjudication = "http://terminology.hl7.org/CodeSystem/adjudication"

// answer is the ClaimResponse that says it.
func (x *example) answer(payer, patient, claim string, s said) object {
	var items []object
	paid := money.Cents(0)
	for i, text := range s.lines {
		part := strings.Fields(text)
		judged := []object{{"category": concept(codesOfAdjudication, "submitted"), "amount": usd(part[0])}, {"category": concept(codesOfAdjudication, "benefit"), "amount": usd(part[1])}}
		paid += x.cents(part[1])
		for j := 2; j < len(part); j += 2 {
			group, reason, _ := strings.Cut(part[j], "-")
			judged = append(judged, object{
				"category": concept("https://x12.org/codes/claim-adjustment-group-codes", group), "reason": concept("https://x12.org/codes/claim-adjustment-reason-codes", reason), "amount": usd(part[j+1]),
			})
		}
		items = append(items, object{"itemSequence": i + 1, "adjudication": judged})
	}
	return object{
		"resourceType": "ClaimResponse", "status": "active", "use": "claim", "outcome": "complete", "created": s.day, "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
		"identifier": []object{{"system": "https://" + payer + ".example.org/icn", "value": s.number}},
		"patient":    object{"reference": "Patient/" + patient}, "insurer": object{"reference": "Organization/" + payer}, "request": object{"reference": "Claim/" + claim}, "item": items,
		"extension": []object{{"url": "https://medbill.dev/fhir/StructureDefinition/clp-status", "valueCode": s.status}},
		"payment":   object{"type": concept("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "date": s.day, "amount": usd(paid.String()), "identifier": object{"value": s.trace}},
	}
}

// remits sends what a payer pays at once in one transaction, as its file has it: the answers, then the payment. A part that is about no claim is `L6 1.50` or
// `FB:REM0003 13.50`.
func (x *example) remits(payer, trace, day, amount string, answers []object, parts ...string) {
	x.Helper()
	var entries, details []object
	for i, a := range answers {
		name := fmt.Sprintf("urn:uuid:00000000-0000-4000-8000-%012d", i+1)
		entries = append(entries, object{"fullUrl": name, "resource": a, "request": object{"method": "POST", "url": "ClaimResponse"}})
		details = append(details, object{
			"type": concept("http://terminology.hl7.org/CodeSystem/payment-type", "payment"), "request": a["request"], "response": object{"reference": name}, "amount": a["payment"].(object)["amount"],
		})
	}
	for _, text := range parts {
		name, amount, _ := strings.Cut(text, " ")
		code, reference, isNamed := strings.Cut(name, ":")
		detail := object{"amount": usd(amount), "type": object{"coding": []object{
			{"system": "http://terminology.hl7.org/CodeSystem/payment-type", "code": "adjustment"}, {"system": "https://codesystem.x12.org/005010/426", "code": code},
		}}}
		if isNamed {
			detail["identifier"] = object{"value": reference}
		}
		details = append(details, detail)
	}
	entries = append(entries, object{"resource": object{
		"resourceType": "PaymentReconciliation", "status": "active", "created": day, "outcome": "complete", "paymentIssuer": object{"reference": "Organization/" + payer},
		"paymentDate": day, "paymentAmount": usd(amount), "paymentIdentifier": object{"value": trace}, "detail": details,
	}, "request": object{"method": "POST", "url": "PaymentReconciliation"}})
	body, err := json.Marshal(object{"resourceType": "Bundle", "type": "transaction", "entry": entries})
	if err != nil {
		x.Fatal(err)
	}
	as := who{role: auth.RolePayer, organization: models.OrganizationID(payer)}
	for range 2 { // the same file again changes nothing
		x.do(x.T, as, "POST", "", string(body)).expect(x.T, http.StatusOK)
	}
}

// claimTo waits for the claim of the visit to a payer in a state.
func (x *example) claimTo(payer, state string) string {
	x.Helper()
	return x.await(x.T, "Claim?encounter=Encounter/visit&claim-state="+state+"&insurer=Organization/"+payer, 1)[0]
}

func (x *example) send(payer string) string {
	x.Helper()
	claim := x.claimTo(payer, "ready")
	x.do(x.T, who{role: auth.RoleBiller}, "POST", "Claim/"+claim+"/$submit", "").expect(x.T, http.StatusOK)
	return claim
}

// opens brings the three balances from before, and gives the claims of those that a payer owes.
func (x *example) opens() (roe, poe string) {
	x.Helper()
	for _, patient := range []string{"roe", "poe"} {
		x.put(x.T, "Patient/"+patient, compact(`{'resourceType':'Patient','id':'`+patient+`','name':[{'family':'Canary'}],'gender':'male','birthDate':'1970-01-01'}`))
	}
	for patient, payer := range map[string]string{"doe": "acme", "roe": "acme", "poe": "acme"} {
		x.put(x.T, "Coverage/"+patient+"-"+payer, compact(`{'resourceType':'Coverage','id':'`+patient+`-`+payer+`','status':'active','order':1,'subscriberId':'A-`+patient+`','beneficiary':{'reference':'Patient/`+patient+`'},'payor':[{'reference':'Organization/`+payer+`'}]}`))
	}
	file := "patient,payer,coverage,number,payer_number,service_date,system,code,amount\ndoe,,,C0900,,2026-01-12,,,12.00\nroe,acme,,C2002,,2026-02-10,cpt,99212,90.00\npoe,acme,,C3003,,2026-02-12,cpt,99203,180.00\n"
	x.do(x.T, who{role: auth.RoleManager}, "POST", "$import-balances", file, "Content-Type: text/csv").expect(x.T, http.StatusOK)
	of := func(number string) string {
		return x.await(x.T, "Claim?identifier=https://medbill.dev/fhir/NamingSystem/claim-number|"+number, 1)[0]
	}
	return of("C2002"), of("C3003")
}

// replaces decides to replace the claim that work of a kind is about, and gives the claim that goes out in its place.
func (x *example) replaces(kind string) string {
	x.Helper()
	x.idle(x.T)
	task := x.await(x.T, "Task?status=requested&code="+kind, 1)[0]
	x.do(x.T, who{role: auth.RoleBiller}, "POST", "Task/"+task+"/$decide", compact(`{'resourceType':'Parameters','parameter':[{'name':'decision','valueCode':'replace'}]}`)).expect(x.T, http.StatusOK)
	return x.claimTo("beta", "transmitted")
}

var (
	primary = []string{"250.00 80.00 CO-45 100.00 PR-1 50.00 PR-2 20.00", "60.00 16.00 CO-45 40.00 PR-2 4.00", "15.00 0.00 CO-97 15.00"}
	again   = []string{"250.00 40.00 CO-45 100.00 PR-1 100.00 PR-2 10.00", "60.00 16.00 CO-45 40.00 PR-2 4.00", "15.00 0.00 CO-97 15.00"}
	second  = []string{"250.00 60.00 OA-23 180.00 PR-3 10.00", "60.00 4.00 OA-23 56.00", "15.00 0.00 OA-23 15.00"}
	later   = []string{"250.00 100.00 OA-23 140.00 PR-3 10.00", "60.00 4.00 OA-23 56.00", "15.00 0.00 OA-23 15.00"}
)

// turned gives a judgement with its signs turned.
func turned(lines []string) []string {
	var list []string
	for _, line := range lines {
		part := strings.Fields(line)
		for i := range part {
			if strings.Contains(part[i], ".") && part[i] != "0.00" {
				part[i] = "-" + part[i]
			}
		}
		list = append(list, strings.Join(part, " "))
	}
	return list
}

// TestWorkedExampleOfTwoPayersATakebackAndACorrection plays it step by step over HTTP: after each step the balances are the running sum of its journal.
func TestWorkedExampleOfTwoPayersATakebackAndACorrection(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		hand := clocktest.At(time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC))
		x := &example{world: open(t, storetest.OpenAt(t, url, hand.Clock()), nil), T: t, hand: hand, number: "none yet"}
		practice(t, x.world)
		x.put(t, "Organization/beta", compact(`{'resourceType':'Organization','id':'beta','name':'BETA SUPPLEMENTAL'}`))
		x.put(t, "Patient/doe", compact(`{'resourceType':'Patient','id':'doe','name':[{'family':'Canary','given':['Zzyzx']}],'gender':'female','birthDate':'1970-01-01'}`))
		roe, poe := x.opens()
		x.stands(1)

		x.until("2026-03-02")
		prepaid := strings.NewReplacer("Patient/ann", "Patient/doe", `"cash"`, `"card"`).Replace(notice("30.00", "ch_1", "Encounter/visit"))
		x.do(t, frontdesk, "POST", "PaymentNotice", prepaid).expect(t, http.StatusCreated)
		x.stands(1)

		x.until("2026-03-03")
		x.put(t, "Coverage/doe-beta", compact(`{'resourceType':'Coverage','id':'doe-beta','status':'active','order':2,'subscriberId':'B-doe','beneficiary':{'reference':'Patient/doe'},'payor':[{'reference':'Organization/beta'}]}`))
		visit(t, x.world, "visit", "doe")
		first := x.claimTo("acme", "ready")
		x.number = x.do(t, admin, "GET", "Claim/"+first, "").node(t).In("identifier", "value").Text()
		x.stands(1)
		x.send("acme")

		x.until("2026-03-20")
		x.remits("acme", "EFT0001", "2026-03-20", "96.00", []object{x.answer("acme", "doe", first, said{"A-ICN-1", "1", "EFT0001", "2026-03-20", primary})})
		x.stands(1)
		x.banks("application/json", `[{"date":"2026-03-20","amount":96.00,"trace":"EFT0001","payer":"acme","text":"ACME PPO HCCLAIMPMT","reference":"B-1"}]`)
		x.stands(1)

		x.until("2026-03-22")
		next := x.send("beta")
		x.until("2026-04-10")
		x.banks("text/csv", "date,amount,trace,payer,text,reference\n2026-04-10,64.00,EFT9001,beta,,B-2\n")
		x.remits("beta", "EFT9001", "2026-04-10", "64.00", []object{x.answer("beta", "doe", next, said{"B-ICN-1", "2", "EFT9001", "2026-04-10", second})})
		x.idle(t) // what was prepaid pays the visit, and then what is due longest

		x.until("2026-04-12")
		refunded := x.do(t, who{role: auth.RoleManager}, "POST", "Patient/doe/$refund", compact(`{'resourceType':'Parameters','parameter':[{'name':'reason','valueString':'Paid too much.'}]}`), "Idempotency-Key: refund").expect(t, http.StatusOK)
		x.stands(4)
		x.until("2026-04-15")
		refund := refunded.node(t).Get("parameter").At(0).Get("part").At(0).Get("valueString").Text()
		x.do(t, who{role: auth.RoleBiller}, "POST", "Patient/doe/$pay-refund", compact(`{'resourceType':'Parameters','parameter':[{'name':'refund','valueString':'`+refund+`'},{'name':'reference','valueString':'re_1'}]}`)).expect(t, http.StatusOK)
		x.stands(1)

		x.until("2026-06-15")
		x.remits("acme", "REM0003", "2026-06-15", "0.00", []object{
			x.answer("acme", "doe", first, said{"A-ICN-1", "22", "REM0003", "2026-06-15", turned(primary)}),
			x.answer("acme", "doe", first, said{"A-ICN-1R", "1", "REM0003", "2026-06-15", again}),
			x.answer("acme", "roe", roe, said{"A-ICN-2", "1", "REM0003", "2026-06-15", []string{"90.00 25.00 CO-45 65.00"}}),
		}, "L6 1.50", "FB:REM0003 13.50")
		x.stands(5)

		x.until("2026-06-18")
		corrected := x.replaces("next-payer")
		body := x.do(t, who{role: auth.RolePayer, organization: "beta"}, "GET", "Claim/"+corrected, "").expect(t, 200)
		if frequency, number := body.node(t).Get("related").At(0).In("reference", "value").Text(), body.node(t).In("identifier", "value").Text(); frequency != "B-ICN-1" || number != x.number || !strings.Contains(body.body, `"valueCode":"7"`) {
			t.Errorf("the corrected claim is %s", body.body)
		}
		x.stands(0)

		x.until("2026-06-22")
		x.remits("acme", "EFT0004", "2026-06-22", "86.50", []object{
			x.answer("acme", "poe", poe, said{"A-ICN-3", "1", "EFT0004", "2026-06-22", []string{"180.00 100.00 CO-45 80.00"}}),
		}, "FB:REM0003 -13.50")
		x.stands(2)
		x.banks("text/plain", statement)
		x.stands(1)

		x.until("2026-07-10")
		x.remits("beta", "EFT9005", "2026-07-10", "40.00", []object{
			x.answer("beta", "doe", next, said{"B-ICN-1", "22", "EFT9005", "2026-07-10", turned(second)}),
			x.answer("beta", "doe", corrected, said{"B-ICN-1R", "2", "EFT9005", "2026-07-10", later}),
		})
		x.stands(2)
		x.banks("text/plain", entriesOf("260710", "EFT9005", 40_00))
		x.stands(1)
		x.await(t, "Claim?encounter=Encounter/visit&claim-state=replaced", 1)
		x.await(t, "Claim?encounter=Encounter/visit&claim-state=adjudicated", 2)
		x.await(t, "Task?status=requested", 0)
		x.await(t, "PaymentReconciliation?outcome=complete", 6) // of payers five, and a receipt
		x.await(t, "Invoice?patient=Patient/doe&status=issued", 0)
		x.await(t, "Invoice?patient=Patient/doe&status=balanced", 1)
		x.comes("2026-07-31")
		x.await(t, "Task?status=requested&code=remittance-without-deposit,deposit-without-remittance", 0)
		x.holds()
	})
}

// TestWorkedExampleOfSequestration holds that what a federal payer keeps back by law stands on an account of its own and is nobody's to pay.
func TestWorkedExampleOfSequestration(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := &example{world: w, T: t}
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := x.send("acme")
		x.remits("acme", "EFT7001", "2026-03-20", "133.28", []object{x.answer("acme", "ann", claim, said{"M-ICN-1", "1", "EFT7001", "2026-03-20", []string{
			"250.00 117.60 CO-45 100.00 CO-253 2.40 PR-2 30.00", "60.00 15.68 CO-45 40.00 CO-253 0.32 PR-2 4.00", "15.00 0.00 CO-97 15.00",
		}})})
		x.idle(t)
		const want = "account,amount\r\nAR:Patient,34.00\r\nClearing:ERA,133.28\r\nContra:Bundled,15.00\r\nContra:Contractual,140.00\r\nContra:Sequestration,2.72\r\nRevenue:Gross,-325.00\r\n"
		if got := w.do(t, who{role: auth.RoleBiller}, "GET", w.root+"/reports/trial-balance.csv?by=account", "").expect(t, http.StatusOK).body; got != want {
			t.Errorf("the books say %s", got)
		}
	})
}

// TestWorkedExampleIsThePublishedOne holds that the journal above is the one that the example was published with.
func TestWorkedExampleIsThePublishedOne(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(sharedDir(t), "worked-example", "journal.json"))
	if err != nil {
		t.Fatal(err)
	}
	type legs []struct{ Account, Amount string }
	var published struct {
		Opening map[string]string
		Entries []struct {
			Date, Desc string
			Legs       legs
		}
	}
	if err := json.Unmarshal(text, &published); err != nil {
		t.Fatal(err)
	}
	line := func(day string, amounts map[string]string) string {
		list := []string{day}
		for _, account := range slices.Sorted(maps.Keys(amounts)) {
			cents, err := money.Parse(amounts[account])
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, account+" "+cents.String())
		}
		return strings.Join(list, "; ")
	}
	want := []string{line("2026-03-01", published.Opening)}
	for _, e := range published.Entries {
		amounts := map[string]string{}
		for _, leg := range e.Legs {
			amounts[leg.Account] = leg.Amount
		}
		want = append(want, line(e.Date, amounts))
	}
	var got []string
	for _, e := range workedJournal {
		got = append(got, line(e.day, e.legs))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
