package reports

import (
	"slices"

	"medbill/models"
)

// WindowDays is how many days the figures of a practice look back, the last one counted.
const WindowDays = 90

// Window gives the last days that count, by day.
func (a Ask) Window() models.Span {
	return models.Span{From: a.AsOf.AddDays(1 - WindowDays), Until: a.AsOf}
}

// Figures are what the figures of a practice are made of: balances of the accounts as of the day, those and what was posted in the window without what
// was due before the practice moved in, of which it has no charges to divide by, the aging by service, claims and answers of the window.
type Figures struct {
	Balances []models.LedgerSum
	Charged  []models.LedgerSum
	Window   []models.LedgerSum
	Aging    *Ager
	Claims   models.ClaimFigures
}

const (
	percent = "%"
	days    = "days"
	dollars = "USD"
)

// OfFigures gives each figure with what it is made of.
func (a Ask) OfFigures(f Figures) Table {
	t := a.table(Column{"figure", KindText}, Column{"value", KindNumber}, Column{"unit", KindText}, Column{"numerator", KindNumber}, Column{"denominator", KindNumber}, Column{"counted", KindText})
	share := func(name string, numerator, denominator int64, cell func(int64) Cell, counted string) {
		t.Rows = append(t.Rows, []Cell{{Text: name}, ratio(numerator, denominator, 100), {Text: percent}, cell(numerator), cell(denominator), {Text: counted}})
	}
	receivable, charges := sumOf(f.Charged, models.LedgerAccount.IsReceivable), -sumOf(f.Window, isGross)
	t.Rows = append(t.Rows, []Cell{
		{Text: "days-in-ar"}, daysIn(receivable, charges), {Text: days}, cents(receivable), cents(charges),
		{Text: "All that is open on AR accounts, but what was due before the practice moved in ÷ (gross charges of the last 90 days ÷ 90)."},
	})
	aged, over := f.Aging.totals()
	share("ar-over-90", over, aged, money, "What is open for more than 90 days since the service ÷ all that is open.")
	kept := charges - sumOf(f.Window, isContractual)
	share("net-collection", int64(paid(f.Window)), int64(kept), money,
		"Payments applied to receivables in the last 90 days, of payers and patients ÷ (gross charges − what contracts and law took off in them). Payments are for charges of before, too.")
	c := f.Claims
	share("clean-claim", c.Clean, c.Sent, count, "Claims that findings never held and no payer turned away so far ÷ claims first sent in the last 90 days. A claim that is sent again counts once, by its first time.")
	share("first-pass", c.FirstPass, c.Judged, count, "Claims with a payment, never turned away, nothing left for review ÷ claims that a payer judged in the last 90 days.")
	share("touchless", c.Touchless, c.Judged, count, "Claims for whose case no work was ever opened for a person ÷ claims that a payer judged in the last 90 days. Who presses submit does not count as a touch.")
	share("denial-rate-lines", c.Denied, c.Lines, count, "Judged lines of which nothing was paid and something neither taken off nor moved to the patient ÷ lines judged in the last 90 days, first answers only.")
	share("denial-rate-dollars", int64(c.DeniedCents), int64(c.LinesBilled), money, "What was billed on those lines ÷ what was billed on all of them.")
	share("estimate-accuracy", c.Close, c.Estimated, count, "Visits billed within 10 percent of their good faith estimate ÷ visits with one that the patient was first billed for in the last 90 days. What insured patients were told is not kept.")
	amount := func(name string, value models.Cents, counted string) {
		t.Rows = append(t.Rows, []Cell{{Text: name}, cents(value), {Text: dollars}, cents(value), {}, {Text: counted}})
	}
	amount("estimate-difference", c.EstimateGap, "What those visits were billed above or below their good faith estimates, added up either way.")
	amount("patient-credits", -sumOf(f.Balances, is(models.AccountPatientCredits)), "The balance of "+string(models.AccountPatientCredits)+": patients' money that pays nothing yet.")
	amount("overpaid-receivables", f.Aging.overpaid, "What is open below 0.00, charge by charge and party by party.")
	t.Rows = append(t.Rows, []Cell{{Text: "unposted-answers"}, count(c.Unposted), {Text: "answers"}, cents(c.UnpostedSum), {}, {Text: "Answers that judge a claim and wait for a person; the numerator is what they say was paid."}})
	amount("undeposited", sumOf(f.Balances, is(models.AccountClearing)), "The balance of "+string(models.AccountClearing)+": what payers say they paid and no deposit is matched with.")
	amount("unmatched-receipts", -sumOf(f.Balances, is(models.AccountReceipts)), "The balance of "+string(models.AccountReceipts)+": what the bank says came in and nobody said yet what it is for.")
	return t
}

// sumOf adds up the balances of those accounts.
func sumOf(sums []models.LedgerSum, of func(models.LedgerAccount) bool) models.Cents {
	var total models.Cents
	for _, s := range sums {
		if of(models.LedgerAccount(s.By[0])) {
			total += s.Balance()
		}
	}
	return total
}

func is(account models.LedgerAccount) func(models.LedgerAccount) bool {
	return func(a models.LedgerAccount) bool { return a == account }
}

func isGross(a models.LedgerAccount) bool { return a == models.AccountRevenue }

// isContractual says what contracts and law take off; other contra accounts are decisions of the practice.
func isContractual(a models.LedgerAccount) bool {
	return slices.Contains([]models.LedgerAccount{models.AccountContractual, models.AccountBundled, models.AccountSequestration}, a)
}

// paid gives what was paid on receivables: entries balance, so it is what came off them and no charge, contra or opening balance
// answers for. Money that lies unapplied, and what moves between cash, clearing and liabilities, is not in it.
func paid(sums []models.LedgerSum) models.Cents {
	return -sumOf(sums, func(a models.LedgerAccount) bool {
		facts, _ := a.Facts()
		return a.IsReceivable() || isGross(a) || facts.Class == models.ClassContra || facts.Class == models.ClassEquity
	})
}

// daysIn gives how many days of charges are open.
func daysIn(receivable, charges models.Cents) Cell {
	if charges <= 0 {
		return Cell{}
	}
	return ratio(int64(receivable), int64(charges), WindowDays)
}

func money(n int64) Cell { return cents(models.Cents(n)) }

// totals gives all that is open and what of it is older than 90 days.
func (g *Ager) totals() (total, over int64) {
	g.settle()
	for _, row := range g.groups {
		for bucket, amount := range row.amounts {
			total += int64(amount)
			if bucket >= bucketOver90 && bucket != bucketUndated {
				over += int64(amount)
			}
		}
	}
	return total, over
}
