package billing_test

import (
	"strings"
	"testing"

	"medbill/fhir"
	"medbill/models"
)

// TestRemarksOfAnAnswerAreReadInItsDocument holds that what the books know of the remarks of a whole answer stands in it as codes,
// beside the payer's words.
func TestRemarksOfAnAnswerAreReadInItsDocument(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(0, "remark")
		g.send(g.ecg()...)
		d.quiet()
		g.submit()
		coded := fields{"url": fhir.ExtensionRemarkCode, "valueCoding": fields{"system": models.SystemRARC, "code": "MA18"}}
		notes := fields{"processNote": []fields{{"number": 1, "text": "See N381 of CANARY"}, {"number": 2, "text": "Sent on", "extension": []fields{coded}}, {"text": "N130"}}}
		if err := g.answersWith(g.claim(), notes, line{"60.00", nil}); err != nil {
			t.Fatal(err)
		}
		said := d.search("ClaimResponse", "request=Claim/"+string(g.claim().ID), 1)[0]
		document, err := fhir.Parse(said.Body)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for note := range document.Root().Get("processNote").Children() {
			got = append(got, note.Get("text").Text()+"="+note.Get("extension").At(0).In("valueCoding", "code").Text())
		}
		if want := "See N381 of CANARY=; Sent on=MA18; N130=N130; N381=N381; MA18=MA18"; strings.Join(got, "; ") != want {
			t.Errorf("the notes are %q, want %q", strings.Join(got, "; "), want)
		}
	})
}
