package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/models"
)

// What random histories found, each as the smallest one that shows it. Every one is held to all the laws after it was told.

var (
	v1    = models.Ref{Type: "Encounter", ID: "v1"}
	v2    = models.Ref{Type: "Encounter", ID: "v2"}
	c1    = models.Ref{Type: "Condition", ID: "c1"}
	p1    = models.Ref{Type: "Procedure", ID: "p1"}
	p2    = models.Ref{Type: "Procedure", ID: "p2"}
	p3    = models.Ref{Type: "Procedure", ID: "p3"}
	k1    = models.Ref{Type: "Coverage", ID: "k1"}
	i1    = models.Ref{Type: "ChargeItem", ID: "i1"}
	plain = models.SettingsChange{}
)

// sends is a tenant whose claims go out by themselves.
func sends() models.SettingsChange {
	auto := true
	return models.SettingsChange{AutoSubmit: &auto}
}

// wants holds a visit's case to a state and its open work.
func (h *history) wants(visit models.Ref, state models.CaseState, kinds ...models.WorkKind) {
	h.t.Helper()
	c := h.cases()[models.CaseOf(models.VisitID(visit.ID))]
	var got []models.WorkKind
	for _, w := range c.work {
		got = append(got, w.Kind)
	}
	if c.State != state || fmt.Sprint(got) != fmt.Sprint(kinds) {
		h.t.Errorf("%s is %s with %v, want %s with %v", visit, c.State, got, state, kinds)
	}
}

// billed holds a visit's claims that ask for money to an amount in all.
func (h *history) billed(visit models.Ref, want models.Cents) {
	h.t.Helper()
	var got models.Cents
	for _, claim := range h.cases()[models.CaseOf(models.VisitID(visit.ID))].live() {
		got += claim.Billed
	}
	if got != want {
		h.t.Errorf("the claims of %s ask for %s, want %s", visit, got, want)
	}
}

// ofVisit writes an Encounter of Ann's; more are further members.
func ofVisit(ref models.Ref, status string, more ...string) string {
	return doc(ref, append([]string{text("status", status), refers("subject", "Patient/ann"), period("2026-03-02T15:00:00-05:00", "2026-03-02T15:30:00-05:00"),
		`"class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}`}, more...)...)
}

func done(ref models.Ref, visit models.Ref, code string) string {
	return doc(ref, text("status", "completed"), refers("subject", "Patient/ann"), refers("encounter", visit.String()), text("performedDateTime", "2026-03-02"), concept("code", cpt, code))
}

func charged(ref models.Ref, status, code string) string {
	return doc(ref, text("status", status), refers("subject", "Patient/ann"), refers("context", "Encounter/v1"), text("occurrenceDateTime", "2026-03-02"), concept("code", cpt, code))
}

func plannedBy(ref models.Ref, status, organization string) string {
	return doc(ref, text("status", status), text("subscriberId", "CANARY-7781"), refers("beneficiary", "Patient/ann"), payor(organization))
}

func codedAs(code string) models.Coding {
	return models.Coding{
		Diagnoses: []models.Diagnosis{{Sequence: 1, Code: "I10"}},
		Services:  []models.Service{{System: cpt, Code: code, Units: models.OneUnit, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}},
	}
}

func (h *history) coded(visit models.Ref, c models.Coding) {
	h.t.Helper()
	if !h.code(models.VisitID(visit.ID), c) {
		h.t.Fatalf("the coding of %s is refused", visit)
	}
	h.codings[models.VisitID(visit.ID)] = c
}

func TestAVisitThatWaitedIsThePatientsWhenTheTimeIsOver(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.remove(k1)
		h.drain()
		h.wants(v1, models.CaseWaiting)
		h.pass(graceOver)
		h.drain()
		h.wants(v1, models.CasePatient)
	})
}

func TestAVisitThatIsFinishedAgainMovesAgain(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.put(v1, ofVisit(v1, "cancelled"))
		h.drain()
		h.wants(v1, models.CaseVoided)
		h.put(v1, visits(1)[v1])
		h.drain()
		h.wants(v1, models.CaseReady)
	})
}

func TestOneReasonIsOneWorkItem(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.coded(v1, codedAs("93000"))
		h.put(p1, done(p1, v1, "36415"))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkChangedCoding)
	})
}

func TestWhoDidTheVisitIsTheEHRsWordWhereACoderCodedIt(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.coded(v1, codedAs("93000"))
		h.put(v1, ofVisit(v1, "finished", list("participant", seen("sue", "ATND")), refers("serviceProvider", "Organization/practice")))
		h.drain()
		for _, claim := range h.cases()[models.CaseOf("v1")].live() {
			if claim.Rendering.ID != "sue" || claim.Lines[0].Rendering.ID != "sue" {
				h.t.Errorf("the claim is by %v, want sue", claim.Rendering)
			}
		}
	})
}

func TestAChargeItemThatIsBillableLaterIsBilled(t *testing.T) {
	for _, first := range []string{"not-billable", "aborted", "entered-in-error", "planned"} {
		t.Run(first, func(t *testing.T) {
			eachHistory(t, plain, 1, func(h *history) {
				h.put(i1, charged(i1, first, "36415"))
				h.drain()
				h.billed(v1, 6000)
				h.put(i1, charged(i1, "billable", "36415"))
				h.drain()
				h.billed(v1, 7500)
			})
		})
	}
}

func TestAClaimIsNoDuplicateOfTheOneItReplaces(t *testing.T) {
	k2 := models.Ref{Type: "Coverage", ID: "k2"}
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.put(k1, plannedBy(k1, "cancelled", "acme"))
		h.put(k2, plannedBy(k2, "active", "beta"))
		h.drain()
		h.wants(v1, models.CaseReady)
	})
}

func TestAClaimIsCheckedAgainWhenItsDuplicateIsGone(t *testing.T) {
	eachHistory(t, plain, 2, func(h *history) {
		h.put(models.Ref{Type: "Procedure", ID: "p2"}, done(models.Ref{Type: "Procedure", ID: "p2"}, v2, "93000"))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkClaim)
		h.wants(v2, models.CaseHeld, models.WorkClaim)
		h.put(v2, ofVisit(v2, "cancelled"))
		h.drain()
		h.wants(v1, models.CaseReady)
	})
}

func TestAClaimThatGoesOutByItselfIsPublishedAsItsRows(t *testing.T) {
	eachHistory(t, sends(), 1, func(h *history) {
		h.drain()
		h.wants(v1, models.CaseSent)
	})
}

func TestASettingIsTakenByWhatNobodyWasAskedFor(t *testing.T) {
	day, none, branch := models.Date("2026-03-05"), models.Date(""), models.OrganizationID("branch")
	eachHistory(t, plain, 1, func(h *history) {
		h.put(v1, ofVisit(v1, "finished", list("participant", seen("doc", "ATND"))))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkClaim) // nobody bills
		for _, step := range []struct {
			change models.SettingsChange
			want   models.CaseState
		}{
			{models.SettingsChange{PracticeID: &branch}, models.CaseReady},
			{models.SettingsChange{GoLive: &day}, models.CaseNotOurs},
			{models.SettingsChange{GoLive: &none}, models.CaseReady},
		} {
			h.setting(step.change)
			h.drain()
			h.wants(v1, step.want)
		}
	})
}

func TestASettingTakesBackNothingThatWasSent(t *testing.T) {
	branch := models.OrganizationID("branch")
	eachHistory(t, sends(), 1, func(h *history) {
		practice := models.OrganizationID("practice")
		h.setting(models.SettingsChange{PracticeID: &practice})
		h.put(v1, ofVisit(v1, "finished", list("participant", seen("doc", "ATND"))))
		h.drain()
		h.setting(models.SettingsChange{PracticeID: &branch})
		h.put(c1, visits(1)[c1][:len(visits(1)[c1])-1]+`,"recordedDate":"2026-03-02"}`)
		h.drain()
		h.wants(v1, models.CaseSent)
	})
}

func TestAPayorThatIsCorrectedAfterItWasAskedIsWork(t *testing.T) {
	eachHistory(t, sends(), 1, func(h *history) {
		h.drain()
		h.put(k1, plannedBy(k1, "active", "beta"))
		h.drain()
		h.wants(v1, models.CaseSent, models.WorkCoverageChanged)
	})
}

func TestAServiceThatMovesAfterItWasAskedForIsNotAskedForTwice(t *testing.T) {
	eachHistory(t, sends(), 1, func(h *history) {
		h.drain()
		h.put(v2, ofVisit(v2, "finished", list("participant", seen("sue", "ATND")), refers("serviceProvider", "Organization/practice")))
		h.put(p1, done(p1, v2, "93000"))
		h.drain()
		h.wants(v1, models.CaseSent, models.WorkChangedSent)
		h.wants(v2, models.CaseHeld, models.WorkCode)
	})
}

// A patient who was asked for a service is not asked for it again with another visit that it moved to, before a person decided.
func TestAServiceThatMovesAfterItsPatientWasAskedIsNotAskedForTwice(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.remove(k1)
		h.pass(graceOver)
		h.drain()
		h.wants(v1, models.CasePatient)
		h.put(v2, ofVisit(v2, "finished", list("participant", seen("sue", "ATND")), refers("serviceProvider", "Organization/practice")))
		h.put(p1, done(p1, v2, "93000"))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkChangedSent)
		h.wants(v2, models.CaseHeld, models.WorkCode)
	})
}

func TestAStrangersRecordOfACodedVisitIsWorkAfterItWasAskedFor(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.remove(k1)
		h.coded(v1, codedAs("93000"))
		h.pass(graceOver)
		h.drain()
		h.wants(v1, models.CasePatient)
		h.put(p1, strings.Replace(visits(1)[p1], "Patient/ann", "Patient/bob", 1))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkChangedSent)
	})
}

func TestAServiceOfNothingIsCarriedWithoutAnEntry(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		price := models.Ref{Type: "ChargeItemDefinition", ID: "fee-93000"}
		h.put(price, fee("93000", "0.00"))
		h.put(i1, charged(i1, "billable", "36415"))
		h.drain()
		h.wants(v1, models.CaseReady)
		h.billed(v1, 1500)
		c := h.cases()[models.CaseOf("v1")]
		if posted := c.posted(); len(posted) != 2 || len(c.live()[0].Lines) != 2 || c.books[models.AccountRevenue] != -1500 {
			h.t.Errorf("there are %d charges in the books and %d lines, with a revenue of %s", len(posted), len(c.live()[0].Lines), -c.books[models.AccountRevenue])
		}
		h.put(price, fee("93000", "60.00"))
		h.drain()
		h.billed(v1, 7500)
	})
}

func TestTheChartOfAMergedPatientIsTheSurvivors(t *testing.T) {
	ann := models.Ref{Type: "Patient", ID: "ann"}
	merged := person("ann", list("link", `{"other":{"reference":"Patient/bob"},"type":"replaced-by"}`), "1970-01-01")
	for name, isFirst := range map[string]bool{"before the visit was planned": true, "afterwards": false} {
		t.Run(name, func(t *testing.T) {
			eachHistory(t, plain, 1, func(h *history) {
				if isFirst {
					h.put(ann, merged)
				}
				h.drain()
				if !isFirst {
					h.put(ann, merged)
				}
				h.put(p1, done(p1, v1, "36415")) // still under the old record
				h.put(c1, doc(c1, refers("subject", "Patient/ann"), concept("code", models.SystemICD10CM, "J069"), text("recordedDate", "2026-03-02")))
				h.drain()
				h.wants(v1, models.CaseReady)
				h.billed(v1, 1500)
				for _, claim := range h.cases()[models.CaseOf("v1")].live() {
					if claim.PatientID != "bob" || claim.Diagnoses[0].Code != "J069" {
						h.t.Errorf("the claim is for %s with %v, want bob with J069", claim.PatientID, claim.Diagnoses)
					}
				}
			})
		})
	}
}

func TestACodersWordOutlivesACancelledVisit(t *testing.T) {
	eachHistory(t, plain, 1, func(h *history) {
		h.drain()
		h.coded(v1, codedAs("36415"))
		h.put(v1, ofVisit(v1, "cancelled"))
		h.drain()
		h.wants(v1, models.CaseVoided)
		h.billed(v1, 0)
		h.put(v1, visits(1)[v1])
		h.drain()
		h.billed(v1, 1500)
	})
}

func TestAPlaceThatIsCorrectedAfterItWasAskedForIsWork(t *testing.T) {
	office := models.Ref{Type: "Location", ID: "office"}
	eachHistory(t, sends(), 1, func(h *history) {
		h.drain()
		h.put(office, placed(office, "22", ""))
		h.drain()
		h.wants(v1, models.CaseSent, models.WorkChangedSent)
	})
}

func TestAVisitThatIsOpenAgainHoldsNoOtherBack(t *testing.T) {
	eachHistory(t, plain, 2, func(h *history) {
		h.put(v2, billable(v2, "finished", isOne))
		h.put(v1, billable(v1, "finished", isOne))
		h.drain()
		h.wants(v1, models.CaseReady)
		h.wants(v2, models.CaseHeld, models.WorkDuplicate)
		h.put(v1, billable(v1, "in-progress", isOne))
		h.drain()
		h.wants(v1, models.CaseHeld, models.WorkUnfinished)
		h.wants(v2, models.CaseReady)
		h.put(v1, billable(v1, "finished", isOne))
		h.drain()
		h.wants(v1, models.CaseReady)
		h.wants(v2, models.CaseHeld, models.WorkDuplicate)
	})
}

// TestAServiceThatMovesToAVisitThatIsSentIsWorkOfBoth holds that a service which somebody was asked for with one visit does not count for another one that it moves to in the place of the same there.
func TestAServiceThatMovesToAVisitThatIsSentIsWorkOfBoth(t *testing.T) {
	eachHistory(t, sends(), 2, func(h *history) {
		h.drain()
		h.put(p2, done(p2, v1, "93000"))
		h.put(p1, strings.Replace(done(p1, v1, "93000"), "completed", "entered-in-error", 1))
		h.drain()
		h.wants(v1, models.CaseSent, models.WorkChangedSent)
		h.wants(v2, models.CaseSent, models.WorkChangedSent)
	})
}

func TestWhoChargedByARoleIsWhomTheRoleNamesNow(t *testing.T) {
	role := models.Ref{Type: "PractitionerRole", ID: "role"}
	stands := func(practitioner string) string {
		return doc(role, refers("practitioner", "Practitioner/"+practitioner))
	}
	eachHistory(t, plain, 1, func(h *history) {
		h.put(role, stands("doc"))
		h.put(i1, strings.TrimSuffix(charged(i1, "billable", "36415"), "}")+`,"performer":[{"actor":{"reference":"PractitionerRole/role"}}]}`)
		h.drain()
		h.put(role, stands("sue"))
		h.drain()
		for _, c := range h.cases()[models.CaseOf("v1")].posted() {
			if c.Code == "36415" && c.Rendering.ID != "sue" {
				h.t.Errorf("the draw was done by %v, want sue", c.Rendering)
			}
		}
	})
}

// isOne is the identifier under which a visit is pushed twice.
var isOne = list("identifier", called("V-1", ""))

func billable(visit models.Ref, status, identifier string) string {
	return ofVisit(visit, status, identifier, list("participant", seen("doc", "ATND")), refers("serviceProvider", "Organization/practice"))
}
