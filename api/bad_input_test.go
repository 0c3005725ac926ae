package api_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"medbill/fhir"
)

func TestBadBodiesAreRefusedAndStoreNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.put(t, "Patient/p1", patientOf("p1", ""))
		before := w.documents(t, tenant)
		const canary = "CANARY-7781"
		siblings := func() string {
			var b strings.Builder
			b.WriteString(`{"resourceType":"Patient"`)
			for i := 0; b.Len() < 5<<20; i++ {
				fmt.Fprintf(&b, `,"k%d":1`, i)
			}
			return b.String() + "}"
		}
		for name, row := range map[string]struct {
			body string
			want int
		}{
			"nothing":                      {" ", 400},
			"no JSON":                      {canary, 400},
			"broken JSON":                  {`{"resourceType":"Patient","gender":"` + canary, 400},
			"two values":                   {patientOf("p1", "") + "{}", 400},
			"an array":                     {`[]`, 400},
			"no type":                      {`{"id":"p1"}`, 400},
			"a type that is none":          {`{"resourceType":"` + canary + `","id":"p1"}`, 400},
			"an unknown element":           {patientOf("p1", `,"wombat":"`+canary+`"`), 400},
			"a duplicate key":              {patientOf("p1", `,"active":true,"active":false`), 400},
			"an escaped duplicate key":     {patientOf("p1", `,"active":true,"\u0061ctive":false`), 400},
			"null":                         {patientOf("p1", `,"active":null`), 400},
			"an empty object":              {patientOf("p1", `,"maritalStatus":{}`), 400},
			"an empty array":               {patientOf("p1", `,"name":[]`), 400},
			"an empty string":              {patientOf("p1", `,"language":""`), 400},
			"a wrong JSON type":            {patientOf("p1", `,"active":"true"`), 400},
			"a code that is none":          {patientOf("p1", `,"gender":"`+canary+`"`), 400},
			"a date that is none":          {patientOf("p1", `,"birthDate":"2026-02-30"`), 400},
			"\\u0000":                      {patientOf("p1", `,"name":[{"family":"a\u0000b"}]`), 400},
			"a byte order mark":            {"\ufeff" + patientOf("p1", ""), 400},
			"bytes that are no UTF-8":      {patientOf("p1", ",\"name\":[{\"family\":\"\xff\"}]"), 400},
			"script in the narrative":      {compact(`{'resourceType':'Patient','id':'p1','text':{'status':'generated','div':'<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>'}}`), 400},
			"a dangling local reference":   {patientOf("p1", `,"managingOrganization":{"reference":"#nobody"}`), 400},
			"contained inside contained":   {compact(`{'resourceType':'Patient','id':'p1','contained':[{'resourceType':'Organization','id':'o','contained':[{'resourceType':'Organization','id':'i'}]}]}`), 400},
			"deep nesting":                 {strings.Repeat(`{"extension":[`, 200) + strings.Repeat(`]}`, 200), 400},
			"5 MB of nesting":              {strings.Repeat("[", 5<<20), 400},
			"5 MB of sibling keys":         {siblings(), 400},
			"a body over the limit":        {patientOf("p1", `,"language":"`+strings.Repeat("x", fhir.DocumentBytesMax)+`"`), 413},
			"a Bundle over the limit":      {`{"resourceType":"Bundle","type":"transaction","id":"` + strings.Repeat("x", fhir.DocumentBytesMax) + `"}`, 413},
			"more values than two million": {`{"a":[` + strings.TrimSuffix(strings.Repeat("1,", 2_000_001), ",") + `]}`, 413},
		} {
			for _, request := range [][2]string{{"PUT", "Patient/p1"}, {"POST", "Patient"}, {"POST", ""}} {
				a := w.do(t, admin, request[0], request[1], row.body)
				if a.status != row.want || !a.node(t).Get("resourceType").Is("OperationOutcome") {
					t.Errorf("%s by %v: %d %.200s, want %d", name, request, a.status, a.body, row.want)
				}
				if strings.Contains(a.body, canary) || !utf8.ValidString(a.body) {
					t.Errorf("%s: the answer repeats what was sent: %.200s", name, a.body)
				}
			}
		}
		if after := w.documents(t, tenant); after != before {
			t.Errorf("bad bodies stored %d documents", after-before)
		}
		if strings.Contains(w.log.String(), canary) {
			t.Error("the log repeats what was sent")
		}
	})
}

func TestBadBillingIsRefusedAndBooksNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		practice(t, w)
		visit(t, w, "visit", "ann")
		claim := w.await(t, "Claim?encounter=Encounter/visit&claim-state=ready", 1)[0]
		w.do(t, admin, "POST", "Claim/"+claim+"/$submit", "").expect(t, 200)
		w.idle(t)
		before := w.documents(t, tenant)
		good := payerAnswer(claim, "ICN-1")
		for name, row := range map[string]struct {
			body string
			want int
		}{
			"does not balance":     {strings.Replace(good, `"value":100.00`, `"value":99.99`, 1), 422},
			"another currency":     {strings.Replace(good, `"value":80.00,"currency":"USD"`, `"value":80.00,"currency":"EUR"`, 1), 422},
			"a fraction of a cent": {strings.Replace(good, `"value":80.00`, `"value":80.001`, 1), 422},
			"a line left out":      {strings.Replace(good, `"itemSequence":3`, `"itemSequence":2`, 1), 422},
			"text for an amount":   {strings.Replace(good, `"value":80.00`, `"value":"80.00"`, 1), 400},
		} {
			if a := w.do(t, admin, "POST", "ClaimResponse", row.body); a.status != row.want {
				t.Errorf("%s: %d %s, want %d", name, a.status, a.body, row.want)
			}
		}
		if after := w.documents(t, tenant); after != before {
			t.Errorf("refused answers stored %d documents", after-before)
		}
		w.do(t, admin, "POST", "ClaimResponse", good).expect(t, 201)
		correction := strings.NewReplacer("ICN-1", "ICN-2", `"itemSequence":3`, `"itemSequence":2`).Replace(good)
		w.do(t, admin, "POST", "ClaimResponse", correction).expect(t, 422)
	})
}
