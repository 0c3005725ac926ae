package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"medbill/internal/auth"
	"medbill/internal/clock/clocktest"
	"medbill/internal/store/storetest"
	"medbill/models"
)

// Figures of single visits, played over HTTP as EHR, payers and the office do.

// figure is an office of a practice with one patient, ann, whose visits go to ACME and then, where she has two plans, to BETA.
func figure(t *testing.T, w *world, prices map[string]string, plans int) *example {
	t.Helper()
	practice(t, w)
	for code, price := range prices {
		w.put(t, "ChargeItemDefinition/fee-"+code, compact(`{'resourceType':'ChargeItemDefinition','id':'fee-`+code+`','url':'http://example.org/fee/`+code+`','status':'active','code':{'coding':[{'system':'`+cpt+`','code':'`+code+`'}]},'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':`+price+`,'currency':'USD'}}]}]}`))
	}
	w.put(t, "Organization/beta", compact(`{'resourceType':'Organization','id':'beta','name':'BETA SUPPLEMENTAL'}`))
	for i, payer := range []string{"acme", "beta"}[:plans] {
		id := []string{"cov", "second"}[i]
		w.put(t, "Coverage/"+id, compact(`{'resourceType':'Coverage','id':'`+id+`','status':'active','order':`+string(rune('1'+i))+`,'subscriberId':'CANARY-7781','beneficiary':{'reference':'Patient/ann'},'payor':[{'reference':'Organization/`+payer+`'}]}`))
	}
	return &example{world: w, T: t}
}

// did is a service of the visit.
func (x *example) did(id, code string) {
	x.Helper()
	x.put(x.T, "Procedure/"+id, compact(`{'resourceType':'Procedure','id':'`+id+`','status':'completed','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/visit'},'performedDateTime':'2026-03-02','code':{'coding':[{'system':'`+cpt+`','code':'`+code+`'}]}}`))
}

// one is a visit of one service.
func (x *example) one(code string) {
	x.Helper()
	x.put(x.T, "Condition/dx", compact(`{'resourceType':'Condition','id':'dx','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/visit'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}`))
	x.did("first", code)
	encounter(x.T, x.world, "visit", "ann", `,'diagnosis':[{'condition':{'reference':'Condition/dx'},'rank':1}]`)
}

// judges has a payer send what it says, and waits for what follows.
func (x *example) judges(payer, claim, number, status string, lines ...string) {
	x.Helper()
	body, err := json.Marshal(x.answer(payer, "ann", claim, said{number, status, "EFT-" + number + "-" + status, "2026-03-20", lines}))
	if err != nil {
		x.Fatal(err)
	}
	x.do(x.T, who{role: auth.RolePayer, organization: models.OrganizationID(payer)}, "POST", "ClaimResponse", string(body)).expect(x.T, http.StatusCreated)
	x.idle(x.T)
}

// decides decides the one open item of a kind.
func (x *example) decides(kind, decision string) {
	x.Helper()
	x.idle(x.T)
	task := x.await(x.T, "Task?status=requested&code="+kind, 1)[0]
	x.do(x.T, admin, "POST", "Task/"+task+"/$decide", compact(`{'resourceType':'Parameters','parameter':[{'name':'decision','valueCode':'`+decision+`'},{'name':'reason','valueString':'As the record says.'}]}`)).expect(x.T, http.StatusOK)
	x.idle(x.T)
}

// books gives the trial balance by account and payer.
func (x *example) books() string {
	x.Helper()
	rows := strings.Split(strings.TrimSpace(x.do(x.T, who{role: auth.RoleBiller}, "GET", x.root+"/reports/trial-balance.csv?by=account,payer", "").expect(x.T, http.StatusOK).body), "\r\n")
	return strings.Join(rows[1:], "; ")
}

// invoiced gives what the patient is asked for, open invoice by open invoice.
func (x *example) invoiced() string {
	x.Helper()
	var amounts []string
	for _, invoice := range x.do(x.T, admin, "GET", "Invoice?patient=Patient/ann&status=issued", "").expect(x.T, http.StatusOK).entries(x.T) {
		amounts = append(amounts, x.do(x.T, admin, "GET", invoice, "").node(x.T).In("totalNet", "value").Text())
	}
	slices.Sort(amounts)
	return strings.Join(amounts, " ")
}

func (x *example) says(what, books, invoices string) {
	x.Helper()
	if got := x.books(); got != books {
		x.Errorf("%s the books say\n%s, want\n%s", what, got, books)
	}
	if got := x.invoiced(); got != invoices {
		x.Errorf("%s the patient is asked for %q, want %q", what, got, invoices)
	}
}

// TestWorkedExampleOfTwoPlans holds that what the first payer leaves is the second one's before the patient is asked.
func TestWorkedExampleOfTwoPlans(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := figure(t, w, nil, 2)
		visit(t, w, "visit", "ann")
		x.judges("acme", x.send("acme"), "A-1", "1", primary...)
		x.says("after the first", "AR:Insurance,beta,74.00; Clearing:ERA,acme,96.00; Contra:Bundled,acme,15.00; Contra:Contractual,acme,140.00; Revenue:Gross,acme,-325.00", "")
		x.judges("beta", x.send("beta"), "B-1", "2", second...)
		x.says("after the second", "AR:Patient,,10.00; Clearing:ERA,acme,96.00; Clearing:ERA,beta,64.00; Contra:Bundled,acme,15.00; Contra:Contractual,acme,140.00; Revenue:Gross,acme,-325.00", "10.00")
	})
}

// TestWorkedExampleOfAMisreportedAnswer holds that a second payer that takes off what the first one took off is not believed, and what it should have said is proposed.
func TestWorkedExampleOfAMisreportedAnswer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := figure(t, w, map[string]string{"99499": "500.00"}, 2)
		x.one("99499")
		x.judges("acme", x.send("acme"), "M-1", "1", "500.00 300.00 CO-45 125.00 PR-1 75.00")
		const held = "AR:Insurance,beta,75.00; Clearing:ERA,acme,300.00; Contra:Contractual,acme,125.00; Revenue:Gross,acme,-500.00"
		x.judges("beta", x.send("beta"), "MCD-1", "2", "500.00 65.00 CO-45 435.00")
		x.says("held", held, "")
		task := x.await(t, "Task?status=requested&code=review-answer", 1)[0]
		if body := w.do(t, admin, "GET", "Task/"+task, "").expect(t, 200).body; !strings.Contains(body, "line 1: CO-45 10.00, OA-23 425.00") {
			t.Errorf("the work proposes %s", body)
		}
		x.decides("review-answer", "accept")
		x.says("accepted", "Clearing:ERA,acme,300.00; Clearing:ERA,beta,65.00; Contra:Contractual,acme,125.00; Contra:Contractual,beta,10.00; Revenue:Gross,acme,-500.00", "")
	})
}

// TestWorkedExampleOfARecodedVisit holds that a visit coded anew after its answer ends in the books once, by a claim of frequency 7 with the payer's number.
func TestWorkedExampleOfARecodedVisit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := figure(t, w, map[string]string{"99213": "150.00"}, 1)
		x.one("99214")
		first := x.send("acme")
		x.judges("acme", first, "A-1", "1", "250.00 150.00 CO-45 70.00 PR-2 30.00")
		x.did("first", "99213")
		x.decides("changed-after-sent", "replace")
		corrected := x.claimTo("acme", "transmitted")
		body := w.do(t, admin, "GET", "Claim/"+corrected, "").expect(t, 200)
		if number := body.node(t).Get("related").At(0).In("reference", "value").Text(); number != "A-1" || !strings.Contains(body.body, `"valueCode":"7"`) {
			t.Errorf("the corrected claim is %s", body.body)
		}
		x.judges("acme", first, "A-1", "22", "-250.00 -150.00 CO-45 -70.00 PR-2 -30.00")
		x.judges("acme", corrected, "A-7", "1", "150.00 90.00 CO-45 50.00 PR-2 10.00")
		x.says("in the end", "AR:Patient,,10.00; Clearing:ERA,acme,90.00; Contra:Contractual,acme,50.00; Revenue:Gross,acme,-150.00", "10.00")
		if got := x.claimTo("acme", "replaced"); got != first {
			t.Errorf("%s is replaced, not %s", got, first)
		}
	})
}

// TestWorkedExampleOfALateCharge holds that a service which comes after the claim is added by one claim over all of it.
func TestWorkedExampleOfALateCharge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := figure(t, w, map[string]string{"99213": "150.00"}, 1)
		x.one("99213")
		first := x.send("acme")
		x.judges("acme", first, "A-1", "1", "150.00 90.00 CO-45 50.00 PR-2 10.00")
		x.did("late", "93000")
		x.decides("late-charge", "replace")
		corrected := x.claimTo("acme", "transmitted")
		if total := w.do(t, admin, "GET", "Claim/"+corrected, "").expect(t, 200).node(t).In("total", "value").Text(); total != "210.00" {
			t.Errorf("the corrected claim asks for %s", total)
		}
		x.judges("acme", first, "A-1", "22", "-150.00 -90.00 CO-45 -50.00 PR-2 -10.00")
		x.judges("acme", corrected, "A-7", "1", "150.00 90.00 CO-45 50.00 PR-2 10.00", "60.00 40.00 CO-45 20.00")
		x.says("in the end", "AR:Patient,,10.00; Clearing:ERA,acme,130.00; Contra:Contractual,acme,70.00; Revenue:Gross,acme,-210.00", "10.00")
	})
}

// TestWorkedExampleOfAPartialDenial holds that the rest of a visit is invoiced while a line is denied, and that an appeal that is won brings a second invoice.
func TestWorkedExampleOfAPartialDenial(t *testing.T) {
	denied := []string{"250.00 80.00 CO-45 100.00 PR-1 50.00 PR-2 20.00", "60.00 0.00 CO-50 60.00", "15.00 0.00 CO-97 15.00"}
	each(t, func(t *testing.T, w *world) {
		x := figure(t, w, nil, 1)
		visit(t, w, "visit", "ann")
		claim := x.send("acme")
		x.judges("acme", claim, "A-1", "1", denied...)
		x.says("denied", "AR:Insurance,acme,60.00; AR:Patient,,70.00; Clearing:ERA,acme,80.00; Contra:Bundled,acme,15.00; Contra:Contractual,acme,100.00; Revenue:Gross,acme,-325.00", "70.00")
		x.decides("review-answer", "appeal")
		x.judges("acme", claim, "A-1", "22", turned(denied)...)
		x.judges("acme", claim, "A-1R", "1", primary...)
		x.says("won", "AR:Patient,,74.00; Clearing:ERA,acme,96.00; Contra:Bundled,acme,15.00; Contra:Contractual,acme,140.00; Revenue:Gross,acme,-325.00", "4.00 70.00")
	})
}

// TestWorkedExampleOfAnUnderpayment holds that what is allowed below the contract is work over the difference.
func TestWorkedExampleOfAnUnderpayment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		x := figure(t, w, nil, 1)
		manager := who{role: auth.RoleManager}
		w.do(t, manager, "POST", "$load-payers", payersHeader+"acme,ACME PPO,,,\n", csvType).expect(t, 200)
		w.do(t, manager, "POST", "$load-contracts", contractsHeader+"new,acme,ACME PPO,2026-01-01,,,,,,,,,,\n", csvType).expect(t, 200)
		w.do(t, manager, "POST", "$load-contracts", ratesHeader+"new,flat,99214,,,,150,,\n", csvType).expect(t, 200)
		x.one("99214")
		x.judges("acme", x.send("acme"), "A-1", "1", "250.00 110.00 CO-45 110.00 PR-2 30.00")
		task := x.await(t, "Task?status=requested&code=underpaid", 1)[0]
		if body := w.do(t, admin, "GET", "Task/"+task, "").expect(t, 200).body; !strings.Contains(body, "150.00 is expected and 140.00 is allowed: 10.00 less.") {
			t.Errorf("the work says %s", body)
		}
		x.says("underpaid", "AR:Patient,,30.00; Clearing:ERA,acme,110.00; Contra:Contractual,acme,110.00; Revenue:Gross,acme,-250.00", "30.00")
	})
}

// TestWorkedExampleOfAnAging holds in which bucket visits of 0, 30, 31, 90 and 121 days stand.
func TestWorkedExampleOfAnAging(t *testing.T) {
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		day := time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC)
		x := figure(t, open(t, storetest.OpenAt(t, url, clocktest.At(day).Clock()), nil), nil, 1)
		for _, age := range []int{0, 30, 31, 90, 121} {
			on := day.AddDate(0, 0, -age).Format(time.DateOnly)
			x.put(t, "Procedure/ecg"+on, compact(`{'resourceType':'Procedure','id':'ecg`+on+`','status':'completed','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/`+on+`'},'performedDateTime':'`+on+`','code':{'coding':[{'system':'`+cpt+`','code':'93000'}]}}`))
			x.put(t, "Condition/dx"+on, compact(`{'resourceType':'Condition','id':'dx`+on+`','subject':{'reference':'Patient/ann'},'encounter':{'reference':'Encounter/`+on+`'},'code':{'coding':[{'system':'http://hl7.org/fhir/sid/icd-10-cm','code':'I10'}]}}`))
			x.put(t, "Encounter/"+on, strings.ReplaceAll(encounterOf(on, "ann", ""), "2026-03-02T", on+"T"))
		}
		x.idle(t)
		rows := strings.Split(x.do(t, who{role: auth.RoleBiller}, "GET", x.root+"/reports/aging.csv?asOf=2026-06-30&by=none", "").expect(t, http.StatusOK).body, "\r\n")
		if len(rows) < 2 || !strings.HasSuffix(rows[1], ",2,1,1,0,1,0") {
			t.Errorf("the aging is %s", strings.Join(rows, "\n"))
		}
	})
}
