package billing_test

import (
	"fmt"
	"strings"
	"testing"

	"medbill/models"
)

// TestAClaimTellsHowItCameToWhereItIs holds that every state of a claim is told once, with who brought it there, and from what document where there is one.
func TestAClaimTellsHowItCameToWhereItIs(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "told")
		g.coded()
		if err := g.judges("A-1", false, as99214); err != nil {
			t.Fatal(err)
		}
		d.quiet()
		c := g.claim()
		moves, err := d.office.Timeline(t.Context(), d.admin(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		told := make([]string, len(moves))
		for i, m := range moves {
			told[i] = fmt.Sprintf("%s %v %v", m.State, m.By != "", m.From.Type)
			if i > 0 && m.At < moves[i-1].At {
				t.Errorf("%s comes before %s", m.State, moves[i-1].State)
			}
		}
		if got, want := strings.Join(told, "; "), "ready true ; transmitted true ; adjudicated true ClaimResponse"; got != want {
			t.Errorf("the claim tells %q, want %q", got, want)
		}
		if c.State != models.ClaimAdjudicated || moves[len(moves)-1].State != c.State {
			t.Errorf("the claim is %s and tells %s at last", c.State, moves[len(moves)-1].State)
		}
	})
}
