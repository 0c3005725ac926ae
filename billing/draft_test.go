package billing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/storetest"
	"medbill/models"
	"medbill/models/fault"
)

// draftLine is a service of a draft: code, modifiers and amount, of 2026-03-02.
type draftLine struct{ code, modifiers, net string }

// asCharged are the lines of the worked example's visit as its chart has them.
var asCharged = []draftLine{{"99214", "25", "250.00"}, {"93000", "", "60.00"}, {"36415", "", "15.00"}}

// draft gives a front end's draft of Patient/ann; visit is the Encounter that its items name, "" for none.
func draft(id, visit string, lines ...draftLine) string {
	items := make([]string, len(lines))
	for i, l := range lines {
		encounter, modifier := "", ""
		if visit != "" {
			encounter = `"encounter":[{"reference":"Encounter/` + visit + `"}],`
		}
		if l.modifiers != "" {
			modifier = `"modifier":[{"coding":[{"code":"` + l.modifiers + `"}]}],`
		}
		items[i] = fmt.Sprintf(`{"sequence":%d,%s%s"productOrService":{"coding":[{"system":%q,"code":%q}]},"servicedDate":"2026-03-02","locationCodeableConcept":{"coding":[{"system":"https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set","code":"11"}]},"diagnosisSequence":[1,2],"net":{"value":%s,"currency":"USD"}}`,
			i+1, encounter, modifier, cpt, l.code, l.net)
	}
	return `{"resourceType":"Claim","id":"` + id + `","status":"draft","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"claim","patient":{"reference":"Patient/ann"},"created":"2026-03-03","insurer":{"reference":"Organization/acme"},"provider":{"reference":"Organization/practice"},"priority":{"coding":[{"code":"normal"}]},"careTeam":[{"sequence":1,"provider":{"reference":"Practitioner/doc"},"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claimcareteamrole","code":"primary"}]}}],"diagnosis":[{"sequence":1,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}},{"sequence":2,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E785"}]}}],"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/cov"}}],"item":[` + strings.Join(items, ",") + `]}`
}

func (d *desk) refuse(typ, id, body string, kind fault.Kind, code string) {
	d.t.Helper()
	_, err := d.records.Update(context.Background(), d.admin(), models.Ref{Type: typ, ID: id}, []byte(body), 0)
	wantKind(d.t, err, kind, code)
}

func (d *desk) submit(id string) {
	d.t.Helper()
	if _, err := d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, models.ClaimID(id)); err != nil {
		d.t.Fatal(err)
	}
}

func TestADraftOfAFrontEndGoesThroughTheSameBooks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		d := open(t, db)
		d.practice()
		item := func(seq int, code, net string) string {
			return fmt.Sprintf(`{"sequence":%d,"productOrService":{"coding":[{"system":%q,"code":%q}]},"servicedDate":"2026-03-02","locationCodeableConcept":{"coding":[{"system":"https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set","code":"11"}]},"diagnosisSequence":[1],"net":{"value":%s,"currency":"USD"},"_note":null}`, seq, cpt, code, net)
		}
		body := `{"resourceType":"Claim","status":"draft","type":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claim-type","code":"professional"}]},"use":"claim","patient":{"reference":"Patient/ann"},"created":"2026-03-03","insurer":{"reference":"Organization/acme"},"provider":{"reference":"Organization/practice"},"priority":{"coding":[{"code":"normal"}]},"careTeam":[{"sequence":1,"provider":{"reference":"Practitioner/doc"},"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/claimcareteamrole","code":"primary"}]}}],"diagnosis":[{"sequence":1,"diagnosisCodeableConcept":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"I10"}]}}],"insurance":[{"sequence":1,"focal":true,"coverage":{"reference":"Coverage/cov"}}],"item":[` +
			item(1, "99214", "250.00") + "," + item(2, "93000", "60.00") + "," + item(3, "36415", "15.00") + `]}`
		body = strings.ReplaceAll(body, `,"_note":null`, "")
		outcome, err := d.records.Create(ctx, d.admin(), "Claim", []byte(body), "")
		if err != nil {
			t.Fatal(err)
		}
		d.search("Claim", "claim-state=ready", 1)
		d.books("AR:Insurance 0.00")
		if _, err := d.office.SubmitClaim(ctx, d.admin(), billing.Call{}, models.ClaimID(outcome.Document.ID)); err != nil {
			t.Fatal(err)
		}
		d.books("AR:Insurance 325.00")
		if _, err := d.records.Create(ctx, d.payer("acme"), "ClaimResponse", []byte(answer(outcome.Document.ID, "ICN-9")), ""); err != nil {
			t.Fatal(err)
		}
		d.search("Invoice", "patient=Patient/ann&status=issued", 1)
		d.books("AR:Patient 74.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00")
		_, err = d.records.Update(ctx, d.admin(), models.Ref{Type: "Claim", ID: outcome.Document.ID}, []byte(strings.Replace(body, `"status"`, `"id":"`+outcome.Document.ID+`","status"`, 1)), 0)
		wantKind(t, err, fault.Conflict, "claim.sent")
		d.clean()
	})
}

func TestDraftThatContradictsItsVisitIsRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		own := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)[0].ID
		lower, more, fewer := slices.Clone(asCharged), append(slices.Clone(asCharged), draftLine{"36415", "", "15.00"}), asCharged[:2]
		lower[0].net = "240.00"
		for name, lines := range map[string][]draftLine{"lower": lower, "more": more, "fewer": fewer} {
			_, err := d.records.Update(context.Background(), d.admin(), models.Ref{Type: "Claim", ID: "theirs"}, []byte(draft("theirs", "visit", lines...)), 0)
			if wantKind(t, err, fault.Conflict, "claim.visit"); !strings.Contains(fmt.Sprint(fault.From(err).Issues), own) {
				t.Errorf("%s: the refusal does not name the claim of the visit: %v", name, err)
			}
		}
		another := strings.Replace(draft("theirs", "visit", asCharged...), "Practitioner/doc", "Practitioner/other", 1)
		d.refuse("Claim", "theirs", another, fault.Conflict, "claim.visit")
		d.books("AR:Insurance 325.00")
		d.put("Claim", "theirs", draft("theirs", "visit", asCharged...))
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.submit("theirs")
		d.books("AR:Insurance 325.00")
		d.refuse("Claim", "second", draft("second", "visit", asCharged...), fault.Conflict, "claim.visit")
		d.clean()
	})
}

func TestDraftIsHeldWhenItsVisitChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.put("Claim", "theirs", draft("theirs", "visit", asCharged...))
		encounter := d.body("Encounter", "visit")
		procedure := d.body("Procedure", "pr2")
		for _, change := range []struct{ kind, typ, id, body string }{
			{"changed-after-coding", "Procedure", "pr2", strings.Replace(procedure, `"completed"`, `"entered-in-error"`, 1)},
			{"unfinished-visit", "Encounter", "visit", strings.Replace(encounter, `"finished"`, `"in-progress"`, 1)},
			{"unfinished-visit", "Encounter", "visit", strings.Replace(encounter, `"finished"`, `"cancelled"`, 1)},
			{"clarify-patient", "Encounter", "visit", strings.Replace(encounter, `Patient/ann`, `Patient/ben`, 1)},
		} {
			before := d.body(change.typ, change.id)
			d.put(change.typ, change.id, change.body)
			d.search("Claim", "_id=theirs&claim-state=held", 1)
			d.search("Task", "status=requested&code="+change.kind, 1)
			_, err := d.office.SubmitClaim(context.Background(), d.admin(), billing.Call{}, "theirs")
			wantKind(t, err, fault.BusinessRule, "scrub.case")
			d.put(change.typ, change.id, before)
			d.search("Claim", "_id=theirs&claim-state=ready", 1)
			d.search("Task", "status=requested", 0)
		}
		if err := d.records.Delete(context.Background(), d.admin(), models.Ref{Type: "Encounter", ID: "visit"}, 0); err != nil {
			t.Fatal(err)
		}
		d.search("Claim", "_id=theirs&claim-state=held", 1)
		d.clean()
	})
}

func TestDraftWrittenAgainReplacesItsCharges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.put("Claim", "theirs", draft("theirs", "visit", asCharged...))
		d.put("Claim", "theirs", draft("theirs", "visit", draftLine{"99213", "", "140.00"}, draftLine{"93000", "", "60.00"}))
		d.books("AR:Insurance 200.00")
		d.submit("theirs")
		d.books("AR:Insurance 200.00")
		d.clean()
	})
}

func TestDraftTakenBackLeavesNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		cancelled := func(body string) string { return strings.Replace(body, `"status":"draft"`, `"status":"cancelled"`, 1) }

		alone := draft("alone", "", asCharged...)
		d.put("Claim", "alone", alone)
		d.refuse("Claim", "alone", strings.Replace(alone, `"status":"draft"`, `"status":"active"`, 1), fault.BusinessRule, "claim.status")
		d.put("Claim", "alone", cancelled(alone))
		d.search("Claim", "_id=alone&status=entered-in-error", 1)
		d.search("Task", "status=requested", 0)
		d.books("AR:Insurance 0.00")

		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		theirs := draft("theirs", "visit", asCharged...)
		d.put("Claim", "theirs", theirs)
		d.put("Claim", "theirs", cancelled(theirs))
		claims := d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		if claims[0].ID == "theirs" {
			t.Error("the draft still bills the visit")
		}
		d.books("AR:Insurance 325.00")
		d.clean()
	})
}

// TestDraftThatNamesAnotherVisitLeavesNothingBehind holds that a draft which is written again for another visit, sent and turned
// away before or not, bills that one alone: the visit it billed before is billed by what the EHR says, and what was open about
// the draft goes with it.
func TestDraftThatNamesAnotherVisitLeavesNothingBehind(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for row, isRejected := range []bool{false, true} {
			g := d.guest(row, "wanders")
			g.send(g.patient(), g.plan("plan"))
			g.send(g.another("first", "2026-03-02")...)
			g.send(g.another("second", "2026-03-09")...)
			d.quiet()
			of := func(visit, day string) fields {
				return fields{"encounter": []fields{ref("Encounter/" + g.named(visit))}, "servicedDate": day}
			}
			g.send(g.draft(fields{"servicedDate": "2026-03-20"}))
			d.quiet()
			alone := g.drafted().CaseID
			if isRejected {
				d.submit(g.named("draft"))
				if err := g.answersWith(g.drafted(), fields{"outcome": "error", "error": []fields{{"code": conceptOf("http://terminology.hl7.org/CodeSystem/adjudication-error", "a001")}}}); err != nil {
					t.Fatal(err)
				}
				d.quiet()
			}
			g.send(g.draft(of("first", "2026-03-02")))
			d.quiet()
			if got := d.kase(alone); got.State != models.CaseVoided {
				t.Errorf("the case that the draft left is %s", got.State)
			}
			g.send(g.draft(of("second", "2026-03-09")))
			d.quiet()
			if got, want := g.standsOf("first"), "ready; acme ready 60.00"; got != want {
				t.Errorf("the visit that the draft left stands: %s; want: %s", got, want)
			}
			d.submit(g.named("draft"))
			d.quiet()
			if got, want := g.standsOf("second"), "sent; acme transmitted 60.00"; got != want {
				t.Errorf("the visit of the draft stands: %s; want: %s", got, want)
			}
		}
		d.clean()
	})
}

func TestDraftBeforeItsVisitIsHeldAgainstIt(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.put("Claim", "theirs", draft("theirs", "visit", asCharged...))
		d.search("Claim", "_id=theirs&claim-state=ready", 1)
		d.visit()
		d.search("Claim", "encounter=Encounter/visit&claim-state=ready", 1)
		d.search("Task", "status=requested", 0)
		d.put("Procedure", "pr9", strings.NewReplacer(`"pr1"`, `"pr9"`, "99214", "93000").Replace(d.body("Procedure", "pr1")))
		d.search("Claim", "_id=theirs&claim-state=held", 1)
		d.search("Task", "status=requested&code=changed-after-coding", 1)
		d.put("Claim", "theirs", draft("theirs", "visit", asCharged...)) // the front end has seen it and stays with its word
		d.search("Claim", "_id=theirs&claim-state=ready", 1)
		d.submit("theirs")
		d.books("AR:Insurance 325.00")
		d.clean()
	})
}

func TestDeniedClaimIsNotBilledAgainByADraft(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := open(t, db)
		d.practice()
		d.visit()
		own := d.transmit("visit")
		if _, err := d.records.Create(context.Background(), d.payer("acme"), "ClaimResponse", []byte(answer(own, "ICN-1")), ""); err != nil {
			t.Fatal(err)
		}
		again := strings.Replace(draft("again", "visit", asCharged...), `"created"`, `"related":[{"claim":{"reference":"Claim/`+own+`"},"relationship":{"coding":[{"code":"prior"}]}}],"created"`, 1)
		_, err := d.records.Update(context.Background(), d.admin(), models.Ref{Type: "Claim", ID: "again"}, []byte(again), 0)
		if wantKind(t, err, fault.Conflict, "claim.visit"); !strings.Contains(fmt.Sprint(fault.From(err).Issues), own) {
			t.Errorf("the refusal does not name the claim of the visit: %v", err)
		}
		d.books("AR:Patient 74.00; Clearing:ERA 96.00; Contra:Contractual 140.00; Contra:Bundled 15.00")
		d.clean()
	})
}

// body gives a document as it stands.
func (d *desk) body(typ, id string) string {
	d.t.Helper()
	document, err := d.records.Read(context.Background(), d.admin(), models.Ref{Type: typ, ID: id})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(document.Body)
}
