package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"medbill/graph"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
)

// TestTheDoorTakesOnePostedOperation holds the edge of HTTP.
func TestTheDoorTakesOnePostedOperation(t *testing.T) {
	d := open(t, storetest.Open(t, storetest.URL(t, "sqlite")))
	admin := d.role(auth.RoleAdmin)
	for _, c := range []struct {
		name, media, body string
		principal         auth.Principal
		status            int
		code              string
	}{
		{"an operation", "application/json; charset=utf-8", `{"query":"{__typename}"}`, admin, 200, ""},
		{"no token", "application/json", `{"query":"{__typename}"}`, auth.Principal{}, 401, "UNAUTHENTICATED"},
		{"another type", "text/plain", `{"query":"{__typename}"}`, admin, 415, "UNSUPPORTED"},
		{"a form", "multipart/form-data; boundary=x", `--x`, admin, 415, "UNSUPPORTED"},
		{"no JSON", "application/json", `{"query":"Canary`, admin, 400, "BAD_USER_INPUT"},
		{"a batch", "application/json", `[{"query":"{__typename}"}]`, admin, 400, "BAD_USER_INPUT"},
		{"two objects", "application/json", `{"query":"{__typename}"}{}`, admin, 400, "BAD_USER_INPUT"},
		{"over a megabyte", "application/json", `{"query":"` + strings.Repeat(" ", 1<<20) + `{__typename}"}`, admin, 413, "BAD_USER_INPUT"},
		{"nothing", "application/json", `{}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"no GraphQL", "application/json", `{"query":"{patient(id:\"Canary\" Canary"}`, admin, 200, "GRAPHQL_PARSE_FAILED"},
		{"an unknown field", "application/json", `{"query":"{patient(id:1){shoeSize}}"}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a value of another type", "application/json", `{"query":"{patients(first:\"Canary\"){totalCount}}"}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a variable of another type", "application/json", `{"query":"query($n:Int){patients(first:$n){totalCount}}","variables":{"n":"Canary"}}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a word outside of an enum", "application/json", `{"query":"mutation($i:RecordPaymentInput!){recordPayment(input:$i,idempotencyKey:\"1\"){invoice{id}}}","variables":{"i":{"invoice":"1","amount":{"value":"1"},"method":"Canary"}}}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a fraction as Int", "application/json", `{"query":"query($n:Int){patients(first:$n){totalCount}}","variables":{"n":1.5}}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"an Int of 33 bits", "application/json", `{"query":"{patients(first:8589934592){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a page of none", "application/json", `{"query":"{patients(first:0){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a page over a hundred", "application/json", `{"query":"{patients(first:101){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a cursor that is none", "application/json", `{"query":"{patients(after:\"Canary\"){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"two operations", "application/json", `{"query":"query a{__typename} query b{__typename}","operationName":"a"}`, admin, 200, "BAD_USER_INPUT"},
		{"too deep", "application/json", `{"query":"{patient(id:1){` + strings.Repeat("coverages{beneficiary{", 7) + "id" + strings.Repeat("}}", 7) + `}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"too much", "application/json", `{"query":"{claims(first:100){nodes{responses{item{adjudication{category{coding{code system display}}}} answer{lines{adjustments{amount{value}}}}}}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"too long", "application/json", `{"query":"{` + strings.Repeat("__typename ", 2001) + `}"}`, admin, 200, "GRAPHQL_PARSE_FAILED"},
		{"much of the schema", "application/json", `{"query":"{__schema{types{` + strings.Repeat("a:fields{type{fields{name}}} ", 99) + `b:fields{type{fields{name}} args{type{inputFields{name}}}}}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"the schema thrice", "application/json", `{"query":"{a:__schema{queryType{name}} b:__schema{queryType{name}} c:__type(name:\"Claim\"){name}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"euros", "application/json", `{"query":"mutation{recordPayment(input:{invoice:1,amount:{value:\"1\",currency:\"EUR\"},method:card},idempotencyKey:\"1\"){invoice{id}}}"}`, admin, 200, "UNPROCESSABLE"},
		{"half a cent", "application/json", `{"query":"mutation{recordPayment(input:{invoice:1,amount:{value:\"0.005\"},method:card},idempotencyKey:\"1\"){invoice{id}}}"}`, admin, 200, "UNPROCESSABLE"},
		{"less than nothing", "application/json", `{"query":"mutation{recordPayment(input:{invoice:1,amount:{value:\"-1\"},method:card},idempotencyKey:\"1\"){invoice{id}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"no key", "application/json", `{"query":"mutation{recordPayment(input:{invoice:1,amount:{value:\"1\"},method:card},idempotencyKey:\"\"){invoice{id}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"no key at all", "application/json", `{"query":"mutation{recordPayment(input:{invoice:1,amount:{value:\"1\"},method:card}){invoice{id}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a key with a blank", "application/json", `{"query":"mutation{submitClaim(id:1,idempotencyKey:\"a Canary\"){claim{id}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a version that is none", "application/json", `{"query":"mutation{submitClaim(id:1,ifVersion:\"Canary\"){claim{id}}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a moment for a day", "application/json", `{"query":"{encounters(filter:{date:{from:\"2026-03-02T00:00:00Z\"}}){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a prefix for a day", "application/json", `{"query":"{patients(filter:{birthDate:\"gt1900\"}){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a state that is none", "application/json", `{"query":"{cases(state:Canary){totalCount}}"}`, admin, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a state of a claim that is none", "application/json", `{"query":"{claims(filter:{claimState:[\"ready\",\"Canary\"]}){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a list of more words than a search may have", "application/json", `{"query":"{patients(first:1){nodes{id}} encounters(filter:{status:[` + strings.Repeat(`\"finished\",`, 501) + `]}){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a kind of work that is none", "application/json", `{"query":"{workItems(filter:{kind:[\"Canary\"]}){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"a cursor of no case", "application/json", `{"query":"{cases(after:\"Canary\"){totalCount}}"}`, admin, 200, "BAD_USER_INPUT"},
		{"an unknown record", "application/json", `{"query":"{patient(id:\"Canary\"){id}}"}`, admin, 200, "NOT_FOUND"},
	} {
		status, text := d.post(c.principal, c.media, []byte(c.body))
		var a answered
		if err := json.Unmarshal(text, &a); err != nil {
			t.Errorf("%s: the answer is no JSON: %s", c.name, text)
		}
		if status != c.status || a.codes() != c.code {
			t.Errorf("%s: status %d, %s, want %d %s\n%s", c.name, status, a.codes(), c.status, c.code, text)
		}
		if strings.Contains(string(text), "Canary") {
			t.Errorf("%s: the answer quotes the input: %s", c.name, text)
		}
	}
	if log := d.log.String(); log != "" {
		t.Errorf("the log says\n%s", log)
	}
}

// TestOnlyPostIsAnswered holds that nothing is read by GET, which would put queries into the logs of proxies.
func TestOnlyPostIsAnswered(t *testing.T) {
	d := open(t, storetest.Open(t, storetest.URL(t, "sqlite")))
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, d.door.URL+"?query={__typename}", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusMethodNotAllowed || response.Header.Get("Allow") != "POST" {
		t.Errorf("GET gives %d with Allow %q", response.StatusCode, response.Header.Get("Allow"))
	}
}

// TestTheSchemaTellsItself holds that the introspection of common tools passes the limits.
func TestTheSchemaTellsItself(t *testing.T) {
	d := open(t, storetest.Open(t, storetest.URL(t, "sqlite")))
	a := d.ask(d.role(auth.RolePatient), `query IntrospectionQuery{__schema{queryType{name} mutationType{name} subscriptionType{name}
		types{...FullType} directives{name description locations args{...InputValue}}}}
		fragment FullType on __Type{kind name description fields(includeDeprecated:true){name description args{...InputValue} type{...TypeRef} isDeprecated deprecationReason}
		inputFields{...InputValue} interfaces{...TypeRef} enumValues(includeDeprecated:true){name description isDeprecated deprecationReason} possibleTypes{...TypeRef}}
		fragment InputValue on __InputValue{name description type{...TypeRef} defaultValue}
		fragment TypeRef on __Type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name}}}}}}}}`)
	if len(a.Errors) > 0 || !strings.Contains(string(a.Data), `"recordPayment"`) {
		t.Errorf("the schema says %+v", a.Errors)
	}
}

// TestThePlaygroundStandsAlone holds that the page brings everything along.
func TestThePlaygroundStandsAlone(t *testing.T) {
	response := httptest.NewRecorder()
	graph.Playground("/graphql").ServeHTTP(response, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/playground", http.NoBody))
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), `data-endpoint="/graphql"`) || strings.Contains(string(page), "://") || strings.Contains(string(page), "ZgotmplZ") {
		t.Errorf("the page is\n%s", page)
	}
}

// TestReadsOfOneQueryDoNotWaitForEachOther asks for more at once than the database has readers: records, lists, and what the
// records refer to. Whatever they share of the request, each comes to its end.
func TestReadsOfOneQueryDoNotWaitForEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.bundle(d.role(auth.RoleAdmin), append(practice(), person("ann")...)...)
		var fields, want []string
		for i := range 40 {
			fields = append(fields, fmt.Sprintf(`p%d:patient(id:"ann"){id} l%d:patients{nodes{id coverages{payor{id}}}}`, i, i))
			want = append(want, fmt.Sprintf(`"p%d":{"id":"ann"},"l%d":{"nodes":[{"id":"ann","coverages":[{"payor":[{"id":"acme"}]}]}]}`, i, i))
		}
		d.says(d.role(auth.RoleBiller), "{"+strings.Join(want, ",")+"}", "{"+strings.Join(fields, " ")+"}")
	})
}

// TestAPageOfTwentyClaimsTakesAsManyStatementsAsOneOfFive holds that nothing is asked once per claim.
func TestAPageOfTwentyClaimsTakesAsManyStatementsAsOneOfFive(t *testing.T) {
	const claims = 20
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.manyClaims(claims)
		const query = `query($n:Int!){claims(first:$n){nodes{state patient{name{family}} insurer{name} provider{name} insurance{coverage{payor{name}}}
			item{sequence net{value} encounter{id} chargeItem{status}} findings{text} responses{item{adjudication{amount{value}}} answer{lines{paid{value}}}}
			postings{account amount{value}} balance{account amount{value}}}}}`
		biller := d.role(auth.RoleBiller)
		count := func(n int) int64 {
			return d.cheapest(func() {
				a := d.ask(biller, query, "n", n)
				if len(a.Errors) > 0 || strings.Count(string(a.Data), `"state"`) != n || strings.Count(string(a.Data), `"paid":{"value":"80.00"}`) != n {
					t.Fatalf("%d claims: %s %+v", n, a.Data, a.Errors)
				}
			})
		}
		five, twenty := count(5), count(claims)
		t.Logf("a page of 5 claims takes %d statements, one of %d takes %d", five, claims, twenty)
		if max(five, twenty)-min(five, twenty) > byChance {
			t.Errorf("a page of 5 claims takes %d statements, one of %d takes %d", five, claims, twenty)
		}
	})
}
