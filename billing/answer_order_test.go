package billing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"medbill/models"
)

// TestAnyOrderOfIndependentAnswersEndsInTheSameBooks has payers answer several claims, take answers back and correct them, and tell payments, in random orders across the claims. In the end each
// stands as if it were alone.
func TestAnyOrderOfIndependentAnswersEndsInTheSameBooks(t *testing.T) {
	stories := [][]func(guest) error{
		{func(g guest) error { return g.judges("A-1", false, asFirst) }},
		{func(g guest) error { return g.judges("A-1", false, asFirst) }, func(g guest) error { return g.judges("A-1", true, asFirst) }, func(g guest) error { return g.judges("A-1R", false, asCorrected) }},
		{func(g guest) error { return g.judges("A-1", false, asLenient) }, func(g guest) error { return g.judges("A-1", true, asLenient) }},
	}
	seed := rand.Uint64()
	eachOffice(t, func(t *testing.T, d *desk) {
		random, total := rand.New(rand.NewPCG(seed, 0)), map[models.LedgerAccount]models.Cents{}
		const rounds = 4
		for round := range rounds {
			guests, next := make([]guest, len(stories)), make([]int, len(stories))
			for i := range guests {
				guests[i] = d.guest(round*len(stories)+i, "order")
				guests[i].three()
			}
			for left := 6; left > 0; {
				i := random.IntN(len(stories))
				if next[i] == len(stories[i]) {
					continue
				}
				if err := stories[i][next[i]](guests[i]); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				if next[i]++; random.IntN(2) == 0 {
					d.quiet()
				}
				left--
			}
			d.quiet()
			for i, g := range guests {
				payer, patient := g.owed(models.AccountARInsurance), g.owed(models.AccountARPatient)
				want := [][2]models.Cents{{0, 7400}, {0, 11400}, {32500, 0}}[i]
				if got := [2]models.Cents{payer, patient}; got != want {
					t.Errorf("seed %d, round %d: of story %d the payer owes %s and the patient %s", seed, round, i, payer, patient)
				}
				if i < 2 { // what is taken back alone is not asked for, and owed by nobody
					g.asksWhatIsOwed("in any order")
				}
				for _, account := range []models.LedgerAccount{models.AccountClearing, models.AccountContractual, models.AccountBundled} {
					total[account] += g.owed(account)
				}
			}
		}
		for account, want := range map[models.LedgerAccount]models.Cents{models.AccountClearing: rounds * (9600 + 5600), models.AccountContractual: rounds * 28000, models.AccountBundled: rounds * 3000} {
			if total[account] != want {
				t.Errorf("seed %d: %s holds %s, want %s", seed, account, total[account], want)
			}
		}
		d.clean()
	})
}

// TestAReversalFindsItsAnswerAmongAlikeOnes holds that of two answers of equal totals the one is taken back whose lines and codes are mirrored, though both have one number.
func TestAReversalFindsItsAnswerAmongAlikeOnes(t *testing.T) {
	eachOffice(t, func(t *testing.T, d *desk) {
		d.price("93000", "250.00") // so that two lines are alike in their amount
		g := d.guest(1, "alike")
		g.three()
		c := g.askedOf("acme")
		part := func(sequence int, turned bool) error {
			one, sign := c, ""
			one.Lines = c.Lines[sequence-1 : sequence]
			more := fields{"identifier": []fields{{"system": "http://payer.example.org/icn", "value": "A-1"}}, "outcome": "partial"}
			if turned {
				sign = "-"
				more["outcome"] = "complete"
				sequence += 10 // another payment
				more["extension"] = []fields{{"url": "https://medbill.dev/fhir/StructureDefinition/clp-status", "valueCode": "22"}}
				one.Lines = append([]models.ClaimLine(nil), one.Lines...)
				one.Lines[0].Billed = -one.Lines[0].Billed
			}
			more["payment"] = fields{
				"type": conceptOf("http://terminology.hl7.org/CodeSystem/ex-paymenttype", "partial"), "amount": usd(sign + "100.00"), "identifier": fields{"value": fmt.Sprintf("EFT-%d", sequence)},
			}
			return g.answersAt(one, sequence%10, more, line{sign + "100.00", []string{"CO 45 " + sign + "150.00"}})
		}
		for _, sequence := range []int{1, 2} {
			if err := part(sequence, false); err != nil {
				t.Fatal(err)
			}
		}
		if err := part(2, true); err != nil {
			t.Fatal(err)
		}
		g.quiet()
		if got := g.owed(models.AccountARInsurance); got != 25000+1500 {
			t.Errorf("the payer owes %s", got)
		}
		if kinds := g.answerKinds(); kinds != "interim active, interim cancelled, reversal active" {
			t.Errorf("the answers are %s", kinds)
		}
		d.clean()
	})
}

// answersAt has the payer answer one line of a claim by its number.
func (g guest) answersAt(c models.Claim, sequence int, more fields, said line) error {
	return g.answersAs(g.payer(c.InsurerID), c, more.with(fields{"item": itemsOf(c, sequence, said)}), said)
}
