package billing_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"medbill/models"
)

// doc writes a document from its members; empty ones are left out.
func doc(ref models.Ref, members ...string) string {
	body := fmt.Sprintf(`{"resourceType":%q,"id":%q`, ref.Type, ref.ID)
	for _, m := range members {
		if m != "" {
			body += "," + m
		}
	}
	return body + "}"
}

func text(name, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("%q:%q", name, value)
}

func refers(name, reference string) string {
	if reference == "" {
		return ""
	}
	return fmt.Sprintf(`%q:{"reference":%q}`, name, reference)
}

func list(name, item string) string {
	if item == "" {
		return ""
	}
	return fmt.Sprintf(`%q:[%s]`, name, item)
}

func concept(name, system, code string) string {
	return fmt.Sprintf(`%q:{"coding":[{"system":%q,"code":%q}]}`, name, system, code)
}

// period writes a period of which either end may be open.
func period(from, until string) string {
	var ends []string
	for _, end := range []string{text("start", from), text("end", until)} {
		if end != "" {
			ends = append(ends, end)
		}
	}
	if len(ends) == 0 {
		return ""
	}
	return `"period":{` + strings.Join(ends, ",") + `}`
}

// oneOf draws one of the values; the first is the one that a shorter history falls back to. One that stands twice is twice as
// likely.
func oneOf[V any](t *rapid.T, name string, values ...V) V {
	return rapid.SampledFrom(values).Draw(t, name)
}

// Who and what there is. A patient may be merged into the other one; everything may be of either, and of either visit.
var (
	patientsOfIt = []string{"Patient/ann", "Patient/ann", "Patient/ann", "Patient/ann", "Patient/ann", "Patient/ann", "Patient/ann", "Patient/bob"}
	visitsOfIt   = []string{"Encounter/v1", "Encounter/v1", "Encounter/v1", "Encounter/v2"}
	daysOfIt     = []string{"2026-03-02", "2026-03-02", "2026-03-03"}
)

func encounter(t *rapid.T) (models.Ref, string) {
	ref := models.RefOf(oneOf(t, "visit", visitsOfIt...))
	day := oneOf(t, "day", daysOfIt...)
	end := oneOf(t, "end", day, day, "2026-03-04")
	return ref, doc(ref,
		list("identifier", oneOf(t, "identifier", "", "", called("V-1", ""), called("V-1", ""), called("V-2", "")+","+called("A-1", "AN"), called("A-1", "AN"))),
		text("status", oneOf(t, "status", "finished", "finished", "finished", "finished", "in-progress", "cancelled", "entered-in-error")),
		fmt.Sprintf(`"class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":%q}`, oneOf(t, "class", "AMB", "AMB", "AMB", "EMER", "IMP", "VR")),
		refers("subject", oneOf(t, "patient", patientsOfIt...)),
		period(day+"T15:00:00-05:00", end+"T15:30:00-05:00"),
		list("contained", doc(models.Ref{Type: "Practitioner", ID: "own"}, npi("1999999984"))),
		list("participant", oneOf(t, "participants", seen("doc", "ATND"), seen("doc", "ATND"), seen("sue", "ATND"), seen("doc", "ATND")+","+seen("sue", "REF"), "",
			took("PractitionerRole/role", "ATND"), took("#own", "ATND"), took("#own", "REF")+","+took("PractitionerRole/role", "SPRF"))),
		list("location", oneOf(t, "location", atOffice, "", atRoom, atRoom)),
		refers("serviceProvider", oneOf(t, "practice", "Organization/practice", "Organization/practice", "Organization/branch", "")),
		list("diagnosis", oneOf(t, "diagnosis", "", "", named("c1", 1), named("c2", 1)+","+named("c1", 2))),
	)
}

// called writes a business identifier; AN is the type of account numbers, which many visits share.
func called(number, typ string) string {
	if typ != "" {
		typ = concept("type", "http://terminology.hl7.org/CodeSystem/v2-0203", typ) + ","
	}
	return fmt.Sprintf(`{%s"system":"urn:zzyzx:%s","value":%q}`, typ, number[:1], number)
}

// atOffice and atRoom are where visits are; the room may be a part of the office.
const (
	atOffice = `{"location":{"reference":"Location/office"}}`
	atRoom   = `{"location":{"reference":"Location/room"}}`
)

func seen(practitioner, as string) string { return took("Practitioner/"+practitioner, as) }

// took writes who took part in a visit.
func took(reference, as string) string {
	return fmt.Sprintf(`{"type":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":%q}]}],"individual":{"reference":%q}}`, as, reference)
}

func named(condition string, rank int) string {
	return fmt.Sprintf(`{"condition":{"reference":"Condition/%s"},"rank":%d}`, condition, rank)
}

func condition(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "Condition", ID: oneOf(t, "condition", "c1", "c1", "c2")}
	return ref, doc(ref,
		refers("subject", oneOf(t, "patient", patientsOfIt...)),
		refers("encounter", oneOf(t, "visit", append(visitsOfIt, "")...)),
		concept("verificationStatus", "http://terminology.hl7.org/CodeSystem/condition-ver-status", oneOf(t, "verified", "confirmed", "confirmed", "confirmed", "refuted", "entered-in-error", "provisional")),
		concept("code", models.SystemICD10CM, oneOf(t, "diagnosis", "I10", "E785", "J069")),
		text("recordedDate", oneOf(t, "recorded", daysOfIt...)),
	)
}

func procedure(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "Procedure", ID: oneOf(t, "procedure", "p1", "p1", "p2")}
	return ref, doc(ref,
		text("status", oneOf(t, "status", "completed", "completed", "completed", "in-progress", "entered-in-error")),
		refers("subject", oneOf(t, "patient", patientsOfIt...)),
		refers("encounter", oneOf(t, "visit", visitsOfIt...)),
		text("performedDateTime", oneOf(t, "day", append(daysOfIt, "")...)),
		service(t),
		list("reasonReference", oneOf(t, "reason", "", `{"reference":"Condition/c1"}`, `{"reference":"Condition/c2"}`)),
		list("performer", performer(t)),
	)
}

// performer draws who did a service, "" for nobody in particular.
func performer(t *rapid.T) string {
	if who := oneOf(t, "performer", "", "", "Practitioner/sue", "PractitionerRole/role"); who != "" {
		return `{` + refers("actor", who) + `}`
	}
	return ""
}

// service draws what was done: 85025 has no price at first, 99999 never one.
func service(t *rapid.T) string {
	return concept("code", cpt, oneOf(t, "code", "99214", "93000", "93000", "36415", "99214-25", "85025"))
}

func item(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "ChargeItem", ID: oneOf(t, "item", "i1", "i1", "i2")}
	return ref, doc(ref,
		text("status", oneOf(t, "status", "billable", "billable", "billable", "planned", "not-billable", "aborted", "entered-in-error")),
		refers("subject", oneOf(t, "patient", patientsOfIt...)),
		refers("context", oneOf(t, "visit", append(visitsOfIt, "")...)),
		oneOf(t, "local", service(t), service(t), service(t), concept("code", "http://example.org/local", "ECG")),
		text("occurrenceDateTime", oneOf(t, "day", append(daysOfIt, "")...)),
		oneOf(t, "units", "", "", `"quantity":{"value":2}`, `"quantity":{"value":1.5}`),
		oneOf(t, "price", "", "", `"priceOverride":{"value":41.00,"currency":"USD"}`, `"priceOverride":{"value":0.00,"currency":"USD"}`),
		list("service", oneOf(t, "charges", "", "", `{"reference":"Procedure/p1"}`)),
		list("performer", performer(t)),
	)
}

func plan(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "Coverage", ID: oneOf(t, "coverage", "k1", "k1", "k2")}
	return ref, doc(ref,
		text("status", oneOf(t, "status", "active", "active", "active", "cancelled", "entered-in-error")),
		text("subscriberId", oneOf(t, "member", "CANARY-7781", "CANARY-7781", "CANARY-7782", "")),
		refers("beneficiary", oneOf(t, "patient", patientsOfIt...)),
		oneOf(t, "payor", payor("acme"), payor("acme"), payor("beta"), `"payor":[{"display":"Zzyzx Mutual"}]`),
		oneOf(t, "order", "", "", `"order":1`, `"order":2`),
		oneOf(t, "period", "", "", period("2026-01-01", ""), period("", "2026-03-02"), period("", "2026-01-31")),
	)
}

func payor(organization string) string {
	return `"payor":[{"reference":"Organization/` + organization + `"}]`
}

func patient(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "Patient", ID: "ann"}
	return ref, person("ann", oneOf(t, "merged", list("link", `{"other":{"reference":"Patient/bob"},"type":"replaced-by"}`), ""), oneOf(t, "born", "1970-01-01", "1970-01-01", ""))
}

func person(id, link, born string) string {
	return doc(models.Ref{Type: "Patient", ID: id}, `"name":[{"family":"Canary","given":["Zzyzx"]}]`, text("gender", "female"), text("birthDate", born),
		`"address":[{"line":["1 Zzyzx Road"],"city":"Baker","state":"CA","postalCode":"92309"}]`, link)
}

func location(t *rapid.T) (models.Ref, string) {
	ref, whole := models.Ref{Type: "Location", ID: "office"}, models.Ref{Type: "Location", ID: "room"}
	if oneOf(t, "location", "office", "room") == "room" {
		ref, whole = whole, ref
	}
	return ref, placed(ref, oneOf(t, "place", "22", "11", ""), oneOf(t, "part of", "", whole.String(), whole.String()))
}

// placed writes a place with its code of the place of service, "" for none, and what it is part of.
func placed(ref models.Ref, code, partOf string) string {
	if code != "" {
		code = list("type", fmt.Sprintf(`{"coding":[{"system":%q,"code":%q}]}`, models.SystemPlaceOfService, code))
	}
	return doc(ref, text("name", "Zzyzx "+ref.ID), refers("partOf", partOf), code)
}

func role(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "PractitionerRole", ID: "role"}
	return ref, doc(ref, refers("practitioner", oneOf(t, "practitioner", "Practitioner/doc", "Practitioner/sue", "")), oneOf(t, "npi", "", npi("1999999984")))
}

func practitioner(t *rapid.T) (models.Ref, string) {
	ref := models.Ref{Type: "Practitioner", ID: oneOf(t, "practitioner", "doc", "sue")}
	return ref, doc(ref, `"name":[{"family":"Canary"}]`, npi(oneOf(t, "npi", "1999999984", "1999999984", "1234567890")))
}

func npi(number string) string {
	return list("identifier", fmt.Sprintf(`{"system":%q,"value":%q}`, models.SystemNPI, number))
}

func definition(t *rapid.T) (models.Ref, string) {
	code := oneOf(t, "priced", "93000", "85025", "36415", "99214")
	ref := models.Ref{Type: "ChargeItemDefinition", ID: "fee-" + code}
	return ref, fee(code, oneOf(t, "amount", "60.00", "70.00", "0.00"))
}

func fee(code, amount string) string {
	return doc(models.Ref{Type: "ChargeItemDefinition", ID: "fee-" + code}, text("url", "http://example.org/fee/"+code), text("status", "active"), concept("code", cpt, code),
		`"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":`+amount+`,"currency":"USD"}}]}]`)
}

// parties are there from the start, and prices of what is done most.
func parties() map[models.Ref]string {
	all := map[models.Ref]string{}
	for _, organization := range []string{"practice", "branch", "acme", "beta"} {
		ref := models.Ref{Type: "Organization", ID: organization}
		all[ref] = doc(ref, text("name", "Zzyzx "+organization), npi("1234567893"))
	}
	for _, practitioner := range []string{"doc", "sue"} {
		ref := models.Ref{Type: "Practitioner", ID: practitioner}
		all[ref] = doc(ref, `"name":[{"family":"Canary"}]`, npi("1999999984"))
	}
	for _, id := range []string{"ann", "bob"} {
		all[models.Ref{Type: "Patient", ID: id}] = person(id, "", "1970-01-01")
	}
	for code, amount := range map[string]string{"99214": "250.00", "93000": "60.00", "36415": "15.00"} {
		all[models.Ref{Type: "ChargeItemDefinition", ID: "fee-" + code}] = fee(code, amount)
	}
	return all
}

// visits are the first so many visits of Ann's, which can be billed as they stand.
func visits(count int) map[models.Ref]string {
	all := map[models.Ref]string{}
	put := func(typ, id string, members ...string) {
		ref := models.Ref{Type: typ, ID: id}
		all[ref] = doc(ref, members...)
	}
	ann := refers("subject", "Patient/ann")
	put("Coverage", "k1", text("status", "active"), text("subscriberId", "CANARY-7781"), refers("beneficiary", "Patient/ann"), payor("acme"))
	for n := range count {
		id, visit := func(typ string) string { return fmt.Sprintf("%s%d", typ, n+1) }, refers("encounter", fmt.Sprintf("Encounter/v%d", n+1))
		put("Condition", id("c"), ann, visit, concept("code", models.SystemICD10CM, "I10"))
		put("Procedure", id("p"), ann, visit, text("status", "completed"), text("performedDateTime", "2026-03-02"), concept("code", cpt, []string{"93000", "36415"}[n]))
		put("Encounter", id("v"), ann, text("status", "finished"), `"class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}`,
			period("2026-03-02T15:00:00-05:00", "2026-03-02T15:30:00-05:00"), list("participant", seen("doc", "ATND")), refers("serviceProvider", "Organization/practice"), list("location", atOffice))
	}
	return all
}
