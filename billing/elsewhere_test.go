package billing_test

import (
	"testing"

	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

func TestAVisitBilledElsewhereOpensNoCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.put("Claim", "elsewhere", `{"resourceType":"Claim","id":"elsewhere","status":"active","type":{"coding":[{"code":"professional"}]},"use":"claim","patient":{"reference":"Patient/ann"},"created":"2026-03-03","provider":{"reference":"Organization/practice"},"priority":{"coding":[{"code":"normal"}]},"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/cov"}}],"item":[{"sequence":1,"productOrService":{"text":"visit"},"encounter":[{"reference":"Encounter/visit"}]}]}`)
		d.visit()
		d.quiet()
		d.search("Task", "", 0)
		if state := d.state("visit"); state != models.CaseNotOurs {
			t.Errorf("the case is %s, want not-ours", state)
		}
		d.search("Claim", "_tag=https://medbill.dev/fhir/CodeSystem/origin|external", 1)
		wantKind(t, d.code("visit", coded), fault.BusinessRule, "visit.not-billable")
		d.clean()
	})
}

func TestBillingDoneElsewhereTakesBackAnOpenCase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.put("ExplanationOfBenefit", "eob", `{"resourceType":"ExplanationOfBenefit","id":"eob","status":"active","type":{"text":"professional"},"use":"claim","patient":{"reference":"Patient/ann"},"created":"2026-03-03","insurer":{"reference":"Organization/acme"},"provider":{"reference":"Organization/practice"},"outcome":"complete","insurance":[{"focal":true,"coverage":{"reference":"Coverage/cov"}}],"item":[{"sequence":1,"productOrService":{"text":"visit"},"encounter":[{"reference":"Encounter/visit"}]}]}`)
		d.search("Claim", "encounter=Encounter/visit&claim-state=entered-in-error", 1)
		d.quiet()
		d.books("AR:Insurance 0.00; Revenue:Gross 0.00")
		d.clean()
	})
}

// TestBillingThatIsNotDoneElsewhereIsOurs holds that a visit is billed here as long as what names it as billed elsewhere was
// taken back, never stood or only asked ahead, and is not billed here while it stands, by whatever address it names the visit.
func TestBillingThatIsNotDoneElsewhereIsOurs(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "elsewhere")
		g.send(g.ecg()...)
		d.quiet()
		statement := fields{
			"resourceType": "ExplanationOfBenefit", "id": g.named("eob"), "status": "active", "type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "professional"), "use": "claim",
			"patient": ref("Patient/" + g.id), "created": "2026-03-03", "insurer": ref("Organization/acme"), "provider": ref("Organization/practice"), "outcome": "complete",
			"insurance": []fields{{"focal": true, "coverage": ref("Coverage/" + g.named("plan"))}},
			"item":      []fields{{"sequence": 1, "productOrService": conceptOf(cpt, "93000"), "encounter": []fields{ref("Encounter/" + g.named("visit"))}}},
		}
		elsewhere := func(url string) fields {
			return fields{"item": []fields{{"sequence": 1, "productOrService": conceptOf(cpt, "93000"), "encounter": []fields{ref(url)}}}}
		}
		const ours, theirs = "ready; acme ready 60.00", "not-ours"
		for _, step := range []struct {
			name, want string
			says       fields
		}{
			{"it stands", theirs, fields{}},
			{"it was cancelled", ours, fields{"status": "cancelled"}},
			{"it stands by our own address", theirs, elsewhere("http://test/fhir/R4/Encounter/" + g.named("visit"))},
			{"it names another visit", ours, elsewhere("Encounter/another")},
			{"it asks for leave", ours, fields{"use": "preauthorization"}},
			{"it stands again", theirs, fields{}},
			{"it was entered in error", ours, fields{"status": "entered-in-error"}},
			{"it stands once more", theirs, fields{}},
		} {
			g.send(statement.with(step.says))
			d.quiet()
			if got := g.stands(); got != step.want {
				t.Errorf("%s: the visit stands: %s; want: %s", step.name, got, step.want)
			}
		}
		if err := g.remove("ExplanationOfBenefit", "eob"); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		if got := g.stands(); got != ours {
			t.Errorf("deleted: the visit stands: %s; want: %s", got, ours)
		}
		d.clean()
	})
}

// TestADraftThatCallsItselfExternalIsOurs holds that a tag which a client wrote does not make a claim of ours billing done
// elsewhere.
func TestADraftThatCallsItselfExternalIsOurs(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "tagged")
		g.send(g.ecg()...)
		d.quiet()
		tag := fields{"meta": fields{"tag": []fields{{"system": fhir.SystemOrigin, "code": fhir.OriginExternal.Code}}}}
		g.send(g.draft(fields{"encounter": []fields{ref("Encounter/" + g.named("visit"))}}).with(tag))
		d.quiet()
		d.submit(g.named("draft"))
		g.send(g.encounter("visit").with(fields{"status": "finished", "priority": conceptOf("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "R")}))
		d.quiet()
		if got, want := g.stands(), "sent; acme transmitted 60.00"; got != want {
			t.Errorf("the visit stands: %s; want: %s", got, want)
		}
		d.clean()
	})
}
