package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// What a processor pays out, and the bank has, played over HTTP.

// settles has the processor tell that it pays out the 20.00 that ann paid.
func (x cards) settles(id, reference string) {
	x.Helper()
	e := event(id, "payout", reference)
	e.Amount, e.Fee = "19.40", "0.60"
	x.tells(e).expect(x.T, http.StatusOK)
}

// deposited has the bank tell 19.40 of a day in some words, and gives the deposit.
func (x cards) deposited(day, words string) string {
	x.Helper()
	return x.banks("application/json", `[{"date":"`+day+`","amount":19.40,"text":"`+words+`"}]`).Deposits[0].ID
}

const (
	inTransit = "Cash:Card-clearing 20.00; Liability:Patient-credits -20.00"
	notKnown  = "Cash:Bank 19.40; Cash:Card-clearing 20.00; Liability:Patient-credits -20.00; Liability:Unmatched-receipts -19.40"
	settled   = "Cash:Bank 19.40; Expense:Processor-fees 0.60; Liability:Patient-credits -20.00"
	twice     = "Cash:Bank 38.80; Expense:Processor-fees 0.60; Liability:Patient-credits -20.00; Liability:Unmatched-receipts -19.40"
)

func eachPaid(t *testing.T, test func(t *testing.T, x cards)) {
	eachCards(t, func(t *testing.T, x cards) {
		x.deskCharges(t)
		x.tells(event("evt_1", "payment.succeeded", "ch_1")).expect(t, http.StatusOK)
		x.hold("paid", inTransit)
		test(t, x)
	})
}

// TestAPayoutIsItsDeposit: whichever is told first, once, with what the processor kept.
func TestAPayoutIsItsDeposit(t *testing.T) {
	eachPaid(t, func(t *testing.T, x cards) {
		x.settles("po_1", "PO-77")
		x.hold("told", inTransit)
		x.deposited("2026-03-04", "Cards PO-77")
		x.hold("at the bank", settled)
		for _, id := range []string{"po_1", "po_2"} {
			x.settles(id, "PO-77")
		}
		x.deposited("2026-03-05", "CARDS PO-77")
		x.hold("no deposit is it twice", twice)
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 1)
	})
}

// TestADepositMayComeBeforeItsPayout, and is work until then.
func TestADepositMayComeBeforeItsPayout(t *testing.T) {
	eachPaid(t, func(t *testing.T, x cards) {
		x.deposited("2026-03-02", "CARDS settlement")
		x.hold("at the bank", notKnown)
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 1)
		x.settles("po_1", "PO-77")
		x.hold("told", settled)
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 0)
	})
}

// TestWhatDoesNotNameItsPayoutIsAPersonsToSay: another day, no word of the processor, or two of one amount; what a person says of cards is the payout of that amount and fee, until it is taken back.
func TestWhatDoesNotNameItsPayoutIsAPersonsToSay(t *testing.T) {
	eachPaid(t, func(t *testing.T, x cards) {
		x.settles("po_1", "PO-77")
		far := x.deposited("2026-03-06", "CARDS PO-77")
		x.hold("four days later", notKnown)
		x.do(t, biller, "POST", "$match-deposit", matches(far, `,{'name':'card','valueMoney':{'value':19.40,'currency':'USD'}},{'name':'fee','valueMoney':{'value':0.60,'currency':'USD'}}`)).expect(t, http.StatusOK)
		x.hold("said", settled)
		x.do(t, biller, "POST", "$unmatch-deposit", compact(`{'resourceType':'Parameters','parameter':[{'name':'deposit','valueString':'`+far+`'}]}`)).expect(t, http.StatusOK)
		x.hold("taken back", notKnown)

		mute := x.deposited("2026-03-03", "TRANSFER")
		task := x.await(t, "Task?status=requested&code=deposit-without-remittance", 2)
		var said []string
		for _, id := range task {
			if body := x.do(t, admin, "GET", "Task/"+id, "").body; strings.Contains(body, "payout of a processor") {
				said = append(said, id)
			}
		}
		if len(said) != 1 {
			t.Errorf("%d of the deposits may be the payout", len(said))
		}
		x.do(t, biller, "POST", "$match-deposit", matches(mute, `,{'name':'card','valueMoney':{'value':19.40,'currency':'USD'}},{'name':'fee','valueMoney':{'value':0.60,'currency':'USD'}}`)).expect(t, http.StatusOK)
		x.hold("said", twice)
		x.deposited("2026-03-03", "CARDS PO-77")
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 2)
		x.do(t, biller, "POST", "$unmatch-deposit", compact(`{'resourceType':'Parameters','parameter':[{'name':'deposit','valueString':'`+mute+`'}]}`)).expect(t, http.StatusOK)
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 3)
		x.banks("application/json", `[{"date":"2026-03-02","amount":19.40,"text":"CARDS 78"}]`)
		x.await(t, "Task?status=requested&code=deposit-without-remittance", 3)
	})
}

// TestAPayoutSaysWhatItsProcessorKept, and no other event does.
func TestAPayoutSaysWhatItsProcessorKept(t *testing.T) {
	eachCards(t, func(t *testing.T, x cards) {
		for what, fee := range map[string]json.Number{"payment.succeeded": "0.60", "payout": "-0.60"} {
			e := event("evt_"+what, what, "ch_1")
			e.Fee = fee
			a := x.tells(e)
			if place := a.node(t).Get("issue").At(0).Get("expression").At(0).Text(); a.status != http.StatusBadRequest || place != "fee" {
				t.Errorf("%s: %d at %q", what, a.status, place)
			}
		}
	})
}
