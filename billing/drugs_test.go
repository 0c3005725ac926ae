package billing_test

import (
	"testing"

	"medbill/fhir"
	"medbill/models"
)

// TestADrugAndItsAmountGoOutBesideTheUnits holds that what an EHR and what a coder says of a drug and of an anaesthetist's minutes stands on the claim, that a
// dose is billed by nobody as units, and that a drug which changes changes the claim.
func TestADrugAndItsAmountGoOutBesideTheUnits(t *testing.T) {
	drug := models.Drug{NDC: "00071015523", Unit: models.DrugMilliliter, Quantity: 1500}
	given := fields{
		"productCodeableConcept": conceptOf(models.SystemNDC, "0071-0155-23"),
		"extension":              []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/drug-quantity", "valueQuantity": fields{"value": number("1.5"), "system": models.SystemUCUM, "code": "mL"}}},
		"priceOverride":          usd("80.00"),
	}
	minutes := fields{"quantity": fields{"value": 95, "system": models.SystemUCUM, "code": "min"}, "priceOverride": usd("950.00")}
	eachOffice(t, func(t *testing.T, d *desk) {
		sent, dosed, said := d.guest(0, "drug"), d.guest(1, "drug"), d.guest(2, "drug")
		injection := func(g guest) fields { return g.charge("j", "96372").with(given) }
		sent.send(sent.patient(), sent.plan("plan"), sent.encounter("visit"), sent.condition("dx", "I10"), injection(sent), sent.charge("a", "00790").with(minutes))
		dosed.send(dosed.patient(), dosed.plan("plan"), dosed.encounter("visit"), dosed.condition("dx", "I10"),
			dosed.charge("j", "96372").with(fields{"quantity": fields{"value": 80, "system": models.SystemUCUM, "code": "mg"}}))
		said.send(said.ecg()...)
		d.quiet()

		if got, want := sent.stands(), "ready; acme ready 1030.00"; got != want {
			t.Errorf("the EHR's stands: %s; want: %s", got, want)
		}
		lines := map[string]models.ClaimLine{}
		for _, l := range sent.claim().Lines {
			lines[l.Code] = l
		}
		if lines["96372"].Drug != drug || lines["96372"].Units != models.OneUnit || lines["00790"].Measure != models.InMinutes || lines["00790"].Units != models.UnitsOf(95) {
			t.Errorf("its lines are %+v", lines)
		}
		if got, want := dosed.stands(), "held; code-visit"; got != want {
			t.Errorf("with a dose for units it stands: %s; want: %s", got, want)
		}
		other := injection(sent).with(fields{"productCodeableConcept": conceptOf(models.SystemNDC, "00071015524")})
		sent.send(other)
		d.quiet()
		for _, l := range sent.claim().Lines {
			if l.Code == "96372" && l.Drug.NDC != "00071015524" {
				t.Errorf("with another drug the line has %+v", l.Drug)
			}
		}

		visit := models.VisitID(said.named("visit"))
		both := coded
		both.Services = append([]models.Service{{System: cpt, Code: "93000", Units: models.OneUnit, Drug: drug, Pointers: models.Numbers{1}, ServiceDate: "2026-03-02"}}, coded.Services[1:]...)
		for range 2 { // the same again changes nothing
			if err := d.code(visit, both); err != nil {
				t.Fatal(err)
			}
			d.quiet()
			if got := said.claim().Lines[0]; got.Drug != drug {
				t.Errorf("coded, the line is %+v", got)
			}
		}
		written, err := fhir.Parse([]byte(d.read("Claim", string(said.claim().ID))))
		if err != nil {
			t.Fatal(err)
		}
		line := written.Root().Get("item").At(0)
		detail := line.Get("detail").At(0)
		if got := detail.In("productOrService", "coding", "code").Text() + " " + string(detail.In("quantity", "value").Raw()) + " " + detail.In("quantity", "code").Text(); got != "00071015523 1.5 mL" {
			t.Errorf("on the Claim the drug is %s: %s", got, line.Raw())
		}
	})
}
