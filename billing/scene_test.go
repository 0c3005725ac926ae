package billing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"medbill/billing"
	"medbill/internal/auth"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// fields is a FHIR object as a test writes it.
type fields map[string]any

// with gives f with other fields in place of its own; a nil takes one out.
func (f fields) with(others ...fields) fields {
	whole := maps.Clone(f)
	for _, other := range others {
		maps.Copy(whole, other)
	}
	maps.DeleteFunc(whole, func(_ string, value any) bool { return value == nil })
	return whole
}

func ref(to string) fields { return fields{"reference": to} }

// conceptOf is a CodeableConcept of one code.
func conceptOf(system, code string) fields {
	return fields{"coding": []fields{{"system": system, "code": code}}}
}

func class(code string) fields {
	return fields{"class": fields{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code}}
}

func certainty(code string) fields {
	return fields{"verificationStatus": conceptOf("http://terminology.hl7.org/CodeSystem/condition-ver-status", code)}
}

// number is a decimal with the digits that a client writes.
func number(digits string) json.Number { return json.Number(digits) }

func usd(amount string) fields { return fields{"value": number(amount), "currency": "USD"} }

const icd10 = "http://hl7.org/fhir/sid/icd-10-cm"

// guest is an invented patient; all of its records are called after it, so that many share one office and never meet.
type guest struct {
	*desk
	id string
}

func (d *desk) guest(row int, kind string) guest { return guest{d, fmt.Sprintf("%s-%d", kind, row)} }

func (g guest) named(record string) string { return g.id + "-" + record }

func (g guest) patient() fields {
	return fields{
		"resourceType": "Patient", "id": g.id, "name": []fields{{"family": "Canary", "given": []string{g.id}}}, "gender": "female", "birthDate": "1970-01-01",
		"address": []fields{{"line": []string{"1 Zzyzx Road"}, "city": "Baker", "state": "CA", "postalCode": "92309"}},
	}
}

// plan is a coverage of ACME in the only place.
func (g guest) plan(record string) fields {
	return fields{
		"resourceType": "Coverage", "id": g.named(record), "status": "active", "subscriberId": "CANARY-7781",
		"beneficiary": ref("Patient/" + g.id), "payor": []fields{ref("Organization/acme")},
	}
}

// encounter is an office visit on 2 March 2026 that is over.
func (g guest) encounter(record string) fields {
	return fields{
		"resourceType": "Encounter", "id": g.named(record), "status": "finished", "subject": ref("Patient/" + g.id),
		"participant": []fields{{"individual": ref("Practitioner/doc")}}, "serviceProvider": ref("Organization/practice"),
		"period": fields{"start": "2026-03-02T15:00:00Z", "end": "2026-03-02T15:30:00Z"},
	}.with(class("AMB"))
}

func (g guest) condition(record, code string) fields {
	return fields{
		"resourceType": "Condition", "id": g.named(record), "subject": ref("Patient/" + g.id),
		"encounter": ref("Encounter/" + g.named("visit")), "code": conceptOf(icd10, code),
	}
}

func (g guest) procedure(record, code string) fields {
	return fields{
		"resourceType": "Procedure", "id": g.named(record), "status": "completed", "subject": ref("Patient/" + g.id),
		"encounter": ref("Encounter/" + g.named("visit")), "performedDateTime": "2026-03-02", "code": conceptOf(cpt, code),
	}
}

func (g guest) charge(record, code string) fields {
	return fields{
		"resourceType": "ChargeItem", "id": g.named(record), "status": "billable", "subject": ref("Patient/" + g.id),
		"context": ref("Encounter/" + g.named("visit")), "occurrenceDateTime": "2026-03-02", "quantity": fields{"value": 1}, "code": conceptOf(cpt, code),
	}
}

// visit is what an EHR sends of the plainest visit there is: 60.00 for an electrocardiogram it did, 15.00 for a blood draw it
// charges.
func (g guest) visit() []fields {
	return []fields{g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("dx", "I10"), g.procedure("ecg", "93000"), g.charge("draw", "36415")}
}

// try sends a document by itself, or several in one transaction.
func (g guest) try(documents ...fields) error {
	if len(documents) == 1 {
		one := models.Ref{Type: documents[0]["resourceType"].(string), ID: documents[0]["id"].(string)}
		_, err := g.records.Update(context.Background(), g.admin(), one, g.json(documents[0]), 0)
		return err
	}
	entries := make([]fields, len(documents))
	for i, f := range documents {
		entries[i] = fields{"resource": f, "request": fields{"method": "PUT", "url": fmt.Sprintf("%s/%s", f["resourceType"], f["id"])}}
	}
	_, _, err := g.records.Bundle(context.Background(), g.admin(), g.json(fields{"resourceType": "Bundle", "type": "transaction", "entry": entries}))
	return err
}

func (d *desk) json(f fields) []byte {
	d.t.Helper()
	body, err := json.Marshal(f)
	if err != nil {
		d.t.Fatal(err)
	}
	return body
}

func (g guest) send(documents ...fields) {
	g.t.Helper()
	if err := g.try(documents...); err != nil {
		g.t.Fatalf("%s: %v", g.id, err)
	}
}

func (g guest) remove(typ, record string) error {
	return g.records.Delete(context.Background(), g.admin(), models.Ref{Type: typ, ID: g.named(record)}, 0)
}

// view reads the books.
func (d *desk) view(read func(v *store.View) error) {
	d.t.Helper()
	if err := d.db.As(models.Actor{Tenant: d.tenant}).View(context.Background(), read); err != nil {
		d.t.Fatal(err)
	}
}

// kase gives the case of one of the guest's visits with its claims that ask for money.
func (g guest) kase(record string) (kase models.Case, claims []models.Claim) {
	g.t.Helper()
	g.view(func(v *store.View) (err error) {
		if kase, _, err = books.Case(v, models.CaseOf(models.VisitID(g.named(record)))); err != nil {
			return err
		}
		claims, err = books.ClaimsOfCase(v, kase.ID)
		claims = slices.DeleteFunc(claims, func(c models.Claim) bool { return !c.State.IsLive() })
		return err
	})
	return kase, claims
}

// claim gives the one claim of the guest's visit.
func (g guest) claim() models.Claim {
	g.t.Helper()
	_, claims := g.kase("visit")
	if len(claims) != 1 {
		g.t.Fatalf("%s has %d claims, want 1; it stands: %s", g.id, len(claims), g.stands())
	}
	return claims[0]
}

func (g guest) stands() string { return g.standsOf("visit") }

// standsOf tells in one line how a visit stands: its case; each claim with payer, state, amount and the rules that hold it; open work; invoices.
func (g guest) standsOf(record string) string {
	g.t.Helper()
	kase, claims := g.kase(record)
	parts := []string{string(kase.State)}
	g.view(func(v *store.View) error {
		for _, c := range claims {
			rules, err := holding(v, c.ID)
			if err != nil {
				return err
			}
			parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", c.InsurerID, c.State, c.Billed, rules)))
		}
		items, err := books.OpenWork(v, kase.ID)
		if err != nil {
			return err
		}
		for _, item := range items {
			parts = append(parts, string(item.Kind))
		}
		invoices, err := books.InvoicesOfCase(v, kase.ID)
		for _, i := range invoices {
			if i.Status != models.InvoiceCancelled {
				parts = append(parts, fmt.Sprintf("invoice %s %s", i.Status, i.Net))
			}
		}
		return err
	})
	slices.Sort(parts[1:])
	return strings.Join(parts, "; ")
}

// holding gives the rules that hold a claim, each once.
func holding(v *store.View, id models.ClaimID) (string, error) {
	findings, err := books.Findings(v, []models.ClaimID{id})
	var rules []string
	for _, f := range findings[id] {
		if f.Severity == models.SeverityError && !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	slices.Sort(rules)
	return strings.Join(rules, " "), err
}

// submit sends the claims of the guest's visit.
func (g guest) submit() {
	g.t.Helper()
	_, claims := g.kase("visit")
	if len(claims) == 0 {
		g.t.Fatalf("%s has no claim: %s", g.id, g.stands())
	}
	for _, c := range claims {
		if _, err := g.office.SubmitClaim(context.Background(), g.admin(), billing.Call{}, c.ID); err != nil {
			g.t.Fatalf("%s: %v", g.id, err)
		}
	}
}

// line is a payer's judgement of one line: paid, and what it took off or left to the patient as "PR 2 20.00".
type line struct {
	paid        string
	adjustments []string
}

// answers has the payer of a claim judge it, line by line.
func (g guest) answers(c models.Claim, lines ...line) error {
	return g.answersWith(c, fields{}, lines...)
}

// answersWith is answers with more in the answer.
func (g guest) answersWith(c models.Claim, more fields, lines ...line) error {
	return g.answersAs(g.payer(c.InsurerID), c, more, lines...)
}

// itemsOf is what a payer says of lines of a claim, of which the first has a number.
func itemsOf(c models.Claim, first int, lines ...line) []fields {
	items := make([]fields, len(lines))
	for i, l := range lines {
		judged := []fields{
			{"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", "submitted"), "amount": usd(c.Lines[i].Billed.String())},
			{"category": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication", "benefit"), "amount": usd(l.paid)},
		}
		for _, adjustment := range l.adjustments {
			part := strings.Fields(adjustment)
			judged = append(judged, fields{
				"category": conceptOf("https://x12.org/codes/claim-adjustment-group-codes", part[0]),
				"reason":   conceptOf("https://x12.org/codes/claim-adjustment-reason-codes", part[1]), "amount": usd(part[2]),
			})
		}
		items[i] = fields{"itemSequence": first + i, "adjudication": judged}
	}
	return items
}

// answersAs has somebody send such an answer.
func (g guest) answersAs(who auth.Principal, c models.Claim, more fields, lines ...line) error {
	items := itemsOf(c, 1, lines...)
	answer := fields{
		"resourceType": "ClaimResponse", "status": "active", "use": "claim", "outcome": "complete", "created": "2026-03-20",
		"identifier": []fields{{"system": "http://payer.example.org/icn", "value": "ICN-" + string(c.ID)}},
		"type":       conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
		"patient":    ref("Patient/" + string(c.PatientID)), "insurer": ref("Organization/" + string(c.InsurerID)), "request": ref("Claim/" + string(c.ID)),
	}
	if len(items) > 0 {
		answer["item"] = items
	}
	_, err := g.records.Create(context.Background(), who, "ClaimResponse", g.json(answer.with(more)), "")
	return err
}

// refusal gives how something was refused, "" where it was not.
func refusal(err error) string {
	if err == nil {
		return ""
	}
	f := fault.From(err)
	if f == nil || len(f.Issues) == 0 {
		return err.Error()
	}
	return f.Issues[0].Code + " " + f.Issues[0].Path
}

// eachOffice runs a test in an office with a practice on each database. Offices wait more than they work, so they stand beside
// each other.
func eachOffice(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	t.Parallel()
	storetest.EachURL(t, func(t *testing.T, url string) {
		t.Parallel()
		d := open(t, storetest.Open(t, url))
		d.practice()
		d.put("Organization", "beta", `{"resourceType":"Organization","id":"beta","name":"BETA HMO"}`)
		test(t, d)
		d.quiet()
		d.clean()
	})
}

// invoice gives the id of the open invoice of a visit.
func (g guest) invoice(record string) (id models.InvoiceID) {
	g.t.Helper()
	g.view(func(v *store.View) error {
		invoices, err := books.InvoicesOfCase(v, models.CaseOf(models.VisitID(g.named(record))))
		for _, i := range invoices {
			if i.Status == models.InvoiceIssued {
				id = i.ID
			}
		}
		return err
	})
	if id == "" {
		g.t.Fatalf("%s has no open invoice; it stands: %s", g.id, g.standsOf(record))
	}
	return id
}

// pay records a payment of the guest under a key of its own.
func (g guest) pay(id models.InvoiceID, amount models.Cents, method models.PaymentMethod) models.Invoice {
	g.t.Helper()
	key := fmt.Sprintf("key-%d", payments.Add(1))
	done, err := g.office.Pay(context.Background(), g.admin(), billing.Call{Key: key}, billing.PaymentRequest{InvoiceID: id, Amount: amount, Method: method})
	if err != nil {
		g.t.Fatalf("%s: %v", g.id, err)
	}
	return done.Result
}

// payments counts what was paid, for keys that nobody used.
var payments atomic.Int64

// draft is a claim for one electrocardiogram as a front end writes it, with more in its item.
func (g guest) draft(item fields) fields {
	return fields{
		"resourceType": "Claim", "id": g.named("draft"), "status": "draft", "use": "claim", "created": "2026-03-03", "patient": ref("Patient/" + g.id),
		"type":     conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
		"priority": conceptOf("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
		"insurer":  ref("Organization/acme"), "provider": ref("Organization/practice"),
		"careTeam":  []fields{{"sequence": 1, "provider": ref("Practitioner/doc"), "role": conceptOf("http://terminology.hl7.org/CodeSystem/claimcareteamrole", "primary")}},
		"diagnosis": []fields{{"sequence": 1, "diagnosisCodeableConcept": conceptOf(icd10, "I10")}},
		"insurance": []fields{{"sequence": 1, "focal": true, "coverage": ref("Coverage/" + g.named("plan"))}},
		"item": []fields{fields{
			"sequence": 1, "productOrService": conceptOf(cpt, "93000"), "servicedDate": "2026-03-02", "diagnosisSequence": []int{1},
			"locationCodeableConcept": conceptOf(placeSystem, "11"), "net": usd("60.00"),
		}.with(item)},
	}
}

// drafted gives the claim that the guest's draft became.
func (g guest) drafted() (c models.Claim) {
	g.t.Helper()
	g.view(func(v *store.View) (err error) {
		c, _, err = books.Claim(v, models.ClaimID(g.named("draft")))
		return err
	})
	return c
}

// isHeldBy reports whether a rule holds a claim.
func (d *desk) isHeldBy(id models.ClaimID, rule string) (holds bool) {
	d.t.Helper()
	d.view(func(v *store.View) error {
		rules, err := holding(v, id)
		holds = slices.Contains(strings.Fields(rules), rule)
		return err
	})
	return holds
}
