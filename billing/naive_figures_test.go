package billing_test

import (
	"fmt"
	"slices"
	"strings"

	"medbill/models"
)

// figures gives the figures of a practice as of a day, a line each: name, value, numerator, denominator.
func (n naive) figures(asOf models.Date) (lines []string) {
	put := func(cells ...string) { lines = append(lines, strings.Join(cells, " ")) }
	share := func(name string, numerator, denominator int) {
		put(name, tenths(int64(numerator), int64(denominator), 100), fmt.Sprint(numerator), fmt.Sprint(denominator))
	}
	ofMoney := func(name string, numerator, denominator models.Cents) {
		put(name, tenths(int64(numerator), int64(denominator), 100), numerator.String(), denominator.String())
	}
	m := n.money(asOf)
	inDays := ""
	if m.charged > 0 {
		inDays = tenths(int64(m.open), int64(m.charged), 90)
	}
	put("days-in-ar", inDays, m.open.String(), m.charged.String())
	ofMoney("ar-over-90", m.old, m.all)
	ofMoney("net-collection", m.paid, m.charged-m.contractual)
	sent, clean := n.sent(asOf)
	share("clean-claim", clean, sent)
	j := n.judged(asOf)
	share("first-pass", j.firstPass, j.claims)
	share("touchless", j.touchless, j.claims)
	share("denial-rate-lines", j.denied, j.lines)
	ofMoney("denial-rate-dollars", j.deniedBilled, j.billed)
	share("estimate-accuracy", 0, 0) // nobody makes estimates here
	put("estimate-difference", "0.00", "0.00", "")
	put("patient-credits", m.credits.String(), m.credits.String(), "")
	put("overpaid-receivables", m.overpaid.String(), m.overpaid.String(), "")
	waiting, says := 0, models.Cents(0)
	for _, a := range n.answers {
		if !a.Posted && a.Kind != models.AnswerAck && a.Effective <= asOf {
			waiting, says = waiting+1, says+a.Paid
		}
	}
	put("unposted-answers", fmt.Sprint(waiting), says.String(), "")
	put("undeposited", m.undeposited.String(), m.undeposited.String(), "")
	put("unmatched-receipts", m.receipts.String(), m.receipts.String(), "")
	return lines
}

// isRecent reports whether a day is one of the last ninety, of which asOf is the last.
func isRecent(day, asOf models.Date) bool {
	return day != "" && daysOld(day, asOf) >= 0 && daysOld(day, asOf) < 90
}

// isFromBefore reports whether a case is a balance from before the practice moved in.
func isFromBefore(id models.CaseID) bool { return strings.HasPrefix(string(id), "Opening/") }

// moneyFigures are amounts as of a day; those of the last ninety days are charged, contractual and paid.
type moneyFigures struct {
	open, all, old, overpaid   models.Cents // receivables; open is without what is from before
	charged, contractual, paid models.Cents
	credits, undeposited       models.Cents
	receipts                   models.Cents
}

func (n naive) money(asOf models.Date) (m moneyFigures) {
	for o, days := range n.owed(asOf) {
		sum := total(days)
		if m.all += sum; !isFromBefore(o.kase) {
			m.open += sum
		}
		if column := columnOf(n.since(o, days, models.SinceService, asOf), asOf); sum != 0 && (column == 3 || column == 4) {
			m.old += sum
		}
		m.overpaid += min(sum, 0)
	}
	for _, e := range n.entries {
		if e.Effective > asOf {
			continue
		}
		for _, p := range e.Postings {
			switch p.Account {
			case "Liability:Patient-credits":
				m.credits -= p.Amount
			case "Clearing:ERA":
				m.undeposited += p.Amount
			case "Liability:Unmatched-receipts":
				m.receipts -= p.Amount
			}
			if isFromBefore(p.CaseID) || !isRecent(e.Effective, asOf) {
				continue
			}
			switch kind, _, _ := strings.Cut(string(p.Account), ":"); kind {
			case "AR": // what comes off it was paid, but for what was charged, taken off or brought from before
				m.paid -= p.Amount
			case "Contra", "Equity":
				m.paid -= p.Amount
				if slices.Contains([]models.LedgerAccount{"Contra:Contractual", "Contra:Bundled", "Contra:Sequestration"}, p.Account) {
					m.contractual += p.Amount
				}
			case "Revenue":
				m.paid -= p.Amount
				m.charged -= p.Amount
			}
		}
	}
	return m
}

// sent counts the claims that were first sent in the last ninety days, and those of them that nothing was wrong with.
func (n naive) sent(asOf models.Date) (sent, clean int) {
	for _, c := range n.claims {
		if !isRecent(c.Sent, asOf) || isFromBefore(c.CaseID) {
			continue
		}
		sent++
		isHeld := slices.ContainsFunc(n.work, func(w models.WorkItem) bool {
			return w.ClaimID == c.ID && (w.Kind == models.WorkClaim || w.Kind == models.WorkRejected)
		})
		if !isHeld && !n.isTurnedAway(c.ID, asOf) {
			clean++
		}
	}
	return sent, clean
}

func (n naive) isTurnedAway(claim models.ClaimID, asOf models.Date) bool {
	return slices.ContainsFunc(n.answers, func(a models.Answer) bool {
		return a.ClaimID == claim && a.Outcome == models.OutcomeError && a.Effective <= asOf
	})
}

// judgedFigures counts what payers judged first in the last ninety days.
type judgedFigures struct {
	claims, firstPass, touchless int
	lines, denied                int
	billed, deniedBilled         models.Cents
}

func (n naive) judged(asOf models.Date) (j judgedFigures) {
	byClaim := map[models.ClaimID][]models.Answer{}
	for _, a := range n.answers {
		if a.Posted && (a.Kind == models.AnswerOriginal || a.Kind == models.AnswerInterim) && isRecent(a.Effective, asOf) && !isFromBefore(a.CaseID) {
			byClaim[a.ClaimID] = append(byClaim[a.ClaimID], a)
		}
	}
	for claim, answers := range byClaim {
		j.claims++
		paid, isReviewed := models.Cents(0), false
		for _, a := range answers {
			paid, isReviewed = paid+a.Paid, isReviewed || a.Review
			for _, l := range a.Lines {
				j.lines, j.billed = j.lines+1, j.billed+l.Billed
				if isDenied(a, l) {
					j.denied, j.deniedBilled = j.denied+1, j.deniedBilled+l.Billed
				}
			}
		}
		if paid > 0 && !isReviewed && !n.isTurnedAway(claim, asOf) {
			j.firstPass++
		}
		if !slices.ContainsFunc(n.work, func(w models.WorkItem) bool { return w.CaseID == answers[0].CaseID }) {
			j.touchless++
		}
	}
	return j
}

// isDenied reports whether nothing was paid on a line and something was neither taken off nor moved to the patient.
func isDenied(a models.Answer, l models.AnswerLine) bool {
	return l.Paid == 0 && slices.ContainsFunc(a.Adjustments, func(one models.Adjustment) bool {
		_, isTakenOff := takenOff[one.GroupCode+" "+one.ReasonCode]
		return one.LineSequence == l.LineSequence && !isTakenOff && one.Amount != 0 // of a service that costs nothing, nothing is refused
	})
}
