package claim_test

import (
	"strings"
	"testing"

	"medbill/billing/rules/claim"
	"medbill/models"
)

// TestWhoHasAClaimThatIsPassedOn holds that it is the payer of the plan that comes next, and that a person is asked where that is not who the answer says, or may be another one.
func TestWhoHasAClaimThatIsPassedOn(t *testing.T) {
	plan := func(id models.CoverageID, payer models.OrganizationID) models.Coverage {
		return models.Coverage{ID: id, PayerID: payer}
	}
	one, two, three := plan("a", "acme"), plan("b", "beta"), plan("c", "gamma")
	for _, row := range []struct {
		name     string
		order    []models.Coverage
		position int
		carrier  models.OrganizationID
		want     models.CoverageID // "" where a person is asked
		why      string
	}{
		{"the next one", []models.Coverage{one, two, three}, 1, "beta", "b", ""},
		{"nobody, and one is left", []models.Coverage{one, two}, 1, "", "b", ""},
		{"nobody, and one is left behind the second", []models.Coverage{one, two, three}, 2, "", "c", ""},
		{"nobody, and two are left", []models.Coverage{one, two, three}, 1, "", "", "several plans"},
		{"the one after the next", []models.Coverage{one, two, three}, 1, "gamma", "", "does not come next"},
		{"itself", []models.Coverage{one, two}, 1, "acme", "", "does not come next"},
		{"one without a plan", []models.Coverage{one, two}, 1, "delta", "", "no plan on file for the day"},
		{"one of whom there is no record", []models.Coverage{one, two}, 1, models.UnknownOrganization, "", "no plan on file for the day"},
		{"no plan comes next", []models.Coverage{one}, 1, "", "", "no plan on file comes after"},
		{"its own plan comes second by now", []models.Coverage{two, one}, 1, "beta", "", "no plan on file comes after"},
	} {
		c := models.Claim{Position: row.position, CoverageID: []models.CoverageID{"a", "b"}[row.position-1]}
		next, why := claim.PassedTo(row.order, c, row.carrier)
		if why == "" && next.ID != row.want || !strings.Contains(why, row.why) || (row.why == "") != (why == "") {
			t.Errorf("%s: got %s, %q", row.name, next.ID, why)
		}
	}
}
