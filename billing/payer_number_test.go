package billing_test

import (
	"testing"

	"medbill/billing"
	"medbill/fhir"
	"medbill/internal/store"
	"medbill/internal/store/documents"
	"medbill/models"
)

// shows gives an extension of a claim's document as it is read.
func (d *desk) shows(id models.ClaimID, url string) string {
	d.t.Helper()
	var told string
	d.view(func(v *store.View) error {
		found, _, err := documents.Get(v, models.Ref{Type: "Claim", ID: string(id)}, documents.Guard{})
		if err != nil {
			return err
		}
		document, err := fhir.Parse(found.Body)
		if err != nil {
			return err
		}
		for e := range document.Root().Get("extension").Children() {
			if e.Get("url").Is(url) {
				told = e.Get("valueDateTime").Text() + e.In("valueIdentifier", "system").Text() + "|" + e.In("valueIdentifier", "value").Text()
			}
		}
		return nil
	})
	return told
}

// TestAClaimShowsWhenItWentOutAndItsPayersNumber holds that both are there from the moment they are known, the number of the latest judgement, and that a
// claim from before has the number that was taken over with it, by which it is voided without an answer.
func TestAClaimShowsWhenItWentOutAndItsPayersNumber(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "numbered")
		g.coded()
		c := g.claim()
		if sent, number := d.shows(c.ID, fhir.ExtensionSent), d.shows(c.ID, fhir.ExtensionPayerClaimNumber); sent != string(c.Sent)+"|" || c.Sent == "" || number != "" {
			t.Errorf("a claim that was sent shows %q and %q", sent, number)
		}
		if err := g.judges("A-1", false, as99214); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		if number := d.shows(c.ID, fhir.ExtensionPayerClaimNumber); number != "http://payer.example.org/icn|A-1" {
			t.Errorf("a judged claim shows the number %q", number)
		}

		practice := models.OrganizationID("practice")
		d.settings(models.SettingsChange{PracticeID: &practice})
		roe := d.guest(2, "roe")
		roe.send(roe.patient(), roe.plan("plan"))
		if got := d.opens(openingHeader+"Patient/roe-2,Organization/acme,Coverage/roe-2-plan,C2002,A-ICN-2,2026-02-02,cpt,99213,90.00\n", billing.Call{}); got != "1 0 90.00" {
			t.Fatal(got)
		}
		_, claims := d.opening("C2002")
		if number := d.shows(claims[0].ID, fhir.ExtensionPayerClaimNumber); number != "|A-ICN-2" {
			t.Errorf("a claim from before shows the number %q", number)
		}
		if _, err := d.office.VoidClaim(t.Context(), d.admin(), billing.Call{}, claims[0].ID); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		if _, claims = d.opening("C2002"); len(claims) != 2 || claims[1].Frequency != models.FrequencyVoid || claims[1].PayerNumber != "|A-ICN-2" {
			t.Errorf("voiding a claim from before gives %+v", claims)
		}
	})
}
