package attack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/models"
)

// malformed is one thing that nobody may send, in every way in which a door can carry it.
type malformed struct {
	name   string
	status int    // the class of the refusal, at GraphQL that of its code
	says   string // what every refusal says
	sent   []sending
}

// The operations of GraphQL that take what somebody writes.
const (
	payQuery      = `mutation($i:RecordPaymentInput!,$k:String="malformed"){recordPayment(input:$i,idempotencyKey:$k){invoice{id}}}`
	codeQuery     = `mutation($i:CodeEncounterInput!,$k:String){codeEncounter(input:$i,idempotencyKey:$k){encounter{id}}}`
	submitQuery   = `mutation($i:ID!,$k:String){submitClaim(id:$i,idempotencyKey:$k){claim{id}}}`
	settingsQuery = `mutation($i:ChangeSettingsInput!,$k:String){changeSettings(input:$i,idempotencyKey:$k){settings{name}}}`
	loadQuery     = `mutation($i:LoadFeesInput!,$k:String){loadFees(input:$i,idempotencyKey:$k){feeSchedule{id}}}`
	endQuery      = `mutation($i:EndFeesInput!,$k:String){endFees(input:$i,idempotencyKey:$k){feeSchedule{id}}}`
)

// TestMalformedInputIsRefusedAlike holds that each of the table is refused at both doors and on both databases with the same
// words, at its place, and that nothing is left of it.
func TestMalformedInputIsRefusedAlike(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := malformedClinic(t, w)
		before := w.state(t)
		var table []malformed
		for _, part := range []func() []malformed{c.texts, c.keys, c.days, c.amounts, c.ids, c.services, c.links, c.json, c.transport} {
			table = append(table, part()...)
		}
		for _, m := range table {
			for i, a := range m.sent {
				what := fmt.Sprintf("%s: %s %.60s (%d)", m.name, a.method, a.path, i)
				got := refusalOf(t, a, w.send(t, a.request, c.admin))
				if got.status != m.status {
					t.Errorf("%s: %d %+v, want %d", what, got.status, got, m.status)
					continue
				}
				if !slices.ContainsFunc(got.issues, func(s toldIssue) bool { return s.place == a.place && strings.Contains(s.text, m.says) }) {
					t.Errorf("%s: says %.400q, want %q at %q", what, got.issues, m.says, a.place)
				}
			}
			if w.stands(t, before, m.name); t.Failed() {
				before = w.state(t) // so that what one row did is not told of all that follow
			}
		}
		t.Logf("%d rows", len(table))
	})
}

// hundreds are half a million characters.
var hundreds = strings.Repeat("x", 500_000)

// inJSON is a text as JSON writes it, where it holds no quote.
func inJSON(text string) string { return `"` + text + `"` }

// texts are texts of one line: payment references, names.
func (c *clinic) texts() []malformed {
	row := func(name, says, text, encoded string) malformed {
		return malformed{name, 400, says, []sending{
			overREST("Parameters.parameter[2].value", "POST", "Invoice/"+c.invoice+"/$pay", paying("10.00", `{"name":"reference","valueString":`+inJSON(text)+`}`), "Idempotency-Key: malformed"),
			overGraphQL("input.reference", payQuery, c.payment("10.00", `,"reference":`+inJSON(text))),
			overREST("Parameters.parameter[0].value", "POST", "$settings", parametersOf(`{"name":"name","valueString":`+inJSON(text)+`}`)),
			overGraphQL("input.name", settingsQuery, `{"i":{"name":`+inJSON(text)+`}}`),
			overREST("Parameters.parameter[0].value", "POST", "$load-fees", parametersOf(`{"name":"name","valueString":`+inJSON(text)+`}`, `{"name":"csv","valueString":"`+csvOfOne+`"}`)),
			overREST("name", "POST", "$load-fees?name="+encoded, strings.ReplaceAll(csvOfOne, `\n`, "\n"), "Content-Type: text/csv"),
			overGraphQL("input.name", loadQuery, `{"i":{"csv":"`+csvOfOne+`","name":`+inJSON(text)+`}}`),
		}}
	}
	const long, blank, control = "has more than 255 characters", "has blanks at its ends", "control character"
	accents := strings.Repeat("é", 256)
	return append([]malformed{
		row("a text of 500 KB", long, hundreds, hundreds),
		row("a text of 256 characters", long, accents, strings.Repeat("%C3%A9", 256)),
		row("a blank text", blank, "   ", "%20%20"),
		row("a text with a blank before it", blank, " x", "%20x"),
		row("a text with a control character of Unicode", control, `x\u0085y`, "x%C2%85y"),
		row("a text with a line end", control, `x\ny`, "x%0Ay"),
		row("a text with a bell", control, `x\u0007y`, "x%07y"),
	}, malformed{"an empty reference", 400, "empty", []sending{
		overREST("Parameters.parameter[2].value", "POST", "Invoice/"+c.invoice+"/$pay", paying("10.00", `{"name":"reference","valueString":""}`), "Idempotency-Key: malformed"),
		overGraphQL("input.reference", payQuery, c.payment("10.00", `,"reference":""`)),
	}}, malformed{"bytes that are no text in an address", 400, control, []sending{
		overREST("name", "POST", "$load-fees?name=%FF", strings.ReplaceAll(csvOfOne, `\n`, "\n"), "Content-Type: text/csv"),
		overREST("name", "POST", "$load-fees?name=%00", strings.ReplaceAll(csvOfOne, `\n`, "\n"), "Content-Type: text/csv"),
		overREST("name", "POST", "$load-fees?name=%ED%A0%80", strings.ReplaceAll(csvOfOne, `\n`, "\n"), "Content-Type: text/csv"),
	}}, malformed{"a payer's number of 500 KB", 400, long, []sending{
		overREST("ClaimResponse.identifier[0].value", "POST", "ClaimResponse", compact(c.response(`,'created':'2026-03-20','identifier':[{'system':'urn:icn','value':'`+hundreds+`'}]`))),
		overREST("ClaimResponse.identifier[0].system", "POST", "ClaimResponse", compact(c.response(`,'created':'2026-03-20','identifier':[{'system':'urn:`+hundreds+`','value':'1'}]`))),
	}}, malformed{"a code of 500 KB", 400, "The code has more than 64 characters", []sending{
		overREST("ChargeItem.code", "PUT", "ChargeItem/long", strings.Replace(compact(c.charge("long", "visit", "")), "93000", hundreds, 1)),
		overREST("Claim.item[0].productOrService", "POST", "Claim", strings.Replace(compact(c.draft(c.item(1, "2026-03-02"))), "93000", hundreds, 1)),
	}})
}

const csvOfOne = `code,system,modifiers,payer,from,until,amount\n99213,,,,,,1.00\n`

// paying are the Parameters of a payment; more are further parameters.
func paying(amount string, more ...string) string {
	return parametersOf(append([]string{`{"name":"amount","valueMoney":{"value":` + amount + `,"currency":"USD"}}`, `{"name":"method","valueCode":"cash"}`}, more...)...)
}

// payment is the same as variables.
func (c *clinic) payment(amount, more string) string {
	return `{"i":{"invoice":"` + c.invoice + `","amount":{"value":"` + amount + `"},"method":"cash"` + more + `}}`
}

// coding are the Parameters of a coding with these parameters beside its diagnosis, and the variables with these fields.
func coding(charges ...string) string {
	return parametersOf(append([]string{`{"name":"diagnosis","valueCode":"I10"}`}, charges...)...)
}

func chargePart(parts string) string {
	return `{"name":"charge","part":[{"name":"code","valueCoding":{"system":"` + malformedCPT + `","code":"93000"}}` + parts + `]}`
}

func codingInput(charges ...string) string {
	return `{"i":{"encounter":"visit","diagnosis":["I10"],"charge":[` + strings.Join(charges, ",") + `]}}`
}

// keys are idempotency keys.
func (c *clinic) keys() []malformed {
	row := func(name, says, key string, headerToo bool) malformed {
		good := codingInput(`{"code":"93000","serviceDate":"2026-03-02"}`)
		variables := func(input string) string { return strings.TrimSuffix(input, "}") + `,"k":` + inJSON(key) + `}` }
		m := malformed{name, 400, says, []sending{
			overGraphQL("idempotencyKey", payQuery, variables(c.payment("10.00", ""))),
			overGraphQL("idempotencyKey", codeQuery, variables(good)),
			overGraphQL("idempotencyKey", submitQuery, variables(`{"i":"`+c.claim+`"}`)),
			overGraphQL("idempotencyKey", settingsQuery, variables(`{"i":{"name":"x"}}`)),
			overGraphQL("idempotencyKey", loadQuery, variables(`{"i":{"name":"x","csv":"`+csvOfOne+`"}}`)),
			overGraphQL("idempotencyKey", endQuery, variables(`{"i":{"schedule":"`+c.schedule+`","until":"2030-01-01"}}`)),
		}}
		if !headerToo {
			return m
		}
		header := "Idempotency-Key: " + key
		patient := compact(c.patient("keyed", ""))
		for _, r := range []request{
			{"POST", "Invoice/" + c.invoice + "/$pay", paying("10.00"), []string{header}},
			{"POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"serviceDate","valueDate":"2026-03-02"}`)), []string{header}},
			{"POST", "Claim/" + c.claim + "/$submit", "", []string{header}},
			{"POST", "$settings", parametersOf(`{"name":"name","valueString":"x"}`), []string{header}},
			{"PUT", "Patient/keyed", patient, []string{header}},
			{"POST", "Patient", strings.Replace(patient, `"id":"keyed",`, "", 1), []string{header}},
			{"DELETE", "Patient/bob", "", []string{header}},
			{"POST", "", `{"resourceType":"Bundle","type":"batch","entry":[{"resource":` + patient + `,"request":{"method":"PUT","url":"Patient/keyed"}}]}`, []string{header}},
			{"POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[{"resource":` + patient + `,"request":{"method":"PUT","url":"Patient/keyed"}}]}`, []string{header}},
		} {
			m.sent = append(m.sent, sending{request: r, place: "Idempotency-Key"})
		}
		return m
	}
	const form, long = "is empty or holds a blank", "has more than 255 characters"
	return []malformed{
		row("a key of blanks", form, "   ", true),
		row("an empty key", form, "", true),
		row("a key with a blank", form, "a b", true),
		row("a key beyond ASCII", form, "é", true),
		row("a key of 256 characters", long, strings.Repeat("k", 256), true),
		row("a key of 500 KB", long, hundreds, true),
		row("a key with a line end", form, `a\nb`, false),
	}
}

// days are days of service and payment.
func (c *clinic) days() []malformed {
	var rows []malformed
	for _, day := range []string{"0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"} {
		rows = append(rows, malformed{"the day " + day, 400, "The day must lie between 1900-01-01 and 2199-12-31", []sending{
			overREST("Parameters.parameter[1].part[1].value", "POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"serviceDate","valueDate":"`+day+`"}`))),
			overGraphQL("input.charge[0].serviceDate", codeQuery, codingInput(`{"code":"93000","serviceDate":"`+day+`"}`)),
			overREST("Claim.item[0].serviced", "POST", "Claim", compact(c.draft(c.item(1, day)))),
			overREST("Claim.item[0].serviced.end", "POST", "Claim", strings.Replace(compact(c.draft(c.item(1, day))), `"servicedDate":"`+day+`"`, `"servicedPeriod":{"start":"2026-03-02","end":"`+day+`"}`, 1)),
			overREST("Claim.billablePeriod.end", "POST", "Claim", strings.Replace(compact(c.draft(c.item(1, "2026-03-02"))), `"item"`, `"billablePeriod":{"start":"`+day+`","end":"`+day+`"},"item"`, 1)),
			overREST("ClaimResponse.created", "POST", "ClaimResponse", compact(c.response(`,'created':'`+day+`'`))),
			overREST("ClaimResponse.payment.date", "POST", "ClaimResponse", compact(c.response(`,'created':'2026-03-20','payment':{'type':{'text':'x'},'amount':{'value':0,'currency':'USD'},'date':'`+day+`'}`))),
			overREST("Parameters.parameter[0].value", "POST", "$settings", parametersOf(`{"name":"goLive","valueDate":"`+day+`"}`)),
			overGraphQL("input.goLive", settingsQuery, `{"i":{"goLive":"`+day+`"}}`),
		}})
	}
	return append(rows, malformed{"a month in place of a day", 400, "The date must name the day", []sending{
		overREST("Parameters.parameter[1].part[1].value", "POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"serviceDate","valueDate":"2026-03"}`))),
		overGraphQL("input.charge[0].serviceDate", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03"}`)),
		overGraphQL("input.charge[0].serviceDate", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-02-30"}`)),
		overGraphQL("input.charge[0].serviceDate", codeQuery, codingInput(`{"code":"93000","serviceDate":"0000-01-01"}`)),
		overGraphQL("input.charge[0].serviceDate", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03-02T00:00:00Z"}`)),
		overGraphQL("input.charge[0].serviceDate", codeQuery, codingInput(`{"code":"93000","serviceDate":"`+hundreds+`"}`)),
	}}, malformed{"a day of a schedule that is none", 400, "must be written as 2026-03-02", []sending{
		overGraphQL("input.from", loadQuery, `{"i":{"name":"x","csv":"`+csvOfOne+`","from":"0000-01-01"}}`),
		overGraphQL("input.until", loadQuery, `{"i":{"name":"x","csv":"`+csvOfOne+`","until":"2026-02-30"}}`),
		overGraphQL("input.until", endQuery, `{"i":{"schedule":"`+c.schedule+`","until":"`+hundreds+`"}}`),
		overREST("from", "POST", "$load-fees?name=x&from=%00", strings.ReplaceAll(csvOfOne, `\n`, "\n"), "Content-Type: text/csv"),
	}})
}

// amounts are amounts and counts.
func (c *clinic) amounts() []malformed {
	var rows []malformed
	for _, a := range []struct {
		amount string
		status int
		says   string
		place  string // below the amount
	}{
		{"0", 400, "must be more than zero", ""},
		{"-0", 400, "must be more than zero", ""},
		{"-1", 400, "must be more than zero", ""},
		{"0.001", 422, "has a fraction of a cent", ".value"},
		{"100000000.00", 422, "is larger than 99999999.99", ".value"},
		{"92233720368547758.08", 422, "is larger than 99999999.99", ".value"},
		{"1e400", 400, "is not a decimal number", ".value"},
		{"1e-400", 400, "is not a decimal number", ".value"},
	} {
		rows = append(rows, malformed{"a payment of " + a.amount, a.status, a.says, []sending{
			overREST("Parameters.parameter[0].value"+a.place, "POST", "Invoice/"+c.invoice+"/$pay", paying(a.amount), "Idempotency-Key: malformed"),
			overGraphQL("input.amount"+a.place, payQuery, c.payment(a.amount, "")),
		}})
	}
	for _, units := range []string{"0", "-0", "-1", "0.0001", "1e400", "1e-400", "100000000", "123456789012345678901234567890"} {
		rows = append(rows, malformed{"units of " + units, 400, "The units must be a number above 0", []sending{
			overREST("Parameters.parameter[1].part[1].value", "POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"units","valueDecimal":`+units+`},{"name":"serviceDate","valueDate":"2026-03-02"}`))),
			overGraphQL("input.charge[0].units", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03-02","units":"`+units+`"}`)),
			overGraphQL("input.charge[0].units", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03-02","units":`+units+`}`)),
			overREST("Claim.item[0].quantity.value", "POST", "Claim", strings.Replace(compact(c.draft(c.item(1, "2026-03-02"))), `"net"`, `"quantity":{"value":`+units+`},"net"`, 1)),
		}})
	}
	return append(rows, malformed{"ten thousand units", 400, "Units must be more than 0 and at most 9999", []sending{
		overREST("Parameters.parameter[1].part[1].value", "POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"units","valueDecimal":10000},{"name":"serviceDate","valueDate":"2026-03-02"}`))),
		overGraphQL("input.charge[0].units", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03-02","units":"10000"}`)),
	}}, malformed{"another currency", 422, "The currency must be USD", []sending{
		overREST("Parameters.parameter[0].value.currency", "POST", "Invoice/"+c.invoice+"/$pay", strings.Replace(paying("10.00"), "USD", "EUR", 1), "Idempotency-Key: malformed"),
		overGraphQL("input.amount.currency", payQuery, strings.Replace(c.payment("10.00", ""), `"value":"10.00"`, `"value":"10.00","currency":"EUR"`, 1)),
	}}, malformed{"days until an invoice is due below none", 400, "must lie between 0 and 365", []sending{
		overGraphQL("input.dueDays", settingsQuery, `{"i":{"dueDays":-2147483648}}`),
		overREST("Parameters.parameter[0].value", "POST", "$settings", parametersOf(`{"name":"dueDays","valueUnsignedInt":99999999}`)),
	}}, malformed{"a pointer at no diagnosis", 400, "", []sending{
		overREST("Parameters.parameter[1].part[1].value", "POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"pointer","valuePositiveInt":2147483647},{"name":"serviceDate","valueDate":"2026-03-02"}`))),
		overGraphQL("input.charge[0].diagnosisSequence[0]", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03-02","diagnosisSequence":[2147483647]}`)),
		overGraphQL("input.charge[0].diagnosisSequence[0]", codeQuery, codingInput(`{"code":"93000","serviceDate":"2026-03-02","diagnosisSequence":[-2147483648]}`)),
	}})
}

// ids are ids that no record can have.
func (c *clinic) ids() []malformed {
	var rows []malformed
	for _, id := range []struct{ text, encoded string }{
		{"a b", "a%20b"}, {"é", "%C3%A9"}, {strings.Repeat("x", 65), strings.Repeat("x", 65)}, {hundreds, hundreds}, {"a?b", "a%3Fb"}, {"a$b", "a%24b"}, {`a\u0001b`, "a%01b"},
	} {
		name, text := "the id "+id.text[:min(len(id.text), 66)], inJSON(id.text)
		rows = append(rows, malformed{name, 404, "There is no such record: an id has 1 to 64 letters, digits, hyphens and points.", []sending{
			overREST("", "GET", "Patient/"+id.encoded, ""),
			overREST("", "GET", "Patient/"+id.encoded+"/_history", ""),
			overREST("", "DELETE", "Patient/"+id.encoded, ""),
			overREST("", "POST", "Encounter/"+id.encoded+"/$code", coding(chargePart(`,{"name":"serviceDate","valueDate":"2026-03-02"}`))),
			overREST("", "POST", "Invoice/"+id.encoded+"/$pay", paying("10.00"), "Idempotency-Key: malformed"),
			overREST("", "POST", "Claim/"+id.encoded+"/$submit", ""),
			overGraphQL("", `query($i:ID!){patient(id:$i){id}}`, `{"i":`+text+`}`),
			overGraphQL("", `query($i:ID!){encounter(id:$i){id}}`, `{"i":`+text+`}`),
			overGraphQL("", `query($i:ID!){claim(id:$i){id}}`, `{"i":`+text+`}`),
			overGraphQL("", `query($i:ID!){invoice(id:$i){id}}`, `{"i":`+text+`}`),
			overGraphQL("", submitQuery, `{"i":`+text+`}`),
			overGraphQL("", codeQuery, strings.Replace(codingInput(`{"code":"93000","serviceDate":"2026-03-02"}`), `"visit"`, text, 1)),
			overGraphQL("", payQuery, strings.Replace(c.payment("10.00", ""), inJSON(c.invoice), text, 1)),
		}}, malformed{name + " of somebody", 400, "The id must have 1 to 64 letters, digits, hyphens and points.", []sending{
			overREST("Patient.id", "PUT", "Patient/"+id.encoded, compact(c.patient("x", ""))),
			overGraphQL("input.practice", settingsQuery, `{"i":{"practice":`+text+`}}`),
			overGraphQL("input.connection[0].payer", settingsQuery, `{"i":{"connection":[{"payer":`+text+`,"kind":"fhir"}]}}`),
			overGraphQL("input.payer", loadQuery, `{"i":{"name":"x","csv":"`+csvOfOne+`","payer":`+text+`}}`),
			overREST("payer", "POST", "$load-fees?name=x&payer="+id.encoded, strings.ReplaceAll(csvOfOne, `\n`, "\n"), "Content-Type: text/csv"),
		}})
		if !strings.Contains(id.text, `\`) {
			last := &rows[len(rows)-1]
			last.sent = append(last.sent,
				overREST("Parameters.parameter[0].value", "POST", "$settings", parametersOf(`{"name":"practice","valueReference":{"reference":"Organization/`+id.text+`"}}`)),
				overREST("Parameters.parameter[0].part[0].value", "POST", "$settings", parametersOf(`{"name":"connection","part":[{"name":"payer","valueReference":{"reference":"Organization/`+id.text+`"}},{"name":"kind","valueCode":"fhir"}]}`)),
			)
		}
	}
	return append(rows, malformed{"NUL in an address", 404, "There is no such record: an id has 1 to 64 letters, digits, hyphens and points.", []sending{
		overREST("", "GET", "Patient/a%00", ""), overREST("", "GET", "Patient/%FF", ""), overREST("", "POST", "Claim/%00/$submit", ""), overREST("", "DELETE", "Patient/%00", ""),
	}})
}

// services are too many of them on one visit.
func (c *clinic) services() []malformed {
	const count = models.CaseServicesMax + 1
	var parts, inputs, items, entries []string
	for i := range count {
		parts = append(parts, chargePart(`,{"name":"serviceDate","valueDate":"2026-03-02"}`))
		inputs = append(inputs, `{"code":"93000","serviceDate":"2026-03-02"}`)
		items = append(items, c.item(i+1, "2026-03-02"))
		entries = append(entries, `{"resource":`+compact(c.charge(fmt.Sprint("many-", i), "visit", ""))+`,"request":{"method":"PUT","url":"ChargeItem/many-`+fmt.Sprint(i)+`"}}`)
	}
	return []malformed{{"a thousand services", 422, "A visit holds at most 999 services", []sending{
		overREST("Parameters.parameter", "POST", "Encounter/visit/$code", coding(parts...)),
		overGraphQL("input.charge", codeQuery, codingInput(inputs...)),
		overREST("Claim.item", "POST", "Claim", compact(c.draft(strings.Join(items, ",")))),
		overREST(fmt.Sprintf("Bundle.entry[%d].resource.context", count-1), "POST", "", `{"resourceType":"Bundle","type":"transaction","entry":[`+strings.Join(entries, ",")+`]}`),
	}}}
}

// links are names of a Bundle that lead nowhere, or to two.
func (c *clinic) links() []malformed {
	const urn = "urn:uuid:0c1e4a36-3a7b-4f5e-9b1d-0a6c1f9f0001"
	const nowhere = "The reference leads to no entry of the same transaction"
	observation := func(subject, more string) string {
		return compact(`{'resourceType':'Observation','id':'o','status':'final','code':{'text':'x'},'subject':{'reference':'` + subject + `'}` + more + `}`)
	}
	rows := []malformed{
		{"a urn:uuid: of no entry", 400, nowhere, everyWay("Observation", "o", "subject.reference", observation(urn, ""))},
		{"a urn:oid: of no entry", 400, nowhere, everyWay("Observation", "o", "subject.reference", observation("urn:oid:1.2.3", ""))},
		{"a urn in an extension", 400, nowhere, everyWay("Observation", "o", "extension[0].value.reference", observation("Patient/ann", `,'extension':[{'url':'http://x','valueReference':{'reference':'`+urn+`'}}]`))},
		{"a urn in what is contained", 400, nowhere, everyWay("Observation", "o", "contained[0].managingOrganization.reference",
			observation("#p", `,'contained':[{'resourceType':'Patient','id':'p','managingOrganization':{'reference':'`+urn+`'}}]`))},
	}
	charge := compact(c.charge("dangling", "visit", ""))
	rows = append(rows, malformed{"a charge of a urn", 400, nowhere, everyWay("ChargeItem", "dangling", "context.reference", strings.Replace(charge, "Encounter/visit", urn, 1))})
	for _, kind := range []string{"transaction", "batch"} {
		entry := func(id string) string {
			return `{"fullUrl":"` + urn + `","resource":` + compact(c.patient(id, "")) + `,"request":{"method":"PUT","url":"Patient/` + id + `"}}`
		}
		rows = append(rows, malformed{"one fullUrl twice in a " + kind, 400, "is that of another entry", []sending{
			overREST("Bundle.entry[1].fullUrl", "POST", "", `{"resourceType":"Bundle","type":"`+kind+`","entry":[`+entry("one")+`,`+entry("two")+`]}`),
		}})
	}
	return rows
}

// json is JSON that is no text, or says two things.
func (c *clinic) json() []malformed {
	named := func(family string) string {
		return compact(`{'resourceType':'Patient','id':'p','name':[{'family':'ok'},{'family':'` + family + `'}]}`)
	}
	written := func(text string) []sending {
		return slices.Concat(everyBody("name[1].family", named(text)), []sending{
			overREST("Parameters.parameter[2].value", "POST", "Invoice/"+c.invoice+"/$pay", paying("10.00", `{"name":"reference","valueString":"`+text+`"}`), "Idempotency-Key: malformed"),
			overREST("Parameters.parameter[1].part[1].value", "POST", "Encounter/visit/$code", coding(chargePart(`,{"name":"serviceDate","valueDate":"`+text+`"}`))),
			overREST("Parameters.parameter[0].value", "POST", "$settings", parametersOf(`{"name":"name","valueString":"`+text+`"}`)),
			overREST("Parameters.parameter[0].value", "POST", "Claim/"+c.claim+"/$submit", parametersOf(`{"name":"x","valueString":"`+text+`"}`)),
			overGraphQL("variables.i.reference", payQuery, c.payment("10.00", `,"reference":"`+text+`"`)),
			overGraphQL("variables.i.charge[0].code", codeQuery, codingInput(`{"code":"`+text+`","serviceDate":"2026-03-02"}`)),
			overGraphQL("variables.k", submitQuery, `{"i":"`+c.claim+`","k":"`+text+`"}`),
			overGraphQL("variables.i", `query($i:ID!){patient(id:$i){id}}`, `{"i":"`+text+`"}`),
			overGraphQL("query", `{patient(id:"`+text+`"){id}}`, `{}`),
			overGraphQL("query", `mutation{recordPayment(input:{invoice:"`+c.invoice+`",amount:{value:"10.00"},method:cash,reference:"`+text+`"},idempotencyKey:"malformed"){invoice{id}}}`, `{}`),
			overGraphQL("query", `query($i:String="`+text+`"){patients(filter:{name:$i}){totalCount}}`, `{}`),
		})
	}
	const half, nothing, twice = "half a surrogate pair", `the character \u0000`, "stands twice in the same object"
	rows := []malformed{
		{"half a character", 400, half, written(`x\ud800`)},
		{"the other half", 400, half, written(`\udfffx`)},
		{"two halves the wrong way round", 400, half, written(`\ude00\ud83d`)},
		{"NUL", 400, nothing, written(`a\u0000b`)},
		{"half a character in a name", 400, half, []sending{
			overREST("Patient", "PUT", "Patient/p", `{"resourceType":"Patient","id":"p","\ud800":1}`),
			overGraphQL("variables", payQuery, `{"\ud800":1}`),
		}},
		{"one name twice", 400, twice, slices.Concat(everyBody("", `{"resourceType":"Patient","id":"p","active":true,"\u0061ctive":false}`), []sending{
			overREST("", "POST", "Invoice/"+c.invoice+"/$pay", `{"resourceType":"Parameters","parameter":[],"parameter":[]}`, "Idempotency-Key: malformed"),
			overGraphQL("", payQuery, strings.Replace(c.payment("10.00", ""), `"method"`, `"method":"card","method"`, 1)),
			{request: request{"POST", "/graphql", `{"query":"{__typename}","query":"{__typename}"}`, nil}},
		})},
	}
	for name, broken := range map[string]struct{ text, says string }{
		"bytes that are no UTF-8":      {"{\"a\":\"\xff\"}", "The body is not UTF-8."},
		"surrogates as bytes":          {"{\"a\":\"\xed\xa0\x80\"}", "The body is not UTF-8."},
		"a byte order mark":            {"\ufeff{}", "A JSON value is expected."},
		"JSON that ends too early":     {`{"a":`, "The JSON ends too early."},
		"two values":                   {`{} {}`, "goes on after its JSON value"},
		"a raw control character":      {"{\"a\":\"\x07\"}", "A control character stands unescaped in a string."},
		"a number that is none":        {`{"a":NaN}`, "A JSON value is expected."},
		"a number with zeros":          {`{"a":01}`, "A number must not start with zeros."},
		"a hundred and one levels":     {strings.Repeat(`{"a":`, 101) + "1" + strings.Repeat("}", 101), "nested deeper than 100 levels"},
		"half a million open brackets": {strings.Repeat(`[`, 500_000), "nested deeper than 100 levels"},
	} {
		rows = append(rows, malformed{name, 400, broken.says, []sending{
			overREST("", "PUT", "Patient/p", broken.text), overREST("", "POST", "Patient", broken.text), overREST("", "POST", "", broken.text),
			overREST("", "POST", "Invoice/"+c.invoice+"/$pay", broken.text, "Idempotency-Key: malformed"), overREST("", "POST", "Claim/"+c.claim+"/$submit", broken.text),
			{request: request{"POST", "/graphql", broken.text, nil}},
		}})
	}
	return rows
}

// everyBody sends a document that cannot even be read by each interaction that takes one: place is where it is wrong, without the
// type. A batch that cannot be read is refused as a whole.
func everyBody(place, body string) []sending {
	sent := everyWay("Patient", "p", place, body)
	for i := range sent {
		a := &sent[i]
		a.place = strings.TrimSuffix(a.place, ".")
		if a.entry {
			a.entry, a.place = false, "Bundle.entry[0].resource."+place
		}
		if place == "" {
			a.place = ""
		}
	}
	return sent
}

// transport is what stands around a body: addresses, headers, the members of a request to GraphQL.
func (c *clinic) transport() []malformed {
	patient := compact(c.patient("ann", ""))
	anew := strings.Replace(patient, `"id":"ann",`, "", 1)
	graphBody := func(body string) sending { return sending{request: request{"POST", "/graphql", body, nil}} }
	return []malformed{
		{"a version that is none", 400, "The version must be", []sending{
			overREST("If-Match", "PUT", "Patient/ann", patient, "If-Match: "+hundreds),
			overREST("If-Match", "PUT", "Patient/ann", patient, `If-Match: W/"99999999999999999999"`),
			overREST("If-Match", "PUT", "Patient/ann", patient, `If-Match: W/"-1"`),
			overREST("If-Match", "DELETE", "Patient/bob", "", `If-Match: W/"0"`),
			overGraphQL("ifVersion", `mutation($k:String){submitClaim(id:"1",ifVersion:$k){claim{id}}}`, `{"k":"`+hundreds+`"}`),
			overGraphQL("ifVersion", `mutation($k:String){submitClaim(id:"1",ifVersion:$k){claim{id}}}`, `{"k":"99999999999999999999"}`),
			overGraphQL("ifVersion", `mutation($k:String){submitClaim(id:"1",ifVersion:$k){claim{id}}}`, `{"k":"-1"}`),
			overGraphQL("ifVersion", `mutation($k:String){submitClaim(id:"1",ifVersion:$k){claim{id}}}`, `{"k":""}`),
		}},
		{"a condition that is no text", 400, "is not text in UTF-8", []sending{
			overREST("identifier", "POST", "Patient", anew, "If-None-Exist: identifier=%00"),
			overREST("identifier", "POST", "Patient", anew, "If-None-Exist: identifier=%FF"),
			overREST("identifier", "POST", "Patient", anew, "If-None-Exist: identifier=%ED%A0%80"),
			overREST("identifier", "GET", "Patient?identifier=%00", ""),
			overREST("identifier", "PUT", "Patient?identifier=%FF", anew),
		}},
		{"a condition that says nothing", 400, "The condition has no search parameter", []sending{
			overREST("", "POST", "Patient", anew, "If-None-Exist: identifier="), overREST("", "PUT", "Patient?identifier=", anew), overREST("", "DELETE", "Patient?identifier=", ""),
		}},
		{"half an escape in an address", 400, "a percent sign without two hexadecimal digits", []sending{
			overREST("", "GET", "Patient?identifier=%", ""), overREST("", "POST", "Patient", anew, "If-None-Exist: identifier=%zz"),
		}},
		{"a rehearsal that may be one", 400, "The header must be true or false", []sending{
			overREST("Medbill-Dry-Run", "POST", "Patient", anew, "Medbill-Dry-Run: yes"), overREST("Medbill-Dry-Run", "PUT", "Patient/ann", patient, "Medbill-Dry-Run: TRUE"),
			overREST("Medbill-Dry-Run", "POST", "Claim/"+c.claim+"/$submit", "", "Medbill-Dry-Run: 1"),
		}},
		{"a request that is no operation", 400, "The body must be one JSON object", []sending{
			graphBody(`[]`), graphBody(`"x"`), graphBody(`null`), graphBody(`7`), graphBody(`[{"query":"{__typename}"}]`), graphBody(`{"query":7}`), graphBody(`{"query":["{__typename}"]}`),
			graphBody(`{"query":"{__typename}","variables":[]}`), graphBody(`{"query":"{__typename}","variables":"{}"}`), graphBody(`{"query":"{__typename}","operationName":7}`),
		}},
		{"an operation that is not there", 400, "The query holds no operation, or none of the name in operationName.", []sending{
			graphBody(`{}`), graphBody(`{"QUERY":"{__typename}"}`), graphBody(`{"query":""}`), graphBody(`{"query":"query a{__typename}","operationName":"CANARY"}`),
		}},
		{"a value of another type", 400, "A value does not have the type that the schema asks for", []sending{
			overGraphQL("", `query($n:Int){patients(first:$n){totalCount}}`, `{"n":1e400}`), overGraphQL("", `query($n:Int){patients(first:$n){totalCount}}`, `{"n":1.5}`),
			overGraphQL("", `{patients(first:1e400){totalCount}}`, `{}`), overGraphQL("", payQuery, `{"i":"x"}`), overGraphQL("", payQuery, `{"i":null}`),
			overGraphQL("", codeQuery, codingInput(`[]`)),
		}},
		{"a number that is no Int", 400, "The number must be a whole one between -2147483648 and 2147483647.", []sending{
			overGraphQL("", settingsQuery, `{"i":{"dueDays":"1"}}`), overGraphQL("", settingsQuery, `{"i":{"dueDays":2147483648}}`),
		}},
		{"a page that is none", 400, "A page has 1 to 100 nodes", []sending{
			overGraphQL("first", `{patients(first:-1){totalCount}}`, `{}`), overGraphQL("first", `query($n:Int){patients(first:$n){totalCount}}`, `{"n":2147483647}`),
		}},
		{"a day of a filter that is none", 400, "The date must be a day, a month or a year", []sending{
			overGraphQL("filter.date.from", `query($d:Date){encounters(filter:{date:{from:$d}}){totalCount}}`, `{"d":"`+hundreds+`"}`),
			overGraphQL("filter.birthDate", `query($d:Date){patients(filter:{birthDate:$d}){totalCount}}`, `{"d":"2026-13"}`),
			overGraphQL("filter.birthDate", `query($d:Date){patients(filter:{birthDate:$d}){totalCount}}`, `{"d":"0000-01-01"}`),
		}},
	}
}

// TestWhatR4AllowsIsKept holds that long and odd values that only the EHR has to do with are stored, and read back as they were.
func TestWhatR4AllowsIsKept(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := malformedClinic(t, w)
		for name, body := range map[string]string{
			"an identifier of 500 KB":   compact(c.patient("odd", `,'identifier':[{'system':'urn:x','value':'`+hundreds+`'}]`)),
			"a name of 500 KB":          strings.Replace(compact(c.patient("odd", "")), "Canary", hundreds, 1),
			"a pair of surrogates":      strings.Replace(compact(c.patient("odd", "")), "Canary", `\ud83d\ude00`, 1),
			"a replacement character":   strings.Replace(compact(c.patient("odd", "")), "Canary", `\ufffd`, 1),
			"a birth in the year 1":     strings.Replace(compact(c.patient("odd", "")), "1970-01-01", "0001-01-01", 1),
			"a birth in the year 9999":  strings.Replace(compact(c.patient("odd", "")), "1970-01-01", "9999-12-31", 1),
			"a number beyond any float": compact(`{'resourceType':'Observation','id':'odd','status':'final','code':{'text':'x'},'valueQuantity':{'value':1e400,'code':'kg'}}`),
			"a number below any float":  compact(`{'resourceType':'Observation','id':'odd','status':'final','code':{'text':'x'},'valueQuantity':{'value':-1E-400,'code':'kg'}}`),
			"a negative zero":           compact(`{'resourceType':'Observation','id':'odd','status':'final','code':{'text':'x'},'valueQuantity':{'value':-0,'code':'kg'}}`),
			"a code of 500 KB":          strings.Replace(compact(c.procedure("odd", "ann", "visit")), "93000", hundreds, 1),
			"a diagnosis of 500 KB":     strings.Replace(compact(c.condition("odd", "ann", "visit")), "I10", hundreds, 1),
			"a price of a long code": compact(`{'resourceType':'ChargeItemDefinition','id':'odd','url':'http://example.org/fee','status':'active','code':{'coding':[{'system':'` + malformedCPT + `','code':'` + hundreds + `'}]},
				'propertyGroup':[{'priceComponent':[{'type':'base','amount':{'value':1.00,'currency':'USD'}}]}]}`),
		} {
			n := nameOf(t, []byte(body))
			if a := w.send(t, request{"PUT", n.ResourceType + "/" + n.ID, body, nil}, c.admin); a.status != 200 && a.status != 201 {
				t.Errorf("%s: %d %.300s", name, a.status, a.body)
				continue
			}
			got := w.must(t, c.admin, "GET", n.ResourceType+"/"+n.ID, "").body
			rest := body[strings.Index(body, `"id":"odd",`)+len(`"id":"odd",`):]
			if !strings.Contains(got, rest) {
				t.Errorf("%s: read back as %.300s", name, got)
			}
		}
		w.idle(t)
		for _, d := range []string{"0001-01-01", "9999-12-31"} { // a day that cannot be one of service waits for a person
			id := "odd" + d[:4]
			c.put(t, strings.Replace(c.procedure(id+"-ecg", "ann", id), "2026-03-02", d, 1))
			c.put(t, c.condition(id+"-dx", "ann", id))
			c.put(t, c.encounter(id, "ann"))
			w.idle(t)
			if _, body := w.ask(t, c.admin, `{case(id:"Encounter/`+id+`"){state workItems{kind}}}`); !strings.Contains(body, `"held"`) || !strings.Contains(body, `code-visit`) {
				t.Errorf("a service on %s: %s", d, body)
			}
		}
	})
}
