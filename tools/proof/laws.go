package main

import "cmp"

// law is an invariant of the books by its number, docs/proof.md.
type law struct {
	name string
	look func(*books, *finding)
}

var laws = []law{
	{"I1", balanced}, {"I2", immutable}, {"I3", charges}, {"I4", answers}, {"I5", remittances}, {"I6", patients}, {"I7", invoices},
	{"I8", firstPayers}, {"I9", once}, {"I10", mirror}, {"I11", control}, {"I12", nextPayers}, {"I13", closed}, {"I14", deposits},
	{"I15", refunds}, {"I16", writeOffs},
}

const (
	insurance = "AR:Insurance"
	patient   = "AR:Patient"
	clearing  = "Clearing:ERA"
	revenue   = "Revenue:Gross"
	credits   = "Liability:Patient-credits"
	bank      = "Cash:Bank"
	receipts  = "Liability:Unmatched-receipts"
)

// charges is I3: billed = payments + contra + what is open. A patient's payments leave the patient's account, so that entry by entry of all others
// what is posted about a charge besides its revenue is what it was billed for.
func charges(b *books, f *finding) {
	sums := map[string]int64{}
	b.postings(func(e *entry, p fact) {
		switch event := b.event(e); {
		case p.Account == revenue, event == "payment", event == "allocation", event == "deallocation":
		default:
			sums[p.Charge] += p.Amount
		}
	})
	for _, c := range b.charged {
		f.hold(sums[c.ID] == c.Billed*c.Posted, "charge", c.ID)
	}
}

// answers is I4: billed = paid + adjustments of each line and each answer in the books, and the journal has what it paid.
func answers(b *books, f *finding) {
	posted := map[string]int64{}
	b.postings(func(_ *entry, p fact) {
		if p.Account == clearing {
			posted[p.Answer] += p.Amount
		}
	})
	for _, a := range b.answered {
		if a.Posted == 0 || a.Event == "acknowledgement" {
			continue
		}
		adjusted, all, billed, isSo := map[int64]int64{}, int64(0), int64(0), true
		for _, one := range a.adjustments {
			adjusted[one.Line] += one.Amount
			all += one.Amount
		}
		for _, l := range a.lines {
			billed += l.Billed
			isSo = isSo && l.Billed == l.Paid+adjusted[l.Sequence]
		}
		f.hold(isSo && a.Billed == billed && a.Billed == a.Paid+all && a.Paid == posted[a.ID], "answer", a.ID)
	}
}

// payment names a payer's payment.
type payment struct{ payer, trace string }

// remittances is I5: what went through the clearing of a payment is what its answers in the books and its other parts are, and with what is held all that is paid; a deposit takes all of that out.
func remittances(b *books, f *finding) {
	posted, answered := map[payment]int64{}, map[payment]int64{}
	b.postings(func(_ *entry, p fact) {
		if p.Account == clearing && p.Remittance != "" {
			posted[payment{p.Payer, p.Remittance}] += p.Amount
		}
	})
	for _, a := range b.answered {
		if a.Posted == 1 {
			answered[payment{a.Payer, a.Trace}] += a.Paid
		}
	}
	taken := map[string]int64{}
	for _, d := range b.deposited {
		for _, m := range d.lines {
			if r := b.remittances[m.Remittance]; r != nil {
				posted[payment{r.Payer, r.Trace}] += m.Amount
				taken[r.ID] += m.Amount
			}
		}
	}
	for _, r := range b.remitted {
		of := payment{r.Payer, r.Trace}
		var told, other, held int64
		for _, d := range r.lines {
			told += d.Amount
			switch a := b.answers[d.Answer]; {
			case d.Code != "":
				other += d.Amount
			case a == nil || a.Posted == 0:
				held += d.Amount
			}
		}
		isTold := r.Outcome != "complete" || r.Amount == told && r.Amount == posted[of]+held
		isWhole := taken[r.ID] == 0 || taken[r.ID] == r.Amount
		f.hold(isTold && isWhole && posted[of] == answered[of]+other, "remittance", r.ID)
		delete(posted, of)
	}
	for of := range posted {
		f.hold(false, "a payment without a remittance of", of.payer)
	}
}

// deposits is I14: the bank's account has each deposit, and what is not known of it waits in one account.
func deposits(b *books, f *finding) {
	banked, waiting := map[string]int64{}, map[string]int64{}
	b.postings(func(_ *entry, p fact) {
		switch {
		case p.Account == bank && p.Remittance != "":
			banked[p.Remittance] += p.Amount
		case p.Account == receipts:
			waiting[p.Remittance] -= p.Amount
		}
	})
	for _, d := range b.deposited {
		var known int64
		for _, m := range d.lines {
			known += m.Amount
		}
		isKnown := d.State == "matched" && known == d.Amount && waiting[d.ID] == 0
		isWaiting := d.State == "unmatched" && known == 0 && waiting[d.ID] == d.Amount
		f.hold(banked[d.ID] == d.Amount && (isKnown || isWaiting), "deposit", d.ID)
		delete(banked, d.ID)
		delete(waiting, d.ID)
	}
	for _, of := range []map[string]int64{banked, waiting} {
		for id, amount := range of {
			if amount != 0 {
				f.hold(false, "deposit", id)
			}
		}
	}
}

// patients is I6: where nothing of a case moves, patients owe what invoices and balances from before ask for; what is not asked for yet is of a case that
// is not the patient's turn.
func patients(b *books, f *finding) {
	owed, due := map[string]int64{}, map[string]int64{}
	b.postings(func(_ *entry, p fact) {
		if p.Account == patient {
			owed[p.Charge] += p.Amount
		}
	})
	for _, i := range b.invoiced {
		for _, l := range i.lines {
			if i.Status == "issued" {
				due[l.Charge] += l.Due
			}
		}
	}
	for _, c := range b.charged {
		kase := b.cases[c.Case]
		if o, isOpening := b.openings[c.ID]; isOpening && o.Payer == "" {
			f.hold(owed[c.ID] == o.Due, "opening of charge", c.ID)
			continue
		}
		isAsked := kase.State == "patient" || kase.State == "closed"
		f.hold(kase.Moves == 1 || due[c.ID] == owed[c.ID] || due[c.ID] < owed[c.ID] && !isAsked, "charge", c.ID)
	}
}

// invoices is I7: the lines make the invoice, and balanced means that nothing is due.
func invoices(b *books, f *finding) {
	for _, i := range b.invoiced {
		var billed, net, due int64
		for _, l := range i.lines {
			billed, net, due = billed+l.Billed, net+l.Net, due+l.Due
		}
		f.hold(billed == i.Billed && net == i.Net && due == i.Due && (i.Status == "cancelled" || (i.Status == "balanced") == (due == 0)), "invoice", i.ID)
	}
}

// receivable is what somebody owes of a charge.
type receivable struct{ account, patient, kase, charge, payer string }

// receivables sums what is owed, in the order in which it was first posted.
func (b *books) receivables() (order []receivable, sums map[receivable]int64) {
	sums = map[receivable]int64{}
	b.postings(func(_ *entry, p fact) {
		if p.Account != insurance && p.Account != patient {
			return
		}
		of := receivable{p.Account, p.Patient, p.Case, p.Charge, p.Payer}
		if _, known := sums[of]; !known {
			order = append(order, of)
		}
		sums[of] += p.Amount
	})
	return order, sums
}

// firstPayers is I8: neither the patient nor the payer that was asked first owes less than nothing of a charge, unless its case moves.
func firstPayers(b *books, f *finding) { b.notNegative(f, false) }

// nextPayers is I12: nor does a later payer.
func nextPayers(b *books, f *finding) { b.notNegative(f, true) }

func (b *books) notNegative(f *finding, later bool) {
	order, sums := b.receivables()
	for _, of := range order {
		if isLater := of.account == insurance && of.payer != b.charges[of.charge].Payer; isLater == later {
			f.hold(sums[of] >= 0 || b.cases[of.kase].Moves == 1, "charge", of.charge)
		}
	}
}

// control is I11: what the accounts hold is what the dimensions say whose it is, and what the server says they hold.
func control(b *books, f *finding) {
	order, sums := b.receivables()
	for _, of := range order {
		c, known := b.charges[of.charge]
		isSo := known && of.patient != "" && c.Patient == of.patient && c.Case == of.kase && (of.account == patient) == (of.payer == "")
		f.hold(isSo || sums[of] == 0, "charge", cmp.Or(of.charge, "(none)"))
	}
	totals, nobodys := map[string]int64{}, int64(0)
	b.postings(func(_ *entry, p fact) {
		totals[p.Account] += p.Amount
		if p.Account == credits && p.Patient == "" {
			nobodys += p.Amount
		}
	})
	f.hold(nobodys == 0, "account", credits)
	paid(b, f)
	for _, t := range b.totals {
		f.hold(totals[t.Account] == t.Amount, "account", t.Account)
		delete(totals, t.Account)
	}
	for account := range totals {
		f.hold(false, "account", account)
	}
}

// paid is I11 for patients' payments: what of each is a credit, and what it pays, is what the accounts hold of it.
func paid(b *books, f *finding) {
	type share struct{ payment, charge, invoice string }
	left, shares := map[string]int64{}, map[share]int64{}
	b.postings(func(_ *entry, p fact) {
		switch {
		case p.Account == credits:
			left[p.Payment] += p.Amount
		case p.Account == patient && p.Payment != "":
			shares[share{p.Payment, p.Charge, p.Invoice}] += p.Amount
		}
	})
	for _, p := range b.payments {
		left[p.ID] += p.Unapplied
	}
	for _, a := range b.allocations {
		shares[share{a.Payment, a.Charge, a.Invoice}] += a.Amount
	}
	for id, sum := range left {
		f.hold(sum == 0, "payment", cmp.Or(id, "(none)"))
	}
	for of, sum := range shares {
		f.hold(sum == 0, "payment", of.payment)
	}
}
