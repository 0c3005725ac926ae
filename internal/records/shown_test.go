package records_test

import (
	"testing"

	"medbill/internal/store/storetest"
)

// A conditional create that finds a record answers with it, so that somebody read it is in the audit.
func TestWhatAConditionalCreateShowsIsAudited(t *testing.T) {
	storetest.EachURL(t, func(t *testing.T, url string) {
		d := open(t, storetest.Open(t, url), nil)
		d.put("Patient", "ann", patient("ann", "Ann"))
		if _, err := d.Create(t.Context(), admin, "Patient", []byte(unnamed("Ann")), "identifier=urn:mrn|MRN-Ann"); err != nil {
			t.Fatal(err)
		}
		if got := statuses(d.transact(e("", "POST", "Patient", unnamed("Ann"), `"ifNoneExist":"identifier=urn:mrn|MRN-Ann"`))); got != "200" {
			t.Fatalf("the entry gives %s", got)
		}
		if read := storetest.ByHand(t, url).Text("SELECT count(*) FROM audit_events WHERE action = 'read' AND record = 'ann'"); read != "2" {
			t.Errorf("it was shown twice and the audit has %s reads", read)
		}
	})
}
