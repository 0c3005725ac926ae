package main

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// digest is over everything that an entry says, each field by its name, as the server makes it.
func digest(tenant string, e *entry) string {
	text := []byte("v1")
	quoted := func(name, value string) {
		text = strconv.AppendQuote(append(append(append(text, ' '), name...), '='), value)
	}
	quoted("tenant", tenant)
	quoted("id", e.ID)
	quoted("kind", e.Event)
	quoted("cause", e.Cause)
	quoted("reverses", e.Reverses)
	quoted("effective", e.Effective)
	text = append(strconv.AppendInt(append(text, " posted="...), e.Posted, 10), '\n')
	for _, p := range e.postings {
		text = strconv.AppendInt(append(text, "sequence="...), p.Sequence, 10)
		quoted("account", p.Account)
		text = strconv.AppendInt(append(text, " amount="...), p.Amount, 10)
		for _, d := range [][2]string{
			{"patient", p.Patient}, {"case", p.Case}, {"charge", p.Charge}, {"claim", p.Claim}, {"payer", p.Payer}, {"answer", p.Answer},
			{"remittance", p.Remittance}, {"payment", p.Payment}, {"invoice", p.Invoice}, {"rendering", p.Rendering}, {"location", p.Location},
		} {
			if d[1] != "" {
				quoted(d[0], d[1])
			}
		}
		text = append(text, '\n')
	}
	sum := sha256.Sum256(text)
	return "v1:" + hex.EncodeToString(sum[:])
}

// balanced is I1: every entry adds up to zero.
func balanced(b *books, f *finding) {
	for _, e := range b.order {
		var sum int64
		for _, p := range e.postings {
			sum += p.Amount
		}
		f.hold(sum == 0 && len(e.postings) > 1, "entry", e.ID)
	}
}

// immutable is I2: every entry is as it was posted, and is taken back once at most, by one that stands after it.
func immutable(b *books, f *finding) {
	reversed := map[string]bool{}
	for _, e := range b.order {
		of := b.entries[e.Reverses]
		isOnce := e.Reverses == "" || of != nil && of.Posted <= e.Posted && !reversed[e.Reverses]
		reversed[e.Reverses] = true
		f.hold(digest(b.tenant, e) == e.Digest && isOnce, "entry", e.ID)
	}
}

// once is I9: one entry a cause, and the cause is what the entry is about; one payment a payer and trace, one answer a key, one entry a payment.
func once(b *books, f *finding) {
	seen := map[[6]string]bool{}
	isNew := func(key ...string) bool {
		var k [6]string
		copy(k[:], key)
		before := seen[k]
		seen[k] = true
		return !before
	}
	for _, e := range b.order {
		f.hold(isNew("entry", e.Cause) && isCaused(e), "entry", e.ID)
	}
	for _, r := range b.remitted {
		f.hold(isNew("remittance", r.Payer, r.Trace), "remittance", r.ID)
	}
	for _, a := range b.answered {
		f.hold(isNew("answer:"+a.Claim, a.Payer, a.Key, a.Status, a.Trace), "answer", a.ID)
	}
	for _, p := range b.payments {
		f.hold(seen[[6]string{"entry", "payment/" + p.ID}], "payment", p.ID)
	}
}

// isCaused reports whether the cause of an entry is what its postings are about, as far as they tell.
func isCaused(e *entry) bool {
	if len(e.postings) == 0 {
		return true
	}
	p := e.postings[0]
	switch e.Event {
	case "charge", "opening":
		return strings.HasPrefix(e.Cause, "charge/"+p.Charge+"/")
	case "answer":
		return e.Cause == "answer/"+p.Answer
	case "patient-responsibility":
		return e.Cause == "responsibility/"+p.Answer
	case "payment":
		return e.Cause == "payment/"+p.Payment
	case "allocation":
		return strings.HasPrefix(e.Cause, "allocation/"+p.Payment+"/")
	case "reversal":
		return e.Cause == "reversal/"+e.Reverses
	}
	return true
}

// mirror is I10: an entry and its reversal are nothing together, in every dimension but the answer and the payment that took it back.
func mirror(b *books, f *finding) {
	for _, e := range b.order {
		of := b.entries[e.Reverses]
		if of == nil {
			continue
		}
		sums := map[fact]int64{}
		for _, p := range slices.Concat(e.postings, of.postings) {
			amount := p.Amount
			p.Amount, p.Sequence, p.Entry, p.Answer, p.Remittance = 0, 0, "", "", ""
			sums[p] += amount
		}
		isNothing := true
		for _, sum := range sums {
			isNothing = isNothing && sum == 0
		}
		f.hold(isNothing, "entry", e.ID)
	}
}

// closed is I13: no entry counts for a day on which the books were closed when it was posted.
func closed(b *books, f *finding) {
	for _, e := range b.order {
		f.hold(b.closedThrough == "" || e.Effective > b.closedThrough || e.Posted <= b.closedAt, "entry", e.ID)
	}
}
