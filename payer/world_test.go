package payer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"medbill/models/money"
	"medbill/payer"
)

// start is where the clock of a test's payer stands first; the visits are of the day before.
var start = time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)

const (
	served = "2026-03-02"
	token  = "canary-token"
)

// desk is somebody before the doors of a payer that runs alone.
type desk struct {
	*testing.T
	payer  *payer.Payer
	server *httptest.Server
}

func open(t *testing.T, config payer.Config) *desk {
	t.Helper()
	config.Token, config.Start = token, start
	p, err := payer.New(config)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t, p, httptest.NewServer(p.Handler())}
	t.Cleanup(d.close)
	return d
}

func (d *desk) close() {
	d.server.Close()
	if err := d.payer.Close(); err != nil {
		d.Error(err)
	}
}

type object = map[string]any

// do sends a request with the payer's token, and gives what came back.
func (d *desk) do(method, path string, body any, want int) []byte {
	d.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		d.Fatal(err)
	}
	if s, isText := body.(string); isText {
		text = []byte(s)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, d.server.URL+path, bytes.NewReader(text))
	if err != nil {
		d.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := d.server.Client().Do(request)
	if err != nil {
		d.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != want {
		d.Fatalf("%s %s: %d %v, want %d: %s", method, path, response.StatusCode, err, want, got)
	}
	return got
}

// read does the same and reads the answer.
func (d *desk) read(method, path string, body any, into any) {
	d.Helper()
	if err := json.Unmarshal(d.do(method, path, body, http.StatusOK), into); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) move(days int) {
	d.Helper()
	d.do("POST", "/clock", object{"now": start.AddDate(0, 0, days)}, http.StatusOK)
}

// visit is what is billed: code and charge, one a line.
var visit = []string{"99214 250.00", "93000 60.00", "36415 15.00"}

// claim is a claim of a member as a Bundle with its Coverage; change may alter it.
func claim(id, member string, lines []string, change ...func(object)) object {
	var items []object
	for i, line := range lines {
		code, charge, _ := strings.Cut(line, " ")
		items = append(items, object{
			"sequence": i + 1, "productOrService": object{"coding": []object{{"system": "http://www.ama-assn.org/go/cpt", "code": code}}}, "servicedDate": served,
			"quantity": object{"value": 1}, "net": object{"value": json.Number(charge), "currency": "USD"},
		})
	}
	c := object{
		"resourceType": "Claim", "id": id, "status": "active", "use": "claim", "type": object{"coding": []object{{"system": "http://terminology.hl7.org/CodeSystem/claim-type", "code": "professional"}}},
		"identifier": []object{{"system": "https://medbill.dev/fhir/NamingSystem/claim-number", "value": "N-" + id}}, "patient": object{"reference": "Patient/p"},
		"insurer": object{"reference": "Organization/acme"}, "provider": object{"reference": "Organization/practice"},
		"insurance": []object{{"sequence": 1, "focal": true, "coverage": object{"reference": "Coverage/" + id}}}, "item": items,
	}
	for _, f := range change {
		f(c)
	}
	return object{"resourceType": "Bundle", "type": "collection", "entry": []object{{"resource": c}, {"resource": object{"resourceType": "Coverage", "id": id, "subscriberId": member}}}}
}

// follows makes a claim replace (7) or void (8) another.
func follows(frequency, prior string) func(object) {
	return func(c object) {
		c["extension"] = []object{{"url": "https://medbill.dev/fhir/StructureDefinition/claim-frequency", "valueCode": frequency}}
		c["related"] = []object{{"claim": object{"reference": "Claim/" + prior}}}
	}
}

func (d *desk) submit(body object) {
	d.Helper()
	d.do("POST", "/fhir/R4/Claim/$submit", body, http.StatusOK)
}

// letter is one as the payer lists it.
type letter struct {
	Member, Letter, Day, State, Number, Trace, Paid, Why string
	Document                                             json.RawMessage
}

func (d *desk) letters() []letter {
	d.Helper()
	var list struct{ Letters []letter }
	d.read("GET", "/letters", nil, &list)
	return list.Letters
}

// document is a ClaimResponse or a PaymentReconciliation as it is read here.
type document struct {
	ResourceType, Outcome, Created string
	Extension                      []struct {
		URL, ValueCode       string
		ValueCodeableConcept concept
	}
	Item []struct {
		ItemSequence int
		Adjudication []struct {
			Category, Reason concept
			Amount           amount
		}
	}
	Total []struct {
		Category concept
		Amount   amount
	}
	Payment struct {
		Amount     amount
		Identifier struct{ Value string }
	}
	ProcessNote []struct {
		Extension []struct{ ValueCoding struct{ Code string } }
	}
	PaymentAmount amount
	Detail        []struct {
		Type   concept
		Amount amount
	}
}

type concept struct {
	Coding []struct{ System, Code string }
}

func (c concept) code() string {
	if len(c.Coding) == 0 {
		return ""
	}
	return c.Coding[len(c.Coding)-1].Code
}

type amount struct{ Value json.Number }

func (a amount) cents(t *testing.T) money.Cents {
	t.Helper()
	c, err := money.Parse(a.Value.String())
	if err != nil {
		t.Fatalf("%q: %v", a.Value, err)
	}
	return c
}

// says tells a letter in one line: its kind, what is paid, and the sums of the adjustments; it holds that all of it balances.
func says(t *testing.T, l letter) string {
	t.Helper()
	var d document
	if err := json.Unmarshal(l.Document, &d); err != nil {
		t.Fatal(err)
	}
	if d.ResourceType == "PaymentReconciliation" {
		return pays(t, l, d)
	}
	text := l.Letter
	for _, e := range d.Extension {
		if strings.HasSuffix(e.URL, "/clp-status") && e.ValueCode != "1" {
			text += " clp " + e.ValueCode
		}
		if strings.HasSuffix(e.URL, "/claim-status") {
			text += " " + e.ValueCodeableConcept.Coding[0].Code
		}
	}
	if d.Outcome != "complete" && d.Outcome != "" {
		text += " " + d.Outcome
	}
	sums, order, charge, paid := map[string]money.Cents{}, []string{}, money.Cents(0), money.Cents(0)
	for _, item := range d.Item {
		submitted, told := money.Cents(0), money.Cents(0)
		for _, a := range item.Adjudication {
			switch cents := a.Amount.cents(t); a.Category.code() {
			case "submitted":
				submitted = cents
			case "benefit":
				told, paid = told+cents, paid+cents
			case "eligible":
			default:
				name := a.Category.code() + "-" + a.Reason.code()
				if _, found := sums[name]; !found {
					order = append(order, name)
				}
				sums[name], told = sums[name]+cents, told+cents
			}
		}
		if submitted != told {
			t.Errorf("%s %s: line %d comes to %s of %s", l.Member, l.Letter, item.ItemSequence, told, submitted)
		}
		charge += submitted
	}
	if len(d.Item) > 0 {
		text += " " + paid.String()
		for _, name := range order {
			text += " " + name + " " + sums[name].String()
		}
		if d.Total[0].Amount.cents(t) != charge || d.Total[1].Amount.cents(t) != paid || d.Payment.Amount.cents(t) != paid {
			t.Errorf("%s %s: the totals are not those of the lines", l.Member, l.Letter)
		}
	}
	for _, note := range d.ProcessNote {
		for _, e := range note.Extension {
			text += " " + e.ValueCoding.Code
		}
	}
	return text
}

// pays tells a remittance in one line, and holds that it is the sum of its parts unless the line says by how much it is off.
func pays(t *testing.T, l letter, d document) string {
	t.Helper()
	text, sum := l.Letter+" "+d.PaymentAmount.cents(t).String(), money.Cents(0)
	for _, detail := range d.Detail {
		sum += detail.Amount.cents(t)
		if code := detail.Type.code(); code != "payment" {
			text += " " + code + " " + detail.Amount.cents(t).String()
		}
	}
	if off := d.PaymentAmount.cents(t) - sum; off != 0 {
		text += fmt.Sprintf(" off %s", off)
	}
	return text
}
