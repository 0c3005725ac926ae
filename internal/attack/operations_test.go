package attack_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"medbill/models"
	"medbill/models/operation"
)

// operations says who may run each operation of the table, and what is sent to it. A row of the table that is not here fails.
var operations = map[string]func(schedule string) trial{
	"Encounter-code": func(string) trial {
		return trial{"admin coder biller manager", `{"resourceType":"Parameters","parameter":[{"name":"diagnosis","valueCode":"I10"},{"name":"charge","part":[{"name":"code","valueCoding":{"system":"http://www.ama-assn.org/go/cpt","code":"93000"}},{"name":"serviceDate","valueDate":"2026-03-04"}]}]}`, ""}
	},
	"Encounter-hold": func(string) trial {
		return trial{"admin coder biller manager", parameter("for", `"valueCode":"on-hold"},{"name":"text","valueString":"matrix"`), ""}
	},
	"Claim-submit":   func(string) trial { return trial{"admin biller manager", "", ""} },
	"Claim-void":     func(string) trial { return trial{"admin biller manager", "", ""} },
	"Claim-validate": func(string) trial { return trial{"admin coder biller manager", "", ""} },
	"Claim-override": func(string) trial {
		return trial{"admin coder biller manager", parameter("finding", `"valueString":"matrix"},{"name":"reason","valueString":"matrix"`), ""}
	},
	"Claim-authorize": func(string) trial { return trial{theBillers, parameter("number", `"valueString":"matrix"`), ""} },
	"ClaimResponse-notify": func(string) trial {
		return trial{"admin ehr biller manager payer payer-who-may-all", decided, ""}
	},
	"CoverageEligibilityRequest-submit": func(string) trial { return trial{"admin ehr frontdesk biller manager patient-who-writes", covered, ""} },
	"Invoice-pay": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", strings.Replace(payment, "REFERENCE", "matrix", 1), ""}
	},
	"Patient-collect": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", strings.Replace(payment, "REFERENCE", "matrix-collect", 1), ""}
	},
	"PaymentNotice-reverse": func(string) trial {
		return trial{theBillers, parameter("reason", `"valueCode":"error"`), ""}
	},
	"PaymentNotice-allocate": func(string) trial {
		return trial{theBillers, parameter("to", `"valueReference":{"reference":"Invoice/matrix"}`), ""}
	},
	"Invoice-write-off": func(string) trial {
		return trial{theBillers, parameter("kind", `"valueCode":"charity"},{"name":"reason","valueString":"matrix"`), ""}
	},
	"Invoice-revert-write-off": func(string) trial { return trial{theBillers, "", ""} },
	"ChargeItem-write-off": func(string) trial {
		return trial{theBillers, parameter("kind", `"valueCode":"charity"},{"name":"reason","valueString":"matrix"`), ""}
	},
	"ChargeItem-revert-write-off": func(string) trial { return trial{theBillers, "", ""} },
	"Patient-refund": func(string) trial {
		return trial{owners, parameter("reason", `"valueString":"matrix"`), ""}
	},
	"Patient-cancel-refund": func(string) trial {
		return trial{owners, parameter("refund", `"valueString":"matrix"},{"name":"reason","valueString":"matrix"`), ""}
	},
	"Patient-pay-refund": func(string) trial {
		return trial{theBillers, parameter("refund", `"valueString":"matrix"},{"name":"reference","valueString":"matrix"`), ""}
	},
	"run-statements": func(string) trial { return trial{theBillers, "", ""} },
	"Patient-statement": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", "", ""}
	},
	"Patient-statement-pdf": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", "", ""}
	},
	"Patient-hold-statements": func(string) trial {
		return trial{theBillers, parameter("kind", `"valueCode":"manual"},{"name":"reason","valueString":"matrix"`), ""}
	},
	"Patient-release-statements": func(string) trial { return trial{theBillers, "", ""} },
	"Patient-end-payment-plan":   func(string) trial { return trial{theBillers, "", ""} },
	"Patient-payment-plan":       func(string) trial { return trial{theBillers, parameter("parts", `"valuePositiveInt":2`), ""} },
	"Invoice-dispute": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", parameter("reason", `"valueString":"matrix"`), ""}
	},
	"close-till": func(string) trial {
		return trial{"admin frontdesk biller manager", parameter("cash", `"valueMoney":{"value":0.00,"currency":"USD"}},{"name":"checks","valueMoney":{"value":0.00,"currency":"USD"}},{"name":"till","valueString":"matrix"`), ""}
	},
	"till": func(string) trial {
		return trial{"admin frontdesk biller manager", parameter("till", `"valueString":"matrix"`), ""}
	},
	"Encounter-Claim-retry": func(string) trial { return trial{owners, "", ""} },
	"Task-take":             func(string) trial { return trial{theDesks, "", ""} },
	"Task-snooze":           func(string) trial { return trial{theDesks, parameter("reason", `"valueString":"matrix"`), ""} },
	"Task-decide":           func(string) trial { return trial{theDesks, parameter("decision", `"valueCode":"recheck"`), ""} },
	"retry":                 func(string) trial { return trial{owners, "", ""} },
	"settings":              func(string) trial { return trial{owners, parameter("dueDays", `"valueUnsignedInt":9`), ""} },
	"fees":                  func(string) trial { return trial{owners, "", ""} },
	"load-fees": func(string) trial {
		return trial{owners, parameter("csv", `"valueString":"`+strings.ReplaceAll(feeLines, "\n", `\n`)+`T1000,,,,,,2\n"},{"name":"name","valueString":"matrix"`), ""}
	},
	"payers": func(string) trial { return trial{owners, parameter("on", `"valueDate":"2026-03-02"`), ""} },
	"load-payers": func(string) trial {
		return trial{owners, parameter("csv", `"valueString":"payer,name,aliases,identifiers,transactions\nmatrix,Matrix,,,\n"`), ""}
	},
	"contracts": func(string) trial { return trial{owners, parameter("on", `"valueDate":"2026-03-02"`), ""} },
	"load-contracts": func(string) trial {
		return trial{owners, parameter("csv", `"valueString":"contract,payer,name,from,until,lesser,policy,tolerance,tolerance-percent,dispute-days,locality,schedule-day,conversion,base\nmatrix,acme,Matrix,2019-01-01,,,,,,,,,,\n"`), ""}
	},
	"import-balances": func(string) trial {
		return trial{owners, parameter("csv", `"valueString":"patient,payer,coverage,number,payer_number,service_date,system,code,amount\nann,,,OLD-1,,2026-01-12,,,12.00\n"`), ""}
	},
	"match-deposit": func(string) trial {
		return trial{theBillers, parameter("deposit", `"valueString":"DEPOSIT"},{"name":"till","valueMoney":{"value":9.00,"currency":"USD"}`), "deposit"}
	},
	"unmatch-deposit": func(string) trial {
		return trial{theBillers, parameter("deposit", `"valueString":"MATCHED"`), "deposit"}
	},
	"Encounter-estimate": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", "", ""}
	},
	"Patient-estimate": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", planned, ""}
	},
	"Patient-good-faith-estimate": func(string) trial {
		return trial{"admin frontdesk biller manager", planned, ""}
	},
	"Patient-request-estimate": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", "", ""}
	},
	"Claim-timeline": func(string) trial { return trial{"admin coder biller manager", "", ""} },
	"Claim-Invoice-Account-explain": func(typ string) trial {
		if typ == "Claim" { // which the front desk does not read
			return trial{theBillers, "", ""}
		}
		return trial{"admin frontdesk biller manager", "", ""}
	},
	"Claim-Invoice-PaymentNotice-pdf": func(typ string) trial {
		if typ == "Invoice" {
			return trial{"admin ehr frontdesk biller manager patient patient-who-writes", "", ""}
		}
		if typ == "PaymentNotice" {
			return trial{"admin frontdesk biller manager patient patient-who-writes", "", ""}
		}
		return trial{"admin ehr coder biller manager patient patient-who-writes", "", ""} // the front desk prints estimates alone
	},
	"Encounter-superbill": func(string) trial {
		return trial{"admin frontdesk biller manager patient patient-who-writes", "", ""}
	},
	"Claim-expect": func(string) trial { return trial{theBillers, "", ""} },
	"rules":        func(string) trial { return trial{theBillers, parameter("id", `"valueString":"matrix"`), ""} },
	"save-rule":    func(string) trial { return trial{owners, ruleSaved, ""} },
	"switch-rule": func(string) trial {
		return trial{owners, parameter("id", `"valueString":"matrix"},{"name":"state","valueCode":"off"`), ""}
	},
	"try-rule": func(string) trial {
		return trial{theBillers, parameter("id", `"valueString":"matrix"},{"name":"from","valueDate":"2026-01-01"},{"name":"until","valueDate":"2026-12-31"`), ""}
	},
	"codes":      func(string) trial { return trial{"admin", "", ""} },
	"load-codes": func(string) trial { return trial{"admin", codeFile, ""} },
	"drop-codes": func(string) trial {
		return trial{"admin", parameter("table", `"valueString":"urn:matrix"},{"name":"release","valueString":"1"`), ""}
	},
	"CodeSystem-lookup": func(string) trial {
		return trial{everybody, parameter("code", `"valueCode":"Z9X01"},{"name":"system","valueUri":"urn:matrix"`), ""}
	},
	"CodeSystem-validate-code": func(string) trial {
		return trial{everybody, parameter("code", `"valueCode":"Z9X01"},{"name":"system","valueUri":"urn:matrix"`), ""}
	},
	"ValueSet-expand": func(string) trial { return trial{everybody, parameter("url", `"valueUri":"urn:matrix"`), ""} },
	"end-fees": func(schedule string) trial {
		return trial{owners, parameter("schedule", `"valueString":"`+schedule+`"},{"name":"until","valueDate":"2027-12-31"`), schedule}
	},
}

// everybody is whoever has a token: what is published is no secret.
const everybody = "*"

const theDesks = "admin frontdesk coder biller manager" // who works what waits for a person

const owners = "admin manager" // who set up the practice

const theBillers = "admin biller manager"

// decided is an answer to a request for authorization that nobody made, and covered a question about a plan.
const (
	decided = `{"resourceType":"ClaimResponse","status":"active","type":{"coding":[{"code":"professional"}]},"use":"preauthorization","patient":{"reference":"Patient/ann"},"created":"2026-03-02","insurer":{"reference":"Organization/acme"},"request":{"identifier":{"value":"matrix"}},"outcome":"complete"}`
	covered = `{"resourceType":"CoverageEligibilityRequest","status":"active","purpose":["benefits"],"patient":{"reference":"Patient/ann"},"created":"2026-03-02","insurer":{"reference":"Organization/acme"},"insurance":[{"coverage":{"reference":"Coverage/ann"}}]}`
)

// ruleSaved is a rule as $save-rule takes it.
var ruleSaved = parameter("id", `"valueString":"matrix"},{"name":"title","valueString":"`+"OFFICE"+`"},{"name":"text","valueString":"Why."},{"name":"when","valueString":"claim.billed > 1000000"},`+
	`{"name":"each","valueCode":"claim"},{"name":"action","valueCode":"warning"},{"name":"example","part":[{"name":"title","valueString":"A large one"},{"name":"view","valueString":"{\"claim\":{\"billed\":1000001}}"},`+
	`{"name":"acts","valueString":"claim"}]`)

// planned are services that nobody did yet.
const planned = `{"resourceType":"Parameters","parameter":[{"name":"on","valueDate":"2035-03-05"},{"name":"service","part":[{"name":"code","valueCoding":{"system":"http://www.ama-assn.org/go/cpt","code":"93000"}}]}]}`

// codeFile is a release as $load-codes takes it, and published asks for what is in it.
var codeFile = parameter("file", `"valueString":"matrix.csv"},{"name":"table","valueString":"urn:matrix"},{"name":"from","valueDate":"2026-01-01"},{"name":"release","valueString":"1"},{"name":"content","valueBase64Binary":"`+
	base64.StdEncoding.EncodeToString([]byte("code,display\nZ9X01,Invented\n"))+`"`)

var published = map[string]string{"CodeSystem": "?url=urn:matrix&code=Z9X01", "ValueSet": "?url=urn:matrix"}

// trial is how an operation is tried: who may, with what body, and what record of the tenant's it is about, where that is none of
// the address.
type trial struct{ who, body, about string }

func parameter(name, value string) string {
	return `{"resourceType":"Parameters","parameter":[{"name":"` + name + `",` + value + `}]}`
}

// runs says whether an actor may run what is for these.
func (tr trial) runs(a *actor) bool {
	return tr.who == everybody || slices.Contains(strings.Fields(tr.who), strings.ReplaceAll(a.name, " ", "-"))
}

// operations asks for every operation of the table on every record of its types, and for those of the tenant with what is ours
// and what is another tenant's.
func (m *matrix) operations(a *actor, made map[models.TenantID]furnished) {
	for _, o := range operation.All() {
		row := operations[o.ID()]
		if row == nil {
			m.t.Errorf("operation %s is new: say in operations who may run it", o.ID())
			continue
		}
		for _, method := range o.Methods {
			if o.IsSystem() {
				for tenant, f := range made {
					tr := row(f.schedule)
					tr.body = f.in(tr.body)
					w := want{statuses: shut}
					switch {
					case tr.runs(a) && tr.about != "" && tenant != ours:
						w.statuses = hidden
					case tr.runs(a):
						w = want{statuses: []int{200}, allowed: true}
					}
					m.run(a, method, "$"+o.Code, tr, w, &record{typ: "", id: string(tenant), tenant: tenant})
				}
				continue
			}
			if o.OnType {
				path := o.Types[0] + "/$" + o.Code
				if method == http.MethodGet {
					path += published[o.Types[0]]
				}
				tr, w := row(""), want{statuses: shut}
				if tr.runs(a) {
					w = want{statuses: []int{200, 201, 422}, allowed: true}
				}
				m.run(a, method, path, tr, w, &record{typ: "", tenant: ours})
				continue
			}
			for _, r := range m.records {
				if slices.Contains(o.Types, r.typ) {
					tr := row(r.typ)
					m.run(a, method, r.ref()+"/$"+o.Code, tr, tried(a, tr, r), r)
				}
			}
		}
	}
}

// reports asks for every report, grouped by whom it names.
func (m *matrix) reports(a *actor) {
	w := want{statuses: shut}
	if (trial{who: theBillers}).runs(a) {
		w.statuses = []int{200}
	}
	for _, path := range []string{"/reports/trial-balance.csv?by=patient,claim,payer", "/reports/aging.csv?by=patient&from=first-bill", "/reports/ledger.csv", "/reports/kpi.csv"} {
		m.run(a, http.MethodGet, path, trial{}, w, &record{tenant: ours})
	}
}

// deposits sends a file of the bank.
func (m *matrix) deposits(a *actor) {
	tr, w := trial{theBillers, `[{"date":"2026-03-03","amount":7.00}]`, ""}, want{statuses: shut}
	if tr.runs(a) {
		w = want{statuses: []int{200}, allowed: true}
	}
	m.run(a, http.MethodPost, "/deposits", tr, w, &record{tenant: ours})
}

// tried is the law for an operation on a record.
func tried(a *actor, tr trial, r *record) want {
	switch {
	case !tr.runs(a):
		return want{statuses: refused}
	case !sees(a, r):
		return want{statuses: hidden}
	}
	return want{statuses: []int{200, 409, 422}, allowed: true}
}

func (m *matrix) run(a *actor, method, path string, tr trial, w want, r *record) {
	ask := request{method, path, tr.body, nil}
	if method == http.MethodGet {
		ask.body = ""
	} else {
		ask.headers = []string{fmt.Sprintf("Idempotency-Key: matrix-%d", m.used.Add(1))}
	}
	if w.allowed && method != http.MethodGet {
		ask.headers = append(ask.headers, dryRun)
	}
	m.later(func() {
		got := m.asks(a, ask)
		m.judge(a, method+" "+path, r, w, got.status, -1, got.body)
	})
}
