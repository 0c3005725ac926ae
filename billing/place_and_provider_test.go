package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/models"
)

const placeSystem = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"

// locationOf is a place with a code of the CMS code set, "" for none, and what it is part of.
func locationOf(id, code, partOf string) fields {
	l := fields{"resourceType": "Location", "id": id, "status": "active", "name": "Zzyzx " + id}
	if code != "" {
		l = l.with(fields{"type": []fields{conceptOf(placeSystem, code)}})
	}
	if partOf != "" {
		l = l.with(fields{"partOf": ref("Location/" + partOf)})
	}
	return l
}

// at is an Encounter.location of a status, "" for none.
func at(id, status string) fields {
	return fields{"location": ref("Location/" + id), "status": status}.with(map[bool]fields{true: {"status": nil}}[status == ""])
}

// TestNoPlaceIsGuessed holds that the place of service is the Location's, else the class's, and that a claim waits where neither
// tells.
func TestNoPlaceIsGuessed(t *testing.T) {
	with := func(more ...fields) func(g guest) fields {
		return func(g guest) fields { return g.encounter("visit").with(more...) }
	}
	rows := []struct {
		name  string
		visit func(g guest) fields
		want  string
	}{
		{"AMB", with(), "ready 11"},
		{"IMP", with(class("IMP")), "ready 21"},
		{"ACUTE", with(class("ACUTE")), "ready 21"},
		{"NONAC", with(class("NONAC")), "ready 21"},
		{"SS", with(class("SS")), "ready 21"},
		{"EMER", with(class("EMER")), "ready 23"},
		{"OBSENC", with(class("OBSENC")), "ready 22"},
		{"HH", with(class("HH")), "ready 12"},
		{"VR", with(class("VR")), "held"},
		{"FLD", with(class("FLD")), "held"},
		{"PRENC", with(class("PRENC")), "held"},
		{"a class of another system", with(fields{"class": fields{"system": "urn:canary", "code": "AMB"}}), "held"},
		{"virtual, from the patient's home", with(class("VR"), fields{"location": []fields{at("home", "active")}}), "ready 10"},
		{"virtual, from elsewhere", with(class("VR"), fields{"location": []fields{at("elsewhere", "active")}}), "ready 02"},
		{"virtual, and the doctor's office is named", with(class("VR"), fields{"location": []fields{at("office", "active")}}), "held"},
		{"a room of an urgent care", with(fields{"location": []fields{at("room", "")}}), "ready 20"},
		{"the second location is the active one", with(fields{"location": []fields{at("office", "completed"), at("urgent", "active")}}), "ready 20"},
		{"a location that was only planned", with(fields{"location": []fields{at("urgent", "planned")}}), "ready 11"},
		{"a location without a code", with(fields{"location": []fields{at("plain", "")}}), "ready 11"},
		{"a location by its whole address", with(fields{"location": []fields{{"location": ref("http://test/fhir/R4/Location/urgent")}}}), "ready 20"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.guest(0, "places").send(locationOf("home", "12", ""), locationOf("elsewhere", "02", ""), locationOf("office", "11", ""),
			locationOf("urgent", "20", ""), locationOf("wing", "", "urgent"), locationOf("room", "", "wing"), locationOf("plain", "", ""))
		for i, row := range rows {
			g := d.guest(i, "place")
			g.send(g.patient(), g.plan("plan"), row.visit(g), g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		}
		d.quiet()
		for i, row := range rows {
			c := d.guest(i, "place").claim()
			if got := strings.TrimSpace(fmt.Sprint(c.State, " ", c.PlaceOfService)); got != row.want {
				t.Errorf("%s: the claim is %s, want %s", row.name, got, row.want)
			}
		}
		d.guest(0, "places").send(locationOf("urgent", "22", ""))
		d.quiet()
		for i, row := range rows {
			if row.name == "a room of an urgent care" && d.guest(i, "place").claim().PlaceOfService != "22" {
				t.Error("a place that is corrected stays on an unsent claim")
			}
		}
	})
}

// takingPart is an Encounter.participant of a type, "" for none.
func takingPart(who fields, typ string) fields {
	p := fields{"individual": who}
	if typ != "" {
		p["type"] = []fields{conceptOf("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", typ)}
	}
	return p
}

// TestWhoDidItIsBilled holds that the provider of a claim is who did the visit, however he is named, and never who sent the
// patient; where nobody can be found the claim waits.
func TestWhoDidItIsBilled(t *testing.T) {
	doc, referrer, npi := ref("Practitioner/doc"), ref("Practitioner/referrer"), fields{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1999999984"}
	contained := func(more fields) fields {
		return fields{"contained": []fields{fields{"resourceType": "Practitioner", "id": "own", "name": []fields{{"family": "Canary"}}}.with(more)}}
	}
	byID, byNPI := "ready doc ", "ready  1999999984"
	rows := []struct {
		name         string
		participants []fields
		more         fields
		want         string
	}{
		{"the only one", []fields{takingPart(doc, "")}, nil, byID},
		{"the referrer is listed first", []fields{takingPart(referrer, "REF"), takingPart(doc, "ATND")}, nil, byID},
		{"only a referrer", []fields{takingPart(referrer, "REF")}, nil, "held  "},
		{"nobody", nil, nil, "held  "},
		{"by his whole address", []fields{takingPart(ref("http://test/fhir/R4/Practitioner/doc"), "")}, nil, byID},
		{"by his NPI", []fields{takingPart(fields{"type": "Practitioner", "identifier": npi}, "")}, nil, byID},
		{"by a role of his", []fields{takingPart(ref("PractitionerRole/his"), "ATND")}, nil, byID},
		{"by a role with an NPI of its own", []fields{takingPart(ref("PractitionerRole/its"), "ATND")}, nil, byNPI},
		{"by a role that is not there", []fields{takingPart(ref("PractitionerRole/gone"), "ATND")}, nil, "held  "},
		{"held by the visit itself", []fields{takingPart(ref("#own"), "")}, contained(fields{"identifier": []fields{npi}}), byID},
		{"held by the visit itself, and known to nobody else", []fields{takingPart(ref("#own"), "")},
			contained(fields{"identifier": []fields{{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1245319599"}}}), "ready  1245319599"},
		{"held by the visit itself, without an NPI", []fields{takingPart(ref("#own"), "")}, contained(nil), "held  "},
		{"with an NPI under its OID", []fields{takingPart(ref("Practitioner/byoid"), "")}, nil, "ready byoid "},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		who := func(id, system string) fields {
			return fields{"resourceType": "Practitioner", "id": id, "name": []fields{{"family": "Canary"}}, "identifier": []fields{{"system": system, "value": "1234567893"}}}
		}
		d.guest(0, "who").send(who("referrer", "http://hl7.org/fhir/sid/us-npi"), who("byoid", "urn:oid:2.16.840.1.113883.4.6"),
			fields{"resourceType": "PractitionerRole", "id": "his", "practitioner": doc},
			fields{"resourceType": "PractitionerRole", "id": "its", "identifier": []fields{npi}})
		for i, row := range rows {
			g := d.guest(i, "who")
			visit := g.encounter("visit").with(fields{"participant": row.participants}, row.more)
			if row.participants == nil {
				visit = visit.with(fields{"participant": nil})
			}
			g.send(g.patient(), g.plan("plan"), visit, g.condition("dx", "I10"), g.procedure("ecg", "93000"))
		}
		d.quiet()
		for i, row := range rows {
			c := d.guest(i, "who").claim()
			if got := fmt.Sprint(c.State, " ", c.Rendering.ID, " ", c.Rendering.NPI); got != row.want {
				t.Errorf("%s: the claim is %q, want %q", row.name, got, row.want)
			}
		}
	})
}

// TestSystemsAreKnownByAllTheirNames holds that a visit is charged without a coder under whatever name a code system comes.
func TestSystemsAreKnownByAllTheirNames(t *testing.T) {
	rows := []struct{ service, code, diagnosis string }{
		{"urn:oid:2.16.840.1.113883.6.12", "93000", icd10},
		{"https://bluebutton.cms.gov/resources/codesystem/hcpcs", "G0439", icd10},
		{"urn:oid:2.16.840.1.113883.6.285", "G0439", icd10},
		{cpt, "93000", "urn:oid:2.16.840.1.113883.6.90"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		d.put("ChargeItemDefinition", "fee-g", `{"resourceType":"ChargeItemDefinition","id":"fee-g","url":"http://example.org/fee/g","status":"active","code":{"coding":[{"system":"`+models.SystemHCPCS+`","code":"G0439"}]},"propertyGroup":[{"priceComponent":[{"type":"base","amount":{"value":60.00,"currency":"USD"}}]}]}`)
		for i, row := range rows {
			g := d.guest(i, "system")
			g.send(g.patient(), g.plan("plan"), g.encounter("visit"),
				g.condition("dx", "I10").with(fields{"code": conceptOf(row.diagnosis, "I10")}),
				g.procedure("ecg", "").with(fields{"code": conceptOf(row.service, row.code)}))
		}
		d.quiet()
		for i, row := range rows {
			if got, want := d.guest(i, "system").stands(), "ready; acme ready 60.00"; got != want {
				t.Errorf("%v: the visit stands: %s; want: %s", row, got, want)
			}
		}
	})
}

// TestTheDayIsThatOfThePlace holds that a service is billed on the day it was there where it was done, on which a search finds its
// visit too, and that a visit which tells no time has the day of its services.
func TestTheDayIsThatOfThePlace(t *testing.T) {
	rows := []struct {
		name   string
		period fields // of the Encounter
		did    fields // of the Procedure
		want   models.Date
	}{
		{"an evening in Honolulu", fields{"start": "2026-03-02T20:00:00-10:00", "end": "2026-03-02T20:30:00-10:00"}, nil, "2026-03-02"},
		{"the same moment without its place", fields{"start": "2026-03-03T06:00:00Z", "end": "2026-03-03T06:30:00Z"}, nil, "2026-03-03"},
		{"an evening of the practice told in Z", fields{"start": "2026-03-03T02:00:00Z", "end": "2026-03-03T02:30:00Z"}, nil, "2026-03-02"},
		{"a day without a time", fields{"start": "2026-03-02", "end": "2026-03-02"}, nil, "2026-03-02"},
		{"no time of the visit", nil, fields{"performedDateTime": "2026-03-04"}, "2026-03-04"},
		{"no time of the visit, a period of the service", nil, fields{"performedPeriod": fields{"start": "2026-03-04", "end": "2026-03-04"}}, "2026-03-04"},
	}
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range rows {
			g := d.guest(i, "day")
			visit := g.encounter("visit").with(fields{"period": nil})
			if row.period != nil {
				visit = visit.with(fields{"period": row.period})
			}
			g.send(g.patient(), g.plan("plan"), visit, g.condition("dx", "I10"), g.procedure("ecg", "93000").with(fields{"performedDateTime": nil}, row.did))
		}
		d.quiet()
		for i, row := range rows {
			if c := d.guest(i, "day").claim(); c.State != models.ClaimReady || c.ServiceFrom != row.want || c.Lines[0].ServiceDate != row.want {
				t.Errorf("%s: the claim is %s for %s with a line of %s, want %s", row.name, c.State, c.ServiceFrom, c.Lines[0].ServiceDate, row.want)
			}
			if row.period != nil {
				d.search("Encounter", "date="+string(row.want)+"&subject=Patient/"+d.guest(i, "day").id, 1)
			}
		}
	})
}

// TestOnlyWhatIsEstablishedIsADiagnosis holds that an outpatient's suspicion is no diagnosis (ICD-10-CM guidelines IV.H), and an
// inpatient's is (II.H).
func TestOnlyWhatIsEstablishedIsADiagnosis(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		type row struct {
			certainty, class string
			want             string
		}
		var rows []row
		for _, certainty := range []string{"differential", "provisional", "unconfirmed"} {
			rows = append(rows, row{certainty, "AMB", "ready R05.9"}, row{certainty, "IMP", "ready C50.911 R05.9"}, row{certainty, "", "held; code-visit"})
		}
		rows = append(rows, row{"confirmed", "AMB", "ready C50.911 R05.9"}, row{"refuted", "IMP", "ready R05.9"}, row{"entered-in-error", "IMP", "ready R05.9"})
		for i, row := range rows {
			g := d.guest(i, "sure")
			suspicion := g.condition("first", "C50.911").with(certainty(row.certainty))
			visit := g.encounter("visit").with(class(row.class), fields{"diagnosis": []fields{
				{"condition": ref("Condition/" + g.named("first")), "rank": 1}, {"condition": ref("Condition/" + g.named("second")), "rank": 2},
			}})
			documents := []fields{g.patient(), g.plan("plan"), visit, suspicion, g.condition("second", "R05.9"), g.procedure("ecg", "93000")}
			if row.class == "" { // nothing but a suspicion
				documents = []fields{g.patient(), g.plan("plan"), g.encounter("visit"), suspicion, g.procedure("ecg", "93000")}
			}
			g.send(documents...)
		}
		d.quiet()
		for i, row := range rows {
			g := d.guest(i, "sure")
			got := g.stands()
			if _, claims := g.kase("visit"); len(claims) == 1 {
				got = string(claims[0].State)
				for _, diagnosis := range claims[0].Diagnoses {
					got += " " + diagnosis.Code
				}
			}
			if strings.ReplaceAll(got, ".", "") != strings.ReplaceAll(row.want, ".", "") {
				t.Errorf("%s in class %q: the visit stands: %s; want: %s", row.certainty, row.class, got, row.want)
			}
		}
	})
}

// TestAServicePointsToItsReason holds that what a charge or a procedure was done for is what its line points to.
func TestAServicePointsToItsReason(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "reason")
		pressure, sugar := conceptOf(icd10, "I10"), conceptOf(icd10, "E11.9")
		g.send(g.patient(), g.plan("plan"), g.encounter("visit"), g.condition("sugar", "E11.9"), g.condition("pressure", "I10"),
			g.charge("draw", "36415").with(fields{"reason": []fields{sugar}}),
			g.charge("office", "99214").with(fields{"reason": []fields{pressure}}),
			g.procedure("ecg", "93000").with(fields{"reasonReference": []fields{ref("Condition/" + g.named("pressure"))}}))
		d.quiet()
		c := g.claim()
		codes := map[int]string{}
		for _, diagnosis := range c.Diagnoses {
			codes[diagnosis.Sequence] = strings.ReplaceAll(diagnosis.Code, ".", "")
		}
		got := map[string]string{}
		for _, line := range c.Lines {
			for _, p := range line.Pointers {
				got[line.Code] += codes[p]
			}
		}
		if want := (map[string]string{"36415": "E119", "99214": "I10", "93000": "I10"}); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("the lines point to %v, want %v", got, want)
		}
	})
}
