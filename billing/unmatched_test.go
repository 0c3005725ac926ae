package billing_test

import (
	"context"
	"strings"
	"testing"

	"medbill/billing"
	"medbill/internal/store"
	"medbill/internal/store/books"
	"medbill/models"
)

// unmatchedWork gives the one open item about an answer that is to no claim.
func (d *desk) unmatchedWork() models.WorkItem {
	d.t.Helper()
	var items []models.WorkItem
	d.view(func(v *store.View) (err error) {
		items, err = books.WorkItems(v, models.WorkUnmatched, "", 2)
		return err
	})
	if len(items) != 1 {
		d.t.Fatalf("%d answers wait for their claim", len(items))
	}
	return items[0]
}

func byNumber(number string) fields {
	return fields{"identifier": fields{"system": "https://medbill.dev/fhir/NamingSystem/claim-number", "value": number}}
}

// TestAnAnswerFindsItsClaimByNumber holds that an answer which names a claim by our number alone is posted to it, where its payer has one under that number.
func TestAnAnswerFindsItsClaimByNumber(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "named")
		g.three()
		c := g.askedOf("acme")
		if err := g.answersWith(c, fields{"request": byNumber(c.Number)}, saidOf(c, asFirst)...); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got := g.stands(); got != "patient; acme adjudicated 325.00; invoice issued 74.00" {
			t.Errorf("it stands %s", got)
		}
		d.clean()
	})
}

// TestAnAnswerToNothingIsLeft holds that an answer that a person leaves is not in its payment any more, and that one which was paid cannot be left.
func TestAnAnswerToNothingIsLeft(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		g := d.guest(1, "left")
		g.three()
		c := g.askedOf("acme")
		sends := func(number, trace string) models.WorkItem {
			t.Helper()
			err := g.answersWith(c, fields{
				"request": ref("Claim/lost"), "identifier": []fields{{"system": "http://payer.example.org/icn", "value": number}},
				"payment": fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "amount": usd("96.00"), "identifier": fields{"value": trace}},
			}, saidOf(c, asFirst)...)
			if err != nil {
				t.Fatal(err)
			}
			return d.unmatchedWork()
		}
		leaves := func(w models.WorkItem) error {
			return d.decide(w.ID, billing.Verdict{Decision: models.DecideAccept, Reason: "It is another practice's."})
		}
		if err := leaves(sends("S-1", "EFT0001")); err != nil {
			t.Fatal(err)
		}
		if err := g.judges("A-1", false, asFirst); err != nil {
			t.Fatal(err)
		}
		d.pays("acme", d.payment("acme", "EFT0001", "96.00", "A-1 96.00"))
		paid := sends("S-2", "EFT0002")
		d.pays("acme", d.payment("acme", "EFT0002", "96.00", "@"+paid.Subject.ID+" 96.00"))
		if got := refusal(leaves(paid)); got != "remittance.complete decision" {
			t.Errorf("what was paid is left: %q", got)
		}
		d.clean()
	})
}

// TestAnAnswerToNoClaimWaitsForAPerson holds that money is never lost: an answer whose claim is not found is kept and posts nothing, it is work with the claims that it may be to, its
// payment adds up with it, and who says which claim it is to has it posted. What it is not to refuses it.
func TestAnAnswerToNoClaimWaitsForAPerson(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		for i, row := range []struct {
			name    string
			request fields
		}{
			{"a claim that there is not", ref("Claim/lost")},
			{"another number", byNumber("C-OTHER")},
			{"no claim", nil},
			{"a claim elsewhere", ref("https://elsewhere.example.org/Claim/1")},
		} {
			g, other := d.guest(i, "stray"), d.guest(i, "other")
			g.three()
			other.send(other.visit()...)
			other.quiet()
			other.submit()
			c, trace := g.askedOf("acme"), "EFT-"+g.id
			asked := fields{
				"request": row.request, "identifier": []fields{{"system": "http://payer.example.org/icn", "value": "S-" + g.id}},
				"payment": fields{"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "complete"), "amount": usd("96.00"), "identifier": fields{"value": trace}},
			}
			if row.request == nil {
				asked["request"] = fields{"display": "?"}
			}
			for range 2 {
				if err := g.answersWith(c, asked, saidOf(c, asFirst)...); err != nil {
					t.Fatalf("%s: %v", row.name, err)
				}
			}
			g.quiet()
			if got := g.stands(); got != "sent; acme transmitted 325.00" {
				t.Errorf("%s: it stands %s", row.name, got)
			}
			item := d.unmatchedWork()
			if item.Amount != 9600 || len(item.Reasons) == 0 || item.Reasons[0].Path != "Claim/"+string(c.ID) || !strings.Contains(item.Reasons[0].Text, "amount, patient") {
				t.Errorf("%s: the work says %+v", row.name, item)
			}
			if got := refusal(g.answersWith(c, asked, saidOf(c, asCorrected)...)); got != "answer.contradicts ClaimResponse.identifier" && got != "answer.unbalanced ClaimResponse.payment.amount" {
				t.Errorf("%s: other content is refused by %q", row.name, got)
			}
			d.pays("acme", d.payment("acme", trace, "96.00", "@"+item.Subject.ID+" 96.00"))
			decide := func(claim models.ClaimID) error {
				_, err := d.office.DecideWork(context.Background(), d.admin(), billing.Call{}, item.ID, billing.Verdict{Decision: models.DecideMatch, Claim: claim})
				return err
			}
			if got := refusal(decide(other.askedOf("acme").ID)); got != "answer.line-unknown claim.ClaimResponse.item[2].itemSequence" {
				t.Errorf("%s: to another claim it is refused by %q", row.name, got)
			}
			if err := decide(c.ID); err != nil {
				t.Fatalf("%s: %v", row.name, err)
			}
			g.quiet()
			if got := g.stands(); got != "patient; acme adjudicated 325.00; invoice issued 74.00" {
				t.Errorf("%s: matched it stands %s", row.name, got)
			}
			if got := d.balance(models.AccountClearing, trace); got != 9600 {
				t.Errorf("%s: %s is expected", row.name, got)
			}
			if err := g.answersWith(c, asked, saidOf(c, asFirst)...); err != nil {
				t.Errorf("%s: matched, the same again: %v", row.name, err)
			}
		}
		d.clean()
	})
}
