package intake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"medbill/fhir/intake"
	"medbill/models"
	"medbill/models/fault"
	"medbill/models/money"
)

const (
	adjudicationSystem = "http://terminology.hl7.org/CodeSystem/adjudication"
	groupSystem        = "https://x12.org/codes/claim-adjustment-group-codes"
	reasonSystem       = "https://x12.org/codes/claim-adjustment-reason-codes"
)

func category(system, code string) string {
	return `'category':{'coding':[{'system':'` + system + `','code':'` + code + `'}]}`
}

func usd(value string) string { return `'amount':{'value':` + value + `,'currency':'USD'}` }

func summary(code, value string) string {
	return `{` + category(adjudicationSystem, code) + `,` + usd(value) + `}`
}

func adjustment(group, reason, value string) string {
	return `{` + category(groupSystem, group) + `,'reason':{'coding':[{'system':'` + reasonSystem + `','code':'` + reason + `'}]},` + usd(value) + `}`
}

// answerText is a whole answer: 250.00 − 100.00 − 70.00 = 80.00 on its line, 1.00 less at claim level.
var answerText = `{'resourceType':'ClaimResponse','id':'a1','identifier':[{'system':'urn:icn','value':'A-1'}],'status':'active','use':'claim',
 'patient':{'reference':'Patient/canary'},'created':'2026-03-20','insurer':{'reference':'Organization/acme'},'request':{'reference':'Claim/c1'},
 'outcome':'complete','item':[{'itemSequence':1,'adjudication':[` + summary("submitted", "250.00") + `,` + summary("eligible", "150") + `,` +
	adjustment("CO", "45", "100.00") + `,` + adjustment("PR", "1", "70.00") + `,` + summary("deductible", "7e1") + `,` + summary("benefit", "80.00") + `]}],
 'adjudication':[` + adjustment("CO", "253", "1.00") + `],
 'total':[` + summary("submitted", "250.0") + `,` + summary("benefit", "79.00") + `],
 'payment':{'type':{'text':'x'},'amount':{'value':79,'currency':'USD'}}}`

func TestAnswerIsReadLineByLine(t *testing.T) {
	got, err := intake.Answer(document(t, answerText), nil)
	if err != nil {
		t.Fatal(err)
	}
	cents := func(c money.Cents) *money.Cents { return &c }
	want := models.Answer{
		ID: "a1", ClaimID: "c1", PayerID: "acme", Source: models.SourceFHIR, Kind: models.AnswerOriginal, Outcome: models.OutcomeComplete, Key: "urn:icn|A-1",
		Effective: "2026-03-20", Billed: 25000, Paid: 7900,
		Lines: []models.AnswerLine{{LineSequence: 1, Billed: 25000, Allowed: cents(15000), Paid: 8000}},
		Adjustments: []models.Adjustment{
			{Sequence: 1, LineSequence: 1, GroupCode: "CO", ReasonCode: "45", Amount: 10000},
			{Sequence: 2, LineSequence: 1, GroupCode: "PR", ReasonCode: "1", Amount: 7000},
			{Sequence: 3, GroupCode: "CO", ReasonCode: "253", Amount: 100},
		},
		StatedSubmitted: cents(25000), StatedPaid: cents(7900), StatedPayment: cents(7900),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnswerIsRefusedWhereItStands(t *testing.T) {
	for _, row := range []struct {
		name, old, with string
		kind            fault.Kind
		want            []string
	}{
		{"another currency", summary("benefit", "80.00"), `{` + category(adjudicationSystem, "benefit") + `,'amount':{'value':80,'currency':'EUR'}}`, fault.BusinessRule,
			[]string{"money.currency ClaimResponse.item[0].adjudication[5].amount.currency"}},
		{"another currency in the payment", `{'value':79,'currency':'USD'}`, `{'value':79,'currency':'CANARY'}`, fault.BusinessRule,
			[]string{"money.currency ClaimResponse.payment.amount.currency"}},
		{"no currency", `{'value':79,'currency':'USD'}`, `{'value':79}`, fault.Invalid, []string{"required ClaimResponse.payment.amount.currency"}},
		{"no value", `{'value':79,'currency':'USD'}`, `{'currency':'USD'}`, fault.Invalid, []string{"required ClaimResponse.payment.amount.value"}},
		{"a fraction of a cent", usd("70.00"), usd("70.005"), fault.BusinessRule,
			[]string{"money.fraction ClaimResponse.item[0].adjudication[3].amount.value"}},
		{"more than ten digits", usd("70.00"), usd("100000000.00"), fault.BusinessRule,
			[]string{"money.too-large ClaimResponse.item[0].adjudication[3].amount.value"}},
		{"an adjustment without amount", `,` + usd("70.00"), ``, fault.Invalid, []string{"required ClaimResponse.item[0].adjudication[3].amount"}},
		{"no itemSequence", `'itemSequence':1,`, ``, fault.Invalid, []string{"required ClaimResponse.item[0].itemSequence"}},
		{"an itemSequence of nothing", `'itemSequence':1,`, `'itemSequence':0,`, fault.Invalid, []string{"value ClaimResponse.item[0].itemSequence"}},
		{"nothing submitted", summary("submitted", "250.00") + `,`, ``, fault.Invalid, []string{"required ClaimResponse.item[0].adjudication"}},
		{"no benefit", `,` + summary("benefit", "80.00"), ``, fault.Invalid, []string{"required ClaimResponse.item[0].adjudication"}},
		{"submitted twice", summary("eligible", "150"), summary("submitted", "150"), fault.Invalid,
			[]string{"value ClaimResponse.item[0].adjudication[1].amount"}},
		{"a group of nobody", `'code':'PR'`, `'code':'CANARY'`, fault.Invalid, []string{"code-invalid ClaimResponse.item[0].adjudication[3].category"}},
		{"a reason of nobody", `'code':'253'`, `'code':'CANARY'`, fault.Invalid, []string{"code-invalid ClaimResponse.adjudication[0].reason"}},
		{"an added line", `'total':[`, `'addItem':[{},{}],'total':[`, fault.BusinessRule,
			[]string{"answer.added-line ClaimResponse.addItem[0]", "answer.added-line ClaimResponse.addItem[1]"}},
		{"an adjusted payment", `'payment':{`, `'payment':{'adjustment':{'value':-5,'currency':'USD'},`, fault.BusinessRule,
			[]string{"answer.payment-adjustment ClaimResponse.payment.adjustment"}},
		{"totals that contradict", summary("submitted", "250.0"), summary("benefit", "250.0"), fault.Invalid, []string{"value ClaimResponse.total[1].amount"}},
		{"no payer", `'reference':'Organization/acme'`, `'display':'CANARY'`, fault.Invalid, []string{"required ClaimResponse.insurer"}},
		{"a cancelled answer", `'status':'active'`, `'status':'cancelled'`, fault.BusinessRule, []string{"answer.not-active ClaimResponse.status"}},
		{"a predetermination", `'use':'claim'`, `'use':'predetermination'`, fault.BusinessRule, []string{"answer.use ClaimResponse.use"}},
	} {
		_, err := intake.Answer(document(t, change(t, answerText, row.old, row.with)), nil)
		refused(t, row.name, err, row.kind, row.want...)
	}
}

func TestAcknowledgementJudgesNothing(t *testing.T) {
	for _, outcome := range []models.AnswerOutcome{models.OutcomeQueued, models.OutcomeError} {
		text := change(t, change(t, answerText, `'outcome':'complete'`, `'outcome':'`+string(outcome)+`'`), `'itemSequence':1,`, ``)
		got, err := intake.Answer(document(t, text), nil)
		if err != nil {
			t.Error(err)
		}
		same(t, got, models.Answer{ID: "a1", ClaimID: "c1", PayerID: "acme", Source: models.SourceFHIR, Key: "urn:icn|A-1", Kind: models.AnswerOriginal, Outcome: outcome, Effective: "2026-03-20"})
	}
}

func TestOnlyStatus22TakesAnAnswerBack(t *testing.T) {
	for status, want := range map[string]models.AnswerKind{"22": models.AnswerReversal, "1": models.AnswerOriginal} {
		text := change(t, answerText, `'status':'active'`, `'extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/clp-status','valueCode':'`+status+`'}],'status':'active'`)
		if got, err := intake.Answer(document(t, text), nil); err != nil || got.Kind != want {
			t.Errorf("an answer of status %s is %s, %v; want %s", status, got.Kind, err, want)
		}
	}
}

func TestAnswerCountsOnTheDayOfItsPayment(t *testing.T) {
	for _, row := range []struct {
		name, old, with string
		want            models.Date
	}{
		{"the day it was made", "", "", "2026-03-20"},
		{"the day it was paid", `'payment':{`, `'payment':{'date':'2026-03-25',`, "2026-03-25"},
		{"the sender's day of a moment with an offset", `'created':'2026-03-20'`, `'created':'2026-03-20T02:00:00+02:00'`, "2026-03-20"},
		{"the practice's day of a moment in Z", `'created':'2026-03-20'`, `'created':'2026-03-20T02:00:00Z'`, "2026-03-19"},
	} {
		got, err := intake.Answer(document(t, change(t, answerText, row.old, row.with)), newYork(t))
		if err != nil || got.Effective != row.want {
			t.Errorf("%s: the answer counts on %s, %v; want %s", row.name, got.Effective, err, row.want)
		}
	}
}

func TestRemarksAreReadBesideReasonsAndInNotes(t *testing.T) {
	const remark = `,{'system':'https://x12.org/codes/remittance-advice-remark-codes','code':'N130'}`
	text := change(t, answerText, `'code':'253'}`, `'code':'253'}`+remark)
	const coded = `{'text':'CANARY','extension':[{'url':'https://medbill.dev/fhir/StructureDefinition/remark-code','valueCoding':{'system':'https://x12.org/codes/remittance-advice-remark-codes','code':'N381'}}]}`
	text = change(t, text, `'total':[`, `'processNote':[{'text':'MA01, M80: see M80 and CANARY-7781, N12345.'},`+coded+`],'total':[`)
	got, err := intake.Answer(document(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got.Remarks, models.Codes{"MA01", "M80", "N381"})
	if got.Adjustments[2].RemarkCode != "N130" || got.Adjustments[2].ReasonCode != "253" {
		t.Errorf("the remark stands beside another reason: %+v", got.Adjustments)
	}
}

// TestARemarkIsOfTheLineThatNamesItsNote holds that a note which lines name is theirs, and that every other is the claim's.
func TestARemarkIsOfTheLineThatNamesItsNote(t *testing.T) {
	text := change(t, answerText, `'itemSequence':1,`, `'itemSequence':1,'noteNumber':[2,1,9],`)
	text = change(t, text, `'total':[`, `'processNote':[{'number':1,'text':'M80 and N781'},{'number':2,'text':'N130, M80'},{'number':3,'text':'MA18'},{'text':'N30'}],'total':[`)
	got, err := intake.Answer(document(t, text), nil)
	if err != nil {
		t.Fatal(err)
	}
	same(t, got.Remarks, models.Codes{"MA18", "N30"})
	same(t, got.Lines[0].Remarks, models.Codes{"N130", "M80", "N781"})
	for _, line := range got.Lines[1:] {
		if len(line.Remarks) > 0 {
			t.Errorf("line %d has %v", line.LineSequence, line.Remarks)
		}
	}
}

func TestAllIssuesOfAnAnswerAreToldAtOnce(t *testing.T) {
	_, err := intake.Answer(document(t, `{'resourceType':'ClaimResponse','status':'active','use':'claim','outcome':'complete','item':[{},{'itemSequence':2}]}`), nil)
	refused(t, "an empty answer", err, fault.Invalid,
		"required ClaimResponse.insurer", "required ClaimResponse.item[0].itemSequence",
		"required ClaimResponse.item[0].adjudication", "required ClaimResponse.item[0].adjudication",
		"required ClaimResponse.item[1].adjudication", "required ClaimResponse.item[1].adjudication")
}

func TestKeyOfAnAnswerIsItsFirstIdentifier(t *testing.T) {
	for text, want := range map[string]string{
		answerText: "urn:icn|A-1",
		`{'resourceType':'ClaimResponse','identifier':[{'value':'7'},{'system':'s','value':'8'}]}`: "|7",
		`{'resourceType':'ClaimResponse','identifier':[{'system':'s'}]}`:                           "",
		`{'resourceType':'ClaimResponse'}`:                                                         "",
	} {
		if got := intake.AnswerKey(document(t, text)); got != want {
			t.Errorf("got key %q, want %q", got, want)
		}
	}
}
