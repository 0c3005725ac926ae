package intake_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"medbill/billing/rules/coding"
	"medbill/fhir"
	"medbill/fhir/intake"
	"medbill/fhir/validate"
	"medbill/models/fault"
	"medbill/models/operation"
)

// operationReaders are what reads the Parameters of each operation that takes some; how many a coding needs is its rule's to say.
var operationReaders = map[string]func(*fhir.Document) error{
	"Encounter-code": func(d *fhir.Document) error {
		said, err := intake.Coding(d)
		if err != nil {
			return err
		}
		return fault.Of(fault.Invalid, coding.Check(said))
	},
	"Patient-estimate": func(d *fhir.Document) error {
		asked, err := intake.Estimate(d)
		if err != nil {
			return err
		}
		return fault.Of(fault.Invalid, coding.CheckServices(asked.Services))
	},
	"Patient-good-faith-estimate": func(d *fhir.Document) error {
		asked, err := intake.GoodFaithEstimate(d)
		if err != nil {
			return err
		}
		if asked.Day == "" { // the appointment says it
			for i := range asked.Services {
				asked.Services[i].ServiceDate = "2026-03-02"
			}
		}
		return fault.Of(fault.Invalid, coding.CheckServices(asked.Services))
	},
	"PaymentNotice-reverse":   func(d *fhir.Document) error { _, err := intake.Reversal(d); return err },
	"PaymentNotice-allocate":  func(d *fhir.Document) error { _, err := intake.Move(d); return err },
	"ChargeItem-write-off":    func(d *fhir.Document) error { _, err := intake.WriteOff(d); return err },
	"Invoice-write-off":       func(d *fhir.Document) error { _, err := intake.WriteOff(d); return err },
	"Patient-refund":          func(d *fhir.Document) error { _, err := intake.Refund(d); return err },
	"Patient-cancel-refund":   func(d *fhir.Document) error { _, err := intake.CancelledRefund(d); return err },
	"Patient-pay-refund":      func(d *fhir.Document) error { _, err := intake.PaidRefund(d); return err },
	"Patient-collect":         func(d *fhir.Document) error { _, err := intake.Collect(d); return err },
	"Invoice-pay":             func(d *fhir.Document) error { _, err := intake.Payment(d); return err },
	"Task-take":               func(d *fhir.Document) error { _, err := intake.Take(d); return err },
	"Task-snooze":             func(d *fhir.Document) error { _, err := intake.Snooze(d); return err },
	"Patient-payment-plan":    func(d *fhir.Document) error { _, err := intake.PaymentPlan(d); return err },
	"Patient-hold-statements": asked("Patient-hold-statements"), "Patient-release-statements": asked("Patient-release-statements"), "Invoice-dispute": asked("Invoice-dispute"), "Patient-statement-pdf": asked("Patient-statement-pdf"),
	"close-till": func(d *fhir.Document) error { _, err := intake.CloseTill(d); return err },
	"till":       asked("till"),
	"Task-decide": func(d *fhir.Document) error {
		v, err := intake.Verdict(d)
		if err != nil || len(v.Coding.Diagnoses)+len(v.Coding.Services) == 0 {
			return err
		}
		return fault.Of(fault.Invalid, coding.Check(v.Coding))
	},
	"Encounter-hold":       asked("Encounter-hold"),
	"Claim-override":       asked("Claim-override"),
	"Claim-authorize":      asked("Claim-authorize"),
	"ClaimResponse-notify": held("ClaimResponse-notify"), "CoverageEligibilityRequest-submit": held("CoverageEligibilityRequest-submit"),
	"settings":  func(d *fhir.Document) error { _, err := intake.Settings(d); return err },
	"load-fees": func(d *fhir.Document) error { _, err := intake.Fees(d); return err },
	"end-fees":  func(d *fhir.Document) error { _, err := intake.FeesEnd(d); return err },

	"rules": asked("rules"), "switch-rule": asked("switch-rule"), "try-rule": asked("try-rule"),
	"save-rule": func(d *fhir.Document) error { _, err := intake.Rule(d, rowOf("save-rule")); return err },

	"Claim-Invoice-Account-explain": asked("Claim-Invoice-Account-explain"),
	"contracts":                     asked("contracts"), "load-contracts": asked("load-contracts"), "import-balances": asked("import-balances"), "unmatch-deposit": asked("unmatch-deposit"),
	"match-deposit": func(d *fhir.Document) error { _, err := intake.MatchDeposit(d); return err },
	"payers":        asked("payers"), "load-payers": asked("load-payers"), "load-codes": asked("load-codes"), "drop-codes": asked("drop-codes"), "ValueSet-expand": asked("ValueSet-expand"),
	"CodeSystem-lookup": asked("CodeSystem-lookup"), "CodeSystem-validate-code": asked("CodeSystem-validate-code"),
}

// asked reads what an operation takes by its row of the table.
func asked(id string) func(*fhir.Document) error {
	row := rowOf(id)
	return func(d *fhir.Document) error { _, err := intake.Asked(d, row); return err }
}

func held(id string) func(*fhir.Document) error {
	row := rowOf(id)
	return func(d *fhir.Document) error { _, err := intake.Held(d, row); return err }
}

func rowOf(id string) operation.Operation {
	rows := operation.All()
	return rows[slices.IndexFunc(rows, func(o operation.Operation) bool { return o.ID() == id })]
}

// taken gives what of a list of parameters goes in.
func taken(list []operation.Parameter) map[string]operation.Parameter {
	in := map[string]operation.Parameter{}
	for _, p := range list {
		if !p.Out {
			in[p.Name] = p
		}
	}
	return in
}

// FuzzOperationParametersAreThoseOfTheTable holds the readers against the table of operations: what one takes has the parameters
// that the table names, as often as it allows, and none that it does not.
func FuzzOperationParametersAreThoseOfTheTable(f *testing.F) {
	for _, o := range operation.All() {
		in := taken(o.Parameters)
		if _, reads := operationReaders[o.ID()]; reads != (len(in) > 0) {
			f.Errorf("%s takes %d parameters and has a reader: %v", o.ID(), len(in), reads)
		}
	}
	for _, parameters := range []string{
		`{'name':'on','valueDate':'2026-03-02'},{'name':'service','part':[{'name':'code','valueCoding':{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}},{'name':'units','valuePositiveInt':2}]},{'name':'place','valueCode':'11'},{'name':'coverage','valueReference':{'reference':'Coverage/cov'}}`,
		`{'name':'appointment','valueReference':{'reference':'Appointment/one'}},{'name':'service','part':[{'name':'code','valueCoding':{'system':'http://www.ama-assn.org/go/cpt','code':'99214'}}]},{'name':'provider','valueReference':{'reference':'Organization/practice'}},{'name':'prepayment','valueMoney':{'value':10.00,'currency':'USD'}}`,
		`{'name':'parts','valuePositiveInt':3},{'name':'first','valueDate':'2026-03-02'},` + amount,
		`{'name':'kind','valueCode':'manual'},{'name':'reason','valueString':'x'},{'name':'until','valueDate':'2026-03-02'}`, `{'name':'reason','valueString':'x'},{'name':'estimate','valueBoolean':true}`,
		hypertension + `,` + visit, amount + `,` + method + `,{'name':'reference','valueString':'CANARY'}`,
		`{'name':'name','valueString':'x'},{'name':'goLive','valueDate':'2026-03-02'},{'name':'autoSubmit','valueBoolean':true},{'name':'dueDays','valueUnsignedInt':0},{'name':'practice','valueReference':{'reference':'Organization/1'}}`,
		`{'name':'connection','part':[{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'kind','valueCode':'fhir'}]},{'name':'clear','valueCode':'name'}`,
		`{'name':'name','valueString':'x'},{'name':'csv','valueString':'code'},{'name':'payer','valueReference':{'reference':'Organization/acme'}},{'name':'from','valueDate':'2026-03-02'}`,
		`{'name':'minutes','valuePositiveInt':5}`, `{'name':'until','valueInstant':'2026-03-02T15:04:05Z'},{'name':'reason','valueString':'x'}`,
		`{'name':'decision','valueCode':'ignore'},{'name':'reason','valueString':'x'}`, `{'name':'decision','valueCode':'code'},` + hypertension + `,` + visit,
		`{'name':'decision','valueCode':'price'},{'name':'name','valueString':'x'},{'name':'csv','valueString':'code'}`,
		`{'name':'id','valueString':'x'},{'name':'title','valueString':'x'},{'name':'text','valueString':'x'},{'name':'when','valueString':'true'},{'name':'each','valueCode':'claim'},{'name':'action','valueCode':'hold'},` +
			`{'name':'example','part':[{'name':'title','valueString':'x'},{'name':'view','valueString':'{}'},{'name':'acts','valueString':'claim'},{'name':'acts','valueString':'claim'}]}`,
		`{'name':'from','valueDate':'2026-03-02'},{'name':'until','valueDate':'2026-03-02'},{'name':'version','valueInteger':1},{'name':'state','valueCode':'on'},{'name':'id','valueString':'x'}`,
		`{'name':'deposit','valueString':'1'},{'name':'remittance','valueReference':{'reference':'PaymentReconciliation/1'}},{'name':'remittance','valueReference':{'reference':'PaymentReconciliation/2'}},{'name':'card','valueMoney':{'value':1.00,'currency':'USD'}}`,
		`{'name':'schedule','valueString':'1'},{'name':'until','valueDate':'2026-03-02'}`,
		`{'name':'charge','part':[{'name':'code','valueCoding':{'system':'http://www.ama-assn.org/go/cpt','code':'99214-25,59'}},{'name':'serviceDate','valueDate':'0001-01-01'},{'name':'modifier','valueCode':'25'}]}`,
	} {
		f.Add([]byte(strings.ReplaceAll(`{'resourceType':'Parameters','parameter':[`+parameters+`]}`, `'`, `"`)))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := fhir.Parse(src)
		if err != nil || d.Type() != "Parameters" || len(validate.Resource(d)) > 0 {
			return
		}
		for _, o := range operation.All() {
			if read := operationReaders[o.ID()]; read != nil && read(d) == nil {
				conforms(t, o.ID(), d.Root().Get("parameter"), taken(o.Parameters), "part")
			}
		}
	})
}

// conforms holds a list of parameters against those that an operation takes; parts is where each has its own.
func conforms(t *testing.T, what string, list fhir.Node, in map[string]operation.Parameter, parts string) {
	t.Helper()
	count := map[string]int{}
	for p := range list.Children() {
		name := p.Get("name").Text()
		count[name]++
		known, ok := in[name]
		if !ok {
			t.Errorf("%s takes %q, which the table does not name", what, name)
		}
		if len(known.Part) > 0 {
			conforms(t, what+" "+name, p.Get(parts), taken(known.Part), parts)
		}
	}
	for name, p := range in {
		if most, err := strconv.Atoi(p.Max); count[name] < p.Min || err == nil && count[name] > most {
			t.Errorf("%s takes %d of %s, the table says %d..%s", what, count[name], name, p.Min, p.Max)
		}
	}
}
