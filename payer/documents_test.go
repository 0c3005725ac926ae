package payer_test

import (
	"testing"

	"medbill/fhir"
	"medbill/fhir/validate"
	"medbill/payer"
)

// isFHIR holds that a document is R4, as medbill reads R4; it knows no more of medbill.
func isFHIR(t *testing.T, what string, text []byte) {
	t.Helper()
	d, err := fhir.Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	for _, issue := range validate.Resource(d) {
		t.Errorf("%s: %s %s", what, issue.Text, issue.Path)
	}
}

func TestEveryDocumentIsFHIR(t *testing.T) {
	for _, s := range scenarios {
		for _, l := range s.play(t, payer.Config{Seed: "seed"}) {
			if l.Document != nil {
				isFHIR(t, s.member+" "+l.Letter, l.Document)
			}
		}
	}
	d := open(t, payer.Config{Seed: "seed"})
	d.submit(claim("lonely", "LONELY-1", visit))
	d.submit(claim("void", "LOST-1", visit, follows("8", "none")))
	d.move(1)
	isFHIR(t, "a void of nothing", d.letters()[1].Document)
	isFHIR(t, "metadata", d.do("GET", "/fhir/R4/metadata", nil, 200))
	for _, r := range payer.Rows {
		switch {
		case r.Eligibility != nil:
			isFHIR(t, r.ID, d.do("POST", "/fhir/R4/CoverageEligibilityRequest", question(r.Prefix+"-1"), 200))
		case r.Authorization != nil:
			isFHIR(t, r.ID, d.do("POST", "/fhir/R4/Claim/$submit", claim(r.ID, r.Prefix+"-1", []string{"70551 0.00"}, func(c object) { c["use"] = "preauthorization" }), 200))
		}
	}
	isFHIR(t, "an inquiry", d.do("POST", "/fhir/R4/Claim/$inquire", claim("lonely", "LONELY-1", visit), 200))
	trace := d.payer.Deposits()[0].Trace
	isFHIR(t, "the payments", d.do("POST", "/fhir/R4/$searchByPayment", object{"parameter": []object{{"name": "TIN", "valueString": "1"}, {"name": "PaymentNumber", "valueString": trace}}}, 200))
	isFHIR(t, "the remittance", d.do("POST", "/fhir/R4/$downloadRemittance", object{"parameter": []object{{"name": "RemittanceAdviceIdentifier", "valueString": trace}}}, 200))
	isFHIR(t, "a refusal", d.do("POST", "/fhir/R4/$downloadRemittance", object{}, 404))
}
