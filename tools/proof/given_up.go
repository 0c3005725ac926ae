package main

import "strings"

const payable = "Liability:Refunds-payable"

// refunds is I15: an approved refund is owed once, a paid one went once, a cancelled one was taken back once, and what is owed of a payment is what is approved of it.
func refunds(b *books, f *finding) {
	type of struct{ event, refund, payment string }
	moved, left, back := map[of]int64{}, map[string]int64{}, map[string]int64{}
	b.postings(func(e *entry, p fact) {
		if p.Account != payable {
			return
		}
		left[p.Payment] -= p.Amount
		event := e.Event
		if taken := b.entries[e.Reverses]; taken != nil {
			e = taken
		}
		_, id, _ := strings.Cut(e.Cause, "/")
		moved[of{event, id, p.Payment}] += p.Amount
	})
	for _, r := range b.refunds {
		moved[of{"refund", r.ID, r.Payment}] += r.Amount
		switch r.State {
		case "approved":
			left[r.Payment] -= r.Amount
		case "paid":
			moved[of{"refund-paid", r.ID, r.Payment}] -= r.Amount
		case "cancelled":
			moved[of{"reversal", r.ID, r.Payment}] -= r.Amount
		}
		if r.State != "cancelled" {
			back[r.Payment] += r.Amount
		}
	}
	for is, amount := range moved {
		f.hold(amount == 0, "refund", is.refund)
	}
	for _, p := range b.payments {
		f.hold(left[p.ID] == 0 && back[p.ID] == p.Refunded, "payment", p.ID)
		delete(left, p.ID)
		delete(back, p.ID)
	}
	for _, rest := range []map[string]int64{left, back} {
		for id, amount := range rest {
			f.hold(amount == 0, "payment", id)
		}
	}
}

// given are the accounts of write-offs by their kinds.
var given = map[string]string{
	"small-balance": "Contra:Small-balance", "charity": "Contra:Charity", "self-pay-discount": "Contra:Self-pay-discount", "prompt-pay": "Contra:Prompt-pay", "bad-debt": "Contra:Bad-debt",
	"administrative": "Contra:Administrative",
}

// writeOffs is I16: what stands of a write-off is what its entries posted to the account of its kind.
func writeOffs(b *books, f *finding) {
	type of struct{ id, account, invoice string }
	posted := map[of]int64{}
	b.postings(func(e *entry, p fact) {
		if cause, is := strings.CutPrefix(e.Cause, "write-off/"); is && p.Account != patient {
			id, _, _ := strings.Cut(cause, "/")
			posted[of{id, p.Account, p.Invoice}] += p.Amount
		}
	})
	for _, w := range b.writeOffs {
		is := of{w.ID, given[w.Code], w.Invoice}
		f.hold(posted[is] == w.Amount, "write-off", w.ID)
		delete(posted, is)
	}
	for is, amount := range posted {
		f.hold(amount == 0, "write-off", is.id)
	}
}
