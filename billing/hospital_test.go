package billing_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/journal"
	"medbill/models"
)

const nubc = "https://www.nubc.org/CodeSystem/"

// admission is an inpatient visit of three days: he came by an emergency with a pneumonia and went home.
func (g guest) admission() []fields {
	visit := g.encounter("visit").with(class("IMP"), fields{
		"period":          fields{"start": "2026-03-02T14:00:00-05:00", "end": "2026-03-05T10:00:00-05:00"},
		"priority":        conceptOf("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "EM"),
		"participant":     []fields{{"type": []fields{conceptOf("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "ATND")}, "individual": ref("Practitioner/doc")}},
		"diagnosis":       []fields{{"condition": ref("Condition/" + g.named("dx")), "use": conceptOf("http://terminology.hl7.org/CodeSystem/diagnosis-role", "AD")}},
		"hospitalization": fields{"admitSource": conceptOf(nubc+"PointOfOrigin", "1"), "dischargeDisposition": conceptOf("http://terminology.hl7.org/CodeSystem/discharge-disposition", "home")},
	})
	return []fields{
		g.patient(), g.plan("plan"), visit, g.condition("dx", "J18.9"),
		g.revenue("room", "0120", 3, "2700.00"), g.revenue("emergency", "0450", 1, "310.00"), g.revenue("pharmacy", "0250", 1, "125.50"),
	}
}

// revenue is a charge of the house.
func (g guest) revenue(record, code string, quantity int, price string) fields {
	return g.charge(record, "").with(fields{"code": conceptOf(nubc+"RevenueCodes", code), "quantity": fields{"value": quantity}, "priceOverride": usd(price)})
}

// TestAStayIsBilledAndAnswered holds the figures of three days in hospital from its charges to its bill.
func TestAStayIsBilledAndAnswered(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "stay")
		g.send(g.admission()...)
		d.quiet()
		c := g.claim()
		if c.Type != models.ClaimInstitutional || c.Billed != 313550 || c.Stay.BillType != "111" || len(c.Lines) != 3 || c.ServiceFrom != "2026-03-02" || c.ServiceUntil != "2026-03-05" {
			t.Fatalf("the claim is %s of %s, type of bill %q, %d lines, %s to %s: %s", c.Type, c.Billed, c.Stay.BillType, len(c.Lines), c.ServiceFrom, c.ServiceUntil, g.stands())
		}
		g.submit()
		if got, want := g.stands(), "sent; acme transmitted 3135.50"; got != want {
			t.Fatalf("sent it stands %s, want %s", got, want)
		}
		lines := []line{{"2400.00", []string{"CO 45 300.00"}}, {"200.00", []string{"CO 45 10.00", "PR 1 100.00"}}, {"125.50", nil}}
		if err := g.answersWith(g.claim(), fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "institutional")}, g.inOrder(c, lines)...); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		if got, want := g.stands(), "patient; acme adjudicated 3135.50; invoice issued 100.00"; got != want {
			t.Errorf("answered it stands %s, want %s", got, want)
		}
		for _, answer := range d.search("ClaimResponse", "request=Claim/"+string(c.ID), 1) {
			if !strings.Contains(string(answer.Body), `"institutional"`) {
				t.Errorf("the answer to a hospital's claim is %s", answer.Body)
			}
		}
		d.isEven()
	})
}

// inOrder gives lines by the revenue codes 0120, 0450 and 0250 in the order of the claim.
func (g guest) inOrder(c models.Claim, lines []line) []line {
	codes := []string{"0120", "0450", "0250"}
	ordered := make([]line, len(c.Lines))
	for i, l := range c.Lines {
		ordered[i] = lines[slices.Index(codes, l.Revenue)]
	}
	return ordered
}

// isEven holds that all that was posted adds up to nothing.
func (d *desk) isEven() {
	d.t.Helper()
	d.view(func(v *store.View) error {
		balances, err := journal.Balances(v)
		var sum models.Cents
		for _, b := range balances {
			sum += b
		}
		if sum != 0 || len(balances) == 0 {
			d.t.Errorf("the trial balance of %d accounts is %s, want 0.00", len(balances), sum)
		}
		return err
	})
}

// TestOneStayGivesTwoClaims holds that what somebody did goes out beside what the house gave, each in its form.
func TestOneStayGivesTwoClaims(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "both")
		g.send(append(g.admission(), g.procedure("ecg", "93000"))...)
		d.quiet()
		if got, want := g.stands(), "ready; acme ready 3135.50; acme ready 60.00"; got != want {
			t.Fatalf("it stands %s, want %s", got, want)
		}
		_, claims := g.kase("visit")
		for _, c := range claims {
			form := c.Type.Facts()
			if (c.PlaceOfService != "") != form.HasPlace || c.Stay.IsEmpty() != form.HasPlace {
				t.Errorf("the %s claim stands at %q and says %+v of the stay", c.Type, c.PlaceOfService, c.Stay)
			}
			for _, l := range c.Lines {
				if (len(l.Pointers) > 0) != form.HasPointers || (l.Revenue != "") == form.HasPlace {
					t.Errorf("the %s claim has the line %+v", c.Type, l)
				}
			}
		}
		g.submit()
		if got, want := g.stands(), "sent; acme transmitted 3135.50; acme transmitted 60.00"; got != want {
			t.Errorf("sent it stands %s, want %s", got, want)
		}
	})
}

// TestADraftOfAStayComesBackAsItWasWritten holds the form of a hospital claim.
func TestADraftOfAStayComesBackAsItWasWritten(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "front")
		g.send(g.patient(), g.plan("plan"))
		sent := g.hospitalDraft()
		g.send(sent)
		c := g.drafted()
		if c.Type != models.ClaimInstitutional || c.State != models.ClaimReady || c.Billed != 313550 {
			t.Fatalf("the draft is %s, %s of %s: %s", c.Type, c.State, c.Billed, g.standsOf("draft"))
		}
		got, err := fhir.Parse([]byte(d.body("Claim", string(c.ID))))
		if err != nil {
			t.Fatal(err)
		}
		want, err := fhir.Parse(g.json(sent))
		if err != nil {
			t.Fatal(err)
		}
		for _, element := range []string{"type", "billablePeriod", "careTeam", "supportingInfo", "procedure", "diagnosis", "total"} {
			if a, b := string(got.Root().Get(element).Raw()), string(want.Root().Get(element).Raw()); a != b {
				t.Errorf("%s came back as\n%s, was sent as\n%s", element, a, b)
			}
		}
		if code := got.Root().In("subType", "coding", "code").Text(); code != "111" {
			t.Errorf("the type of bill is %q, want 111", code)
		}
		if _, err := g.office.SubmitClaim(context.Background(), g.admin(), billing.Call{}, c.ID); err != nil {
			t.Fatal(err)
		}
		if err := g.answers(g.drafted(), line{"2700.00", nil}, line{"310.00", nil}, line{"125.50", nil}); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		d.isEven()
	})
}

// TestADraftOfAStayJoinsItsVisit holds that a draft which says what the house charged is the visit's claim, and moves no money.
func TestADraftOfAStayJoinsItsVisit(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "joins")
		g.send(g.admission()...)
		d.quiet()
		before := d.entries()
		draft := g.hospitalDraft()
		for _, item := range draft["item"].([]fields) {
			item["encounter"] = []fields{ref("Encounter/" + g.named("visit"))}
		}
		g.send(draft)
		d.quiet()
		if got, want := g.stands(), "ready; acme ready 3135.50"; got != want {
			t.Errorf("it stands %s, want %s", got, want)
		}
		if after := d.entries(); after != before {
			t.Errorf("%d entries became %d", before, after)
		}
	})
}

// entries counts what was posted.
func (d *desk) entries() (n int) {
	d.t.Helper()
	d.view(func(v *store.View) (err error) {
		n, err = journal.Count(v)
		return err
	})
	return n
}

// hospitalDraft is a stay as a front end writes it.
func (g guest) hospitalDraft() fields {
	info := func(sequence int, system, category string, more fields) fields {
		return fields{"sequence": sequence, "category": conceptOf(system, category)}.with(more)
	}
	const carin, ours = "http://hl7.org/fhir/us/carin-bb/CodeSystem/", "https://medbill.dev/fhir/CodeSystem/claim-information"
	item := func(sequence int, revenue string, quantity int, net string) fields {
		return fields{
			"sequence": sequence, "revenue": conceptOf(nubc+"RevenueCodes", revenue), "quantity": fields{"value": quantity}, "net": usd(net),
			"productOrService": conceptOf("http://terminology.hl7.org/CodeSystem/data-absent-reason", "not-applicable"),
		}
	}
	return g.draft(fields{}).with(fields{
		"type":           conceptOf("http://terminology.hl7.org/CodeSystem/claim-type", "institutional"),
		"subType":        conceptOf(nubc+"TypeOfBill", "0111"),
		"billablePeriod": fields{"start": "2026-03-02", "end": "2026-03-05"},
		"careTeam":       []fields{{"sequence": 1, "provider": ref("Practitioner/doc"), "role": conceptOf(carin+"C4BBClaimCareTeamRole", "attending")}},
		"supportingInfo": []fields{
			info(1, carin+"C4BBSupportingInfoType", "admissionperiod", fields{"timingPeriod": fields{"start": "2026-03-02T14:00:00-05:00", "end": "2026-03-05T10:00:00-05:00"}}),
			info(2, carin+"C4BBSupportingInfoType", "admtype", fields{"code": conceptOf(nubc+"PriorityTypeOfAdmitOrVisit", "1")}),
			info(3, carin+"C4BBSupportingInfoType", "discharge-status", fields{"code": conceptOf(nubc+"PatDischargeStatus", "01")}),
			info(4, ours, "value", fields{"code": conceptOf(nubc+"ValueCodes", "80"), "valueQuantity": fields{"value": 3}}),
			info(5, carin+"C4BBSupportingInfoType", "pointoforigin", fields{"code": conceptOf(nubc+"PointOfOrigin", "1")}),
		},
		"diagnosis": []fields{{
			"sequence": 1, "diagnosisCodeableConcept": conceptOf(icd10, "J18.9"), "type": []fields{conceptOf("http://terminology.hl7.org/CodeSystem/ex-diagnosistype", "principal")},
			"onAdmission": conceptOf(nubc+"PresentOnAdmissionIndicator", "Y"),
			"packageCode": conceptOf("https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software", "195"),
		}},
		"procedure": []fields{{
			"sequence": 1, "type": []fields{conceptOf("http://terminology.hl7.org/CodeSystem/ex-procedure-type", "primary")}, "date": "2026-03-03",
			"procedureCodeableConcept": conceptOf("http://www.cms.gov/Medicare/Coding/ICD10", "0BJ08ZZ"),
		}},
		"item":  []fields{item(1, "0120", 3, "2700.00"), item(2, "0450", 1, "310.00"), item(3, "0250", 1, "125.50")},
		"total": usd("3135.50"),
	})
}
